// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

const actionSlip audit.Action = "appointment.slip"

// Slip makes a new secret for the printed slip of a coming appointment, for
// somebody who has no mailbox or has lost the mail. Those that are out stay
// good. It asks for Book, and answers NotFound "visit.unknown" and Conflict
// "visit.state".
func (b *Bookings) Slip(ctx context.Context, by *staff.Member, appointmentID string) (*Entry, seal.Secret, error) {
	secret := seal.NewSecret()
	e, err := b.slip(ctx, by, appointmentID, func(tx *db.Tx) error { return addSecret(ctx, tx, appointmentID, ChannelSlip, secret) })
	if err != nil {
		return nil, "", err
	}
	return e, secret, nil
}

// SlipAgain is the entry of a slip that is out, to print it once more with its
// secret. It answers like Slip, and NotFound "error.link.text" for a secret that
// is on no slip of the appointment.
func (b *Bookings) SlipAgain(ctx context.Context, by *staff.Member, appointmentID string, s seal.Secret) (*Entry, error) {
	return b.slip(ctx, by, appointmentID, func(tx *db.Tx) error {
		var n int
		err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM secret WHERE hash = $1 AND appointment_id = $2 AND channel = $3",
			s.Hash(), appointmentID, string(ChannelSlip)).Scan(&n)
		if err != nil {
			return fmt.Errorf("select secret of slip: %w", err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "error.link.text")
		}
		return nil
	})
}

// slip records that a slip of an appointment is printed, once its secret is there.
func (b *Bookings) slip(ctx context.Context, by *staff.Member, appointmentID string, secret func(*db.Tx) error) (*Entry, error) {
	var v *View
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if v, err = b.find(ctx, tx, by, staff.Book, appointmentID); err != nil {
			return err
		}
		if err := secret(tx); err != nil {
			return err
		}
		if !v.Active() {
			return b.wrongState(v)
		}
		return audit.Append(ctx, tx, entryAbout(by.Actor(), &v.Appointment, deed{action: actionSlip}))
	})
	if err != nil {
		return nil, err
	}
	return entry(v, &fitting{}), nil
}
