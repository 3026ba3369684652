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
)

// When thousands want the same few times, most come too late. What is here
// lets them know without a transaction, so that they are in nobody's way, and
// has the others share one. It decides about nothing that it is not sure of:
// that is left to the transaction.

// early answers Conflict "booking.taken" when a slot was taken at some moment
// since it was asked for, or else by which day the request waits with others,
// empty when it should not.
func (b *Bookings) early(ctx context.Context, r HoldRequest, cat *office.Catalogue) (string, error) {
	if r.Replaces != "" || r.Leaves != "" { // what is given up may be what is in the way
		return "", nil
	}
	_, w, err := request(cat, r, b.DB.Now())
	if err != nil { // which is the transaction's to say, unless it was a second click
		return "", nil
	}
	date := w.day().date
	d, err := b.day(ctx, w.location, date)
	if err == nil {
		err = stillFree(d, w, b.DB.Now())
	}
	if fault.Of(err) == fault.Conflict && b.clicked(ctx, r) {
		return "", nil
	}
	return fmt.Sprint(w.location.ID, date), err
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
func (b *Bookings) inTime(tx *db.Tx, w wish) error {
	if k := knows(tx, w.day()); k.kept != nil {
		return stillFree(k.kept(), w, tx.Now())
	}
	return stillFree(b.seen.latest(w.location, w.day().date), w, tx.Now())
}

// stillFree answers Conflict "booking.taken" for a start that a day does not
// have. Of a day in other hours it knows nothing.
func stillFree(d *seenDay, w wish, now time.Time) error {
	s := Search{Location: w.location, Services: w.services, Ticks: w.ticks}
	if d != nil && d.plan == w.location.Plan && !slices.Contains(d.starts(s, now), w.start.Unix()) {
		return fault.New(fault.Conflict, "booking.taken")
	}
	return nil
}
