// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// live fills the book with appointments in every state, each reached in the
// ways that people reach it.
func (w *keyed) live() {
	w.Helper()
	must := func(err error) {
		w.Helper()
		if err != nil {
			w.Fatal(err)
		}
	}
	ctx := w.Context()
	w.exec("UPDATE tenant SET cooldown_minutes = 60, revision = revision + 1")
	w.book("ausweis", at(7, 11, 30)) // soon past
	moved := w.book("trauung", at(8, 10, 0))
	must(w.Move(ctx, w.tenant, moved, "", at(8, 10, 30)))
	must(w.Move(ctx, w.tenant, moved, "", at(10, 10, 0)))
	elsewhere := w.book("ausweis", at(8, 11, 0))
	must(w.Move(ctx, w.tenant, elsewhere, "nord", at(8, 11, 0)))
	for _, s := range []seal.Secret{elsewhere, w.book("pass", at(9, 9, 0))} {
		must(w.Cancel(ctx, w.tenant, s))
	}
	w.Clock.Advance(2 * time.Hour)
	w.confirmByMail()
	expired, late := w.book("ausweis", at(9, 10, 0)), w.book("ausweis", at(9, 11, 0))
	must(w.Move(ctx, w.tenant, expired, "", at(9, 10, 30)))
	must(w.Move(ctx, w.tenant, late, "", at(9, 11, 30)))
	lateLink := w.link()
	w.Clock.Advance(31 * time.Minute)
	_, err := w.Housekeep(ctx)
	must(err)
	must(w.Verify(ctx, w.tenant, lateLink))
	w.mustHold("pass", at(14, 9, 0)) // will have run out
	w.book("pass", at(14, 10, 0))    // likewise, and waits for Housekeep
	w.Clock.Advance(31 * time.Minute)
	w.book("pass", at(14, 10, 0))
	verified := w.book("meldung", at(14, 8, 0))
	must(w.Verify(ctx, w.tenant, w.link()))
	must(w.Cancel(ctx, w.tenant, verified))
	w.book("meldung", at(14, 8, 30))
	must(w.Move(ctx, w.tenant, w.link(), "", at(14, 9, 30)))
	must(w.Cancel(ctx, w.tenant, w.book("meldung", at(14, 11, 0))))
	w.sent()
	w.book("meldung", at(14, 8, 15)) // with a mail that waits
	w.mustHold("trauung", at(14, 8, 0))
	typed := w.mustHold("ausweis", at(14, 11, 30))
	_, err = w.SaveDetails(ctx, w.tenant, typed, guest)
	must(err)
	must(w.Release(ctx, w.tenant, w.mustHold("trauung", at(15, 8, 0)), nil))
	w.join(w.account(w.tenant, "live"), w.view(typed).ID)
	w.visited()
	cat, err := w.Bookings.Catalogue(ctx, w.tenant)
	must(err)
	key, err := cat.Tenant.OpenKey(w.kek)
	must(err)
	w.toAccount("live", message.AccountKey(key))
	for _, to := range []message.Recipient{message.ToController, message.ToOperator} {
		id := string(to)
		w.ofTenant(id, to, "queued", message.AccountKey(key).Seal([]byte("{}"), message.Bound(id)))
		w.ofTenant(id+"-sent", to, "sent", nil)
	}
}

// visited adds what is done at the desk.
func (w *keyed) visited() {
	w.Helper()
	ctx, clerk, admin := w.Context(), w.member(staff.Clerk), w.member(staff.Admin)
	w.sent()
	w.Clock.Set(time.Unix(at(16, 7, 0), 0))
	w.exec("UPDATE tenant SET confirm_email = FALSE, cooldown_minutes = 0, revision = revision + 1")
	for i, counter := range []string{"schalter-1", "schalter-2"} {
		id := w.called("meldung", at(16, 8, 15*i), counter)
		if i == 0 {
			w.fine(w.Finish(ctx, clerk, id, w.version(id)))
		}
	}
	arrived, missed := w.view(w.book("pass", at(16, 9, 0))), w.view(w.book("pass", at(16, 9, 0)))
	w.fine(w.Arrive(ctx, clerk, arrived.ID, arrived.Version))
	r := forSomeone("ausweis", at(16, 9, 0))
	r.Overbook = "Notfall"
	for range 2 {
		v, _, err := w.BookFor(ctx, admin, r)
		w.fine(err)
		defer func() { w.fine(w.CancelFor(ctx, clerk, v.ID, v.Version)) }() // so that there is one of each
		r.Start = at(16, 9, 15)
	}
	v, _, err := w.BookFor(ctx, admin, r)
	w.fine(err)
	w.fine(w.MoveFor(ctx, clerk, v.ID, v.Version, "nord", at(16, 10, 0)))
	v, _, err = w.BookFor(ctx, admin, r)
	w.fine(err)
	w.fine(w.Call(ctx, clerk, v.ID, v.Version, w.counter("schalter-1")))
	internal, _ := w.bookFor("meldung", at(16, 15, 0))
	online := w.view(w.book("meldung", at(16, 11, 0)))
	w.fine(w.MoveFor(ctx, clerk, online.ID, online.Version, "", at(16, 14, 0)))
	w.fine(w.ChangeContact(ctx, clerk, internal.ID, internal.Version, guest))
	w.Clock.Set(time.Unix(at(16, 9, 0), 0))
	w.fine(w.Missed(ctx, clerk, missed.ID, missed.Version))
	w.Clock.Set(time.Unix(at(16, 8, 0), 0))
}

func TestCheckOfAHealthyDatabase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		w.live()
		for _, s := range []booking.State{booking.Held, booking.Unconfirmed, booking.Confirmed, booking.Cancelled,
			booking.Expired, booking.Arrived, booking.Called, booking.Served, booking.NoShow} {
			if w.number("SELECT COUNT(*) FROM appointment WHERE state = $1", string(s)) == 0 {
				t.Errorf("no appointment is %s", s)
			}
		}
		var all []booking.Finding
		n, err := booking.Check(t.Context(), e.DB, w.kek, func(f booking.Finding) { all = append(all, f) })
		if err != nil || len(all) > 0 {
			t.Errorf("found %v, %v", all, err)
		}
		want := booking.Counts{Appointments: w.number("SELECT COUNT(*) FROM appointment"), Claims: w.number("SELECT COUNT(*) FROM claim"),
			Persons: w.number("SELECT COUNT(*) FROM person"), Messages: w.number("SELECT COUNT(*) FROM message")}
		if n != want || n.Messages < 10 || n.Claims < 30 {
			t.Errorf("checked %+v, want %+v", n, want)
		}
	})
}

// A writer that is in the middle of everything neither holds Check up nor is
// seen by it.
func TestCheckOnlyReads(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		w.booked()
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			for _, q := range []string{"DELETE FROM claim", "UPDATE message SET sealed = NULL", "DELETE FROM person_token",
				"UPDATE appointment SET state = 'cancelled'", "UPDATE person SET sealed = sealed_key",
				"UPDATE tenant SET revision = revision + 1", "DELETE FROM installation"} {
				if _, err := tx.Exec(t.Context(), q); err != nil {
					return err
				}
			}
			_, err := booking.Check(t.Context(), e.DB, w.kek, func(f booking.Finding) { t.Errorf("found %v", f) })
			return err
		})
		if err != nil {
			t.Error(err)
		}
		if len(findings(t, e.DB, w.kek)) == 0 {
			t.Error("found nothing after the commit")
		}
	})
}

// Tables longer than what Check reads at a time are seen to their ends.
func TestCheckOfLongTables(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		id := w.posted()
		const copies = 999 // with the first, a whole number of batches
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			for i := range copies {
				if err := copyAppointment(t.Context(), tx, id, fmt.Sprintf("f%03d", i), 3*(i+1)); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		count := func() booking.Counts {
			n, err := booking.Check(t.Context(), e.DB, w.kek, func(f booking.Finding) {
				if !f.Warning { // most copies lie outside the hours
					t.Errorf("%s: %s", f.Row, f.Key)
				}
			})
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		if n := count(); n.Appointments != copies+1 || n.Claims != 2*(copies+1) {
			t.Errorf("checked %+v", n)
		}
		for i, owner := range []string{"", "0", "f250x", "f499", "f499x", "f500x", "zzz"} {
			w.exec("UPDATE claim SET owner = $1 WHERE owner = $2 AND tick = (SELECT MIN(tick) FROM claim WHERE owner = $2)", owner, fmt.Sprintf("f%03d", 7*i))
		}
		owners := 0
		for _, f := range findings(t, e.DB, w.kek) {
			if f.Key == "operator.check.owner" {
				owners++
			}
		}
		if owners != 6 { // f499 exists
			t.Errorf("%d claims without an owner found, want 6", owners)
		}
	})
}

// copyAppointment makes a copy of an appointment some ticks later, without
// person and messages' contents.
func copyAppointment(ctx context.Context, tx *db.Tx, from, to string, later int) error {
	for _, q := range []string{
		`INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state, lang, start_tick,
				ticks, minutes, until, extensions, sequence, created, changed)
			SELECT $2, tenant_id, location_id, counter_id, person_id, $2, state, lang, start_tick + $3,
				ticks, minutes, until, extensions, sequence, created, changed FROM appointment WHERE id = $1`,
		`INSERT INTO claim (counter_id, tick, owner, kind, until)
			SELECT counter_id, tick + $3, $2, kind, until FROM claim WHERE owner = $1`,
		`INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
			SELECT $2, position + 0 * $3, service_id, quantity, minutes FROM appointment_service WHERE appointment_id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, from, to, later); err != nil {
			return err
		}
	}
	return nil
}

// The clocks of two processes differ: what ended for the one has not yet ended
// for the other, and is not missed.
func TestCheckWithAnotherClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		s := w.mustHold("trauung", at(8, 10, 0))
		w.Clock.Advance(10 * time.Minute)
		w.mustHold("trauung", at(8, 10, 0)) // overwrites it
		w.Clock.Advance(-30 * time.Second)
		if all := findings(t, e.DB, w.kek); len(all) > 0 {
			t.Errorf("found %v", all)
		}
		w.Clock.Advance(-time.Minute)
		if all := findings(t, e.DB, w.kek); len(all) != 1 || all[0].Row != "appointment "+w.view(s).ID {
			t.Errorf("found %v, want the appointment that has lost its time", all)
		}
	})
}
