// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"

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
	now, next := b.DB.Now().Unix(), int64(0)
	h, err := b.horizon(ctx, s.Location)
	if err != nil {
		return 0, false, err
	}
	for i := fewest; i < len(h.days); i++ {
		// A day is released at most so many days before, so that days further on
		// come later than what was found.
		if next != 0 && h.first.AddDays(i-most) > slot.DateIn(next, plan.Zone) {
			break
		}
		d := h.days[i]
		at, ok := d.day.NextRelease(s.need(), d.taken, now, int64(s.Location.Lead.Seconds()))
		if ok && (next == 0 || at < next) {
			next = at
		}
	}
	return next, next != 0, nil
}
