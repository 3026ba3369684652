// SPDX-License-Identifier: EUPL-1.2

package statistics_test

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/statistics"
)

// A total is that of a month, rounded down to fives; below five there is none.
func TestRounded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		want := map[string]int{}
		for part, n := range map[string]int{"-1": -1, "0": 0, "1": 1, "4": 4, "5": 5, "9": 9, "10": 10, "14": 14, "1000003": 1000003} {
			b.Add(b.row(monday, "rathaus", statistics.Asked, part), n)
			if n >= 5 {
				want[part] = n - n%5
			}
		}
		b.write()
		got := b.read(monday, monday)
		for _, total := range got {
			if total.N != want[total.Part] || total.Month != slot.DateOf(2026, time.September, 1) {
				t.Errorf("%+v", total)
			}
		}
		if len(got) != len(want) {
			t.Errorf("%d totals, want %d", len(got), len(want))
		}
	})
}

// Days are added up within a calendar month and a location before they are
// rounded, never beyond: 3 and 3 in one month are 5, in two they are nothing.
func TestGrain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		add := func(day slot.Date, place string, part string) { b.Add(b.row(day, place, statistics.Asked, part), 3) }
		first, last := slot.DateOf(2026, time.August, 1), slot.DateOf(2026, time.August, 31)
		add(first, "rathaus", "one month")
		add(last, "rathaus", "one month")
		add(last, "rathaus", "two months")
		add(last.AddDays(1), "rathaus", "two months")
		add(first, "rathaus", "two places")
		add(first, "nord", "two places")
		b.write()
		got := b.read(first.AddDays(-40), monday)
		want := []statistics.Total{{Month: first, LocationID: "rathaus", Measure: statistics.Asked, Part: "one month", N: 5}}
		if !slices.Equal(got, want) {
			t.Errorf("%+v", got)
		}
		if got := b.read(first.AddDays(20), first.AddDays(21)); !slices.Equal(got, want) {
			t.Errorf("asked within the month: %+v", got)
		}
		if got := b.read(first.AddDays(-40), first.AddDays(-1)); len(got) != 0 {
			t.Errorf("asked before it: %+v", got)
		}
	})
}

// The number behind a total cannot be computed back, whatever is asked: with any
// other number of the same five in any of the cells, every answer for every period
// is the same. Sums, differences, other measures of the same events and another
// look tomorrow are made of those answers.
func TestNothingLeadsBack(t *testing.T) {
	random := rand.New(rand.NewPCG(7, 2026))
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		months := []slot.Date{slot.DateOf(2026, time.July, 1), slot.DateOf(2026, time.August, 1), slot.DateOf(2026, time.September, 1)}
		groups := map[statistics.Row]int{} // how many fives of a cell
		for _, month := range months {
			for _, place := range []string{"rathaus", "nord"} {
				for _, part := range []string{"pass", "ausweis", "meldung"} {
					groups[b.row(month, place, statistics.Asked, part)] = random.IntN(3)
				}
			}
		}
		fill := func() [][]statistics.Total {
			e.Exec(t, "DELETE FROM statistic")
			for cell, n := range groups {
				for range 5*n + random.IntN(5) { // spread over the month
					cell.Day = statistics.MonthOf(cell.Day).AddDays(random.IntN(30))
					b.Add(cell, 1)
				}
			}
			b.write()
			var answers [][]statistics.Total
			for i, first := range months {
				for _, last := range months[i:] {
					answers = append(answers, b.read(first, last))
				}
			}
			return answers
		}
		before := fill()
		exact := b.total(statistics.Asked)
		changed := false
		for range 20 {
			for i, answer := range fill() {
				if !slices.Equal(answer, before[i]) {
					t.Fatalf("answer %d tells more than fives:\n%+v\n%+v", i, before[i], answer)
				}
			}
			changed = changed || b.total(statistics.Asked) != exact
		}
		if !changed || len(before[0]) == 0 {
			t.Error("nothing was different, or nothing was shown")
		}
	})
}
