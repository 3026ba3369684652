// SPDX-License-Identifier: EUPL-1.2

package slot

import "cmp"

// price is what an appointment on a counter takes from those that come later, the
// dearest first.
type price struct {
	useless  int // ticks that nobody can use any more
	starts   int // for the shortest appointment, lost to all others
	services int // of the counter, which is busy with this one
	room     int // ticks of the free run that it breaks
}

func (p price) below(q price) bool {
	return cmp.Or(cmp.Compare(p.useless, q.useless), cmp.Compare(p.starts, q.starts),
		cmp.Compare(p.services, q.services), cmp.Compare(p.room, q.room)) < 0
}

// price of the need on a counter where it is free at a position.
func (d *Day) price(counter int, n Need, taken mask, at int) price {
	open, starts := d.hours[counter].ever(n.Internal)
	before := open.andNot(taken)
	var own mask
	own.addRange(at, at+n.Ticks)
	after := before.andNot(own)
	shortest := max(d.plan.MinTicks, 1)
	startsBefore, startsAfter := starts.and(before.runs(shortest)), starts.and(after.runs(shortest))
	return price{
		useless:  after.useless(startsAfter) - before.useless(startsBefore),
		starts:   startsBefore.count() - startsAfter.count(),
		services: len(d.plan.Counters[counter].Services),
		room:     before.run(at),
	}
}

// useless counts the set positions with no start at or before them in their run.
func (m mask) useless(starts mask) int {
	count := 0
	for at := m.next(0); at >= 0; {
		end := m.end(at)
		first := starts.next(at)
		if first < 0 || first > end {
			first = end
		}
		count += first - at
		at = m.next(end)
	}
	return count
}
