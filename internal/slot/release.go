// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"cmp"
	"math"
	"slices"
)

// stage adds public hours that are bookable online from an instant on.
func (h *hours) stage(release int64, open, starts mask) {
	i, found := slices.BinarySearchFunc(h.stages, release, func(s stage, release int64) int {
		return cmp.Compare(s.release, release)
	})
	if !found {
		h.stages = slices.Insert(h.stages, i, stage{release: release})
	}
	s := &h.stages[i]
	s.open, s.starts = s.open.or(open), s.starts.or(starts)
}

// at returns the open ticks and the starts that a search may use at an instant.
func (h *hours) at(internal bool, now int64) (mask, mask) {
	if internal {
		return h.all, h.allStarts
	}
	open, starts := h.public, h.publicStarts
	for i := range h.stages {
		if h.stages[i].release > now {
			break
		}
		open, starts = open.or(h.stages[i].open), starts.or(h.stages[i].starts)
	}
	return open, starts
}

// ever returns the open ticks and the starts that a search may use sooner or later.
func (h *hours) ever(internal bool) (mask, mask) { return h.at(internal, math.MaxInt64) }

// NextRelease returns the first instant after now at which a counter gets starts
// for the need that it did not have before, and false if there is none. Starts
// that will be claimed then, or begin less than lead after it, do not count.
// now, lead and the result are seconds. For a need that
// is internal nothing is ever released.
func (d *Day) NextRelease(n Need, t *Taken, now, lead int64) (int64, bool) {
	if n.Internal {
		return 0, false
	}
	for _, release := range d.releases(now) {
		taken := t.at(release)
		window := d.window(release+lead, d.last())
		for i := range taken {
			before := d.free(i, n, taken[i], release-1)
			if d.free(i, n, taken[i], release).andNot(before).and(window) != (mask{}) {
				return release, true
			}
		}
	}
	return 0, false
}

// last is an instant after which nothing begins on this day.
func (d *Day) last() int64 { return (d.first + Tick(d.ticks)).Unix() }

// releases lists the instants after now at which hours of the day are released.
func (d *Day) releases(now int64) []int64 {
	var all []int64
	for i := range d.hours {
		for _, s := range d.hours[i].stages {
			if s.release > now {
				all = append(all, s.release)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Ahead returns the fewest and the most days before a day at which counters that
// offer all of the services release hours of it; false if none has a release.
func (p *Plan) Ahead(services []string) (int, int, bool) {
	var days []int
	for i := range p.Counters {
		if !p.Counters[i].offers(services) {
			continue
		}
		for _, r := range p.Counters[i].Rules {
			if r.Release != nil {
				days = append(days, r.Release.Days)
			}
		}
	}
	if len(days) == 0 {
		return 0, 0, false
	}
	return slices.Min(days), slices.Max(days), true
}
