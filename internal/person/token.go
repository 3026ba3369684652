// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"fmt"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
)

// setTokens replaces the keyed hashes by which a record is found.
func setTokens(ctx context.Context, tx *db.Tx, tenantID string, tenant *seal.Key, p *Person) error {
	if _, err := tx.Exec(ctx, "DELETE FROM person_token WHERE person_id = $1", p.ID); err != nil {
		return fmt.Errorf("delete tokens: %w", err)
	}
	_, err := tx.Exec(ctx, "INSERT INTO person_token (tenant_id, kind, token, person_id) VALUES ($1, 'email', $2, $3)",
		tenantID, emailToken(tenant, p.Data.Email), p.ID)
	if err != nil {
		return fmt.Errorf("insert token: %w", err)
	}
	return nil
}

// LockUnverified locks the unverified records that have the same e-mail
// address as p, p included, in the order of their ids, and returns those ids.
// Whoever counts something per address holds this lock until commit, so that
// two who count at once do not both see the last free place.
func (v *Vault) LockUnverified(ctx context.Context, tx *db.Tx, tenantID string, p *Person) ([]string, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	id := func(scan db.Scan) (string, error) {
		var s string
		err := scan(&s)
		return s, err
	}
	ids, err := db.Collect(ctx, tx, id, `SELECT id FROM person WHERE email_verified IS NULL AND id IN
		(SELECT person_id FROM person_token WHERE tenant_id = $1 AND kind = 'email' AND token = $2)
		ORDER BY id`+tx.ForUpdate(), tenantID, emailToken(tenant, p.Data.Email))
	if err != nil {
		return nil, fmt.Errorf("select persons of one address: %w", err)
	}
	return ids, nil
}

func emailToken(tenant *seal.Key, email string) []byte {
	return tenant.Derive("person token").Token("email:" + normalEmail(email))
}

// normalEmail makes spellings equal that reach one mailbox at most providers:
// case, a part behind "+", dots before the "@". Only counting uses it; mail
// goes to the address as it was typed.
func normalEmail(s string) string {
	local, domain, _ := strings.Cut(strings.ToLower(strings.TrimSpace(s)), "@")
	local, _, _ = strings.Cut(local, "+")
	return strings.ReplaceAll(local, ".", "") + "@" + domain
}
