// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"fmt"
	"reflect"
	"sync"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// more is a file with everything that the town does without.
const more = minimal + `processors: [{role: hosting, name: N, address: A}]
booking: {hold_minutes: 7, max_extensions: 3, confirm_email: true, confirm_minutes: 20, unverified_per_address: 2, active_per_person: 4, cooldown_minutes: 90}
holidays:
  - {easter: -48, from: "12:00", name: {de: Rosenmontag, en: Carnival Monday}}
  - {day: "12-24", name: Heiligabend}
  - {day: "02-29", name: Schalttag}
closures:
  - {from: 2026-12-28, until: 2026-12-30, reason: Umbau}
  - {from: 2026-12-03 13:00, until: 2026-12-03 16:00, location: l}
  - {from: 2026-12-04, until: 2026-12-04, location: l, counter: c}
`

// TestClosedLoop: a file that is imported and loaded again says the same.
func TestClosedLoop(t *testing.T) {
	for name, content := range map[string]string{"town": string(officetest.Town), "more": more} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				f := parse(t, content)
				officetest.ImportFile(t, e, seal.NewKey(), []byte(content))
				c := catalogue(t, e, office.NewStore(), f.Tenant.ID)
				f.Tenant.Revision, f.Tenant.SealedKey = 1, c.Tenant.SealedKey
				equal(t, "tenant", c.Tenant, f.Tenant)
				equal(t, "groups", c.Groups, f.Groups)
				keys := map[string]string{}
				for i, s := range c.Services {
					keys[s.ID], s.ID = s.Key, ""
					equal(t, "service", s, f.Services[i])
				}
				for i, l := range c.Locations {
					sameLocation(t, l, f, &f.Locations[i], keys)
				}
			})
		})
	}
}

func sameLocation(t *testing.T, got office.Location, f *office.File, want *office.FileLocation, services map[string]string) {
	t.Helper()
	counters, plan := got.Counters, got.Plan
	got.ID, got.Counters, got.Plan = "", nil, nil
	equal(t, "location", got, want.Location)
	var closures []slot.Closure
	for _, c := range f.Closures {
		if c.Location == "" || c.Location == got.Key && c.Counter == "" {
			closures = append(closures, c.Time)
		}
	}
	equal(t, "closures", plan.Closures, closures)
	for i, c := range counters {
		var own []slot.Closure
		for _, k := range f.Closures {
			if k.Counter == c.Key && k.Location == got.Key {
				own = append(own, k.Time)
			}
		}
		equal(t, "plan of a counter", plan.Counters[i],
			slot.Counter{ID: c.ID, Services: c.Services, Rules: want.Counters[i].Rules, Closures: own})
		offered := map[string]bool{}
		for _, id := range c.Services {
			offered[services[id]] = true
		}
		for _, key := range want.Counters[i].Counter.Services {
			if !offered[key] || len(offered) != len(c.Services) {
				t.Errorf("counter %s offers %v", c.Key, offered)
			}
		}
		c.ID, c.Services = "", want.Counters[i].Counter.Services
		equal(t, "counter", c, want.Counters[i].Counter)
	}
}

func equal(t *testing.T, what string, got, want any) {
	t.Helper()
	if !reflect.DeepEqual(got, want) {
		t.Errorf("%s = %+v, want %+v", what, got, want)
	}
}

func TestDaysOff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		id := officetest.ImportFile(t, e, seal.NewKey(), []byte(more))
		plan := catalogue(t, e, office.NewStore(), id).Locations[0].Plan
		if plan.MinTicks != 2 {
			t.Errorf("MinTicks = %d", plan.MinTicks)
		}
		for day, want := range map[slot.Date][]slot.DayOff{
			slot.DateOf(2026, 1, 6):   {{From: 0, To: 1440, Name: "epiphany"}},
			slot.DateOf(2027, 2, 8):   {{From: 720, To: 1440, Name: "Rosenmontag"}},
			slot.DateOf(2026, 12, 24): {{From: 0, To: 1440, Name: "Heiligabend"}},
			slot.DateOf(2028, 2, 29):  {{From: 0, To: 1440, Name: "Schalttag"}},
			slot.DateOf(2027, 3, 1):   nil, // where 29 February would carry over to
			slot.DateOf(2026, 9, 7):   nil,
			slot.DateOf(1960, 9, 7):   {{From: 0, To: 1440}},
		} {
			equal(t, day.String(), plan.DaysOff(day), want)
			equal(t, day.String()+" again", plan.DaysOff(day), want)
		}
	})
}

func TestStoreKeepsARevision(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, id := officetest.Import(t, e)
		s := office.NewStore()
		first := catalogue(t, e, s, id)
		if catalogue(t, e, s, id) != first {
			t.Error("loaded again without a change")
		}
		officetest.ImportFile(t, e, kek, officetest.Town)
		second := catalogue(t, e, s, id)
		if second == first || second.Tenant.Revision != 2 {
			t.Errorf("revision %d after the second import", second.Tenant.Revision)
		}
		if catalogue(t, e, s, id) != second {
			t.Error("loaded again without a change")
		}
	})
}

// TestStoreWhileImporting lets many read while the town changes its name and a
// service with every revision. Nobody may see a mixture.
func TestStoreWhileImporting(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, id := officetest.Import(t, e)
		officetest.ImportFile(t, e, kek, named(t, 2))
		s := office.NewStore()
		done := make(chan struct{})
		var readers sync.WaitGroup
		for i := range 4 {
			access := e.DB.Read
			if i%2 == 0 {
				access = e.DB.Write // sees each commit at once on PostgreSQL
			}
			readers.Go(func() {
				for over := false; !over; {
					select {
					case <-done:
						over = true // once more after the last import
					default:
					}
					if err := access(t.Context(), func(tx *db.Tx) error { return consistent(t, tx, s, id) }); err != nil {
						t.Error(err)
						return
					}
				}
			})
		}
		for n := 3; n <= 12; n++ {
			officetest.ImportFile(t, e, kek, named(t, n))
		}
		close(done)
		readers.Wait()
		if got := catalogue(t, e, s, id).Tenant.Revision; got != 12 {
			t.Errorf("revision = %d", got)
		}
	})
}

// named is the town as the n-th import names it.
func named(t *testing.T, n int) []byte {
	return town(t, "Stadt Kleinstadt", fmt.Sprintf("Stadt %d", n), "de: Trauzimmer", fmt.Sprintf("de: Zimmer %d", n))
}

func consistent(t *testing.T, tx *db.Tx, s *office.Store, id string) error {
	c, err := s.Catalogue(t.Context(), tx, id)
	if err != nil {
		return err
	}
	n := c.Tenant.Revision
	room := c.Locations[0].Counters[2]
	if c.Tenant.Name != fmt.Sprintf("Stadt %d", n) || room.Name["de"] != fmt.Sprintf("Zimmer %d", n) {
		return fmt.Errorf("revision %d has the names %s and %s", n, c.Tenant.Name, room.Name["de"])
	}
	return nil
}
