// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

// tickingClock ticks each time that somebody looks at it.
type tickingClock struct {
	mu   sync.Mutex
	now  time.Time
	tick time.Duration
}

func (c *tickingClock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(c.tick)
	return c.now
}

// Midnight comes in the middle of a search, at every moment of it, or the clock
// is set back over midnight: what is found is that of one day or the other.
func TestMidnightDuringASearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.change("minutes: 45", "minutes: 480") // never free, so that a search goes to the end
		clock := &tickingClock{}
		d, err := db.Open(t.Context(), e.Location, clock)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		midnight := time.Unix(at(9, 0, 0), 0)
		for before := range 8 {
			for _, remembers := range []bool{false, true} {
				b := w.forgetful()
				b.DB = d
				if remembers {
					clock.tick = time.Second
					clock.now = midnight.Add(-time.Hour)
					if _, err := b.Free(t.Context(), w.search("ausweis", "rathaus")); err != nil {
						t.Fatal(err)
					}
				}
				for _, clock.tick = range []time.Duration{time.Second, -time.Second} {
					w.searchAt(b, clock, midnight.Add(-time.Duration(before)*clock.tick))
				}
			}
		}
	})
}

// searchAt searches in all ways, each time from a moment on.
func (w *town) searchAt(b *booking.Bookings, clock *tickingClock, from time.Time) {
	w.Helper()
	for _, service := range []string{"ausweis", "trauung"} {
		s := w.search(service, "rathaus")
		clock.now = from
		days, err := b.Free(w.Context(), s)
		if err != nil {
			w.Fatal(err)
		}
		if n := len(days); n < 60 || n > 62 || len(days[2].Starts) == 0 && service == "ausweis" {
			w.Errorf("%s from %s on: %d days, %v", service, from, n, days[2])
		}
		clock.now = from
		if _, ok, err := b.Next(w.Context(), s); err != nil || ok != (service == "ausweis") {
			w.Errorf("%s from %s on: the next is found: %v, %v", service, from, ok, err)
		}
		clock.now = from
		if _, _, err := b.NextRelease(w.Context(), s); err != nil {
			w.Error(err)
		}
	}
	clock.now = from
	r := w.click(at(9, 10, 0), seal.NewSecret(), "")
	r.Wanted[0].Key = "meldung"
	s, err := b.Hold(w.Context(), r)
	if err != nil {
		w.Fatal(err)
	}
	if err := b.Release(w.Context(), w.tenant, s, nil); err != nil {
		w.Fatal(err)
	}
}

// A book that runs for weeks does not remember days that are over.
func TestDaysThatAreOver(t *testing.T) {
	w := newTown(t, dbtest.New(t, "sqlite"))
	look := func() int {
		t.Helper()
		for _, l := range []string{"rathaus", "nord"} {
			if _, err := w.Free(t.Context(), w.search("ausweis", l)); err != nil {
				t.Fatal(err)
			}
		}
		return w.Remembered()
	}
	first := look()
	for range 30 {
		w.Env.Clock.Advance(24 * time.Hour)
		if n := look(); n > first+2 { // yesterday, at both locations
			t.Fatalf("%d days instead of %d", n, first)
		}
	}
}

// The clock is set back to before a hold ran out, after somebody else changed
// the day: the hold is in force again, and nobody takes its time.
func TestClockSetBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		start := at(8, 10, 0)
		w.mustHold("trauung", start)
		e.Clock.Advance(officetest.Hold)
		w.mustHold("ausweis", start)
		if !w.free("trauung", start) {
			t.Error("not free when the hold has run out")
		}
		e.Clock.Advance(-time.Second)
		if w.free("trauung", start) {
			t.Error("free a second before")
		}
		_, err := w.hold("trauung", start)
		wantKind(t, err, fault.Conflict, "booking.taken")
		e.Clock.Advance(time.Second)
		w.mustHold("trauung", start)
	})
}

// The clock is set back by more than a book remembers what ran out. It may
// offer what is held again, but gives it to nobody, and says so.
func TestClockSetFarBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		start := at(8, 10, 0)
		w.mustHold("trauung", start)
		e.Clock.Advance(2 * time.Hour)
		w.mustHold("ausweis", start)
		if !w.free("trauung", start) {
			t.Error("not free when the hold has run out")
		}
		e.Clock.Advance(-2 * time.Hour)
		_, err := w.hold("trauung", start)
		wantKind(t, err, fault.Conflict, "booking.taken")
	})
}

// What is announced for a day beyond the horizon is as new as the rest: the
// office closes the day that comes next.
func TestReleaseBeyondTheHorizon(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		first, released := counter("1", `{days: 7, at: "08:00"}`)
		far := []string{first, released, "horizon_days: 60", "horizon_days: 7"}
		w.change(far...)
		if got := w.nextRelease("ausweis", "rathaus"); got != at(8, 8, 0) {
			t.Errorf("at %d, want %d", got, at(8, 8, 0))
		}
		w.change(append(far, "\ngroups:", "\nclosures:\n  - {from: 2026-09-15, until: 2026-09-15, reason: {de: zu, en: shut}}\ngroups:")...)
		if got := w.nextRelease("ausweis", "rathaus"); got != at(9, 8, 0) {
			t.Errorf("with a closure at %d, want %d", got, at(9, 8, 0))
		}
	})
}
