// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"slices"
	"strings"
	"sync"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// Search is what to look for: a length of time at a location, on one counter
// that offers all services.
type Search struct {
	Location *office.Location
	Services []string // ids
	Ticks    int
	Own      span  // of an appointment that moves: counts as free
	Except   int64 // start that is not offered, in unix seconds: where it is already
	internal bool  // for the office: internal hours count, lead time and releases do not
}

// SearchFor is the search for a selection of services.
func SearchFor(l *office.Location, sel office.Selection) Search {
	return Search{Location: l, Services: sel.IDs(), Ticks: sel.Ticks()}
}

// SearchMove is the search for another time of an appointment.
func SearchMove(l *office.Location, a *Appointment) Search {
	s := Search{Location: l, Services: a.serviceIDs(), Ticks: a.Ticks,
		Own: span{counter: a.Counter.ID, start: a.Start, ticks: a.Ticks}}
	if l.ID == a.Location.ID {
		s.Except = a.Start.Unix()
	}
	return s
}

// FreeDay is a local day and the instants (unix seconds) at which an
// appointment can begin, in order. Days without any are included.
type FreeDay struct {
	Date   slot.Date
	Starts []int64
}

// Free lists every day from today to the location's horizon. The result is not
// to be changed: others have it too.
func (b *Bookings) Free(ctx context.Context, s Search) ([]FreeDay, error) {
	now := b.DB.Now() // before the horizon, which may begin a day later but not earlier
	h, err := b.horizon(ctx, s.Location)
	if err != nil {
		return nil, err
	}
	days := make([]FreeDay, h.reach(s.Location, now))
	for i := range days {
		days[i] = FreeDay{Date: h.first.AddDays(i), Starts: h.days[i].starts(s, now)}
	}
	return days, nil
}

// Next is the first free start at a location in unix seconds, or false when
// there is none up to the horizon.
func (b *Bookings) Next(ctx context.Context, s Search) (int64, bool, error) {
	now := b.DB.Now()
	h, err := b.horizon(ctx, s.Location)
	if err != nil {
		return 0, false, err
	}
	for i := range h.reach(s.Location, now) {
		if starts := h.days[i].starts(s, now); len(starts) > 0 {
			return starts[0], true, nil
		}
	}
	return 0, false, nil
}

// reach is how many days of the horizon can be booked. A clock that is set back
// over midnight may count one more than there are in it.
func (h *horizon) reach(l *office.Location, now time.Time) int {
	return min(int(lastDay(l, now)-h.first)+1, len(h.days))
}

// starts are the free times of a day. What others search for too is remembered
// as long as only a change of the day can change it.
func (d *seenDay) starts(s Search, now time.Time) []int64 {
	notBefore, notAfter := window(s.Location, now, s.internal)
	if s.Own.ticks > 0 || s.internal {
		taken := d.taken
		if s.Own.ticks > 0 {
			taken = d.day.Without(d.taken, s.Own.counter, s.Own.start, s.Own.ticks)
		}
		starts := d.day.Starts(s.need(), taken, now.Unix(), notBefore, notAfter)
		return slices.DeleteFunc(starts, func(at int64) bool { return at == s.Except })
	}
	if !d.day.Steady(d.taken, now.Unix(), notBefore, notAfter) {
		return d.day.Starts(s.need(), d.taken, now.Unix(), notBefore, notAfter)
	}
	return d.found.get(foundFor{strings.Join(s.Services, " "), s.Ticks}, func() []int64 {
		return d.day.Starts(s.need(), d.taken, now.Unix(), notBefore, notAfter)
	})
}

// found remembers what was found on a day. The zero value is ready; it is safe
// for concurrent use.
type found struct {
	mu     sync.Mutex
	starts map[foundFor][]int64
}

type foundFor struct {
	services string // ids
	ticks    int
}

// maxFound bounds the memory.
const maxFound = 200

func (f *found) get(key foundFor, search func() []int64) []int64 {
	f.mu.Lock()
	defer f.mu.Unlock()
	starts, known := f.starts[key]
	if known {
		return starts
	}
	if len(f.starts) >= maxFound || f.starts == nil {
		f.starts = map[foundFor][]int64{}
	}
	f.starts[key] = search()
	return f.starts[key]
}

func (s Search) need() slot.Need {
	return slot.Need{Services: s.Services, Ticks: s.Ticks, Internal: s.internal}
}

// claimsByDay reads what is claimed at a location from first to last.
func claimsByDay(ctx context.Context, tx *db.Tx, l *office.Location, first, last slot.Date) (map[slot.Date][]slot.Claim, error) {
	from, _ := first.Bounds(l.Plan.Zone)
	_, until := last.Bounds(l.Plan.Zone)
	taken, err := claims(ctx, tx, l.ID, slot.TickOf(from), slot.TickOf(until), tx.Unix()-keptBack, "")
	if err != nil {
		return nil, err
	}
	byDay := map[slot.Date][]slot.Claim{}
	for _, c := range taken {
		d := slot.DateIn(c.Tick.Unix(), l.Plan.Zone)
		byDay[d] = append(byDay[d], c)
		if next := slot.DateIn(c.Last().Unix(), l.Plan.Zone); next != d {
			byDay[next] = append(byDay[next], c) // it crosses midnight
		}
	}
	return byDay, nil
}

// Catalogue is the tenant's catalogue in force.
func (b *Bookings) Catalogue(ctx context.Context, tenantID string) (*office.Catalogue, error) {
	return b.Offices.Newest(ctx, b.DB, tenantID)
}
