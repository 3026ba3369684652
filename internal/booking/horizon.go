// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"sync"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// horizon is what searches at a location look at: every day from today on as
// far as anything can be booked or announced, with what is claimed on it. It does
// not change. What only time changes, claims that run out, is in it with its end.
type horizon struct {
	mark
	days  []*seenDay
	found found
}

// mark is what two horizons that show the same have in common.
type mark struct {
	plan    *slot.Plan // of the catalogue that the days were made from
	first   slot.Date  // today
	changes int64      // the revisions of all days added up
}

// seenDay is one day at one revision.
type seenDay struct {
	n     int64 // of the revision row; 0: there is none
	day   *slot.Day
	taken *slot.Taken
}

// horizons remembers the newest one of each location. Everyone who writes on a
// day raises its revision row in the same transaction, so that a search has to
// ask for no more than the sum of these and, when that has grown, reads the
// days that have changed. Those who search at the same time share both. Booking
// itself never looks here. The zero value is ready; it is safe for concurrent use.
type horizons struct {
	asked db.Shared[askedFor, *horizon]
	mu    sync.Mutex
	kept  map[string]*horizon // by location
}

type askedFor struct {
	location string
	plan     *slot.Plan
}

// keptBack is how long, in seconds, a claim that ran out is still read, so
// that a clock that is set back a little finds it again.
const keptBack = 3600

// horizon is that of a location at this moment.
func (b *Bookings) horizon(ctx context.Context, l *office.Location) (*horizon, error) {
	return b.seen.asked.Get(ctx, askedFor{l.ID, l.Plan}, func(ctx context.Context) (*horizon, error) {
		today := slot.DateIn(b.DB.Now().Unix(), l.Plan.Zone)
		kept := b.seen.get(l.ID)
		if kept != nil && kept.plan == l.Plan && kept.first == today {
			n, err := b.changes(ctx, day{l.ID, today})
			if err != nil || n == kept.changes {
				return kept, err
			}
		}
		var fresh *horizon
		err := b.DB.Read(ctx, func(tx *db.Tx) error {
			var err error
			fresh, err = look(ctx, tx, l, today, kept)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("look at location %s: %w", l.ID, err)
		}
		b.seen.put(l.ID, fresh)
		return fresh, nil
	})
}

func (s *horizons) get(location string) *horizon {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[location]
}

func (s *horizons) put(location string, h *horizon) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]*horizon{}
	}
	s.kept[location] = h
}

// changes is how often anything changed on a day and on those after it.
func (b *Bookings) changes(ctx context.Context, from day) (int64, error) {
	var n int64
	err := b.DB.Look(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM revision WHERE location_id = $1 AND day >= $2",
			from.location, int64(from.date)).Scan(&n)
	})
	if err != nil {
		return 0, fmt.Errorf("add up revisions: %w", err)
	}
	return n, nil
}

// look reads the days that are not as they were.
func look(ctx context.Context, tx *db.Tx, l *office.Location, today slot.Date, old *horizon) (*horizon, error) {
	_, ahead, _ := l.Plan.Ahead(nil)
	h := &horizon{mark: mark{plan: l.Plan, first: today}, days: make([]*seenDay, int(lastDay(l, tx.Now())-today)+ahead+1)}
	revisions, err := revisionsOf(ctx, tx, l, today)
	if err != nil {
		return nil, err
	}
	for _, n := range revisions {
		h.changes += n
	}
	for i := range h.days {
		h.days[i] = old.unchanged(l.Plan, today.AddDays(i), revisions[today.AddDays(i)])
	}
	for from := 0; from < len(h.days); from++ {
		until := from
		for until < len(h.days) && h.days[until] == nil {
			until++
		}
		if until == from {
			continue
		}
		byDay, err := claimsByDay(ctx, tx, l, today.AddDays(from), today.AddDays(until-1))
		if err != nil {
			return nil, err
		}
		for ; from < until; from++ {
			date := today.AddDays(from)
			d := l.Plan.Day(date)
			h.days[from] = &seenDay{n: revisions[date], day: d, taken: d.Taken(byDay[date])}
		}
	}
	return h, nil
}

// unchanged is a day that is still as it was, or nil.
func (h *horizon) unchanged(p *slot.Plan, date slot.Date, n int64) *seenDay {
	if h == nil || h.plan != p || date < h.first || int(date-h.first) >= len(h.days) {
		return nil
	}
	if d := h.days[date-h.first]; d.n == n {
		return d
	}
	return nil
}

func revisionsOf(ctx context.Context, tx *db.Tx, l *office.Location, from slot.Date) (map[slot.Date]int64, error) {
	out := map[slot.Date]int64{}
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var date slot.Date
		var n int64
		err := scan(&date, &n)
		out[date] = n
		return struct{}{}, err
	}, "SELECT day, n FROM revision WHERE location_id = $1 AND day >= $2", l.ID, int64(from))
	if err != nil {
		return nil, fmt.Errorf("select revisions: %w", err)
	}
	return out, nil
}

// Pulse tells whether anything that searches at some locations can find may
// have changed: while it stays the same, and the catalogue, so do they.
type Pulse struct {
	second int64 // since time changes things in whole seconds
	marks  []mark
}

// Pulse is that of this moment. What is searched for after it is at least as new.
func (b *Bookings) Pulse(ctx context.Context, places []*office.Location) (Pulse, error) {
	p := Pulse{second: b.DB.Now().Unix()}
	for _, l := range places {
		h, err := b.horizon(ctx, l)
		if err != nil {
			return p, err
		}
		p.marks = append(p.marks, h.mark)
	}
	return p, nil
}

// Same tells whether nothing has changed.
func (p Pulse) Same(o Pulse) bool {
	return p.second == o.second && slices.Equal(p.marks, o.marks)
}
