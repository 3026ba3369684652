// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"math"
	"time"
)

// This file says once more what is free, in the slowest and plainest way: it asks
// the time package for the wall clock of every tick, and walks every tick of
// every appointment. It shares only the value types with the package, neither its
// dates nor its bitsets.

// reference is what it knows about one day, by counter: since when a tick is open
// online, and to the office, and since when it is a start.
type reference struct {
	plan         *Plan
	public, all  []since
	starts, inns []since // starts in public hours, and in all
}

// since are ticks with the unix second from which they count.
type since map[Tick]int64

// add keeps the earliest instant of a tick.
func (s since) add(t Tick, at int64) {
	if old, known := s[t]; !known || at < old {
		s[t] = at
	}
}

func (s since) has(t Tick, now int64) bool {
	at, known := s[t]
	return known && at <= now
}

func newReference(p *Plan, d Date) *reference {
	r := &reference{plan: p}
	noon := time.Unix(int64(d)*86400+43200, 0).UTC()
	clocks := refClocks(p.Zone, noon)
	for _, c := range p.Counters {
		public, all, starts, inns := since{}, since{}, since{}, since{}
		releases := make([]int64, len(c.Rules))
		for i, rule := range c.Rules {
			releases[i] = refRelease(rule, p.Zone, noon)
		}
		for tick, clock := range clocks {
			if refShut(p.Closures, d, clock) || refShut(c.Closures, d, clock) {
				continue
			}
			for i, rule := range c.Rules {
				if !refRule(rule, noon, clock) || !rule.OnHolidays && refOff(p, d, clock) {
					continue
				}
				begins := (clock-rule.From)%rule.Interval == 0
				all.add(tick, math.MinInt64)
				if begins {
					inns.add(tick, math.MinInt64)
				}
				if !rule.Internal {
					public.add(tick, releases[i])
				}
				if !rule.Internal && begins {
					starts.add(tick, releases[i])
				}
			}
		}
		r.public, r.all = append(r.public, public), append(r.all, all)
		r.starts, r.inns = append(r.starts, starts), append(r.inns, inns)
	}
	return r
}

// refClocks returns what the wall clock shows, in minutes after midnight, in every
// tick that has the date of noon.
func refClocks(zone *time.Location, noon time.Time) map[Tick]int {
	clocks := map[Tick]int{}
	y, m, d := noon.Date()
	for at := noon.Unix() - 30*3600; at < noon.Unix()+30*3600; at += 300 {
		local := time.Unix(at, 0).In(zone)
		if ly, lm, ld := local.Date(); ly == y && lm == m && ld == d {
			clocks[Tick(at/300)] = local.Hour()*60 + local.Minute()
		}
	}
	return clocks
}

// refRelease walks to the first tick in which the wall clock shows the release of
// a rule for the day of noon, or something later.
func refRelease(r Rule, zone *time.Location, noon time.Time) int64 {
	if r.Release == nil {
		return math.MinInt64
	}
	day := noon.AddDate(0, 0, -r.Release.Days)
	stamp := func(t time.Time, minute int) int {
		return ((t.Year()*100+int(t.Month()))*100+t.Day())*10000 + minute
	}
	for at := day.Unix() - 40*3600; ; at += 300 {
		local := time.Unix(at, 0).In(zone)
		if stamp(local, local.Hour()*60+local.Minute()) >= stamp(day, r.Release.Minute) {
			return at
		}
	}
}

// refRule tells whether a rule opens on the day of noon at a wall-clock minute.
func refRule(r Rule, noon time.Time, clock int) bool {
	if r.From < 0 || r.To > 1440 || r.From >= r.To || r.From%5 != 0 || r.To%5 != 0 {
		return false
	}
	if r.Interval <= 0 || r.Interval > 1440 || r.Interval%5 != 0 || r.EveryWeeks < 0 {
		return false
	}
	if r.Release != nil && (r.Internal || r.Release.Days < 0 || r.Release.Minute < 0 || r.Release.Minute > 1439 ||
		r.Release.Days == 0 && r.Release.Minute >= r.To) {
		return false
	}
	if noon.Weekday() != r.Weekday || clock < r.From || clock >= r.To {
		return false
	}
	first := time.Unix(int64(r.ValidFrom)*86400+43200, 0).UTC()
	last := time.Unix(int64(r.ValidUntil)*86400+43200, 0).UTC()
	if r.ValidFrom != 0 && noon.Before(first) || r.ValidUntil != 0 && noon.After(last) {
		return false
	}
	if r.EveryWeeks < 2 {
		return true
	}
	if r.ValidFrom == 0 {
		return false
	}
	for first.Weekday() != time.Monday {
		first = first.AddDate(0, 0, -1)
	}
	days := int(noon.Sub(first).Hours()) / 24
	return days/7%r.EveryWeeks == 0
}

func refOff(p *Plan, d Date, clock int) bool {
	for _, off := range p.DaysOff(d) {
		if clock >= off.From && clock < off.To {
			return true
		}
	}
	return false
}

func refShut(closures []Closure, d Date, clock int) bool {
	now := int64(d)*1440 + int64(clock)
	for _, c := range closures {
		from := int64(c.FromDate)*1440 + int64(c.FromMinute)
		until := int64(c.UntilDate)*1440 + int64(c.UntilMinute)
		if now >= from && now < until {
			return true
		}
	}
	return false
}

func (r *reference) hours(counter int, internal bool) (since, since) {
	if internal {
		return r.all[counter], r.inns[counter]
	}
	return r.public[counter], r.starts[counter]
}

func (r *reference) claimed(counter int, t Tick, claims []Claim, now int64) bool {
	for _, c := range claims {
		if c.Counter == r.plan.Counters[counter].ID && c.Tick == t && c.Until > now {
			return true
		}
	}
	return false
}

// free tells whether a counter could take the need at a start, in hours released
// at one instant with the claims in force at another.
func (r *reference) free(counter int, n Need, start Tick, claims []Claim, released, now int64) bool {
	for _, wanted := range n.Services {
		offered := false
		for _, s := range r.plan.Counters[counter].Services {
			offered = offered || s == wanted
		}
		if !offered {
			return false
		}
	}
	open, starts := r.hours(counter, n.Internal)
	if n.Ticks < 1 || !starts.has(start, released) {
		return false
	}
	for t := start; t < start+Tick(n.Ticks); t++ {
		if !open.has(t, released) || r.claimed(counter, t, claims, now) {
			return false
		}
	}
	return true
}

// next tries every instant at which anything is released, in any order.
func (r *reference) next(n Need, claims []Claim, now, lead int64) (int64, bool) {
	best, found := int64(0), false
	for i := range r.plan.Counters {
		instants := map[int64]bool{}
		for _, ticks := range []since{r.public[i], r.starts[i]} {
			for _, at := range ticks {
				instants[at] = at > now
			}
		}
		for at, later := range instants {
			if later && (!found || at < best) && r.releases(i, n, claims, at, lead) {
				best, found = at, true
			}
		}
	}
	return best, found && !n.Internal
}

func (r *reference) releases(counter int, n Need, claims []Claim, at, lead int64) bool {
	for start := range r.starts[counter] {
		if int64(start)*300 >= at+lead && r.free(counter, n, start, claims, at, at) && !r.free(counter, n, start, claims, at-1, at) {
			return true
		}
	}
	return false
}

func (r *reference) slots(n Need, from, to Tick, claims []Claim, now, notBefore, notAfter int64) []Slot {
	var slots []Slot
	for t := from; t < to; t++ {
		if int64(t)*300 < notBefore || int64(t)*300 > notAfter {
			continue
		}
		var ids []string
		for i, c := range r.plan.Counters {
			if r.free(i, n, t, claims, now, now) {
				ids = append(ids, c.ID)
			}
		}
		if ids != nil {
			slots = append(slots, Slot{Start: t, Counters: ids})
		}
	}
	return slots
}

func (r *reference) fits(counter int, start Tick, ticks int, internal bool) bool {
	open, _ := r.hours(counter, internal)
	for t := start; t < start+Tick(ticks); t++ {
		if !open.has(t, math.MaxInt64) {
			return false
		}
	}
	return ticks > 0
}
