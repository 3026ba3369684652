// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/statistics"
)

// Move puts an appointment at another time, at the location of a key, or at
// its own when the key is empty. The reference and all links stay. The old
// time is given up only if the new one is sure, in the same transaction; ticks
// that both have in common stay claimed throughout. Moving to where it is
// already does nothing. It answers Conflict "booking.taken" when the new time
// is not free, Gone when the appointment is over.
func (b *Bookings) Move(ctx context.Context, tenantID string, s seal.Secret, location string, start int64) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := b.open(ctx, tx, tenantID, s)
		if err != nil {
			return err
		}
		w, err := b.target(ctx, tx, before, location, start)
		if err != nil {
			return err
		}
		if err := b.lockReach(ctx, tx, before); err != nil { // before days
			return err
		}
		v, err := b.lock(ctx, tx, tenantID, s, w)
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
		if err := b.move(ctx, tx, v, w); err != nil {
			return err
		}
		return record(ctx, tx, v.actor(), &v.Appointment, deed{action: actionMoved})
	})
	if err == nil {
		b.Wake()
	}
	return err
}

func (b *Bookings) target(ctx context.Context, tx *db.Tx, v *View, location string, start int64) (wish, error) {
	cat, err := b.Offices.Catalogue(ctx, tx, v.TenantID)
	if err != nil {
		return wish{}, err
	}
	w := v.wish(kindAppointment)
	if location != "" {
		l, ok := cat.Location(location)
		if !ok {
			return wish{}, fault.New(fault.NotFound, "location.unknown")
		}
		w.location = l
	}
	if start == v.Start.Unix() && w.location.ID == v.Location.ID {
		return w, nil // a second click; the window does not matter
	}
	w.start, err = startOf(w.location, start, tx.Now(), false)
	return w, err
}

// maxBlindMoves is how often an appointment may be moved, from the page where it
// was booked or from an account, by people who have not shown that the mailbox is
// theirs: each move sends it a mail.
const maxBlindMoves = 5

func (b *Bookings) move(ctx context.Context, tx *db.Tx, v *View, w wish) error {
	blind := v.Channel == ChannelPage || v.Channel == ChannelAccount
	if blind && !v.Person.EmailVerified && v.Sequence >= maxBlindMoves {
		return fault.New(fault.TooMany, "limit.moves")
	}
	if err := b.verified(ctx, tx, v); err != nil {
		return err
	}
	// A link that came from the mailbox is the sign that was waited for.
	return b.moveTo(ctx, tx, v, w, v.Channel.mailed())
}

// moveTo moves an appointment, and confirms it where that is the sign that was
// waited for.
func (b *Bookings) moveTo(ctx context.Context, tx *db.Tx, v *View, w wish, confirms bool) error {
	was := *v
	if v.State == Unconfirmed && confirms {
		v.State, v.Until = Confirmed, 0
	}
	w.until = forever
	if v.State == Unconfirmed {
		v.Until = min(v.Until, w.start.Unix())
		w.until = v.Until
	}
	keep, err := place(ctx, tx, &w)
	if err != nil {
		return err
	}
	if err := leave(ctx, tx, v.Tenant.Booking, v.ID, keep); err != nil {
		return err
	}
	v.was = was.Begin()
	if err := put(&v.Appointment, w, keep.counter); err != nil {
		return err
	}
	v.Sequence++
	if err := save(ctx, tx, &v.Appointment); err != nil {
		return err
	}
	return b.tellMoved(ctx, tx, v, &was)
}

// Cancel gives an appointment back. Cancelling twice is fine. It answers Gone
// "booking.past" once it has begun. Who objects to being counted comes with a
// context of statistics.Without.
func (b *Bookings) Cancel(ctx context.Context, tenantID string, s seal.Secret) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockMailed(ctx, tx, tenantID, s)
		if err != nil || v.State == Cancelled {
			return err
		}
		if err := movable(v, tx); err != nil {
			return err
		}
		if err := b.verified(ctx, tx, v); err != nil {
			return err
		}
		if err := b.cancel(ctx, tx, v); err != nil {
			return err
		}
		if !statistics.Objected(ctx) {
			b.countCancelled(tx, v, v.actor().Kind)
		}
		return record(ctx, tx, v.actor(), &v.Appointment, deed{action: actionCancelled})
	})
	if err == nil {
		b.Wake()
	}
	return err
}

func (b *Bookings) cancel(ctx context.Context, tx *db.Tx, v *View) error {
	if err := leave(ctx, tx, v.Tenant.Booking, v.ID, span{}); err != nil {
		return err
	}
	known := v.State == Confirmed // the office has heard of it
	v.State, v.Until = Cancelled, 0
	v.Sequence++
	if err := save(ctx, tx, &v.Appointment); err != nil {
		return err
	}
	if err := b.tellCitizen(ctx, tx, v, message.Cancelled); err != nil || !known {
		return err
	}
	return b.tellOffice(ctx, tx, v, message.Cancelled)
}

// movable answers why an appointment can no longer be changed.
func movable(v *View, tx *db.Tx) error {
	switch {
	case v.State == Held:
		return fault.New(fault.NotFound, "error.link.text")
	case v.State == Arrived || v.State == Called:
		return fault.New(fault.Gone, "visit.here")
	case v.State == Served || v.State == NoShow:
		return fault.New(fault.Gone, "booking.past")
	case !v.Active():
		return over(v)
	case v.RunOut(tx.Now()):
		return fault.New(fault.Gone, "booking.expired")
	case v.Start.Unix() <= tx.Unix():
		return fault.New(fault.Gone, "booking.past")
	}
	return nil
}

// verified notes that a link from the citizen's mailbox was used to change
// something. From then on the citizen is known; see recognise.
func (b *Bookings) verified(ctx context.Context, tx *db.Tx, v *View) error {
	if v.Channel != ChannelMail {
		return nil
	}
	if err := b.lockReach(ctx, tx, v); err != nil { // before the record
		return err
	}
	if err := b.Persons.MarkVerified(ctx, tx, v.PersonID); err != nil {
		return err
	}
	return b.recognise(ctx, tx, v)
}
