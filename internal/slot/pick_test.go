// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// visit is somebody who asks for one start and goes away if it is not free.
type visit struct {
	need  Need
	start Tick
}

// outcome is what a day of visits came to.
type outcome struct {
	lost int // visits that went away
	gaps int // free ticks in which nobody can be put any more
}

func (o *outcome) add(other outcome) { o.lost, o.gaps = o.lost+other.lost, o.gaps+other.gaps }

// pickDays are locations on whose random days Pick is compared with taking the
// first free counter. ticks are the lengths that people ask for.
var pickDays = []struct {
	name     string
	interval int
	skills   [][]string
	ticks    []int
	gaps     bool // the grid is fine enough not to make the gaps itself
}{
	{"four equal counters, every 5 minutes", 5, [][]string{{"a"}, {"a"}, {"a"}, {"a"}}, []int{2, 3, 4, 6, 9}, true},
	{"four equal counters, every 15 minutes", 15, [][]string{{"a"}, {"a"}, {"a"}, {"a"}}, []int{2, 3, 4, 6, 9}, false},
	{"six equal counters, every 15 minutes", 15, [][]string{{"a"}, {"a"}, {"a"}, {"a"}, {"a"}, {"a"}}, []int{2, 3, 4, 5, 8, 12}, false},
	{"different skills, every 10 minutes", 10, [][]string{{"a", "b", "c"}, {"a", "b"}, {"a", "c"}, {"a"}}, []int{3, 4, 6, 9}, true},
	{"different skills, every 15 minutes", 15, [][]string{{"a", "b", "c"}, {"a", "b"}, {"a", "c"}, {"a"}}, []int{2, 3, 4, 6, 9}, false},
}

// TestPickBeatsFirstFit lets the same random visitors come to the same days twice:
// Pick must send fewer away than the first free counter does, and leave fewer
// gaps where that is in its hands. Single days go either way, so it is the sum
// over forty that counts; they are always the same ones.
func TestPickBeatsFirstFit(t *testing.T) {
	for _, c := range pickDays {
		t.Run(c.name, func(t *testing.T) {
			plan := &Plan{Zone: zone(t, "Europe/Berlin"), MinTicks: c.ticks[0]}
			for i, services := range c.skills {
				plan.Counters = append(plan.Counters, Counter{ID: fmt.Sprint("counter ", i), Services: services, Rules: []Rule{
					opens(t, time.Monday, "08:00", "12:00", c.interval), opens(t, time.Monday, "13:00", "16:00", c.interval)}})
			}
			day := plan.Day(date(t, "2026-11-30"))
			var best, first outcome
			for seed := range uint64(40) {
				visits := randomVisits(day, c.ticks, rand.New(rand.NewPCG(seed, 2026)))
				best.add(day.serve(visits, (*Day).Pick))
				first.add(day.serve(visits, (*Day).firstFit))
			}
			if best.lost >= first.lost || c.gaps && best.gaps >= first.gaps {
				t.Errorf("Pick lost %d visits and left %d useless ticks, first-fit lost %d and left %d",
					best.lost, best.gaps, first.lost, first.gaps)
			}
		})
	}
}

// randomVisits asks for a third more than the counters can do.
func randomVisits(d *Day, ticks []int, random *rand.Rand) []visit {
	capacity := 0
	var starts mask
	for i := range d.hours {
		capacity += d.hours[i].all.count()
		starts = starts.or(d.hours[i].allStarts)
	}
	var ask []Tick
	for at := starts.next(0); at >= 0; at = starts.next(at + 1) {
		ask = append(ask, d.first+Tick(at))
	}
	var visits []visit
	for asked := 0; asked < capacity*4/3; {
		// Half of the people want what every counter does.
		services := d.plan.Counters[0].Services
		wanted := services[max(0, random.IntN(2*len(services))-len(services))]
		v := visit{Need{Services: []string{wanted}, Ticks: ticks[random.IntN(len(ticks))]}, ask[random.IntN(len(ask))]}
		asked += v.need.Ticks
		visits = append(visits, v)
	}
	return visits
}

// serve gives every visit in turn the counter that pick chooses.
func (d *Day) serve(visits []visit, pick func(*Day, Need, Tick, *Taken, int64) (string, bool)) outcome {
	var o outcome
	var claims []Claim
	for _, v := range visits {
		counter, ok := pick(d, v.need, v.start, d.Taken(claims), 0)
		if !ok {
			o.lost++
			continue
		}
		for i := range v.need.Ticks {
			claims = append(claims, Claim{Counter: counter, Tick: v.start + Tick(i), Until: forever})
		}
	}
	for i, taken := range d.Taken(claims).at(0) {
		free := d.hours[i].all.andNot(taken)
		starts := d.hours[i].allStarts.and(free.runs(d.plan.MinTicks))
		var used mask
		for at := starts.next(0); at >= 0; at = starts.next(at + 1) {
			for k := at; free.has(k); k++ { // a visit may be as long as there is room
				used.add(k)
			}
		}
		o.gaps += free.andNot(used).count()
	}
	return o
}

func (d *Day) firstFit(n Need, start Tick, t *Taken, now int64) (string, bool) {
	at, _ := d.position(start)
	for i, taken := range t.at(now) {
		if d.free(i, n, taken, now).has(at) {
			return d.plan.Counters[i].ID, true
		}
	}
	return "", false
}
