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

// SlipAgain is the entry of a slip that is out, to print it once more with its
// secret. It asks for Book, and answers NotFound "visit.unknown", NotFound
// "error.link.text" for a secret that is on no slip of the appointment, and
// Conflict "visit.state".
func (b *Bookings) SlipAgain(ctx context.Context, by *staff.Member, appointmentID string, s seal.Secret) (*Entry, error) {
	var v *View
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if v, err = b.find(ctx, tx, by, staff.Book, appointmentID); err != nil {
			return err
		}
		var n int
		err = tx.QueryRow(ctx, "SELECT COUNT(*) FROM secret WHERE hash = $1 AND appointment_id = $2 AND channel = $3",
			s.Hash(), v.ID, string(ChannelSlip)).Scan(&n)
		if err != nil {
			return fmt.Errorf("select secret of slip: %w", err)
		}
		if n == 0 {
			return fault.New(fault.NotFound, "error.link.text")
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
