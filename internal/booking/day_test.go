// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// The list has everybody who is or was expected on that day at that place, in
// the order of time, and nobody else.
func TestDay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		w.mustHold("ausweis", at(7, 9, 30))
		cancelled := w.book("pass", at(7, 11, 0))
		w.fine(w.Cancel(t.Context(), w.tenant, cancelled))
		late, _ := w.bookFor("trauung", at(7, 10, 0))
		early := w.view(w.book("ausweis", at(7, 8, 0)))
		w.book("ausweis", at(8, 8, 0))
		w.fine(w.Move(t.Context(), w.tenant, w.book("ausweis", at(7, 8, 30)), "nord", at(7, 8, 30)))
		list := w.day(monday)
		var got []string
		for _, v := range list {
			got = append(got, v.Person.Data.LastName+" "+string(v.State)+" "+v.Origin)
		}
		want := []string{"Beispielhuber confirmed online", "Musterfrau confirmed desk", "Beispielhuber cancelled online"}
		if !slices.Equal(got, want) || list[0].ID != early.ID || list[1].ID != late.ID {
			t.Errorf("list %q, want %q", got, want)
		}
		if len(w.day(monday.AddDays(-1))) != 0 {
			t.Error("somebody comes on Sunday")
		}
		_, err := w.Day(t.Context(), w.member(staff.Officer), list[0].Location.ID, monday)
		wantKind(t, err, fault.Forbidden, "staff.forbidden")
		stranger := w.member(staff.Admin)
		officetest.ImportFile(t, e, w.kek, changed(t, "tenant: kleinstadt", "tenant: nachbarort"))
		stranger.TenantID = "nachbarort"
		_, err = w.Day(t.Context(), stranger, list[0].Location.ID, monday)
		wantKind(t, err, fault.NotFound, "location.unknown")
	})
}

// A look at the list is recorded with the place, again after a while, and for
// each one who looks; a list that keeps itself up to date is one look.
func TestLooksAreRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		looks := func() int {
			return w.number("SELECT COUNT(*) FROM audit WHERE action = 'day.viewed' AND location_id = $1", w.place("rathaus").ID)
		}
		for range 3 {
			w.day(monday)
		}
		if looks() != 1 {
			t.Errorf("%d looks", looks())
		}
		w.day(monday.AddDays(1))
		w.Clock.Advance(10 * time.Minute)
		w.day(monday)
		if looks() != 3 {
			t.Errorf("%d looks, want 3", looks())
		}
		v, _ := w.bookFor("ausweis", at(8, 8, 0))
		w.entry(v.ID)
		if w.number("SELECT COUNT(*) FROM audit WHERE action = 'appointment.viewed' AND person_id = $1", v.PersonID) != 1 {
			t.Error("a look at an appointment is not recorded")
		}
	})
}

// What no longer fits is marked as long as that matters.
func TestUnfitIsMarked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		first, _ := w.bookFor("ausweis", at(7, 8, 0))
		second, _ := w.bookFor("ausweis", at(7, 11, 0))
		r := forSomeone("trauung", at(7, 8, 0))
		w.bookFor("trauung", at(7, 8, 0))
		r.Overbook = "Notfall"
		if _, _, err := w.BookFor(t.Context(), w.member(staff.Admin), r); err != nil {
			t.Fatal(err)
		}
		w.change(`to: "12:00"`, `to: "10:00"`)
		marks := func() []string {
			var all []string
			for _, v := range w.day(monday) {
				all = append(all, v.Unfit)
			}
			return all
		}
		if got := marks(); !slices.Equal(got, []string{"", "", "", "visit.unfit.hours"}) {
			t.Errorf("marks %q", got)
		}
		w.fine(w.CancelFor(t.Context(), w.member(staff.Clerk), second.ID, second.Version))
		day := booking.Moment{Date: monday}
		if _, err := w.Close(t.Context(), w.member(staff.Admin), booking.Closing{LocationID: first.Location.ID,
			From: day, Until: booking.Moment{Date: monday.AddDays(1)}}, ""); err != nil {
			t.Fatal(err)
		}
		const closed = "visit.unfit.closed"
		if got := marks(); !slices.Equal(got, []string{closed, closed, closed, ""}) {
			t.Errorf("marks %q", got)
		}
	})
}

// Five hundred people on one day: nobody is missing, each with their own data.
func TestDayOfMany(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		w.bookFor("meldung", at(7, 8, 0))
		v := w.view(w.book("meldung", at(7, 8, 15)))
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), "DELETE FROM claim"); err != nil { // the list does not need them
				return err
			}
			for i := range 498 {
				if err := copyAppointment(t.Context(), tx, v.ID, fmt.Sprintf("copy-%03d", i), 0); err != nil {
					return err
				}
			}
			return nil
		})
		w.fine(err)
		names := map[string]int{}
		for _, v := range w.day(monday) {
			names[v.Person.Data.LastName]++
		}
		if names["Beispielhuber"] != 499 || names["Musterfrau"] != 1 {
			t.Errorf("names %v", names)
		}
	})
}

// Watchers hear of what is committed, at their place, and of nothing else.
func TestChanged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		hall, north := w.place("rathaus").ID, w.place("nord").ID
		heard := func(c <-chan struct{}) bool {
			select {
			case <-c:
				return true
			default:
				return false
			}
		}
		revision := func() int64 {
			n, err := w.DayRevision(t.Context(), w.member(staff.Clerk), hall, monday)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		clerk := w.member(staff.Clerk)
		var s seal.Secret
		var v *booking.Entry
		for _, c := range []struct {
			name string
			do   func() error
		}{
			{"hold", func() error { s = w.mustHold("ausweis", at(7, 8, 0)); return nil }},
			{"confirm", func() error {
				if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
					return err
				}
				return w.Confirm(t.Context(), w.tenant, s, "de")
			}},
			{"move", func() error { return w.Move(t.Context(), w.tenant, s, "", at(7, 8, 15)) }},
			{"cancel", func() error { return w.Cancel(t.Context(), w.tenant, s) }},
			{"book for", func() error { v, _ = w.bookFor("ausweis", at(7, 8, 0)); return nil }},
			{"arrive", func() error { return w.Arrive(t.Context(), clerk, v.ID, w.version(v.ID)) }},
			{"call", func() error { return w.Call(t.Context(), clerk, v.ID, w.version(v.ID), w.counter("schalter-1")) }},
			{"contact", func() error { return w.ChangeContact(t.Context(), clerk, v.ID, w.version(v.ID), guest) }},
			{"close", func() error {
				_, err := w.Close(t.Context(), w.member(staff.Admin), booking.Closing{LocationID: hall,
					From: booking.Moment{Date: monday, Minute: 600}, Until: booking.Moment{Date: monday, Minute: 660}}, "")
				return err
			}},
		} {
			here, there, before := w.Changed(hall), w.Changed(north), revision()
			w.fine(c.do())
			if !heard(here) || heard(there) || revision() <= before {
				t.Errorf("%s: here %v, there %v, revision %d after %d", c.name, heard(here), heard(there), revision(), before)
			}
		}
		here := w.Changed(hall)
		wantKind(t, w.Finish(t.Context(), clerk, v.ID, 0), fault.Conflict, "visit.stale")
		if heard(here) {
			t.Error("heard of what was not committed")
		}
		if _, err := w.DayRevision(t.Context(), w.member(staff.Operator), hall, slot.Date(0)); fault.Of(err) != fault.Forbidden {
			t.Errorf("got %v", err)
		}
	})
}
