// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
)

// NextRelease is the next instant, in unix seconds, at which starts for a search
// are released at its location, or false when none is known. It looks at the days
// that are released within the location's horizon.
func (b *Bookings) NextRelease(ctx context.Context, s Search) (int64, bool, error) {
	plan := s.Location.Plan
	fewest, most, staged := plan.Ahead(s.Services)
	if !staged {
		return 0, false, nil
	}
	var next int64
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		next = 0
		from := slot.DateIn(tx.Unix(), plan.Zone).AddDays(fewest)
		last := lastDay(s.Location, tx.Now()).AddDays(most)
		// A day is released at most so many days before, so that days further on
		// come later than what was found. A fortnight at a time is enough mostly.
		for ; from <= last && (next == 0 || from.AddDays(-most) <= slot.DateIn(next, plan.Zone)); from = from.AddDays(14) {
			found, err := b.nextRelease(ctx, tx, s, from, min(last, from.AddDays(13)))
			if err != nil {
				return err
			}
			if next == 0 || found != 0 && found < next {
				next = found
			}
		}
		return nil
	})
	return next, next != 0, err
}

// nextRelease is the earliest one of the days from first to last, or 0.
func (b *Bookings) nextRelease(ctx context.Context, tx *db.Tx, s Search, first, last slot.Date) (int64, error) {
	found, err := b.days(ctx, tx, s, first, last)
	if err != nil {
		return 0, err
	}
	need := slot.Need{Services: s.Services, Ticks: s.Ticks}
	var next int64
	for _, f := range found {
		at, ok := f.day.NextRelease(need, f.taken, tx.Unix(), int64(s.Location.Lead.Seconds()))
		if ok && (next == 0 || at < next) {
			next = at
		}
	}
	return next, nil
}
