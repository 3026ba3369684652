// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// What is booked beyond capacity gets claims like everything else, on counters
// of their own that are never open. So the promise holds without an exception:
// two that are overbooked at one time have two overflow counters.

// overflowing says that every overflow counter of a location is taken at a time.
type overflowing struct {
	location *office.Location
	have     int
}

func (o *overflowing) Error() string {
	return fmt.Sprintf("all %d overflow counters of location %s are taken", o.have, o.location.ID)
}

// addOverflow makes one more, in a transaction of its own: others have to know
// of a counter before anything is booked on it.
func (b *Bookings) addOverflow(ctx context.Context, tenantID string, full *overflowing) error {
	n := full.have + 1
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		return office.AddOverflow(ctx, tx, tenantID, full.location.ID, n, b.everywhere("visit.overflow", "N", n))
	})
}

// placeFor is place for an appointment that a clerk books; with a reason also
// beyond capacity, which it then notes in the appointment.
func placeFor(ctx context.Context, tx *db.Tx, a *Appointment, reason string) (string, error) {
	w := a.wish(kindAppointment)
	w.until, w.internal = forever, true
	got, err := place(ctx, tx, &w)
	if reason == "" || fault.Of(err) != fault.Conflict {
		return got.counter, err
	}
	if !anyFits(a.Location, a.Location.Plan.Day(w.day().date), w.services, w.start, w.ticks) {
		return "", fault.New(fault.Invalid, "visit.overbook_hours")
	}
	a.Overbooked = reason
	return overflow(ctx, tx, w)
}

// overflow claims the first overflow counter that is free.
func overflow(ctx context.Context, tx *db.Tx, w wish) (string, error) {
	taken, err := claims(ctx, tx, w.location.ID, w.start, w.start+slot.Tick(w.ticks), tx.Unix(), w.owner)
	if err != nil {
		return "", err
	}
	busy := map[string]bool{}
	for _, c := range taken {
		busy[c.Counter] = true
	}
	all := w.location.Overflow()
	for _, c := range all {
		if busy[c.ID] {
			continue
		}
		return c.ID, take(ctx, tx, span{c.ID, w.start, w.ticks, w.owner, w.kind, w.until})
	}
	return "", &overflowing{w.location, len(all)}
}
