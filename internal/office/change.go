// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// SetSecondFactor says whether those who work at a tenant must have a second
// factor. The next import says so again, as its file does.
func SetSecondFactor(ctx context.Context, tx *db.Tx, tenantID string, must bool) error {
	_, err := tx.Exec(ctx, "UPDATE tenant SET second_factor = $2, revision = revision + 1 WHERE id = $1", tenantID, must)
	if err != nil {
		return fmt.Errorf("set second factor of tenant %s: %w", tenantID, err)
	}
	return nil
}
