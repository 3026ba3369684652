// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"fmt"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"

	"golang.org/x/net/idna"
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

// LockAddress makes everyone wait who counts something about p's e-mail
// address at the same time, so that two of them do not both see the last free
// place. It returns the address's token, by which to count.
func (v *Vault) LockAddress(ctx context.Context, tx *db.Tx, tenantID string, p *Person) ([]byte, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	token := emailToken(tenant, p.Data.Email)
	// Ids are in time order, so the first one is the same for all who ask.
	var first string
	err = tx.QueryRow(ctx, `SELECT person_id FROM person_token WHERE tenant_id = $1 AND kind = 'email' AND token = $2
		ORDER BY person_id LIMIT 1`+tx.ForUpdate(), tenantID, token).Scan(&first)
	if db.IsNoRows(err) {
		return nil, db.ErrRetry // deleted while this waited; p itself is there
	}
	if err != nil {
		return nil, fmt.Errorf("lock address: %w", err)
	}
	return token, nil
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
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = ascii
	}
	return strings.ReplaceAll(local, ".", "") + "@" + domain
}
