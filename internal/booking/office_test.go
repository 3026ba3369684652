// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
)

// An appointment that goes to another office is cancelled at the first one,
// and new to the second.
func TestMoveTellsBothOffices(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("ausweis", at(8, 10, 0))
		if err := w.Move(t.Context(), w.tenant, s, "nord", at(8, 11, 0)); err != nil {
			t.Fatal(err)
		}
		sent := w.sent()
		first, second := sent["buergerbuero@example.org"], sent["nord@example.org"]
		if len(first) != 2 || !strings.Contains(first[1], "abgesagt") || !strings.Contains(first[1], "10:00") {
			t.Errorf("the first office: %q", first)
		}
		if len(second) != 1 || !strings.Contains(second[0], "Neuer Termin") {
			t.Errorf("the second office: %q", second)
		}
	})
}

// While an appointment waits for its mailbox the office hears nothing of it.
// A move by the mail's link is the sign; one by another link is not, and asks
// again.
func TestUnconfirmedChanges(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		page := w.book("trauung", at(8, 10, 0))
		byMail := <-w.links
		if err := w.Move(t.Context(), w.tenant, page, "", at(8, 10, 15)); err != nil {
			t.Fatal(err)
		}
		if v := w.view(page); v.State != booking.Unconfirmed || len(w.sent()) != 1 {
			t.Fatalf("state %s, mail to %d addresses", v.State, len(w.sent()))
		}
		if err := w.Move(t.Context(), w.tenant, byMail, "", at(8, 10, 30)); err != nil {
			t.Fatal(err)
		}
		if v := w.view(page); v.State != booking.Confirmed || !v.Person.EmailVerified {
			t.Errorf("state %s, verified %v", v.State, v.Person.EmailVerified)
		}
		if got := w.sent()["standesamt@example.org"]; len(got) != 1 || !strings.Contains(got[0], "Neuer Termin") {
			t.Errorf("the office: %q", got)
		}
		w.Clock.Advance(time.Hour)
		if _, err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if w.claimed("appointment") != 12 {
			t.Error("it ran out all the same")
		}

		other := w.book("trauung", at(9, 10, 0))
		if err := w.Cancel(t.Context(), w.tenant, other); err != nil {
			t.Fatal(err)
		}
		if got := w.sent()["standesamt@example.org"]; len(got) != 1 {
			t.Errorf("the office heard of what it did not know: %q", got)
		}
	})
}

// Whoever has not shown that the mailbox is theirs cannot fill it by moving,
// nor by booking and cancelling.
func TestMailboxIsNotFlooded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("trauung", at(8, 8, 0))
		byMail := <-w.links
		for i := range 5 {
			if err := w.Move(t.Context(), w.tenant, s, "", at(8, 8, 15*(i+1))); err != nil {
				t.Fatal(err)
			}
		}
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(9, 8, 0)), fault.TooMany, "limit.moves")
		if err := w.Move(t.Context(), w.tenant, byMail, "", at(9, 8, 0)); err != nil {
			t.Errorf("the mail's link: %v", err)
		}
		for i := range 5 {
			if err := w.Cancel(t.Context(), w.tenant, w.book("meldung", at(10, 8, 15*i))); err != nil {
				t.Fatal(err)
			}
		}
		s = w.mustHold("meldung", at(10, 11, 0))
		if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.Confirm(t.Context(), w.tenant, s, "de"), fault.TooMany, "limit.address")
		w.Clock.Advance(24*time.Hour + time.Minute)
		w.book("meldung", at(10, 11, 0))
	})
}

// A day that is closed while somebody moves there is closed for him too: the
// move waits for the import, then sees the new hours.
func TestMoveSeesHoursOfItsLock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("ausweis", at(8, 10, 0))
		closed := bytes.Replace(officetest.Town, []byte("\ngroups:"),
			[]byte("\nclosures:\n  - {from: 2026-09-09, until: 2026-09-09, reason: {de: zu, en: shut}}\ngroups:"), 1)
		f, err := office.Parse("town.yaml", bytes.NewReader(closed))
		if err != nil {
			t.Fatal(err)
		}
		moved := make(chan error, 1)
		err = e.DB.Write(t.Context(), func(tx *db.Tx) error {
			if err := office.Import(t.Context(), tx, w.kek, f); err != nil {
				return err
			}
			go func() { moved <- w.Move(t.Context(), w.tenant, s, "", at(9, 10, 0)) }()
			if e.DB.Engine() == "postgres" {
				return waiting(t, tx) // until the move waits for this transaction
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		wantKind(t, <-moved, fault.Conflict, "booking.taken")
	})
}

// waiting returns when another connection waits for a lock.
func waiting(t *testing.T, tx *db.Tx) error {
	for {
		var n int
		err := tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM pg_locks WHERE NOT granted").Scan(&n)
		if err != nil || n > 0 {
			return err
		}
	}
}
