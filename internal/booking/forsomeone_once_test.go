// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// A form that was sent is sent again, by hours and by whatever reloads a page:
// the answer is what has become of its appointment, and never a second one.
func TestOneFormBooksOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		clerk := w.member(staff.Clerk)
		r := forSomeone("ausweis", at(7, 8, 0))
		r.Once = seal.NewSecret()
		first, _, err := w.BookFor(t.Context(), clerk, r)
		w.fine(err)
		if first.Again {
			t.Error("the first time is taken for a second one")
		}
		again := func(want booking.State) *booking.Entry {
			t.Helper()
			v, s, err := w.BookFor(t.Context(), clerk, r)
			w.fine(err)
			if v.ID != first.ID || !v.Again || s != r.Once || v.State != want || v.Version != w.version(first.ID) {
				t.Errorf("answered by %s in version %d, again: %t", v.State, v.Version, v.Again)
			}
			if n := w.number("SELECT COUNT(*) FROM appointment"); n != 1 {
				t.Fatalf("%d appointments", n)
			}
			return v
		}
		again(booking.Confirmed)
		corrected := caller
		corrected.LastName = "Musterfräulein"
		w.fine(w.ChangeContact(t.Context(), clerk, first.ID, w.version(first.ID), corrected))
		if got := again(booking.Confirmed).Person.Data; got != corrected {
			t.Errorf("the answer has the name %s", got.LastName)
		}
		w.fine(w.MoveFor(t.Context(), clerk, first.ID, w.version(first.ID), "", at(7, 8, 30)))
		if got := again(booking.Confirmed).Start.Unix(); got != at(7, 8, 30) {
			t.Errorf("the answer is at %d", got)
		}
		w.Clock.Set(time.Unix(at(7, 8, 20), 0)) // the time of the form is over
		w.fine(w.Arrive(t.Context(), clerk, first.ID, w.version(first.ID)))
		again(booking.Arrived)
		w.fine(w.Missed(t.Context(), clerk, first.ID, w.version(first.ID)))
		again(booking.NoShow)

		_, _, err = w.BookFor(t.Context(), w.northClerk(), r) // it is not theirs to see
		wantKind(t, err, fault.Forbidden, "staff.forbidden")
		CheckClean(t, e.DB, w.kek)
	})
}
