// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"math"
	"sync"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// horizon is what searches at a location look at: every day from today on as
// far as anything can be booked or announced, with what is claimed on it. It is
// immutable. What only time changes, claims that run out, is in it with its end.
type horizon struct {
	mark
	days []*seenDay
}

// mark is what two horizons that show the same have in common.
type mark struct {
	plan    *slot.Plan // of the catalogue that the days were made from
	first   slot.Date  // today
	changes int64      // the revisions of all days added up
}

// seenDay is one day at one revision. What is found on it is remembered with it.
type seenDay struct {
	plan  *slot.Plan
	n     int64 // of the revision row; 0: there is none
	day   *slot.Day
	taken *slot.Taken
	found found
}

// horizons remembers the newest one of each location, and its days. Everyone
// who writes on a day raises its revision row in the same transaction, so that
// a search has to ask for no more than the sum of these and, when that has
// grown, reads the days that have changed. Those who search at the same time
// share both. Booking refuses those who come too late by it, see turn.go, and
// reads a day anew only when it has changed. The zero value is ready; it is safe
// for concurrent use.
type horizons struct {
	asked    db.Shared[askedFor, *horizon]
	askedDay db.Shared[askedFor, *seenDay]
	mu       sync.Mutex
	kept     map[string]*horizon // by location
	days     map[day]*seenDay
}

type askedFor struct {
	location string
	plan     *slot.Plan
	date     slot.Date // of a single day
}

// keptBack is how long, in seconds, a claim that ran out is still read, so
// that a clock that is set back a little finds it again.
const keptBack = 3600

// horizon is that of a location at this moment.
func (b *Bookings) horizon(ctx context.Context, l *office.Location) (*horizon, error) {
	return b.seen.asked.Get(ctx, askedFor{location: l.ID, plan: l.Plan}, func(ctx context.Context) (*horizon, error) {
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
			fresh, err = b.seen.look(ctx, tx, l, today)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("look at location %s: %w", l.ID, err)
		}
		b.seen.put(l.ID, fresh)
		return fresh, nil
	})
}

// day is a single day at this moment.
func (b *Bookings) day(ctx context.Context, l *office.Location, date slot.Date) (*seenDay, error) {
	return b.seen.askedDay.Get(ctx, askedFor{l.ID, l.Plan, date}, func(ctx context.Context) (*seenDay, error) {
		var d *seenDay
		err := b.DB.Look(ctx, func(tx *db.Tx) error {
			// The revision before the claims: what changes in between is read again next time.
			revisions, err := revisionsOf(ctx, tx, l, date, date)
			if err != nil {
				return err
			}
			if d = b.seen.getDay(l, date, revisions[date]); d != nil {
				return nil
			}
			byDay, err := claimsByDay(ctx, tx, l, date, date)
			if err != nil {
				return err
			}
			d = newSeenDay(l.Plan, date, revisions[date], byDay[date])
			return nil
		})
		if err != nil {
			return nil, fmt.Errorf("look at a day of location %s: %w", l.ID, err)
		}
		b.seen.putDay(l, date, d)
		return d, nil
	})
}

func newSeenDay(p *slot.Plan, date slot.Date, n int64, claims []slot.Claim) *seenDay {
	d := p.Day(date)
	return &seenDay{plan: p, n: n, day: d, taken: d.Taken(claims)}
}

func (s *horizons) get(location string) *horizon {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.kept[location]
}

// put keeps a horizon and its days, and drops those that are over.
func (s *horizons) put(location string, h *horizon) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.kept == nil {
		s.kept = map[string]*horizon{}
	}
	if old := s.kept[location]; old != nil {
		for date := old.first - 1; date < h.first-1; date++ { // not yesterday: a clock may be set back
			delete(s.days, day{location, date})
		}
	}
	s.kept[location] = h
}

// getDay is a day that is still as it was at a revision, or nil.
func (s *horizons) getDay(l *office.Location, date slot.Date, n int64) *seenDay {
	s.mu.Lock()
	defer s.mu.Unlock()
	if d := s.days[day{l.ID, date}]; d != nil && d.plan == l.Plan && d.n == n {
		return d
	}
	return nil
}

// latest is a day as it was seen last, or nil.
func (s *horizons) latest(l *office.Location, date slot.Date) *seenDay {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.days[day{l.ID, date}]
}

func (s *horizons) putDay(l *office.Location, date slot.Date, d *seenDay) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.days == nil {
		s.days = map[day]*seenDay{}
	}
	key := day{l.ID, date}
	if old := s.days[key]; old == nil || old.plan != d.plan || old.n <= d.n { // who was slow does not bring back the past
		s.days[key] = d
	}
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
func (s *horizons) look(ctx context.Context, tx *db.Tx, l *office.Location, today slot.Date) (*horizon, error) {
	_, ahead, _ := l.Plan.Ahead(nil)
	h := &horizon{mark: mark{plan: l.Plan, first: today}, days: make([]*seenDay, int(lastDay(l, tx.Now())-today)+ahead+1)}
	revisions, err := revisionsOf(ctx, tx, l, today, math.MaxInt32)
	if err != nil {
		return nil, err
	}
	for _, n := range revisions {
		h.changes += n
	}
	for i := range h.days {
		h.days[i] = s.getDay(l, today.AddDays(i), revisions[today.AddDays(i)])
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
			h.days[from] = newSeenDay(l.Plan, date, revisions[date], byDay[date])
			s.putDay(l, date, h.days[from])
		}
	}
	return h, nil
}

func revisionsOf(ctx context.Context, tx *db.Tx, l *office.Location, from, until slot.Date) (map[slot.Date]int64, error) {
	out := map[slot.Date]int64{}
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var date slot.Date
		var n int64
		err := scan(&date, &n)
		out[date] = n
		return struct{}{}, err
	}, "SELECT day, n FROM revision WHERE location_id = $1 AND day >= $2 AND day <= $3", l.ID, int64(from), int64(until))
	if err != nil {
		return nil, fmt.Errorf("select revisions: %w", err)
	}
	return out, nil
}
