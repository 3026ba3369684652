// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// Whoever is known gets the appointment in their own record, whoever may be
// somebody else gets a new one.
func TestBookForARecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		known := guest
		known.Note, known.City = "mit Hund", "Kleinstadt"
		_, first := w.bookAs(known, at(8, 9, 0))
		w.sent()
		times := []int64{at(9, 8, 0), at(9, 8, 15), at(9, 8, 30), at(9, 8, 45), at(9, 9, 0), at(9, 9, 15), at(9, 9, 30)}
		for i, c := range []struct {
			name   string
			change func(*person.Data)
			same   bool
		}{
			{"as it was", func(*person.Data) {}, true},
			{"with spaces", func(d *person.Data) { d.LastName = " " + d.LastName + " " }, true},
			{"another street", func(d *person.Data) { d.Street, d.City = "Neuer Weg 1", "" }, true},
			{"another name", func(d *person.Data) { d.FirstName = "Quirina" }, false},
			{"another number", func(d *person.Data) { d.Phone = "030 23125 999" }, false},
			{"another address", func(d *person.Data) { d.Email = "q@example.org" }, false},
			{"no address", func(d *person.Data) { d.Email = "" }, false},
		} {
			r := forSomeone("ausweis", times[i])
			r.Data, r.PersonID, r.Once = guest, first.PersonID, seal.NewSecret()
			c.change(&r.Data)
			v, _, err := w.BookFor(t.Context(), clerk, r)
			w.fine(err)
			if got := v.PersonID == first.PersonID; got != c.same {
				t.Errorf("%s: in the same record: %t", c.name, got)
			}
			again, _, err := w.BookFor(t.Context(), clerk, r)
			w.fine(err)
			if again.ID != v.ID {
				t.Errorf("%s: a second click books once more", c.name)
			}
		}
		d := w.view(w.slip(first.ID)).Person.Data
		if d.Street != "Neuer Weg 1" || d.City != "Kleinstadt" || d.Note != "mit Hund" || d.Email != guest.Email {
			t.Errorf("the record holds street %q, city %q, note %q", d.Street, d.City, d.Note)
		}
		w.sent()
		for _, m := range w.mails.List()[:3] {
			if strings.Contains(m.Text, "mit Hund") {
				t.Error("a mail about a later appointment has the note of the first")
			}
		}
		if c := w.card(first.PersonID); len(c.Coming) != 4 {
			t.Errorf("%d coming", len(c.Coming))
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// slip is a secret that opens an appointment.
func (w *town) slip(id string) seal.Secret {
	w.Helper()
	_, s, err := w.Slip(w.Context(), w.member(staff.Clerk), id)
	w.fine(err)
	return s
}

// A record that went into another means that one; one that nobody has, of another
// place or that one may not see is refused.
func TestBookForARecordThatIsNotThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		_, kept := w.bookAs(guest, at(8, 9, 0))
		_, gone := w.bookAs(guest, at(8, 10, 0))
		w.merge(kept.PersonID, gone.PersonID)
		r := forSomeone("ausweis", at(9, 9, 0))
		r.Data, r.PersonID = guest, gone.PersonID
		v, _, err := w.BookFor(t.Context(), clerk, r)
		w.fine(err)
		if v.PersonID != kept.PersonID {
			t.Error("not in the record that is kept")
		}
		w.undo(w.card(kept.PersonID).Merges[0].ID)
		if v := w.entry(v.ID); v.PersonID != kept.PersonID {
			t.Error("what came later went away with the undoing")
		}
		CheckClean(t, e.DB, w.kek)
		r.Start, r.PersonID = at(9, 10, 0), "nobody"
		_, _, err = w.BookFor(t.Context(), clerk, r)
		wantKind(t, err, fault.NotFound, "error.notfound.text")
		r.PersonID, r.Location = kept.PersonID, "nord"
		_, _, err = w.BookFor(t.Context(), w.northClerk(), r)
		wantKind(t, err, fault.Forbidden, "customer.elsewhere")
		if n := w.number("SELECT COUNT(*) FROM appointment"); n != 3 {
			t.Errorf("%d appointments", n)
		}
	})
}

// Records are merged while somebody books for them: the appointment is never
// left behind in the one that is gone.
func TestBookForARecordInARace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		books := []*booking.Bookings{w.Bookings, w.second()}
		for day := 8; day <= 11; day++ {
			who := nobody(day)
			_, kept := w.bookAs(who, at(day, 8, 0))
			_, gone := w.bookAs(who, at(day, 8, 0))
			crowd(4, func(i int) {
				var err error
				if i == 0 {
					err = w.MergePersons(t.Context(), clerk, kept.PersonID, gone.PersonID)
				} else {
					r := forSomeone("ausweis", at(day, 8+i, 0))
					r.Data, r.PersonID = who, gone.PersonID
					_, _, err = books[i%2].BookFor(t.Context(), clerk, r)
				}
				if err != nil {
					t.Errorf("%d: %v", i, err)
				}
			})
			CheckClean(t, e.DB, w.kek)
			if c := w.card(gone.PersonID); c.PersonID != kept.PersonID || len(c.Coming) != 5 {
				t.Errorf("day %d: %d appointments", day, len(c.Coming))
			}
		}
	})
}

// An appointment that comes to a record while its merge waits for that record
// goes along.
func TestMergeSeesWhatCameMeanwhile(t *testing.T) {
	w := newTown(t, dbtest.New(t, "postgres")) // SQLite has one writer at a time
	_, kept := w.bookAs(nobody(1), at(8, 8, 0))
	_, gone := w.bookAs(nobody(2), at(8, 9, 0))
	_, late := w.bookAs(nobody(2), at(9, 9, 0))
	merged := make(chan error, 1)
	w.fine(w.write(func(tx *db.Tx) error {
		if _, err := w.Persons.Lock(t.Context(), tx, w.tenant, gone.PersonID); err != nil {
			return err
		}
		go func() { merged <- w.MergePersons(t.Context(), w.member(staff.Clerk), kept.PersonID, gone.PersonID) }()
		for waiting := 0; waiting == 0 && t.Context().Err() == nil; {
			waiting = w.number("SELECT COUNT(*) FROM pg_locks WHERE NOT granted")
		}
		_, err := tx.Exec(t.Context(), "UPDATE appointment SET person_id = $2 WHERE id = $1", late.ID, gone.PersonID)
		return err
	}))
	w.fine(<-merged)
	if c := w.card(gone.PersonID); c.PersonID != kept.PersonID || len(c.Coming) != 3 {
		t.Errorf("%d appointments in the record that is kept", len(c.Coming))
	}
}
