// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// OfPerson is every appointment of a record in any state, in the order of time, for
// the person: nothing is left out and nothing recorded.
func (b *Bookings) OfPerson(ctx context.Context, tx *db.Tx, personID string) ([]*View, error) {
	list, err := b.readAll(ctx, tx, deskColumns, deskTables, "a.person_id = $1", personID)
	if err != nil {
		return nil, fmt.Errorf("read the appointments of a person: %w", err)
	}
	return list, nil
}
