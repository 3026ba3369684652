// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// Old are the mails of a tenant that were sent, or given up, at an instant or before.
var Old = db.Aged{Table: "message", Key: "id", Where: "tenant_id = $1 AND state <> 'queued' AND COALESCE(sent, due) <= $2", Order: "COALESCE(sent, due)"}

// DeleteOfPerson deletes the mails that are sealed under a person's key, sent or not.
func DeleteOfPerson(ctx context.Context, tx *db.Tx, personID string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM message WHERE person_id = $1", personID); err != nil {
		return fmt.Errorf("delete mails of a person: %w", err)
	}
	return nil
}
