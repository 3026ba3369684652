// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// What clerks change for others follows the citizens' own rules: see Move and
// Cancel. The versions are those of the visit.

// MoveFor puts an appointment at another time, at the location of a key, or at
// its own when the key is empty. Internal hours count, lead time and releases do
// not, and one that was beyond capacity no longer is. Where the mailbox was to be
// confirmed first, this confirms the appointment. It asks for Book at both
// locations.
func (b *Bookings) MoveFor(ctx context.Context, by *staff.Member, appointmentID string, version int64, locationKey string, start int64) error {
	d := deed{action: actionMoved, detail: time.Unix(start, 0).UTC().Format(time.RFC3339), done: func(v *View) bool {
		return v.Start.Unix() == start && (locationKey == "" || v.Location.Key == locationKey)
	}}
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := b.find(ctx, tx, by, staff.Book, appointmentID)
		if err != nil {
			return err
		}
		w, err := b.targetFor(ctx, tx, by, before, locationKey, start)
		if err != nil {
			return err
		}
		v, err := b.lockFor(ctx, tx, by, staff.Book, appointmentID, version, w)
		if err != nil {
			return err
		}
		if v.Tenant.Revision != before.Tenant.Revision {
			return db.ErrRetry // the hours in w are old
		}
		if err := movable(v, tx); err != nil {
			return err
		}
		if v.Start == w.start && v.Location.ID == w.location.ID {
			return nil
		}
		if err := b.moveTo(ctx, tx, v, w, true); err != nil {
			return err
		}
		return record(ctx, tx, by.Actor(), &v.Appointment, d)
	})
	if err == nil {
		b.Wake()
	}
	return b.stale(ctx, by, appointmentID, version, d, err)
}

func (b *Bookings) targetFor(ctx context.Context, tx *db.Tx, by *staff.Member, v *View, locationKey string, start int64) (wish, error) {
	cat, err := b.Offices.Catalogue(ctx, tx, v.TenantID)
	if err != nil {
		return wish{}, err
	}
	w := v.wish(kindAppointment)
	w.internal = true
	if locationKey != "" && locationKey != v.Location.Key {
		l, ok := cat.Location(locationKey)
		if !ok {
			return wish{}, fault.New(fault.NotFound, "location.unknown")
		}
		w.location = l
	}
	if err := by.May(staff.Book, w.location.ID); err != nil {
		return wish{}, err
	}
	if start == v.Start.Unix() && w.location.ID == v.Location.ID {
		return w, nil // a second click; the window does not matter
	}
	w.start, err = startOf(w.location, start, tx.Now(), true)
	return w, err
}

// CancelFor gives an appointment back. It asks for Book.
func (b *Bookings) CancelFor(ctx context.Context, by *staff.Member, appointmentID string, version int64) error {
	d := deed{action: actionCancelled}
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockFor(ctx, tx, by, staff.Book, appointmentID, version)
		if err != nil || v.State == Cancelled {
			return err
		}
		if err := movable(v, tx); err != nil {
			return err
		}
		if err := b.cancel(ctx, tx, v); err != nil {
			return err
		}
		b.countCancelled(tx, v, audit.Staff)
		return record(ctx, tx, by.Actor(), &v.Appointment, d)
	})
	if err == nil {
		b.Wake()
	}
	return b.stale(ctx, by, appointmentID, version, d, err)
}
