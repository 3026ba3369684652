// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"cmp"
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// secondClick is how soon after the first, in seconds, asking for more time
// again is taken for the same click.
const secondClick = 2

// Extend prolongs a hold by the tenant's hold time, up to the tenant's number
// of times, and keeps what was typed so far, checked or not. A hold that had
// run out is held again if its slot is still free. It answers Gone
// "booking.extensions" when the number is used up and Conflict "booking.taken"
// when the slot is gone; what was typed is kept all the same.
func (b *Bookings) Extend(ctx context.Context, tenantID string, s seal.Secret, typed *person.Data) error {
	var lost error
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		lost = nil
		if err != nil || v.State != Held {
			return err
		}
		if typed != nil {
			if err := b.keep(ctx, tx, v, *typed); err != nil {
				return err
			}
		}
		if v.Until-tx.Unix() < int64(v.Tenant.Booking.Hold.Seconds())-secondClick {
			if lost, err = b.extend(ctx, tx, v); err != nil {
				return err
			}
		}
		return save(ctx, tx, &v.Appointment)
	})
	return cmp.Or(err, lost)
}

// extend is renew for people who ask for more time, which they may do only so
// often.
func (b *Bookings) extend(ctx context.Context, tx *db.Tx, v *View) (error, error) {
	if v.Extensions >= v.Tenant.Booking.MaxExtensions {
		return fault.New(fault.Gone, "booking.extensions"), nil
	}
	lost, err := b.renew(ctx, tx, v)
	if lost == nil && err == nil {
		v.Extensions++
	}
	return lost, err
}

// renew holds the slot for the tenant's hold time from now on, again if the
// hold had run out. The first error is the answer when that cannot be; nothing
// was changed then, so the transaction may commit what was typed.
func (b *Bookings) renew(ctx context.Context, tx *db.Tx, v *View) (error, error) {
	w := v.wish(kindHold)
	w.until = min(tx.Now().Add(v.Tenant.Booking.Hold).Unix(), v.Start.Unix())
	err := b.reclaim(ctx, tx, v, w)
	if k := fault.Of(err); k == fault.Conflict || k == fault.Gone {
		return err, nil
	}
	if err != nil {
		return nil, err
	}
	v.Until = w.until
	return nil, nil
}

// reclaim prolongs the claims of an appointment; where they have run out it
// locks the day and takes the same time again, on any counter. It answers Gone
// "booking.past" once the appointment would have begun.
func (b *Bookings) reclaim(ctx context.Context, tx *db.Tx, v *View, w wish) error {
	if v.Start.Unix() <= tx.Unix() {
		return fault.New(fault.Gone, "booking.past")
	}
	ok, err := prolong(ctx, tx, v.span(w))
	if err != nil || ok {
		return err
	}
	if !v.locked {
		if _, err := b.lockDays(ctx, tx, v.day()); err != nil {
			return err
		}
		v.locked = true
	}
	if err := drop(ctx, tx, v.ID); err != nil {
		return err
	}
	got, err := place(ctx, tx, &w)
	if err != nil {
		return err
	}
	return put(&v.Appointment, w, got.counter)
}

// span is what an appointment has, as a wish wants it.
func (v *View) span(w wish) span {
	return span{v.Counter.ID, v.Start, v.Ticks, v.ID, w.kind, w.until}
}

// Release gives a held slot back at once. What was typed, checked or not, is
// kept for a while, in case the visitor takes another time. Doing it twice is
// fine. also is done in the same transaction.
func (b *Bookings) Release(ctx context.Context, tenantID string, s seal.Secret, typed *person.Data, also ...Step) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		if err := b.letGo(ctx, tx, tenantID, s, typed); err != nil {
			return err
		}
		return steps(ctx, tx, also)
	})
}

func (b *Bookings) letGo(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret, typed *person.Data) error {
	v, err := b.lock(ctx, tx, tenantID, s)
	if err != nil || v.State != Held {
		return err
	}
	if typed != nil {
		if err := b.keep(ctx, tx, v, *typed); err != nil {
			return err
		}
		if err := save(ctx, tx, &v.Appointment); err != nil {
			return err
		}
	}
	return b.release(ctx, tx, tenantID, v.ID)
}

func (b *Bookings) release(ctx context.Context, tx *db.Tx, tenantID, id string) error {
	v, err := b.load(ctx, tx, tenantID, id)
	if err != nil || v.State != Held {
		return err
	}
	if err := drop(ctx, tx, v.ID); err != nil {
		return err
	}
	v.Until = min(v.Until, tx.Unix())
	return save(ctx, tx, &v.Appointment)
}

// keep stores what was typed under the hold.
func (b *Bookings) keep(ctx context.Context, tx *db.Tx, v *View, d person.Data) error {
	if v.Person != nil {
		return b.Persons.Update(ctx, tx, v.TenantID, v.Person, d)
	}
	p, err := b.Persons.Create(ctx, tx, v.TenantID, d)
	if err != nil {
		return err
	}
	v.PersonID, v.Person = p.ID, p
	return nil
}
