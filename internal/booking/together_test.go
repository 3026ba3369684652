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
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

// Whatever one visitor does at the same time in two tabs, what was typed stays
// reachable, and goes with the hold.
func TestFormsOfOneHoldTogether(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		d := reached("one@example.org", "030 23125 001")
		others := []func(seal.Secret) error{
			func(s seal.Secret) error { return w.Release(t.Context(), w.tenant, s, nil) },
			func(s seal.Secret) error { return w.Extend(t.Context(), w.tenant, s, &d) },
			func(s seal.Secret) error { _, err := w.SaveDetails(t.Context(), w.tenant, s, d); return err },
		}
		for round := range 24 {
			s := w.mustHold("ausweis", at(8+round/8, 9, 15*(round%8)))
			e.Clock.Advance(5 * time.Second) // else more time is taken for a second click
			var wg sync.WaitGroup
			for _, do := range []func(seal.Secret) error{others[2], others[round%len(others)]} {
				wg.Go(func() {
					if err := do(s); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		e.Clock.Advance(3 * time.Hour)
		if _, err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := w.number("SELECT COUNT(*) FROM person"); n != 0 {
			t.Errorf("%d persons are left of holds that are forgotten", n)
		}
	})
}

// What ran out is confirmed late only as far as the person may have it.
func TestLimitPerPersonWhenVerifiedLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := limited(t, e)
		w.confirmByMail()
		d := reached("one@example.org", "030 23125 001")
		var links []seal.Secret
		for round := range 2 {
			for i := range 2 {
				w.must("ausweis", at(8+round, 9, 15*i), d)
				var link seal.Secret
				for len(w.links) > 0 {
					link = <-w.links
				}
				links = append(links, link)
			}
			e.Clock.Advance(31 * time.Minute)
		}
		refused := 0
		for _, l := range links {
			err := w.Verify(t.Context(), w.tenant, l)
			if fault.Of(err) == fault.TooMany {
				refused++
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM appointment WHERE state = 'confirmed'"); n != 3 || refused != 1 {
			t.Errorf("%d confirmed, %d refused", n, refused)
		}
	})
}

// striking is a clock that strikes after it was looked at so many times.
type striking struct {
	mu     sync.Mutex
	before int
	at     time.Time
}

func (m *striking) Now() time.Time {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.before--; m.before >= 0 {
		return m.at.Add(-time.Second)
	}
	return m.at
}

// A search over midnight finds what can be had, wherever it was when it struck.
func TestSearchOverMidnight(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		cat, err := w.Catalogue(t.Context(), w.tenant)
		if err != nil {
			t.Fatal(err)
		}
		sel, err := cat.Select([]office.Wanted{{Key: "ausweis", Quantity: 1}})
		if err != nil {
			t.Fatal(err)
		}
		search := booking.SearchFor(cat.LocationsFor(sel)[0], sel)
		clock := &striking{at: time.Date(2026, 9, 8, 0, 0, 0, 0, berlin).UTC()}
		d, err := db.Open(t.Context(), e.Location, clock)
		if err != nil {
			t.Fatal(err)
		}
		defer d.Close()
		for before := range 8 {
			b := &booking.Bookings{DB: d, Offices: office.NewStore()}
			for _, clock.before = range []int{1000, before} { // remembered the day before, then asked
				days, err := b.Free(t.Context(), search)
				if err != nil || len(days) < search.Location.HorizonDays {
					t.Errorf("struck after %d looks: %d days, %v", before, len(days), err)
				}
				if _, found, err := b.Next(t.Context(), search); !found || err != nil {
					t.Errorf("struck after %d looks: %t, %v", before, found, err)
				}
			}
		}
	})
}
