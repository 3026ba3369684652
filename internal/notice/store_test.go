// SPDX-License-Identifier: EUPL-1.2

package notice_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/notice"
)

// What changes makes a version, what does not makes none, and what was said stays.
func TestVersions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for range 2 {
			if n := w.version(w.store); n != 1 {
				t.Fatalf("the first version is %d", n)
			}
		}
		first := e.Clock.Now().Unix()
		e.Clock.Advance(24 * time.Hour)
		w.change() // the same file: a revision of the catalogue, and no change
		if n := w.version(w.store); n != 1 {
			t.Errorf("the same file makes version %d", n)
		}
		w.change("land: NW", "land: NW\nretention: {appointment_days: 17}")
		if n := w.version(w.store); n != 2 {
			t.Errorf("another period makes version %d", n)
		}
		w.change("land: NW", "land: NW\nretention: {appointment_days: 17}", "Marktplatz 1", "Marktplatz 2")
		if n := w.version(w.store); n != 3 {
			t.Errorf("another address makes version %d", n)
		}
		for number, want := range map[int]string{1: "30 Tage", 2: "17 Tage", 3: "Marktplatz 2"} {
			v, err := w.store.Version(t.Context(), w.id, number)
			if err != nil {
				t.Fatal(err)
			}
			if len(v.Documents) != len(locale.Langs) || !strings.Contains(text(t, v.Documents[locale.DE]), want) {
				t.Errorf("version %d does not say %q in %d languages", number, want, len(v.Documents))
			}
		}
		list, err := w.store.Versions(t.Context(), w.id)
		if err != nil {
			t.Fatal(err)
		}
		if len(list) != 3 || list[0].Number != 3 || list[2].Created != first || list[1].Created != first+24*60*60 {
			t.Errorf("versions %+v", list)
		}
		if n := w.version(w.program(notice.Options{AccessLog: true})); n != 3 {
			t.Errorf("after a start there is version %d", n)
		}
		for _, number := range []int{0, 4} {
			if _, err := w.store.Version(t.Context(), w.id, number); !fault.Is(err, fault.NotFound) {
				t.Errorf("version %d: %v", number, err)
			}
		}
		if _, err := w.store.Version(t.Context(), "anderswo", 1); !fault.Is(err, fault.NotFound) {
			t.Errorf("another tenant's version: %v", err)
		}
	})
}

// Processes that start at once agree on one version, and those that say something
// else make one each, however often they are asked.
func TestVersionsOfSeveralProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		c := w.catalogue()
		at := func(stores []*notice.Store) []int {
			numbers := make([]int, len(stores))
			var all sync.WaitGroup
			for i, s := range stores {
				all.Go(func() {
					v, err := s.Current(t.Context(), c)
					if err != nil {
						t.Error(err)
						return
					}
					numbers[i] = v.Number
				})
			}
			all.Wait()
			return numbers
		}
		second := w.open()
		var same []*notice.Store
		for range 8 {
			same = append(same, w.program(notice.Options{AccessLog: true}), w.program(notice.Options{AccessLog: true, DB: second}))
		}
		for i, n := range at(same) {
			if n != 1 {
				t.Errorf("process %d shows version %d", i, n)
			}
		}
		if n := w.stored(); n != 1 {
			t.Fatalf("%d versions of one text", n)
		}
		other := w.program(notice.Options{AccessLog: true, Relay: "mail.example.org", DB: second})
		for range 3 {
			if n := w.version(other); n != 2 {
				t.Errorf("the process that says something else shows version %d", n)
			}
			if n := w.version(same[0]); n != 1 {
				t.Errorf("the first process shows version %d", n)
			}
		}
		if n := w.stored(); n != 2 {
			t.Errorf("%d versions of two texts", n)
		}
	})
}

// Looking at the notice writes nothing once it is known.
func TestAViewCostsNoCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.version(w.store)
		before := e.DB.Commits()
		for range 10 {
			w.version(w.store)
		}
		if n := e.DB.Commits() - before; n != 0 {
			t.Errorf("ten views cost %d commits", n)
		}
	})
}
