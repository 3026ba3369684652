// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"sync"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
)

// assemble puts counters below their locations and computes what the plans
// and the search need.
func (c *Catalogue) assemble(parts counterParts, own []FileHoliday) {
	offers := map[string][]string{}
	for _, o := range parts.offers {
		offers[o.counter] = append(offers[o.counter], o.service)
	}
	counters := map[string][]Counter{}
	for _, row := range parts.counters {
		counter := row.Counter
		counter.Services = offers[counter.ID]
		counters[row.location] = append(counters[row.location], counter)
	}
	off := &daysOff{land: c.Tenant.Land, own: own}
	for i := range c.Locations {
		l := &c.Locations[i]
		l.Counters = counters[l.ID]
		l.Plan = c.plan(l, parts, off)
	}
	c.index = newIndex(c)
}

func (c *Catalogue) plan(l *Location, parts counterParts, off *daysOff) *slot.Plan {
	p := &slot.Plan{Zone: c.Tenant.Zone, DaysOff: off.on}
	rules := map[string][]slot.Rule{}
	for _, o := range parts.openings {
		rules[o.counter] = append(rules[o.counter], o.rule)
	}
	closures := map[string][]slot.Closure{}
	for _, row := range parts.closures {
		switch {
		case row.counter != "":
			closures[row.counter] = append(closures[row.counter], row.time)
		case row.location == "" || row.location == l.ID:
			p.Closures = append(p.Closures, row.time)
		}
	}
	for _, counter := range l.Counters {
		if !counter.Staffed() {
			continue
		}
		p.Counters = append(p.Counters, slot.Counter{ID: counter.ID, Services: counter.Services,
			Rules: rules[counter.ID], Closures: closures[counter.ID]})
		for _, id := range counter.Services {
			if s, ok := c.ServiceByID(id); ok {
				ticks := slot.Ticks(s.Minutes + s.Buffer)
				if p.MinTicks == 0 || ticks < p.MinTicks {
					p.MinTicks = ticks
				}
			}
		}
	}
	return p
}

// daysOff knows the holidays of a tenant: those of its Land and its own. It is
// safe for concurrent use.
type daysOff struct {
	land  string
	own   []FileHoliday
	years sync.Map // int: map[slot.Date][]slot.DayOff
}

// on lists the parts of a date that are off. The name of a public holiday is
// the key of its slot.Holiday, that of a tenant's own is its German text.
func (o *daysOff) on(d slot.Date) []slot.DayOff {
	year, _, _ := d.Civil()
	if known, ok := o.years.Load(year); ok {
		return known.(map[slot.Date][]slot.DayOff)[d]
	}
	days, err := o.year(year)
	if err != nil {
		// Nobody knows the holidays of such a year, so nothing opens in it.
		return []slot.DayOff{{From: 0, To: dayMinutes}}
	}
	o.years.Store(year, days)
	return days[d]
}

func (o *daysOff) year(year int) (map[slot.Date][]slot.DayOff, error) {
	public, err := slot.Holidays(o.land, year)
	if err != nil {
		return nil, err
	}
	days := map[slot.Date][]slot.DayOff{}
	for _, h := range public {
		days[h.Date] = append(days[h.Date], slot.DayOff{From: 0, To: dayMinutes, Name: h.Key})
	}
	for _, h := range o.own {
		if d, ok := h.in(year); ok {
			days[d] = append(days[d], slot.DayOff{From: h.From, To: dayMinutes, Name: h.Name.In(locale.DE)})
		}
	}
	return days, nil
}

// in is the date of the holiday in a year; false for 29 February in most.
func (h FileHoliday) in(year int) (slot.Date, bool) {
	if h.Month == 0 {
		return slot.Easter(year).AddDays(h.Easter), true
	}
	d := slot.DateOf(year, time.Month(h.Month), h.Day)
	_, _, day := d.Civil()
	return d, day == h.Day
}
