// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"slices"

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
	Own      string // appointment whose own ticks count as free; may be empty
	Except   int64  // start that is not offered, in unix seconds: where Own is already
}

// SearchFor is the search for a selection of services.
func SearchFor(l *office.Location, sel office.Selection) Search {
	return Search{Location: l, Services: sel.IDs(), Ticks: sel.Ticks()}
}

// SearchMove is the search for another time of an appointment.
func SearchMove(l *office.Location, a *Appointment) Search {
	s := Search{Location: l, Services: a.serviceIDs(), Ticks: a.Ticks, Own: a.ID}
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

// Free lists every day from today to the location's horizon.
func (b *Bookings) Free(ctx context.Context, s Search) ([]FreeDay, error) {
	now := b.DB.Now()
	first := slot.DateIn(now.Unix(), s.Location.Plan.Zone)
	var days []FreeDay
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		days, err = b.free(ctx, tx, s, first, lastDay(s.Location, tx.Now()))
		return err
	})
	return days, err
}

// Next is the first free start at a location in unix seconds, or false when
// there is none up to the horizon.
func (b *Bookings) Next(ctx context.Context, s Search) (int64, bool, error) {
	var next int64
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		last := lastDay(s.Location, tx.Now())
		// Most often something is free soon, so look at a fortnight at a time.
		for from := slot.DateIn(tx.Unix(), s.Location.Plan.Zone); from <= last && next == 0; from = from.AddDays(14) {
			days, err := b.free(ctx, tx, s, from, min(last, from.AddDays(13)))
			if err != nil {
				return err
			}
			for _, d := range days {
				if len(d.Starts) > 0 {
					next = d.Starts[0]
					break
				}
			}
		}
		return nil
	})
	return next, next != 0, err
}

// free searches the days from first to last, both included.
func (b *Bookings) free(ctx context.Context, tx *db.Tx, s Search, first, last slot.Date) ([]FreeDay, error) {
	found, err := b.days(ctx, tx, s, first, last)
	if err != nil {
		return nil, err
	}
	notBefore, notAfter := window(s.Location, tx.Now())
	need := slot.Need{Services: s.Services, Ticks: s.Ticks}
	days := make([]FreeDay, len(found))
	for i, f := range found {
		starts := f.day.Starts(need, f.taken, tx.Unix(), notBefore, notAfter)
		starts = slices.DeleteFunc(starts, func(at int64) bool { return at == s.Except })
		days[i] = FreeDay{Date: first.AddDays(i), Starts: starts}
	}
	return days, nil
}

// days are the days from first to last with what is claimed on them. An
// appointment that looks for another time sees its own ticks as free, so for
// it they are read anew.
func (b *Bookings) days(ctx context.Context, tx *db.Tx, s Search, first, last slot.Date) ([]*snapshot, error) {
	if s.Own == "" {
		return b.seen.of(ctx, tx, s.Location, first, last)
	}
	taken, err := claimsByDay(ctx, tx, s, first, last)
	if err != nil {
		return nil, err
	}
	var found []*snapshot
	for date := first; date <= last; date++ {
		d := s.Location.Plan.Day(date)
		found = append(found, &snapshot{day: d, taken: d.Taken(taken[date])})
	}
	return found, nil
}

// claimsByDay reads what others have at the location from first to last.
func claimsByDay(ctx context.Context, tx *db.Tx, s Search, first, last slot.Date) (map[slot.Date][]slot.Claim, error) {
	zone := s.Location.Plan.Zone
	from, _ := first.Bounds(zone)
	_, until := last.Bounds(zone)
	taken, err := claims(ctx, tx, s.Location.ID, slot.TickOf(from), slot.TickOf(until), tx.Unix()-keptBack, s.Own)
	if err != nil {
		return nil, err
	}
	byDay := map[slot.Date][]slot.Claim{}
	for _, c := range taken {
		d := slot.DateIn(c.Tick.Unix(), zone)
		byDay[d] = append(byDay[d], c)
	}
	return byDay, nil
}

// Catalogue is the tenant's catalogue in force.
func (b *Bookings) Catalogue(ctx context.Context, tenantID string) (*office.Catalogue, error) {
	var cat *office.Catalogue
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		cat, err = b.Offices.Catalogue(ctx, tx, tenantID)
		return err
	})
	return cat, err
}
