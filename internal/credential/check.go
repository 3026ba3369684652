// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"encoding/json"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/session"
)

// Check proves for the accounts of one kind at a tenant that each has its row
// there, and that everything sealed opens with the tenant's key and for its own
// row. wrong is told of what: "credential" for a row that is missing, "code",
// "passkey"; and of which account. The error is the database's.
func Check(ctx context.Context, tx *db.Tx, k session.Kind, t *Tenant, owners []string, wrong func(what, ownerID string)) error {
	missing := map[string]bool{}
	for _, id := range owners {
		missing[id] = true
	}
	ours := map[string]bool{} // others may be of another kind
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var code []byte
		if err := scan(&id, &code); err != nil || !missing[id] {
			return struct{}{}, err
		}
		delete(missing, id)
		ours[id] = true
		if _, err := t.Data.Open(code, boundCode(k, id)); code != nil && err != nil {
			wrong("code", id)
		}
		return struct{}{}, nil
	}, "SELECT owner_id, totp FROM credential WHERE tenant_id = $1 ORDER BY owner_id", t.ID)
	if err != nil {
		return fmt.Errorf("read credentials: %w", err)
	}
	for _, id := range owners {
		if missing[id] {
			wrong("credential", id)
		}
	}
	_, err = db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var owner string
		var id, sealed []byte
		if err := scan(&owner, &id, &sealed); err != nil || !ours[owner] {
			return struct{}{}, err
		}
		plain, err := t.Data.Open(sealed, boundPasskey(k, owner, id))
		if err != nil || json.Unmarshal(plain, &sealedKey{}) != nil {
			wrong("passkey", owner)
		}
		return struct{}{}, nil
	}, `SELECT p.owner_id, p.id, p.sealed FROM passkey p JOIN credential c ON c.owner_id = p.owner_id
		WHERE c.tenant_id = $1 ORDER BY p.owner_id, p.id`, t.ID)
	if err != nil {
		return fmt.Errorf("read passkeys: %w", err)
	}
	return nil
}
