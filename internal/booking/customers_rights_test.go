// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// bookNorth books at the second location, by its own clerk, for somebody new.
func (w *town) bookNorth(start int64) *booking.Entry {
	w.Helper()
	r := forSomeone("ausweis", start)
	r.Location = "nord"
	e, _, err := w.BookFor(w.Context(), w.northClerk(), r)
	w.fine(err)
	return e
}

// Nobody gets at the contact data of another location's customers by merging
// them with a record of their own.
func TestMergingIsNoWayAround(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		north := w.northClerk()
		_, theirs := w.bookAs(guest, at(9, 9, 0))
		own, other := w.bookNorth(at(9, 9, 0)), w.bookNorth(at(9, 10, 0))
		for _, pair := range [][2]string{{theirs.PersonID, own.PersonID}, {own.PersonID, theirs.PersonID}} {
			wantKind(t, w.MergePersons(t.Context(), north, pair[0], pair[1]), fault.Forbidden, "customer.elsewhere")
		}
		_, err := w.RevealContact(t.Context(), north, theirs.PersonID)
		wantKind(t, err, fault.Forbidden, "customer.elsewhere")
		if n := w.number("SELECT COUNT(*) FROM person_merge"); n != 0 {
			t.Errorf("%d merges", n)
		}
		w.fine(w.MergePersons(t.Context(), north, own.PersonID, other.PersonID)) // both of their own
		both := w.northClerk()
		both.Locations = append(both.Locations, w.place("rathaus").ID)
		w.fine(w.MergePersons(t.Context(), both, own.PersonID, theirs.PersonID))
		CheckClean(t, e.DB, w.kek)
	})
}

// Undoing asks for the same right, at a location of the record that was kept.
func TestWhoMayUndoAMerge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, a := w.bookAs(nobody(1), at(9, 9, 0))
		_, b := w.bookAs(nobody(2), at(10, 9, 0))
		w.merge(a.PersonID, b.PersonID)
		id := w.card(a.PersonID).Merges[0].ID
		wantKind(t, w.UndoMerge(t.Context(), w.northClerk(), id), fault.Forbidden, "customer.elsewhere")
		for _, role := range []staff.Role{staff.FrontDesk, staff.Officer, staff.Operator} {
			wantKind(t, w.UndoMerge(t.Context(), w.member(role), id), fault.Forbidden, "staff.forbidden")
		}
		stranger := w.member(staff.Admin)
		stranger.TenantID = "nachbarort"
		wantKind(t, w.UndoMerge(t.Context(), stranger, id), fault.Gone, "merge.over")
		if n := len(w.card(a.PersonID).Merges); n != 1 {
			t.Fatalf("%d merges are left", n)
		}
		here := w.member(staff.Clerk)
		here.Everywhere, here.Locations = false, []string{w.place("rathaus").ID}
		w.fine(w.UndoMerge(t.Context(), here, id))
	})
}
