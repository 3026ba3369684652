// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// Held is what is kept of how the owner of an account logs in.
type Held struct {
	Factors
	Links  []int64 // unix seconds: until when links can be used that set a password
	Logins []Login // with the addresses that are still there, the newest first
}

// Held is for the owner, who may see all of it. It answers NotFound.
func (l *Logins) Held(ctx context.Context, tx *db.Tx, tenantID, ownerID string) (*Held, error) {
	one, err := l.account(ctx, tx, tenantID, ownerID, toLook)
	if err != nil {
		return nil, err
	}
	h := &Held{}
	if h.Factors, err = l.factors(ctx, tx, one); err != nil {
		return nil, err
	}
	h.Links, err = db.Collect(ctx, tx, func(scan db.Scan) (int64, error) {
		var until int64
		return until, scan(&until)
	}, "SELECT until FROM credential_link WHERE owner_id = $1 ORDER BY until", ownerID)
	if err != nil {
		return nil, fmt.Errorf("read links of an account: %w", err)
	}
	h.Logins, err = logins(ctx, tx, one.Tenant, "l.owner_id = $1 ORDER BY l.id DESC", ownerID)
	return h, err
}
