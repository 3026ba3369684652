// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

const actionSlip audit.Action = "appointment.slip"

// Slip makes a new secret for the printed slip of a coming appointment, for
// somebody who has no mailbox or has lost the mail. Those that are out stay
// good. It asks for Book, and answers NotFound "visit.unknown" and Conflict
// "visit.state".
func (b *Bookings) Slip(ctx context.Context, by *staff.Member, appointmentID string) (*Entry, seal.Secret, error) {
	var v *View
	secret := seal.NewSecret()
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if v, err = b.find(ctx, tx, by, staff.Book, appointmentID); err != nil {
			return err
		}
		if !v.Active() {
			return b.wrongState(v)
		}
		if err := addSecret(ctx, tx, v.ID, ChannelSlip, secret); err != nil {
			return err
		}
		return audit.Append(ctx, tx, entryAbout(by.Actor(), &v.Appointment, deed{action: actionSlip}))
	})
	if err != nil {
		return nil, "", err
	}
	return entry(v, &fitting{}), secret, nil
}
