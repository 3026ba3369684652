// SPDX-License-Identifier: EUPL-1.2

package slot

// Need is what someone wants to book: services that one counter must offer all
// of, and how long that takes. With Internal, internal hours count as well.
// Ticks below 1 fit nowhere.
type Need struct {
	Services []string
	Ticks    int
	Internal bool
}

// Slot is a free start and the IDs of the counters that could take it, in the
// order of the plan, at least one.
type Slot struct {
	Start    Tick
	Counters []string
}

// Slots lists the free starts of the day in ascending order. now decides which
// claims are in force and, unless the need is internal, which hours are
// released; notBefore and notAfter limit the starts, both inclusive:
// lead time and horizon. All three are unix seconds. Claims of other days and
// counters are ignored; for a move the caller leaves out the appointment's own.
func (d *Day) Slots(n Need, claims []Claim, now, notBefore, notAfter int64) []Slot {
	window := d.window(notBefore, notAfter)
	taken := d.Taken(claims).at(now)
	could := make([]mask, len(taken)) // begin on each counter
	var any mask
	total := 0
	for i := range could {
		could[i] = d.free(i, n, taken[i], now).and(window)
		any = any.or(could[i])
		total += could[i].count()
	}
	if total == 0 {
		return nil
	}
	slots := make([]Slot, 0, any.count())
	ids := make([]string, 0, total) // one backing for the lists of all slots
	for at := any.next(0); at >= 0; at = any.next(at + 1) {
		begin := len(ids)
		for i := range could {
			if could[i].has(at) {
				ids = append(ids, d.plan.Counters[i].ID)
			}
		}
		slots = append(slots, Slot{Start: d.first + Tick(at), Counters: ids[begin:len(ids):len(ids)]})
	}
	return slots
}

// Pick chooses the counter for an appointment that begins at start. It is free
// there exactly if Slots, without a window, lists that counter.
//
// Of the free counters it takes the one on which the fewest ticks become useless:
// free, but out of reach of any appointment, since none begins in their free run
// before them and has room there for the plan's MinTicks. Then the one on which
// the fewest starts are lost for such a shortest appointment. Then the least
// versatile, which is the one with the fewest services, so that the others stay
// free for what only they can do. Then the one where the shortest free run is
// broken, which keeps the long ones whole. Then the first in the plan.
//
// Free is meant here in all hours that the need may use sooner or later: what is
// not released yet is no gap.
//
// The result is the counter's ID, and false if the start is not free.
func (d *Day) Pick(n Need, start Tick, t *Taken, now int64) (string, bool) {
	at, ok := d.position(start)
	if !ok {
		return "", false
	}
	taken := t.at(now)
	best, lowest := -1, price{}
	for i := range taken {
		if !d.free(i, n, taken[i], now).has(at) {
			continue
		}
		if p := d.price(i, n, taken[i], at); best < 0 || p.below(lowest) {
			best, lowest = i, p
		}
	}
	if best < 0 {
		return "", false
	}
	return d.plan.Counters[best].ID, true
}

// Fits tells whether an appointment lies wholly in the hours of a counter: in
// public hours, or in any with internal. Claims, releases and the grid of starts
// do not matter. It is false for an unknown counter, less than one tick, and an
// appointment that does not lie wholly in this day.
func (d *Day) Fits(counter string, start Tick, ticks int, internal bool) bool {
	i, known := d.positions[counter]
	at, inDay := d.position(start)
	if !known || !inDay {
		return false
	}
	open, _ := d.hours[i].ever(internal)
	return open.runs(ticks).has(at)
}

// free returns the starts at which the whole need fits on a counter; none if it
// lacks a service.
func (d *Day) free(counter int, n Need, taken mask, now int64) mask {
	open, starts := d.hours[counter].at(n.Internal, now)
	if starts == (mask{}) || !d.plan.Counters[counter].offers(n.Services) {
		return mask{}
	}
	return starts.and(open.andNot(taken).runs(n.Ticks))
}

// position returns where a tick lies in the masks, and false if it is not in the day.
func (d *Day) position(t Tick) (int, bool) {
	if t < d.first || t >= d.first+Tick(d.ticks) {
		return 0, false
	}
	return int(t - d.first), true
}

// window returns the ticks that begin in [notBefore, notAfter]. It compares
// instants before it subtracts, since callers may pass the largest there are.
func (d *Day) window(notBefore, notAfter int64) mask {
	first, end := int64(d.first), int64(d.first)+int64(d.ticks)
	lo := min(max(ceilDiv(notBefore, TickSeconds), first), end)
	hi := min(max(floorDiv(notAfter, TickSeconds)+1, first), end)
	var m mask
	m.addRange(int(lo-first), int(hi-first))
	return m
}
