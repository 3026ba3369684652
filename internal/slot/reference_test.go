// SPDX-License-Identifier: EUPL-1.2

package slot

import "time"

// This file says once more what is free, in the slowest and plainest way: it asks
// the time package for the wall clock of every tick, and walks every tick of
// every appointment. It shares only the value types with the package, neither its
// dates nor its bitsets.

// reference is what it knows about one day: open ticks by counter, and starts.
type reference struct {
	plan         *Plan
	public, all  []map[Tick]bool
	starts, inns []map[Tick]bool // starts in public hours, and in all
}

func newReference(p *Plan, d Date) *reference {
	r := &reference{plan: p}
	noon := time.Unix(int64(d)*86400+43200, 0).UTC()
	clocks := refClocks(p.Zone, noon)
	for _, c := range p.Counters {
		public, all, starts, inns := map[Tick]bool{}, map[Tick]bool{}, map[Tick]bool{}, map[Tick]bool{}
		for tick, clock := range clocks {
			if refShut(p.Closures, d, clock) || refShut(c.Closures, d, clock) {
				continue
			}
			for _, rule := range c.Rules {
				if !refRule(rule, noon, clock) || !rule.OnHolidays && refOff(p, d, clock) {
					continue
				}
				begins := (clock-rule.From)%rule.Interval == 0
				all[tick] = true
				inns[tick] = inns[tick] || begins
				if !rule.Internal {
					public[tick] = true
					starts[tick] = starts[tick] || begins
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

// refRule tells whether a rule opens on the day of noon at a wall-clock minute.
func refRule(r Rule, noon time.Time, clock int) bool {
	if r.From < 0 || r.To > 1440 || r.From >= r.To || r.From%5 != 0 || r.To%5 != 0 {
		return false
	}
	if r.Interval <= 0 || r.Interval > 1440 || r.Interval%5 != 0 || r.EveryWeeks < 0 {
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

func (r *reference) hours(counter int, internal bool) (map[Tick]bool, map[Tick]bool) {
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

// free tells whether a counter could take the need at a start.
func (r *reference) free(counter int, n Need, start Tick, claims []Claim, now int64) bool {
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
	if n.Ticks < 1 || !starts[start] {
		return false
	}
	for t := start; t < start+Tick(n.Ticks); t++ {
		if !open[t] || r.claimed(counter, t, claims, now) {
			return false
		}
	}
	return true
}

func (r *reference) slots(n Need, from, to Tick, claims []Claim, now, notBefore, notAfter int64) []Slot {
	var slots []Slot
	for t := from; t < to; t++ {
		if int64(t)*300 < notBefore || int64(t)*300 > notAfter {
			continue
		}
		var ids []string
		for i, c := range r.plan.Counters {
			if r.free(i, n, t, claims, now) {
				ids = append(ids, c.ID)
			}
		}
		if ids != nil {
			slots = append(slots, Slot{Start: t, Counters: ids})
		}
	}
	return slots
}

// pick gives every counter its two numbers and its place, and takes the lowest.
func (r *reference) pick(n Need, start Tick, claims []Claim, now int64) (string, bool) {
	best, bestLost, bestSkills := "", 0, 0
	for i, c := range r.plan.Counters {
		if !r.free(i, n, start, claims, now) {
			continue
		}
		open, _ := r.hours(i, n.Internal)
		run := func(t, step Tick) int {
			length := 0
			for open[t] && !r.claimed(i, t, claims, now) {
				length++
				t += step
			}
			return length
		}
		lost := 0
		if before := run(start-1, -1); before < max(r.plan.MinTicks, 1) {
			lost += before
		}
		if after := run(start+Tick(n.Ticks), 1); after < max(r.plan.MinTicks, 1) {
			lost += after
		}
		skills := len(c.Services)
		if best == "" || lost < bestLost || lost == bestLost && skills < bestSkills {
			best, bestLost, bestSkills = c.ID, lost, skills
		}
	}
	return best, best != ""
}

func (r *reference) fits(counter int, start Tick, ticks int, internal bool) bool {
	open, _ := r.hours(counter, internal)
	for t := start; t < start+Tick(ticks); t++ {
		if !open[t] {
			return false
		}
	}
	return ticks > 0
}
