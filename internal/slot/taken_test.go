// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"slices"
	"testing"
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
