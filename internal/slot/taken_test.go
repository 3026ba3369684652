// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"slices"
	"testing"
	"time"
)

func TestClaimOf(t *testing.T) {
	for _, c := range []struct {
		set  uint64
		want []Tick
	}{
		{1, []Tick{600}},
		{0b1011000, []Tick{603, 604, 606}},
		{1<<59 | 1, []Tick{600, 659}},
		{1 << 63, []Tick{663}},
		{1<<63 | 1<<62, []Tick{662, 663}},
	} {
		claim := ClaimOf("one", 600, c.set, forever)
		if got := slices.Collect(claim.ticks()); !slices.Equal(got, c.want) || claim.Last() != c.want[len(c.want)-1] {
			t.Errorf("%b: %v up to %d, want %v", c.set, got, claim.Last(), c.want)
		}
	}
}

// An appointment that moves sees its own ticks as free, and nobody else's.
func TestWithout(t *testing.T) {
	o := newOffice(t)
	at := o.at(t, "08:00")
	for _, until := range []int64{forever, 1000} {
		all := o.day.Taken(o.claims(t, "all", "08:00", "10:00", until))
		less := o.day.Without(all, "all", at, 8)
		for name, c := range map[string]struct {
			taken *Taken
			want  int
		}{"before": {all, 0}, "after": {less, 2}, "other counter": {o.day.Without(all, "some", at, 8), 0},
			"unknown": {o.day.Without(all, "gone", at, 8), 0}, "another day": {o.day.Without(all, "all", at+288, 8), 0}} {
			if got := len(o.day.Starts(Need{Services: []string{"vehicle"}, Ticks: 4}, c.taken, 0, 0, forever)); got != c.want {
				t.Errorf("%s, until %d: %d starts, want %d", name, until, got, c.want)
			}
		}
	}
}

// What somebody has from now on is taken on the whole of its length, as far as it
// lies in the day, as if it had been read.
func TestWith(t *testing.T) {
	loc := zone(t, "Europe/Berlin")
	plan := &Plan{Zone: loc, Counters: []Counter{
		{ID: "other", Services: []string{"wedding"}, Rules: []Rule{opens(t, time.Monday, "00:00", "24:00", 5)}},
		{ID: "room", Services: []string{"wedding"}, Rules: []Rule{opens(t, time.Monday, "00:00", "24:00", 5)}},
	}}
	d := plan.Day(date(t, "2026-11-23"))
	long := func(counter string, start Tick, ticks int, until int64) []Claim {
		var list []Claim
		for i := range ticks {
			list = append(list, Claim{Counter: counter, Tick: start + Tick(i), Until: until})
		}
		return list
	}
	const now = 1000
	for name, c := range map[string]struct {
		counter      string
		start, ticks int // start from midnight on
	}{"short": {"room", 96, 3}, "a word": {"room", 96, 64}, "long": {"room", 96, 96}, "from the day before": {"room", -20, 96},
		"into the next day": {"room", 240, 96}, "another day": {"room", 300, 96}, "all day": {"room", -100, 500},
		"unknown": {"gone", 96, 96}} {
		for _, until := range []int64{forever, now + 60, now} {
			start := d.first + Tick(c.start)
			before := append(long("other", d.first+90, 30, forever), long("room", start, 2, now+30)...) // the latter has it now
			got := d.With(d.Taken(before), c.counter, start, c.ticks, until)
			kept := before
			if c.counter == "room" {
				kept = before[:30]
			}
			want := d.Taken(append(slices.Clone(kept), long(c.counter, start, c.ticks, until)...))
			for _, at := range []int64{now, now + 60} {
				if !slices.Equal(got.at(at), want.at(at)) {
					t.Errorf("%s, until %d: other ticks are taken at %d", name, until, at)
				}
			}
			n := Need{Services: []string{"wedding"}, Ticks: 12}
			if d.Steady(got, now, 0, forever) != d.Steady(want, now, 0, forever) {
				t.Errorf("%s, until %d: steady %t", name, until, d.Steady(got, now, 0, forever))
			}
			if !slices.Equal(d.Starts(n, got, now, 0, forever), d.Starts(n, want, now, 0, forever)) {
				t.Errorf("%s, until %d: other starts", name, until)
			}
		}
	}
}
