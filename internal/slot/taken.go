// SPDX-License-Identifier: EUPL-1.2

package slot

// Forever is an Until that does not come: the year 9999.
const Forever int64 = 253402300799

// Taken is what is claimed on a day, prepared for many searches: a mask per
// counter for claims that stay, and a list of those that run out by
// themselves. It is immutable.
type Taken struct {
	stay []mask
	end  []ending
}

// ending is a claimed tick that is free again from until on.
type ending struct {
	counter, at int
	until       int64
}

// Taken prepares claims. Claims of other days and counters are ignored.
func (d *Day) Taken(claims []Claim) *Taken {
	t := &Taken{stay: make([]mask, len(d.hours))}
	for i := range claims {
		c := &claims[i]
		at, inDay := d.position(c.Tick)
		counter, known := d.positions[c.Counter]
		switch {
		case !inDay || !known:
		case c.Until >= Forever:
			t.stay[counter].add(at)
		default:
			t.end = append(t.end, ending{counter, at, c.Until})
		}
	}
	return t
}

// at returns, by counter, the ticks with a claim in force.
func (t *Taken) at(now int64) []mask {
	taken := make([]mask, len(t.stay))
	copy(taken, t.stay)
	for _, e := range t.end {
		if e.until > now {
			taken[e.counter].add(e.at)
		}
	}
	return taken
}

// Starts lists the free starts of the day in unix seconds, in ascending order:
// those of Slots with the same arguments, without their counters.
func (d *Day) Starts(n Need, t *Taken, now, notBefore, notAfter int64) []int64 {
	taken := t.at(now)
	var any mask
	for i := range taken {
		any = any.or(d.free(i, n, taken[i], now))
	}
	any = any.and(d.window(notBefore, notAfter))
	count := any.count()
	if count == 0 {
		return nil
	}
	starts := make([]int64, 0, count)
	for at := any.next(0); at >= 0; at = any.next(at + 1) {
		starts = append(starts, (d.first + Tick(at)).Unix())
	}
	return starts
}
