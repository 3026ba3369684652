// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"
)

// BenchmarkMonth is the calendar of a month for ten counters, half booked: hours
// builds the days, search asks days that are kept, both does the two together.
func BenchmarkMonth(b *testing.B) {
	const daysInMonth = 30
	plan := &Plan{Zone: zone(b, "Europe/Berlin"), MinTicks: 2}
	for i := range 10 {
		c := Counter{ID: fmt.Sprint("counter ", i), Services: []string{"move", "passport", "pickup"}}
		for day := time.Monday; day <= time.Friday; day++ {
			c.Rules = append(c.Rules, opens(b, day, "08:00", "12:00", 10), opens(b, day, "13:00", "17:00", 10))
		}
		plan.Counters = append(plan.Counters, c)
	}
	need := Need{Services: []string{"move", "passport"}, Ticks: 5}
	first := date(b, "2026-11-01")
	random := rand.New(rand.NewPCG(1, 1))
	var days []*Day
	claims := make([][]Claim, daysInMonth)
	for i := range daysInMonth {
		day := plan.Day(first.AddDays(i))
		days = append(days, day)
		for position, c := range plan.Counters {
			for at := day.hours[position].all.next(0); at >= 0; at = day.hours[position].all.next(at + 3) {
				if random.IntN(2) == 0 {
					continue
				}
				for k := range 3 {
					claims[i] = append(claims[i], Claim{Counter: c.ID, Tick: day.first + Tick(at+k), Until: forever})
				}
			}
		}
	}
	search := func(day *Day, i int) {
		day.Slots(need, claims[i], 0, 0, forever)
	}
	b.Run("hours", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i := range daysInMonth {
				plan.Day(first.AddDays(i))
			}
		}
	})
	b.Run("search", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i, day := range days {
				search(day, i)
			}
		}
	})
	b.Run("both", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			for i := range daysInMonth {
				search(plan.Day(first.AddDays(i)), i)
			}
		}
	})
}
