// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"cmp"
	"context"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/statistics"
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
		v, err := b.lockHeld(ctx, tx, tenantID, s)
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
// on in the language l. Where the mailbox is to be confirmed and is not verified
// yet, the appointment waits for that. Confirming again answers the same as the first time. A
// hold that had run out is booked if its slot is still free. It answers Invalid
// with fields when the form is not complete, Conflict "booking.taken" when the
// slot is gone, TooMany "limit.person" or "limit.address" when there are too
// many appointments for the same mailbox or telephone already. also is done in
// the same transaction. Who objects to being counted comes with a context of
// statistics.Without.
func (b *Bookings) Confirm(ctx context.Context, tenantID string, s seal.Secret, l locale.Lang, also ...Step) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error { return b.confirm(ctx, tx, tenantID, s, l, also) })
	if err == nil {
		b.Wake()
	}
	return err
}

func (b *Bookings) confirm(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret, l locale.Lang, also []Step) error {
	v, err := b.lockHeld(ctx, tx, tenantID, s)
	if err != nil {
		return err
	}
	if v.State != Held {
		if err := over(v); err != nil {
			return err
		}
		return steps(ctx, tx, also)
	}
	if err := complete(v, tx); err != nil {
		return err
	}
	if err := b.limit(ctx, tx, v); err != nil {
		return err
	}
	if v.Person.EmailVerified { // by whoever is logged in
		if err := b.recognise(ctx, tx, v); err != nil {
			return err
		}
	}
	v.State, v.Until, v.Lang = Confirmed, 0, l
	w := v.wish(kindAppointment)
	w.until = forever
	if v.Tenant.Booking.ConfirmEmail && !v.Person.EmailVerified {
		v.State, v.Until = Unconfirmed, min(tx.Now().Add(v.Tenant.Booking.ConfirmWithin).Unix(), v.Start.Unix())
		w.until = v.Until
	}
	if err := b.reclaim(ctx, tx, v, w); err != nil {
		return err
	}
	if err := save(ctx, tx, &v.Appointment); err != nil {
		return err
	}
	if err := record(ctx, tx, audit.Actor{Kind: audit.Citizen}, &v.Appointment, deed{action: actionBooked}); err != nil {
		return err
	}
	if !statistics.Objected(ctx) {
		b.countBooked(tx, &v.Appointment)
	}
	if v.State == Unconfirmed {
		err = b.tellCitizen(ctx, tx, v, message.Verify)
	} else {
		err = b.tellBoth(ctx, tx, v, message.Booked)
	}
	if err == nil {
		err = steps(ctx, tx, also)
	}
	if err != nil || v.locked {
		return err
	}
	return b.prolonged(ctx, tx, v, w)
}

// prolonged tells caches that the claims of an appointment end later now. It
// comes last: others on the same day wait from here to the commit.
func (b *Bookings) prolonged(ctx context.Context, tx *db.Tx, v *View, w wish) error {
	d := w.day()
	known := knows(tx, d)
	revisions, err := b.lockDays(ctx, tx, d)
	if err != nil {
		return err
	}
	n := revisions[d]
	b.learn(tx, w, v.span(w), n, func() *seenDay { return b.before(known, w, *n) })
	return nil
}

// over answers for appointments that are no longer held: nil for those that
// are booked, whatever has become of the visit, since that is what was asked for.
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

// Verify notes that the secret came back from the citizen's mailbox, if that is
// still the one of the record, and, where
// the appointment waited for that, confirms it. Doing it twice is fine. When
// the time to confirm was over, the appointment is confirmed if its slot is
// still free and the person has not too many others; otherwise the answer is
// Conflict "booking.taken" or TooMany, as of Confirm.
func (b *Bookings) Verify(ctx context.Context, tenantID string, s seal.Secret) error {
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockMailed(ctx, tx, tenantID, s)
		if err != nil {
			return err
		}
		if v.State == Held {
			return fault.New(fault.NotFound, "error.link.text")
		}
		if !v.Channel.mailed() {
			return fault.New(fault.Forbidden, "booking.verify_by_mail")
		}
		if err := b.verified(ctx, tx, v); err != nil {
			return err
		}
		if v.State != Unconfirmed && v.State != Expired {
			return over(v)
		}
		if v.State == Expired || v.RunOut(tx.Now()) { // meanwhile others may have taken its place
			if err := b.limit(ctx, tx, v); err != nil {
				return err
			}
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
		if err := record(ctx, tx, v.actor(), &v.Appointment, deed{action: actionVerified}); err != nil {
			return err
		}
		return b.tellBoth(ctx, tx, v, message.Booked)
	})
	if err == nil {
		b.Wake()
	}
	return err
}
