// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"cmp"
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// SaveDetails stores checked data under a hold. A hold that had run out is
// held again if its slot is still free; otherwise the answer is Conflict
// "booking.taken" and the data are kept all the same. renewed tells that it
// was held again.
func (b *Bookings) SaveDetails(ctx context.Context, tenantID string, s seal.Secret, d person.Data) (bool, error) {
	var renewed bool
	var lost error
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		renewed, lost = false, nil
		v, err := b.lock(ctx, tx, tenantID, s)
		if err != nil || v.State != Held {
			return err
		}
		if err := b.keep(ctx, tx, v, d); err != nil {
			return err
		}
		if v.RunOut(tx.Now()) {
			if lost, err = b.renew(ctx, tx, v); err != nil {
				return err
			}
			renewed = lost == nil
		}
		return save(ctx, tx, &v.Appointment)
	})
	return renewed && err == nil, cmp.Or(err, lost)
}

// Confirm turns a hold into an appointment and writes its messages, from now
// on in the language l. Confirming again answers the same as the first time. A
// hold that had run out is booked if its slot is still free. It answers Invalid
// with fields when the form is not complete, Conflict "booking.taken" when the
// slot is gone, TooMany "limit.address" when the address has too many
// unverified appointments.
func (b *Bookings) Confirm(ctx context.Context, tenantID string, s seal.Secret, l locale.Lang) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		if err != nil {
			return err
		}
		if v.State != Held {
			return over(v)
		}
		if err := complete(v, tx); err != nil {
			return err
		}
		if err := b.limitAddress(ctx, tx, v); err != nil {
			return err
		}
		v.State, v.Until, v.Lang = Confirmed, 0, l
		w := v.wish(kindAppointment)
		w.until = forever
		if v.Tenant.Booking.ConfirmEmail {
			v.State, v.Until = Unconfirmed, min(tx.Now().Add(v.Tenant.Booking.ConfirmWithin).Unix(), v.Start.Unix())
			w.until = v.Until
		}
		if err := b.reclaim(ctx, tx, v, w); err != nil {
			return err
		}
		if err := save(ctx, tx, &v.Appointment); err != nil {
			return err
		}
		if v.State == Unconfirmed {
			return b.tellCitizen(ctx, tx, v, message.Verify)
		}
		return b.tellBoth(ctx, tx, v, message.Booked)
	})
	if err == nil {
		b.Wake()
	}
	return err
}

// over answers for appointments that are no longer held: nil for those that
// are booked, since that is what was asked for.
func over(v *View) error {
	switch v.State {
	case Cancelled:
		return fault.New(fault.Gone, "booking.cancelled")
	case Expired:
		return fault.New(fault.Gone, "booking.expired")
	}
	return nil
}

func complete(v *View, tx *db.Tx) error {
	var d person.Data
	if v.Person != nil {
		d = v.Person.Data
	}
	if _, fields := person.Check(d, tx.Now()); len(fields) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
	}
	return nil
}

// limitAddress keeps one mailbox, which may be a stranger's, from being filled
// with mail about appointments that nobody has shown to want: it counts those
// that are still to come, and all that were made within a day.
func (b *Bookings) limitAddress(ctx context.Context, tx *db.Tx, v *View) error {
	if v.Person.EmailVerified {
		return nil
	}
	token, err := b.Persons.LockAddress(ctx, tx, v.TenantID, v.Person)
	if err != nil {
		return err
	}
	var n int
	err = tx.QueryRow(ctx, `SELECT COUNT(*) FROM person_token t
		JOIN person p ON p.id = t.person_id JOIN appointment a ON a.person_id = p.id
		WHERE t.tenant_id = $1 AND t.kind = 'email' AND t.token = $2 AND p.email_verified IS NULL
		AND a.state <> 'held' AND (a.created > $3 OR
			(a.state IN ('unconfirmed', 'confirmed') AND (a.until = 0 OR a.until > $4) AND a.start_tick > $5))`,
		v.TenantID, token, tx.Now().Add(-24*time.Hour).Unix(), tx.Unix(), int64(slot.TickOf(tx.Unix()))).Scan(&n)
	if err != nil {
		return fmt.Errorf("count appointments of an address: %w", err)
	}
	if n >= v.Tenant.Booking.UnverifiedPerAddress {
		return fault.New(fault.TooMany, "limit.address", "Max", v.Tenant.Booking.UnverifiedPerAddress)
	}
	return nil
}

// Verify notes that the secret came back from the citizen's mailbox and, where
// the appointment waited for that, confirms it. Doing it twice is fine. When
// the time to confirm was over, the appointment is confirmed if its slot is
// still free; otherwise the answer is Conflict "booking.taken".
func (b *Bookings) Verify(ctx context.Context, tenantID string, s seal.Secret) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		if err != nil {
			return err
		}
		if v.State == Held {
			return fault.New(fault.NotFound, "error.link.text")
		}
		if v.Channel != ChannelMail {
			return fault.New(fault.Forbidden, "booking.verify_by_mail")
		}
		if err := b.Persons.MarkVerified(ctx, tx, v.PersonID); err != nil {
			return err
		}
		if v.State == Cancelled || v.State == Confirmed {
			return over(v)
		}
		v.State, v.Until = Confirmed, 0
		w := v.wish(kindAppointment)
		w.until = forever
		if err := b.reclaim(ctx, tx, v, w); err != nil {
			return err
		}
		if err := save(ctx, tx, &v.Appointment); err != nil {
			return err
		}
		return b.tellBoth(ctx, tx, v, message.Booked)
	})
	if err == nil {
		b.Wake()
	}
	return err
}
