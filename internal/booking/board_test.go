// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// board writes the runs of a day by counter: "08:00 free 12:00 ...".
func (w *town) board(date slot.Date) map[string][]string {
	w.Helper()
	b, err := w.Board(w.Context(), w.member(staff.Clerk), w.place("rathaus").ID, date, 1)
	if err != nil {
		w.Fatal(err)
	}
	lines := map[string][]string{}
	for _, c := range b.Days[0].Counters {
		lines[c.Counter.Key] = []string{}
		for i, r := range c.Runs {
			line := fmt.Sprintf("%s %s", time.Unix(r.Start, 0).In(berlin).Format("15:04"), r.Use)
			if r.Entry != nil {
				line += " " + r.Entry.Person.Data.LastName
			}
			lines[c.Counter.Key] = append(lines[c.Counter.Key], line)
			end := b.Days[0].Until
			if i+1 < len(c.Runs) {
				end = c.Runs[i+1].Start
			}
			if r.Until != end || i == 0 && r.Start != b.Days[0].From {
				w.Errorf("a gap in the runs of %s at %s", c.Counter.Key, line)
			}
		}
	}
	return lines
}

func TestBoard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET cooldown_minutes = 60, revision = revision + 1")
		wednesday := monday.AddDays(2)
		w.bookFor("trauung", at(9, 8, 0))
		w.bookFor("trauung", at(9, 9, 0))
		w.mustHold("trauung", at(9, 10, 0))
		s := w.book("trauung", at(9, 11, 0))
		w.fine(w.Cancel(t.Context(), w.tenant, s))
		r := forSomeone("trauung", at(9, 8, 0))
		r.Overbook, r.Data.LastName = "Notfall", "Zweitfrau"
		if _, _, err := w.BookFor(t.Context(), w.member(staff.Admin), r); err != nil {
			t.Fatal(err)
		}
		if _, err := w.Close(t.Context(), w.member(staff.Admin), booking.Closing{LocationID: w.place("rathaus").ID, CounterID: w.counter("schalter-2"),
			From: booking.Moment{Date: wednesday, Minute: 600}, Until: booking.Moment{Date: wednesday, Minute: 660}}, ""); err != nil {
			t.Fatal(err)
		}
		want := map[string][]string{
			"schalter-1": {"08:00 free", "12:00 outside", "14:00 internal"},
			"schalter-2": {"08:00 free", "10:00 closed", "11:00 free", "12:00 outside"},
			"trauzimmer": {"08:00 booked Musterfrau", "09:00 booked Musterfrau", "10:00 held", "11:00 cooldown", "12:00 outside"},
			"+1":         {"08:00 booked Zweitfrau", "09:00 outside"},
		}
		got := w.board(wednesday)
		for counter, lines := range want {
			if !slices.Equal(got[counter], lines) {
				t.Errorf("%s: %q, want %q", counter, got[counter], lines)
			}
		}
		if len(got) != len(want) {
			t.Errorf("counters %v", got)
		}
		w.Clock.Advance(2 * time.Hour) // what was held and given back is free again
		if got := w.board(wednesday)["trauzimmer"]; !slices.Equal(got[2:], []string{"10:00 free", "12:00 outside"}) {
			t.Errorf("later %q", got)
		}
	})
}

// Days without hours have no runs; those of 23 and 25 hours have all theirs.
func TestBoardOfOddDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.change("days: [mo, tu, we, th, fr], from: \"08:00\", to: \"12:00\", interval: 15}", `days: [mo, tu, we, th, fr], from: "08:00", to: "12:00", interval: 15}
          - {days: [su], from: "00:00", to: "04:00", interval: 15}`)
		l := w.place("rathaus").ID
		for _, c := range []struct {
			name  string
			date  slot.Date
			hours int64
		}{
			{"Saturday", slot.DateOf(2026, time.October, 24), 0},
			{"25 hours", slot.DateOf(2026, time.October, 25), 5},
			{"23 hours", slot.DateOf(2027, time.March, 28), 3},
			{"Christmas", slot.DateOf(2026, time.December, 25), 4}, // hours on a holiday show as closed
		} {
			b, err := w.Board(t.Context(), w.member(staff.Clerk), l, c.date, 1)
			if err != nil {
				t.Fatal(err)
			}
			d := b.Days[0]
			if len(d.Counters) != 3 || d.Until-d.From != c.hours*3600 {
				t.Errorf("%s: %d hours at %d counters", c.name, (d.Until-d.From)/3600, len(d.Counters))
			}
			for _, k := range d.Counters {
				switch {
				case c.hours == 0 && len(k.Runs) != 0:
					t.Errorf("%s: runs %v", c.name, k.Runs)
				case c.hours == 4 && k.Runs[0].Use != booking.UseClosed:
					t.Errorf("%s: %s", c.name, k.Runs[0].Use)
				}
			}
		}
		b, err := w.Board(t.Context(), w.member(staff.Clerk), l, monday, 0)
		if err != nil || len(b.Days) != 1 {
			t.Errorf("no day: %v", err)
		}
		b, err = w.Board(t.Context(), w.member(staff.Clerk), l, monday, 1000)
		if err != nil || len(b.Days) != 31 {
			t.Errorf("many days: %v", err)
		}
		_, err = w.Board(t.Context(), w.member(staff.Operator), l, monday, 1)
		wantKind(t, err, fault.Forbidden, "staff.forbidden")
	})
}
