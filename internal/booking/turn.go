// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// When thousands want the same few times, most come too late. What is here
// lets them know without a transaction, so that they are in nobody's way, and
// has the others share one. It decides about nothing that it is not sure of:
// that is left to the transaction.

// early answers Conflict "booking.taken" when a slot was taken at some moment
// since it was asked for, or else by which day the request waits with others,
// empty when it should not.
func (b *Bookings) early(ctx context.Context, r HoldRequest, cat *office.Catalogue) (string, error) {
	s, start, sure := attempt(r, cat, b.DB.Now())
	if !sure {
		return "", nil
	}
	date := slot.DateIn(start.Unix(), s.Location.Plan.Zone)
	d, err := b.day(ctx, s.Location, date)
	if err == nil {
		err = stillFree(d, s, start, b.DB.Now())
	}
	if fault.Of(err) == fault.Conflict && b.clicked(ctx, r) {
		return "", nil
	}
	return fmt.Sprint(s.Location.ID, date), err
}

// clicked tells whether the form has been used before: then the slot may be
// taken by the hold that it led to.
func (b *Bookings) clicked(ctx context.Context, r HoldRequest) bool {
	if r.Once == "" {
		return false
	}
	_, unknown := b.Open(ctx, r.TenantID, r.Once)
	return unknown == nil
}

// inTime is early for those who come to their turn after others on the same day,
// who may just have taken the slot.
func (b *Bookings) inTime(tx *db.Tx, r HoldRequest, cat *office.Catalogue) error {
	s, start, sure := attempt(r, cat, tx.Now())
	if !sure {
		return nil
	}
	d := day{s.Location.ID, slot.DateIn(start.Unix(), s.Location.Plan.Zone)}
	if k := knows(tx, d); k.kept != nil {
		return stillFree(k.kept(), s, start, tx.Now())
	}
	return stillFree(b.seen.latest(s.Location, d.date), s, start, tx.Now())
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
func stillFree(d *seenDay, s Search, start slot.Tick, now time.Time) error {
	if d != nil && d.plan == s.Location.Plan && !slices.Contains(d.starts(s, now), start.Unix()) {
		return fault.New(fault.Conflict, "booking.taken")
	}
	return nil
}
