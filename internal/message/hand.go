// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
)

// Owner is a person whose key seals messages.
type Owner struct {
	PersonID string
	Key      *seal.Key
}

// Hand gives the messages of an appointment from one person to another. Those
// that were not sent yet are sealed anew.
//
// A worker that has such a message in hand no longer opens it, or has done so
// before and sends it. Counting an attempt makes its record of a failure void:
// the message stays in the queue, and the next round opens it.
func Hand(ctx context.Context, tx *db.Tx, appointmentID string, from, to Owner) error {
	type row struct {
		id     string
		sealed []byte
	}
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (row, error) {
		var r row
		return r, scan(&r.id, &r.sealed)
	}, "SELECT id, sealed FROM message WHERE appointment_id = $1 AND person_id = $2 ORDER BY id"+tx.ForUpdate(),
		appointmentID, from.PersonID)
	if err != nil {
		return fmt.Errorf("read messages of appointment %s: %w", appointmentID, err)
	}
	for _, r := range list {
		q, sealed := "UPDATE message SET person_id = $2, sealed = $3 WHERE id = $1", []byte(nil)
		if r.sealed != nil {
			plain, err := from.Key.Open(r.sealed, Bound(r.id))
			if err != nil {
				return fmt.Errorf("message %s: %w", r.id, err)
			}
			q, sealed = "UPDATE message SET person_id = $2, sealed = $3, attempts = attempts + 1 WHERE id = $1", to.Key.Seal(plain, Bound(r.id))
		}
		if _, err := tx.Exec(ctx, q, r.id, to.PersonID, sealed); err != nil {
			return fmt.Errorf("hand over message %s: %w", r.id, err)
		}
	}
	return nil
}
