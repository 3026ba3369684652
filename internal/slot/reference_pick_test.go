// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"math"
	"slices"
)

// pick gives every counter its four numbers and its place, and takes the lowest.
func (r *reference) pick(n Need, start Tick, claims []Claim, now int64) (string, bool) {
	best, lowest := "", []int(nil)
	for i, c := range r.plan.Counters {
		if !r.free(i, n, start, claims, now, now) {
			continue
		}
		without := r.line(i, n, claims, now)
		beside := without.book(start, n.Ticks)
		uselessBefore, startsBefore := without.judge(max(r.plan.MinTicks, 1))
		uselessAfter, startsAfter := beside.judge(max(r.plan.MinTicks, 1))
		price := []int{uselessAfter - uselessBefore, startsBefore - startsAfter, len(c.Services), without.around(start)}
		if best == "" || slices.Compare(price, lowest) < 0 {
			best, lowest = c.ID, price
		}
	}
	return best, best != ""
}

// line is the day of a counter, tick by tick: where it is free sooner or later, and
// where an appointment may begin.
type line struct {
	first        Tick
	free, begins []bool
}

func (r *reference) line(counter int, n Need, claims []Claim, now int64) line {
	open, starts := r.hours(counter, n.Internal)
	l := line{first: math.MaxInt64}
	last := Tick(math.MinInt64)
	for t := range open {
		l.first, last = min(l.first, t), max(last, t)
	}
	for t := l.first; t <= last; t++ {
		l.free = append(l.free, open.has(t, math.MaxInt64))
		l.begins = append(l.begins, starts.has(t, math.MaxInt64))
	}
	for _, c := range claims {
		if c.Counter == r.plan.Counters[counter].ID && c.Tick >= l.first && c.Tick <= last && c.Until > now {
			l.free[c.Tick-l.first] = false
		}
	}
	return l
}

func (l line) book(start Tick, ticks int) line {
	l.free = slices.Clone(l.free)
	for t := start; t < start+Tick(ticks); t++ {
		l.free[t-l.first] = false
	}
	return l
}

// judge walks back from each free tick to a start with enough room, and counts
// the ticks that find none and the starts that have it.
func (l line) judge(shortest int) (int, int) {
	room := func(at int) bool {
		for k := at; k < at+shortest; k++ {
			if k >= len(l.free) || !l.free[k] {
				return false
			}
		}
		return true
	}
	useless, starts := 0, 0
	for t := range l.free {
		if l.free[t] && l.begins[t] && room(t) {
			starts++
		}
		from := t
		for from >= 0 && l.free[from] && !(l.begins[from] && room(from)) {
			from--
		}
		if l.free[t] && (from < 0 || !l.free[from]) {
			useless++
		}
	}
	return useless, starts
}

// around is the length of the free run that a tick lies in.
func (l line) around(t Tick) int {
	length := 0
	for i := int(t - l.first); i >= 0 && l.free[i]; i-- {
		length++
	}
	for i := int(t-l.first) + 1; i < len(l.free) && l.free[i]; i++ {
		length++
	}
	return length
}
