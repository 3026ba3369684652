// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
)

// Overflow lists the counters for what is booked beyond capacity, in the order
// in which they were made.
func (l *Location) Overflow() []*Counter {
	var found []*Counter
	for i := range l.Counters {
		if c := &l.Counters[i]; c.Overflow && !c.Retired {
			found = append(found, c)
		}
	}
	return found
}

// AddOverflow makes the n-th overflow counter of a location, counted from 1,
// and does nothing if there is one. Its key is none that a file can have. Names
// are shown to the office.
func AddOverflow(ctx context.Context, tx *db.Tx, tenantID, locationID string, n int, name locale.Text) error {
	made, err := tx.Exec(ctx, `INSERT INTO counter (id, location_id, key, position, retired, name, office_mail, overflow)
		SELECT $1, id, $3, $4, FALSE, $5, '', TRUE FROM location WHERE id = $2 AND tenant_id = $6
		ON CONFLICT (location_id, key) DO NOTHING`, db.NewID(), locationID, fmt.Sprintf("+%d", n), n, name, tenantID)
	if err != nil {
		return fmt.Errorf("insert overflow counter at location %s: %w", locationID, err)
	}
	if made == 0 {
		return nil
	}
	return raiseRevision(ctx, tx, tenantID)
}

// raiseRevision tells everyone who keeps the tenant's catalogue that it is old.
func raiseRevision(ctx context.Context, tx *db.Tx, tenantID string) error {
	if _, err := tx.Exec(ctx, "UPDATE tenant SET revision = revision + 1 WHERE id = $1", tenantID); err != nil {
		return fmt.Errorf("raise revision of tenant %s: %w", tenantID, err)
	}
	return nil
}
