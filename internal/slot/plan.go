// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"slices"
	"time"
)

// Counter is one line of capacity: a desk, a room or a clerk.
type Counter struct {
	ID       string
	Services []string
	Rules    []Rule
	Closures []Closure
}

// offers tells whether the counter does all of the services.
func (c *Counter) offers(services []string) bool {
	for _, s := range services {
		if !slices.Contains(c.Services, s) {
			return false
		}
	}
	return true
}

// Plan holds the hours of one location. It must not change once it is in use;
// then any number of goroutines may use it at once.
type Plan struct {
	// Zone is where the wall clocks of the location hang; nil is UTC.
	Zone *time.Location
	// Counters have different IDs; their order is the last tie-break of Pick.
	Counters []Counter
	// Closures shut the whole location.
	Closures []Closure
	// DaysOff returns the holidays on a date. It may be nil, and otherwise must
	// be safe for concurrent use.
	DaysOff func(Date) []DayOff
	// MinTicks is the shortest duration that can be booked here, in ticks. Free
	// time shorter than that is of no use, and Pick avoids leaving it behind.
	// 0 means 1: nothing is too short.
	MinTicks int
}

// Day is one local day of a plan, computed once and good for any number of
// searches, also at the same time.
type Day struct {
	plan      *Plan
	date      Date
	first     Tick // position 0 of every mask
	ticks     int
	stretches []stretch
	hours     []hours        // by position in plan.Counters
	positions map[string]int // counter ID to that position
}

// stretch is a part of the day in which the wall clock runs without a jump. A day
// has one, or two when clocks change.
type stretch struct {
	lo, hi int // positions of its ticks, hi excluded
	minute int // what the wall clock shows at lo, in minutes after midnight
}

// hours are the open ticks of one counter and those at which an appointment may
// start: in all hours, in public hours that need no release, and in those that
// each release adds.
type hours struct {
	all, allStarts       mask
	public, publicStarts mask
	stages               []stage // by release, the earliest first
}

// stage is what becomes bookable online at an instant, in unix seconds.
type stage struct {
	release      int64
	open, starts mask
}

func (p *Plan) zone() *time.Location {
	if p.Zone == nil {
		return time.UTC
	}
	return p.Zone
}

// Day computes the opening hours of every counter on a local date.
func (p *Plan) Day(date Date) *Day {
	d := &Day{
		plan:      p,
		date:      date,
		hours:     make([]hours, len(p.Counters)),
		positions: make(map[string]int, len(p.Counters)),
	}
	d.measure()
	var off mask
	if p.DaysOff != nil {
		for _, o := range p.DaysOff(date) {
			off = off.or(d.span(o.From, o.To))
		}
	}
	shut := d.closed(p.Closures)
	for i := range p.Counters {
		c := &p.Counters[i]
		d.positions[c.ID] = i
		d.hours[i] = d.open(c.Rules, off, shut.or(d.closed(c.Closures)))
	}
	return d
}

// Opens tells whether any counter is open on the day, to the public or not.
func (d *Day) Opens() bool {
	return slices.ContainsFunc(d.hours, func(h hours) bool { return h.all != mask{} })
}

// measure sets the ticks of the day and what the wall clock shows in them. Where
// a clock was once put back from just after midnight, minutes of the evening
// before are repeated in the new day; they come out negative, so no rule opens
// them a second time.
func (d *Day) measure() {
	zone := d.plan.zone()
	from, until := d.date.Bounds(zone)
	d.first = Tick(ceilDiv(from, TickSeconds))
	d.ticks = min(int(ceilDiv(until, TickSeconds)-int64(d.first)), maskBits)
	for lo := 0; lo < d.ticks; {
		start := time.Unix((d.first + Tick(lo)).Unix(), 0).In(zone)
		_, offset := start.Zone()
		hi := d.ticks
		if _, end := start.ZoneBounds(); !end.IsZero() {
			hi = min(hi, int(min(ceilDiv(end.Unix(), TickSeconds)-int64(d.first), maskBits)))
		}
		local := start.Unix() + int64(offset) - int64(d.date)*daySeconds
		d.stretches = append(d.stretches, stretch{lo, hi, int(floorDiv(local, 60))})
		lo = hi
	}
}

// span returns the ticks whose wall-clock minute lies in [from, to).
func (d *Day) span(from, to int) mask {
	var m mask
	for _, s := range d.stretches {
		lo := s.lo + int(ceilDiv(int64(from-s.minute), TickMinutes))
		hi := s.lo + int(ceilDiv(int64(to-s.minute), TickMinutes))
		m.addRange(max(lo, s.lo), min(hi, s.hi))
	}
	return m
}

// grid returns the ticks at which the slot interval of a rule begins.
func (d *Day) grid(r Rule) mask {
	var m mask
	for _, s := range d.stretches {
		for minute := r.From; minute < r.To; minute += r.Interval {
			ahead := minute - s.minute
			if i := s.lo + ahead/TickMinutes; ahead >= 0 && ahead%TickMinutes == 0 && i < s.hi {
				m.add(i)
			}
		}
	}
	return m
}

func (d *Day) closed(closures []Closure) mask {
	var m mask
	for _, c := range closures {
		m = m.or(d.span(c.on(d.date)))
	}
	return m
}

// open adds up the rules of a counter. Starts are taken rule by rule: the grid of
// a rule that a holiday shuts does not count in the hours of one that it does not.
func (d *Day) open(rules []Rule, off, shut mask) hours {
	var h hours
	for _, r := range rules {
		if !r.on(d.date) {
			continue
		}
		open := d.span(r.From, r.To).andNot(shut)
		if !r.OnHolidays {
			open = open.andNot(off)
		}
		starts := open.and(d.grid(r))
		h.all, h.allStarts = h.all.or(open), h.allStarts.or(starts)
		switch {
		case r.Internal:
		case r.Release == nil:
			h.public, h.publicStarts = h.public.or(open), h.publicStarts.or(starts)
		default:
			h.stage(d.date.AddDays(-r.Release.Days).At(r.Release.Minute, d.plan.zone()), open, starts)
		}
	}
	return h
}
