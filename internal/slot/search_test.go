// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"fmt"
	"math"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// office is a Monday with three counters of different skills, open from 08:00 to
// 10:00 in Berlin, starts every 20 minutes.
type office struct {
	plan *Plan
	loc  *time.Location
	day  *Day
}

func newOffice(t testing.TB) office {
	loc := zone(t, "Europe/Berlin")
	rules := []Rule{opens(t, time.Monday, "08:00", "10:00", 20)}
	plan := &Plan{Zone: loc, Counters: []Counter{
		{ID: "all", Services: []string{"passport", "move", "vehicle"}, Rules: rules},
		{ID: "some", Services: []string{"passport", "move"}, Rules: rules},
		{ID: "desk", Services: []string{"pickup", "move"}, Rules: rules},
	}}
	return office{plan: plan, loc: loc, day: plan.Day(date(t, "2026-11-23"))}
}

func (o office) at(t testing.TB, clock string) Tick {
	from, _ := date(t, "2026-11-23").Bounds(o.loc)
	return TickOf(from) + Tick(minute(t, clock)/TickMinutes)
}

// claims takes a counter from one time up to another, until the given instant.
func (o office) claims(t testing.TB, counter, from, to string, until int64) []Claim {
	var list []Claim
	for tick := o.at(t, from); tick < o.at(t, to); tick++ {
		list = append(list, Claim{Counter: counter, Tick: tick, Until: until})
	}
	return list
}

func (o office) starts(n Need, claims []Claim, now int64) string {
	return show(o.day.Slots(n, claims, now, math.MinInt64, forever), o.loc, "15:04")
}

func TestCounters(t *testing.T) {
	o := newOffice(t)
	for _, c := range []struct {
		services string
		want     string
	}{
		{"", "all some desk"},
		{"move", "all some desk"},
		{"passport", "all some"},
		{"vehicle", "all"},
		{"move pickup", "desk"},           // only one counter does both
		{"passport pickup", ""},           // each is done, but by nobody together
		{"passport passport", "all some"}, // twice the same, as with a quantity
		{"unknown", ""},
	} {
		slots := o.day.Slots(Need{Services: strings.Fields(c.services), Ticks: 4}, nil, 0, math.MinInt64, forever)
		if c.want == "" {
			if slots != nil {
				t.Errorf("%q: %d slots, want none", c.services, len(slots))
			}
			continue
		}
		if len(slots) != 6 {
			t.Errorf("%q: %d slots, want 6", c.services, len(slots))
		}
		for _, s := range slots {
			if got := strings.Join(s.Counters, " "); got != c.want {
				t.Errorf("%q at %d: counters %q, want %q", c.services, s.Start, got, c.want)
			}
		}
	}
}

func TestClaims(t *testing.T) {
	o := newOffice(t)
	const now = 1000
	join := func(lists ...[]Claim) []Claim { return slices.Concat(lists...) }
	for _, c := range []struct {
		name   string
		need   Need
		claims []Claim
		want   string
	}{
		{"in force", Need{Services: []string{"vehicle"}, Ticks: 4}, o.claims(t, "all", "08:20", "08:40", now+1), "08:00 08:40 09:00 09:20 09:40"},
		{"runs out now", Need{Services: []string{"vehicle"}, Ticks: 4}, o.claims(t, "all", "08:20", "08:40", now), "08:00 08:20 08:40 09:00 09:20 09:40"},
		{"one tick is enough", Need{Services: []string{"vehicle"}, Ticks: 5}, o.claims(t, "all", "09:00", "09:05", forever), "08:00 08:20 09:20"},
		{"one counter is still free", Need{Services: []string{"passport"}, Ticks: 4}, o.claims(t, "all", "08:00", "10:00", forever), "08:00 08:20 08:40 09:00 09:20 09:40"},
		{"no change of counter halfway", Need{Services: []string{"passport"}, Ticks: 24},
			join(o.claims(t, "all", "08:00", "09:00", forever), o.claims(t, "some", "09:00", "10:00", forever)), ""},
		{"nothing left", Need{Services: []string{"passport"}, Ticks: 1},
			join(o.claims(t, "all", "08:00", "10:00", forever), o.claims(t, "some", "08:00", "10:00", forever)), ""},
		{"other days and counters", Need{Services: []string{"vehicle"}, Ticks: 24},
			[]Claim{taken("all", o.at(t, "08:00")+288), taken("all", o.at(t, "08:00")-288), taken("all", math.MaxInt64),
				taken("all", math.MinInt64), taken("gone", o.at(t, "08:00"))}, "08:00"},
	} {
		if got := o.starts(c.need, c.claims, now); got != c.want {
			t.Errorf("%s: %q, want %q", c.name, got, c.want)
		}
	}
}

func TestWindow(t *testing.T) {
	o := newOffice(t)
	half := o.at(t, "08:40").Unix()
	for _, c := range []struct {
		name      string
		from, to  int64
		wantFirst string
		wantLast  string
	}{
		{"everything", math.MinInt64, math.MaxInt64, "08:00", "09:40"},
		{"both ends count", half, o.at(t, "09:20").Unix(), "08:40", "09:20"},
		{"a second later", half + 1, math.MaxInt64, "09:00", "09:40"},
		{"a second earlier", 0, half - 1, "08:00", "08:20"},
		{"only one start", half, half, "08:40", "08:40"},
		{"over", o.at(t, "10:00").Unix(), math.MaxInt64, "", ""},
		{"not yet", 0, o.at(t, "00:00").Unix(), "", ""},
		{"upside down", half, half - 1, "", ""},
		{"from the end of time", math.MaxInt64, math.MaxInt64, "", ""},
		{"to the beginning of time", math.MinInt64, math.MinInt64, "", ""},
	} {
		got := strings.Fields(show(o.day.Slots(Need{Ticks: 4}, nil, 0, c.from, c.to), o.loc, "15:04"))
		if c.wantFirst == "" {
			if len(got) != 0 {
				t.Errorf("%s: %v, want none", c.name, got)
			}
			continue
		}
		if len(got) == 0 || got[0] != c.wantFirst || got[len(got)-1] != c.wantLast {
			t.Errorf("%s: %v, want %s to %s", c.name, got, c.wantFirst, c.wantLast)
		}
	}
}

func TestPick(t *testing.T) {
	o := newOffice(t)
	all := func(from, to string) []Claim { return o.claims(t, "all", from, to, forever) }
	some := func(from, to string) []Claim { return o.claims(t, "some", from, to, forever) }
	desk := func(from, to string) []Claim { return o.claims(t, "desk", from, to, forever) }
	passport := Need{Services: []string{"passport"}, Ticks: 4}
	for _, c := range []struct {
		name   string
		min    int
		need   Need
		start  string
		claims []Claim
		want   string // empty: not free
	}{
		{"least versatile", 0, passport, "08:20", nil, "some"},
		{"then the order of the plan", 0, Need{Services: []string{"move"}, Ticks: 4}, "08:20", nil, "some"},
		{"only one does it", 0, Need{Services: []string{"vehicle"}, Ticks: 4}, "08:20", nil, "all"},
		{"the other is taken", 0, passport, "08:20", some("08:30", "08:35"), "all"},
		{"taken by all", 0, passport, "08:20", slices.Concat(some("08:30", "08:35"), all("08:20", "08:25")), ""},
		{"off the grid", 0, passport, "08:25", nil, ""},
		{"does not fit before the end", 0, Need{Services: []string{"passport"}, Ticks: 5}, "09:40", nil, ""},
		{"no duration", 0, Need{Services: []string{"passport"}}, "08:20", nil, ""},
		// Nobody can begin between 08:45 and 09:00, so elsewhere these minutes would be lost.
		{"leaves nothing useless behind", 3, Need{Services: []string{"passport"}, Ticks: 5}, "08:20", all("08:45", "09:00"), "all"},
		// On "some" nobody could begin at 08:00 any more; on "all" nobody can anyway.
		{"keeps a start before itself", 6, passport, "08:20", all("08:00", "08:10"), "all"},
		{"covers a start that is of no use", 3, Need{Services: []string{"passport"}, Ticks: 5}, "08:20", all("08:50", "09:00"), "all"},
		{"no loss is best", 6, passport, "08:20", slices.Concat(some("08:00", "08:10"), some("08:40", "09:00"), all("08:50", "09:00")), "some"},
		{"a start that still works is not lost", 4, passport, "08:20", all("08:00", "08:10"), "some"},
		{"equal loss, then least versatile", 4, passport, "08:20", slices.Concat(some("08:00", "08:10"), all("08:50", "08:55")), "some"},
		{"the edge of the hours counts too", 5, Need{Services: []string{"move"}, Ticks: 4}, "08:20", all("08:00", "08:20"), "all"},
		{"then the shortest free run", 0, Need{Services: []string{"move"}, Ticks: 4}, "08:20", desk("09:00", "10:00"), "desk"},
	} {
		plan := *o.plan
		plan.MinTicks = c.min
		day := plan.Day(date(t, "2026-11-23"))
		got, ok := day.Pick(c.need, o.at(t, c.start), day.Taken(c.claims), 0)
		if got != c.want || ok != (c.want != "") {
			t.Errorf("%s: %q, %v, want %q", c.name, got, ok, c.want)
		}
	}
	if _, ok := o.day.Pick(passport, o.at(t, "08:00")+288, o.day.Taken(nil), 0); ok {
		t.Error("picked a start of another day")
	}
}

func TestFits(t *testing.T) {
	loc := zone(t, "Europe/Berlin")
	plan := &Plan{Zone: loc, Counters: []Counter{{ID: "one", Rules: []Rule{
		opens(t, time.Monday, "08:00", "10:00", 60),
		opens(t, time.Monday, "10:00", "11:00", 60).with(func(r *Rule) { r.Internal = true }),
		opens(t, time.Monday, "12:00", "13:00", 60),
	}}}}
	o := office{plan: plan, loc: loc, day: plan.Day(date(t, "2026-11-23"))}
	for _, c := range []struct {
		start    string
		minutes  int
		internal bool
		want     bool
	}{
		{"08:00", 120, false, true},
		{"08:35", 25, false, true}, // the grid does not matter
		{"09:30", 60, false, false},
		{"09:30", 60, true, true},
		{"10:30", 60, true, false},
		{"10:30", 120, true, false}, // not across a break
		{"12:00", 60, false, true},
		{"12:00", 0, false, false},
		{"07:55", 10, false, false},
	} {
		if got := o.day.Fits("one", o.at(t, c.start), Ticks(c.minutes), c.internal); got != c.want {
			t.Errorf("%d minutes at %s, internal %v: %v", c.minutes, c.start, c.internal, got)
		}
	}
	if o.day.Fits("other", o.at(t, "08:00"), 1, true) || o.day.Fits("one", o.at(t, "08:00")-288*7, 1, true) {
		t.Error("fits an unknown counter or another day")
	}
	if o.day.Fits("one", o.at(t, "08:00"), math.MaxInt, true) {
		t.Error("fits an endless appointment")
	}
}

// TestShared uses one plan and one day from many goroutines, for the race detector.
func TestShared(t *testing.T) {
	o := newOffice(t)
	want := fmt.Sprint(o.day.Slots(Need{Ticks: 4}, nil, 0, 0, forever))
	var group sync.WaitGroup
	for range 8 {
		group.Go(func() {
			for _, d := range []*Day{o.day, o.plan.Day(date(t, "2026-11-23"))} {
				if got := fmt.Sprint(d.Slots(Need{Ticks: 4}, nil, 0, 0, forever)); got != want {
					t.Errorf("slots differ: %s", got)
				}
			}
		})
	}
	group.Wait()
}

// TestSlotListsAreSeparate appends to one list of counters: the next must not change.
func TestSlotListsAreSeparate(t *testing.T) {
	o := newOffice(t)
	slots := o.day.Slots(Need{Ticks: 4}, nil, 0, 0, forever)
	before := slices.Clone(slots[1].Counters)
	_ = append(slots[0].Counters, "intruder")
	if !reflect.DeepEqual(slots[1].Counters, before) {
		t.Errorf("counters of the second slot became %v", slots[1].Counters)
	}
}

func taken(counter string, tick Tick) Claim {
	return Claim{Counter: counter, Tick: tick, Until: forever}
}
