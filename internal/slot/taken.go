// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"iter"
	"math/bits"
	"slices"
)

// Forever is an Until that does not come: the year 9999.
const Forever int64 = 253402300799

// Claim is some taken ticks of a counter, in force while Until (unix seconds)
// lies after now: Tick, and for each bit i of More the one i+1 ticks later.
type Claim struct {
	Counter string
	Tick    Tick
	More    uint64
	Until   int64
}

// ClaimOf is the claim of a set of ticks, which must not be empty: bit i stands
// for the one i ticks after first.
func ClaimOf(counter string, first Tick, set uint64, until int64) Claim {
	low := bits.TrailingZeros64(set)
	return Claim{Counter: counter, Tick: first + Tick(low), More: set >> low >> 1, Until: until}
}

// Last is the last of the ticks.
func (c Claim) Last() Tick { return c.Tick + Tick(bits.Len64(c.More)) }

func (c Claim) ticks() iter.Seq[Tick] {
	return func(yield func(Tick) bool) {
		t := c.Tick
		for more := c.More; yield(t) && more != 0; {
			step := bits.TrailingZeros64(more) + 1
			t, more = t+Tick(step), more>>step
		}
	}
}

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
	for _, c := range claims {
		counter, known := d.positions[c.Counter]
		if !known {
			continue
		}
		for tick := range c.ticks() {
			at, inDay := d.position(tick)
			switch {
			case !inDay:
			case c.Until >= Forever:
				t.stay[counter].add(at)
			default:
				t.end = append(t.end, ending{counter, at, c.Until})
			}
		}
	}
	return t
}

// Without is what is taken but for some ticks of a counter, which count as free.
func (d *Day) Without(t *Taken, counter string, start Tick, ticks int) *Taken {
	i, known := d.positions[counter]
	if !known {
		return t
	}
	from := int(start - d.first)
	var own mask
	own.addRange(from, from+ticks)
	w := &Taken{stay: slices.Clone(t.stay)}
	w.stay[i] = w.stay[i].andNot(own)
	for _, e := range t.end {
		if e.counter != i || !own.has(e.at) {
			w.end = append(w.end, e)
		}
	}
	return w
}

// With is what is taken once some ticks of a counter belong to somebody until an
// instant, whoever had them before.
func (d *Day) With(t *Taken, counter string, start Tick, ticks int, until int64) *Taken {
	i, known := d.positions[counter]
	if !known {
		return t
	}
	w := d.Without(t, counter, start, ticks)
	lo := max(int(start-d.first), 0)
	hi := min(int(start-d.first)+ticks, d.ticks)
	if until >= Forever {
		w.stay[i].addRange(lo, hi)
		return w
	}
	for at := lo; at < hi; at++ {
		w.end = append(w.end, ending{i, at, until})
	}
	return w
}

// at returns, by counter, the ticks with a claim in force. The result is not to
// be changed.
func (t *Taken) at(now int64) []mask {
	if len(t.end) == 0 {
		return t.stay
	}
	taken := slices.Clone(t.stay)
	for _, e := range t.end {
		if e.until > now {
			taken[e.counter].add(e.at)
		}
	}
	return taken
}

// Steady tells whether Starts answers the same from now on until claims change:
// nothing runs out or is released later, and the window holds the whole day.
func (d *Day) Steady(t *Taken, now, notBefore, notAfter int64) bool {
	for _, e := range t.end {
		if e.until > now {
			return false
		}
	}
	for i := range d.hours {
		if n := len(d.hours[i].stages); n > 0 && d.hours[i].stages[n-1].release > now {
			return false
		}
	}
	return notBefore <= d.first.Unix() && notAfter >= d.last()
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
