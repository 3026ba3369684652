// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// Old are the entries of a tenant from an instant or before.
var Old = db.Aged{Table: "audit", Key: "id", Where: "tenant_id = $1 AND at <= $2", Order: "at", Parts: []db.Part{{Table: "audit_also", Column: "audit_id"}}}

// OldCounts are what CountDeleted noted on the day of an instant or before.
var OldCounts = db.Aged{Table: "deletion", Key: "day", Where: "tenant_id = $1 AND day <= $2 / 86400", Order: "day"}

// CountDeleted notes that n records of a class are deleted in this transaction. How
// many a day is all that stays of them.
func CountDeleted(ctx context.Context, tx *db.Tx, tenantID string, c *privacy.Class, n int) error {
	if n == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `INSERT INTO deletion (tenant_id, day, class, amount) VALUES ($1, $2, $3, $4)
		ON CONFLICT (tenant_id, day, class) DO UPDATE SET amount = deletion.amount + excluded.amount`, tenantID, tx.Unix()/86400, c.Key, n)
	if err != nil {
		return fmt.Errorf("count what is deleted: %w", err)
	}
	return nil
}

// Deleted is how many records of a class were deleted on a day (UTC).
type Deleted struct {
	Day   slot.Date
	Class string
	N     int
}

// DeletedSince lists what was deleted at a tenant from a day (UTC) on, the last day first.
func DeletedSince(ctx context.Context, tx *db.Tx, tenantID string, from slot.Date) ([]Deleted, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Deleted, error) {
		var d Deleted
		return d, scan(&d.Day, &d.Class, &d.N)
	}, "SELECT day, class, amount FROM deletion WHERE tenant_id = $1 AND day >= $2 ORDER BY day DESC, class", tenantID, int64(from))
	if err != nil {
		return nil, fmt.Errorf("read what was deleted: %w", err)
	}
	return list, nil
}
