// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

func (w *town) restrict(personID string) {
	w.Helper()
	w.fine(w.Restrict(w.Context(), w.member(staff.Clerk), personID))
}

func (w *town) unrestrict(personID string) {
	w.Helper()
	w.fine(w.Unrestrict(w.Context(), w.member(staff.Clerk), personID))
}

// A restricted record is found by those who may lift that, and marked; the others
// see who comes on the list of the day, and nothing else.
func TestRestrictedIsHidden(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, v := w.bookAs(guest, at(9, 9, 0))
		twin := guest
		twin.FirstName = "Quirina"
		_, other := w.bookAs(twin, at(10, 9, 0))
		for range 2 {
			w.restrict(v.PersonID)
		}
		front, clerk := w.member(staff.FrontDesk), w.member(staff.Clerk)
		for _, text := range []string{"quirin beispielhuber", guest.Phone, guest.Email, v.Reference} {
			seen, _, err := w.FindPersons(t.Context(), clerk, text)
			w.fine(err)
			hidden, _, err := w.FindPersons(t.Context(), front, text)
			w.fine(err)
			has := func(list []booking.Found, marked bool) bool {
				return slices.ContainsFunc(list, func(f booking.Found) bool { return f.PersonID == v.PersonID && f.Restricted == marked })
			}
			if !has(seen, true) || has(hidden, true) || has(hidden, false) || len(hidden) != len(seen)-1 {
				t.Errorf("%d found by the clerk, %d by the front desk", len(seen), len(hidden))
			}
		}
		c := w.card(v.PersonID)
		if c.Restricted == nil || c.Restricted.Role != "clerk" || c.Restricted.Since.Unix() != e.Clock.Now().Unix() || !c.MayRestrict || c.MayKeep {
			t.Errorf("the card says %+v", c.Restricted)
		}
		if d := w.card(other.PersonID).Duplicates; len(d) != 1 || !d[0].Restricted {
			t.Errorf("the clerk sees %d duplicates", len(d))
		}
		plain, err := w.Card(t.Context(), front, other.PersonID)
		w.fine(err)
		if len(plain.Duplicates) != 0 || plain.Restricted != nil || plain.MayRestrict {
			t.Errorf("the front desk sees %+v", plain)
		}
		_, err = w.Card(t.Context(), front, v.PersonID)
		wantKind(t, err, fault.Forbidden, "customer.hidden.text")
		_, err = w.RevealContact(t.Context(), front, v.PersonID)
		wantKind(t, err, fault.Forbidden, "customer.hidden.text")
		wantKind(t, w.AddNote(t.Context(), front, v.PersonID, "Notiz"), fault.Forbidden, "customer.hidden.text")

		day, err := w.Day(t.Context(), front, w.place("rathaus").ID, monday.AddDays(2))
		w.fine(err)
		if len(day) != 1 || day[0].Name() != "Beispielhuber, Quirin" || !slices.Contains(day[0].Marks(), "desk.mark.restricted") {
			t.Errorf("the list has %d rows", len(day))
		}
		for range 2 {
			w.unrestrict(v.PersonID)
		}
		if got := w.hits(front, v.Reference); len(got) != 1 || w.card(v.PersonID).Restricted != nil || len(w.entry(v.ID).Marks()) != 0 {
			t.Errorf("lifted, and found is %q", got)
		}
		w.records(v.PersonID, map[string]int{"person.restricted": 1, "person.unrestricted": 1})
	})
}

// No reminder goes out, whatever the person has agreed to; what becomes of the
// appointment is told.
func TestRestrictedIsNotReminded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		yes := w.agreed("yes")
		secret, v := w.bookAs(nobody(1), at(9, 9, 0))
		w.join(yes, v.ID)
		w.exec("UPDATE person SET email_verified = 1")
		w.restrict(v.PersonID)
		w.setTo(8, 9, 0)
		w.remindWants(0)
		w.fine(w.Move(t.Context(), w.tenant, secret, "", at(10, 9, 0)))
		w.setTo(9, 9, 0)
		w.remindWants(0)
		w.unrestrict(v.PersonID)
		w.remindWants(1)
		w.restrict(v.PersonID)
		w.fine(w.CancelFor(t.Context(), w.member(staff.Clerk), v.ID, w.version(v.ID)))
		want := []string{"Ihr Termin am Mittwoch, 09.09., 09:00 Uhr", "Ihr Termin ist jetzt am Donnerstag, 10.09., 09:00 Uhr",
			"Erinnerung: Ihr Termin am Donnerstag, 10.09., 09:00 Uhr", "Ihr Termin am Donnerstag, 10.09., 09:00 Uhr ist abgesagt"}
		if got := w.sent()[nobody(1).Email]; !slices.Equal(got, want) {
			t.Errorf("the citizen reads %q", got)
		}
	})
}

// Nobody changes a restricted record, also not by booking for the person.
func TestRestrictedIsNotChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, v := w.bookAs(guest, at(9, 9, 0))
		w.restrict(v.PersonID)
		clerk, changed := w.member(staff.Clerk), guest
		changed.Street = "Weg 1"
		wantKind(t, w.ChangeContact(t.Context(), clerk, v.ID, w.version(v.ID), changed), fault.Conflict, "customer.restricted")
		r := forSomeone("ausweis", at(10, 9, 0))
		r.Data, r.PersonID = changed, v.PersonID
		_, _, err := w.BookFor(t.Context(), clerk, r)
		wantKind(t, err, fault.Conflict, "customer.restricted")
		r.Data = guest
		b, _, err := w.BookFor(t.Context(), clerk, r)
		w.fine(err)
		if b.PersonID != v.PersonID || w.entry(v.ID).Person.Data != guest {
			t.Error("the record has changed, or the appointment is another's")
		}
		w.unrestrict(v.PersonID)
		w.fine(w.ChangeContact(t.Context(), clerk, v.ID, w.version(v.ID), changed))
		CheckClean(t, e.DB, w.kek)
	})
}

// Nothing goes into a restricted record or from it, by hand or by itself.
func TestRestrictedIsNotMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		known := w.verifiedGuest(guest, at(8, 9, 0))
		_, part := w.bookAs(nobody(1), at(9, 9, 0))
		w.merge(known.PersonID, part.PersonID)
		merge, clerk := w.card(known.PersonID).Merges[0].ID, w.member(staff.Clerk)
		w.restrict(known.PersonID)
		_, mail, second := w.guestBooks(guest, at(9, 10, 0))
		w.fine(w.Verify(t.Context(), w.tenant, mail))
		if w.view(mail).PersonID != second.PersonID {
			t.Error("a restricted record has recognised somebody")
		}
		for _, pair := range [][2]string{{known.PersonID, second.PersonID}, {second.PersonID, known.PersonID}} {
			wantKind(t, w.MergePersons(t.Context(), clerk, pair[0], pair[1]), fault.Conflict, "merge.kept")
		}
		wantKind(t, w.UndoMerge(t.Context(), clerk, merge), fault.Conflict, "merge.kept")
		w.unrestrict(known.PersonID)
		_, mail, third := w.guestBooks(guest, at(10, 10, 0))
		w.restrict(third.PersonID) // before the mailbox is proved
		w.fine(w.Verify(t.Context(), w.tenant, mail))
		if w.view(mail).PersonID != third.PersonID {
			t.Error("a restricted record was recognised")
		}
		w.unrestrict(third.PersonID)
		w.undo(merge)
		CheckClean(t, e.DB, w.kek)
	})
}

// A restricted record stays until that is lifted.
func TestRestrictedIsNotDeleted(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		page, v := w.bookAs(guest, at(9, 9, 0))
		w.restrict(v.PersonID)
		if n := w.deleteOld(monday.AddDays(4000), 600); n != 1 {
			t.Errorf("%d appointments, want 1", n)
		}
		if kept, err := w.KeptOf(t.Context(), w.view(page)); err != nil || kept != (booking.Kept{Restricted: true}) {
			t.Errorf("the citizen reads %+v, %v", kept, err)
		}
		w.unrestrict(v.PersonID)
		if n := w.deleteOld(monday.AddDays(4000), 601); n != 0 {
			t.Errorf("%d appointments are left", n)
		}
	})
}

// Who may restrict whom.
func TestRestrictRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		officetest.ImportFile(t, e, w.kek, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: nachbarort"), 1))
		_, v := w.bookAs(nobody(1), at(9, 9, 0))
		_, gone := w.bookAs(nobody(2), at(10, 9, 0))
		w.merge(v.PersonID, gone.PersonID)
		stranger, clerk := w.member(staff.Admin), w.member(staff.Clerk)
		stranger.TenantID = "nachbarort"
		for _, set := range []func(by *staff.Member, id string) error{
			func(by *staff.Member, id string) error { return w.Restrict(t.Context(), by, id) },
			func(by *staff.Member, id string) error { return w.Unrestrict(t.Context(), by, id) },
		} {
			for _, role := range []staff.Role{staff.FrontDesk, staff.Officer, staff.Operator} {
				wantKind(t, set(w.member(role), v.PersonID), fault.Forbidden, "staff.forbidden")
			}
			wantKind(t, set(stranger, v.PersonID), fault.NotFound, "error.notfound.text")
			wantKind(t, set(clerk, "none"), fault.NotFound, "error.notfound.text")
			wantKind(t, set(w.northClerk(), v.PersonID), fault.Forbidden, "customer.elsewhere")
			wantKind(t, set(clerk, gone.PersonID), fault.Conflict, "merge.gone")
		}
		if n := w.number("SELECT COUNT(*) FROM person WHERE restricted IS NOT NULL"); n != 0 {
			t.Errorf("%d records are restricted", n)
		}
		var none person.Data
		if d, err := w.RevealContact(t.Context(), w.member(staff.FrontDesk), v.PersonID); err != nil || d == none {
			t.Errorf("of a record that is not: %v", err)
		}
		w.Clock.Advance(time.Hour)
		w.fine(w.Restrict(t.Context(), w.member(staff.Admin), v.PersonID))
	})
}
