// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"sync"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// together runs n at once and returns how many were answered with each key.
func together(n int, do func(i int) error) map[string]int {
	var wg sync.WaitGroup
	var mu sync.Mutex
	answers := map[string]int{}
	for i := range n {
		wg.Go(func() {
			err := do(i)
			mu.Lock()
			defer mu.Unlock()
			answers[keyOf(err)]++
		})
	}
	wg.Wait()
	return answers
}

func (w *town) clerk(i int) *staff.Member {
	by := w.member(staff.Clerk)
	by.ID = fmt.Sprintf("clerk-%d", i)
	return by
}

// Twenty clerks call one person: one of them gets them, the others hear of it.
func TestRaceForOnePerson(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		v, _ := w.bookFor("meldung", at(7, 8, 0))
		counters := []string{w.counter("schalter-1"), w.counter("schalter-2")}
		got := together(20, func(i int) error { return w.Call(t.Context(), w.clerk(i), v.ID, v.Version, counters[i%2]) })
		if got[ok] != 1 || got["visit.stale"] != 19 {
			t.Errorf("answers %v", got)
		}
		if after := w.entry(v.ID); after.State != booking.Called || after.Version != v.Version+1 {
			t.Errorf("%s at version %d", after.State, after.Version)
		}
	})
}

// Twenty people are called to one counter: one gets there.
func TestRaceForOneCounter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		var all []*booking.Entry
		for i := range 20 {
			v, _ := w.bookFor("meldung", at(7, 8, 15*(i/2)))
			all = append(all, v)
		}
		counter := w.counter("schalter-1")
		got := together(20, func(i int) error { return w.Call(t.Context(), w.clerk(i), all[i].ID, all[i].Version, counter) })
		if got[ok] != 1 || got["visit.counter_busy"] != 19 {
			t.Errorf("answers %v", got)
		}
		if n := w.number("SELECT COUNT(*) FROM appointment WHERE called_counter IS NOT NULL"); n != 1 {
			t.Errorf("%d people at the counter", n)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Ten clerks book beyond capacity at one time while ten others take what there
// is: everybody who may gets a place, and no place is given twice.
func TestRaceBeyondCapacity(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		got := together(20, func(i int) error {
			by, r := w.clerk(i), forSomeone("meldung", at(7, 8, 0))
			if i%2 == 0 {
				by.Role, r.Overbook = staff.Admin, "Notfall"
			}
			_, _, err := w.BookFor(t.Context(), by, r)
			return err
		})
		inside := w.number("SELECT COUNT(*) FROM appointment WHERE overbooked IS NULL")
		if inside != 2 || got[ok] < 10 || got[ok]+got["booking.taken"] != 20 {
			t.Errorf("%d in the counters, answers %v", inside, got)
		}
		if n := w.number("SELECT COUNT(*) FROM counter WHERE overflow"); n != got[ok]-2 {
			t.Errorf("%d overflow counters for %d", n, got[ok]-2)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A clerk calls somebody while that person cancels: one of the two happens.
func TestRaceOfCallAndCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		w.exec("UPDATE tenant SET unverified_per_address = 100, revision = revision + 1")
		for i := range 10 {
			s := w.book("meldung", at(7, 8, 15*i))
			v := w.view(s)
			got := together(2, func(n int) error {
				if n == 0 {
					return w.Cancel(t.Context(), w.tenant, s)
				}
				return w.Call(t.Context(), w.member(staff.Clerk), v.ID, v.Version, w.counter("schalter-1"))
			})
			after := w.view(s)
			switch {
			case got[ok] != 1:
				t.Errorf("answers %v", got)
			case after.State == booking.Called:
				if got["visit.here"] != 1 {
					t.Errorf("answers %v", got)
				}
				w.fine(w.Finish(t.Context(), w.member(staff.Clerk), v.ID, after.Version))
			case after.State != booking.Cancelled || got["visit.stale"] != 1:
				t.Errorf("%s, answers %v", after.State, got)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// The same form sent many times books once.
func TestRaceOfOneForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		r := forSomeone("meldung", at(7, 8, 0))
		r.Once = seal.NewSecret()
		var mu sync.Mutex
		seen := map[string]bool{}
		got := together(10, func(int) error {
			v, s, err := w.BookFor(t.Context(), w.member(staff.FrontDesk), r)
			if err == nil {
				mu.Lock()
				seen[v.ID+s.Reveal()] = true
				mu.Unlock()
			}
			return err
		})
		if got[ok] != 10 || len(seen) != 1 || w.number("SELECT COUNT(*) FROM appointment") != 1 {
			t.Errorf("answers %v, %d appointments", got, len(seen))
		}
		got = together(10, func(i int) error { // the back button, and other days
			again := r
			again.Data.LastName, again.Start = "Anders", at(8+i%3, 8, 0)
			v, _, err := w.BookFor(t.Context(), w.member(staff.FrontDesk), again)
			if err == nil && (!v.Again || !seen[v.ID+r.Once.Reveal()]) {
				t.Error("the same form has booked something else")
			}
			return err
		})
		if got[ok] != 10 || w.number("SELECT COUNT(*) FROM appointment") != 1 {
			t.Errorf("answers %v", got)
		}
	})
}
