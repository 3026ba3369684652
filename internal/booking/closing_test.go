// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// closing is one at the town hall on days of the test week.
func (w *town) closing(counter string, fromDay, fromMinute, untilDay, untilMinute int) booking.Closing {
	w.Helper()
	c := booking.Closing{LocationID: w.place("rathaus").ID, Reason: locale.Text{locale.DE: "krank"},
		From:  booking.Moment{Date: slot.DateOf(2026, time.September, fromDay), Minute: fromMinute},
		Until: booking.Moment{Date: slot.DateOf(2026, time.September, untilDay), Minute: untilMinute}}
	if counter != "" {
		c.CounterID = w.counter(counter)
	}
	return c
}

// The preview shows who is hit, the closing changes nobody's appointment, and
// nothing more can be booked there; an import does not undo it, reopening does.
func TestClosing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		admin := w.member(staff.Admin)
		before, _ := w.bookFor("trauung", at(8, 9, 0))
		hit, _ := w.bookFor("trauung", at(8, 10, 0))
		w.bookFor("ausweis", at(8, 10, 0))
		w.bookFor("trauung", at(8, 11, 0))
		gone, _ := w.bookFor("trauung", at(9, 10, 0))
		w.fine(w.CancelFor(t.Context(), admin, gone.ID, gone.Version))
		c := w.closing("trauzimmer", 8, 600, 8, 660)
		list, err := w.PreviewClosing(t.Context(), admin, c)
		if err != nil || len(list) != 1 || list[0].ID != hit.ID {
			t.Fatalf("hit %v, %v", list, err)
		}
		all, err := w.PreviewClosing(t.Context(), admin, w.closing("", 8, 570, 9, 720))
		if err != nil || len(all) != 4 || all[0].ID != before.ID {
			t.Fatalf("%d are hit, %v", len(all), err)
		}
		ticks := w.claimed("appointment")
		id, err := w.Close(t.Context(), admin, c, "")
		if err != nil {
			t.Fatal(err)
		}
		w.change("horizon_days: 60", "horizon_days: 50")
		if v := w.entry(hit.ID); v.State != booking.Confirmed || v.Unfit != "visit.unfit.closed" || w.claimed("appointment") != ticks {
			t.Errorf("%s, unfit %q", v.State, v.Unfit)
		}
		w.fine(w.CancelFor(t.Context(), admin, hit.ID, hit.Version))
		if w.free("trauung", at(8, 10, 0)) {
			t.Error("the closed counter is free")
		}
		shown, err := w.Closings(t.Context(), w.member(staff.Clerk), c.LocationID)
		if err != nil || len(shown) != 1 || !shown[0].Desk || shown[0].ID != id || shown[0].From != c.From || shown[0].Until != c.Until ||
			shown[0].Reason.In(locale.DE) != "krank" || shown[0].Counter.Key != "trauzimmer" {
			t.Errorf("closings %+v, %v", shown, err)
		}
		w.fine(w.Bookings.Reopen(t.Context(), admin, id))
		if !w.free("trauung", at(8, 10, 0)) {
			t.Error("reopened and not free")
		}
		wantKind(t, w.Bookings.Reopen(t.Context(), admin, id), fault.NotFound, "closing.unknown")
		if n := w.number("SELECT COUNT(*) FROM audit WHERE subject_id = $1 AND role = 'admin'", id); n != 2 {
			t.Errorf("recorded %d times", n)
		}
	})
}

func TestClosingRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for _, c := range []struct {
			name   string
			change func(c *booking.Closing, by *staff.Member)
			want   string
		}{
			{"as a clerk", func(_ *booking.Closing, by *staff.Member) { by.Role = staff.Clerk }, "staff.forbidden"},
			{"elsewhere", func(_ *booking.Closing, by *staff.Member) { by.Everywhere = false }, "staff.forbidden"},
			{"no place", func(c *booking.Closing, _ *staff.Member) { c.LocationID = "" }, "location.unknown"},
			{"another's counter", func(c *booking.Closing, _ *staff.Member) { c.CounterID = w.place("nord").Counters[0].ID }, "counter.unknown"},
			{"backwards", func(c *booking.Closing, _ *staff.Member) { c.From, c.Until = c.Until, c.From }, "closing.times"},
			{"off the grid", func(c *booking.Closing, _ *staff.Member) { c.From.Minute++ }, "closing.times"},
			{"past", func(c *booking.Closing, _ *staff.Member) {
				c.From, c.Until = booking.Moment{Date: monday.AddDays(-2)}, booking.Moment{Date: monday, Minute: 600}
			}, "closing.past"},
			{"long reason", func(c *booking.Closing, _ *staff.Member) { c.Reason[locale.DE] = strings.Repeat("x", 201) }, "closing.reason"},
		} {
			closing, by := w.closing("", 8, 600, 8, 660), w.member(staff.Admin)
			c.change(&closing, by)
			_, err := w.PreviewClosing(t.Context(), by, closing)
			_, err2 := w.Close(t.Context(), by, closing, "")
			if keyOf(err) != c.want || keyOf(err2) != c.want {
				t.Errorf("%s: %q and %q, want %q", c.name, keyOf(err), keyOf(err2), c.want)
			}
		}
		w.change("groups:\n", "closures: [{from: 2026-09-08, until: 2026-09-08}]\ngroups:\n")
		admin := w.member(staff.Admin)
		list, err := w.Closings(t.Context(), admin, w.place("nord").ID)
		if err != nil || len(list) != 1 || list[0].Desk {
			t.Fatalf("closings %+v, %v", list, err)
		}
		wantKind(t, w.Bookings.Reopen(t.Context(), admin, list[0].ID), fault.Conflict, "closing.file")
		id, err := w.Close(t.Context(), admin, w.closing("", 10, 0, 12, 0), "")
		w.fine(err)
		wantKind(t, w.Bookings.Reopen(t.Context(), w.member(staff.Clerk), id), fault.Forbidden, "staff.forbidden")
		admin.TenantID = "nachbarort"
		wantKind(t, w.Bookings.Reopen(t.Context(), admin, id), fault.NotFound, "closing.unknown")
	})
}

// Somebody who was not shown in the preview is not hit unseen; who went away
// meanwhile is no reason to ask again. The same form twice sets one closing.
func TestClosingHitsOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		admin, c := w.member(staff.Admin), w.closing("trauzimmer", 8, 600, 8, 720)
		shown := func() booking.Hit {
			t.Helper()
			list, err := w.PreviewClosing(t.Context(), admin, c)
			w.fine(err)
			return booking.HitOf(list)
		}
		nobody := shown()
		first, _ := w.bookFor("trauung", at(8, 10, 0))
		_, err := w.Close(t.Context(), admin, c, nobody)
		wantKind(t, err, fault.Conflict, "closing.changed")
		one := shown()
		w.fine(w.MoveFor(t.Context(), admin, first.ID, first.Version, "", at(8, 11, 0)))
		_, err = w.Close(t.Context(), admin, c, one)
		wantKind(t, err, fault.Conflict, "closing.changed")
		if n := w.number("SELECT COUNT(*) FROM closure"); n != 0 {
			t.Errorf("%d closings are set", n)
		}
		one = shown()
		w.fine(w.CancelFor(t.Context(), admin, first.ID, first.Version+1))
		id, err := w.Close(t.Context(), admin, c, one)
		w.fine(err)
		again, err := w.Close(t.Context(), admin, c, one)
		w.fine(err)
		if again != id || w.number("SELECT COUNT(*) FROM closure") != 1 || w.number("SELECT COUNT(*) FROM audit WHERE subject_id = $1", id) != 1 {
			t.Error("the same form sets two closings, or is recorded twice")
		}
	})
}

// Whoever books while a day is being closed has either booked before, or finds it
// closed: nobody is booked into the closing after it was set.
func TestRaceOfClosingAndBooking(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		admin := w.member(staff.Admin)
		var id string
		got := together(17, func(i int) error {
			if i == 8 {
				var err error
				id, err = w.Close(t.Context(), admin, w.closing("", 8, 0, 9, 0), "")
				return err
			}
			if i%2 == 0 {
				_, err := w.hold("meldung", at(8, 8, 15*(i%8)))
				return err
			}
			_, _, err := w.BookFor(t.Context(), admin, forSomeone("meldung", at(8, 8, 15*(i%8))))
			return err
		})
		if id == "" || got[ok]+got["booking.taken"] != 17 {
			t.Errorf("answers %v", got)
		}
		if later := together(4, func(i int) error {
			_, _, err := w.BookFor(t.Context(), admin, forSomeone("meldung", at(8, 11, 15*i)))
			return err
		}); later["booking.taken"] != 4 {
			t.Errorf("booked into a closing: %v", later)
		}
		if n := w.number("SELECT COUNT(*) FROM appointment"); n != got[ok]-1 {
			t.Errorf("%d appointments, answers %v", n, got)
		}
	})
}
