// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// When thousands want the same few times, most come too late. What is here
// lets them know without a transaction, so that they are in nobody's way, and
// lines up the others. It decides about nothing that it is not sure of: that
// is left to the transaction.

// turn waits until it is worth trying to hold a slot. The result has to be
// called when that is done. It answers Conflict "booking.taken" when the slot
// was taken at some moment since it was asked.
func (b *Bookings) turn(ctx context.Context, r HoldRequest, cat *office.Catalogue) (func(), error) {
	s, start, sure := attempt(r, cat, b.DB.Now())
	if !sure {
		return func() {}, nil
	}
	date := slot.DateIn(start.Unix(), s.Location.Plan.Zone)
	d, err := b.day(ctx, s.Location, date)
	if err == nil {
		err = b.stillFree(d, s, start)
	}
	var leave func()
	if err == nil {
		leave, err = b.DB.Queue(ctx, fmt.Sprint(s.Location.ID, date), func() error {
			return b.stillFree(b.seen.latest(s.Location, date), s, start)
		})
	}
	if fault.Of(err) != fault.Conflict {
		return leave, err
	}
	if r.Once != "" {
		if _, unknown := b.Open(ctx, r.TenantID, r.Once); unknown == nil { // a second click, which finds the first one's hold
			return func() {}, nil
		}
	}
	return nil, err
}

// attempt is what a request looks for, and false when that is not so clear.
func attempt(r HoldRequest, cat *office.Catalogue, now time.Time) (Search, slot.Tick, bool) {
	if r.Replaces != "" || r.Leaves != "" { // what is given up may be what is in the way
		return Search{}, 0, false
	}
	sel, err1 := cat.Select(r.Wanted)
	location, ok := cat.Location(r.Location)
	if err1 != nil || !ok {
		return Search{}, 0, false
	}
	start, err2 := startOf(location, r.Start, now)
	return SearchFor(location, sel), start, err2 == nil
}

// stillFree answers Conflict "booking.taken" for a start that a day does not
// have. Of a day in other hours it knows nothing.
func (b *Bookings) stillFree(d *seenDay, s Search, start slot.Tick) error {
	if d != nil && d.plan == s.Location.Plan && !slices.Contains(d.starts(s, b.DB.Now()), start.Unix()) {
		return fault.New(fault.Conflict, "booking.taken")
	}
	return nil
}
