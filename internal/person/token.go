// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
)

// Tokens are the keyed hashes by which records are found that are reached in
// the same way: equal ones mean the same mailbox, or the same telephone, in
// whatever spelling. One is nil while there is nothing valid to make it of.
type Tokens struct{ Email, Phone []byte }

// kinds are the tokens' names in the database, in the order in which everybody
// locks them, so that nobody waits in a circle.
var kinds = [...]string{"email", "phone"}

func (t Tokens) of(kind string) []byte {
	if kind == "phone" {
		return t.Phone
	}
	return t.Email
}

func (t Tokens) equal(u Tokens) bool {
	return bytes.Equal(t.Email, u.Email) && bytes.Equal(t.Phone, u.Phone)
}

func tokensOf(tenant *seal.Key, d Data) Tokens {
	var t Tokens
	key := tenant.Derive("person token")
	if s, ok := clean(d.Email); ok && validEmail(s) {
		t.Email = key.Token("email:" + normalEmail(s))
	}
	if s, ok := clean(d.Phone); ok {
		if n, ok := parsePhone(s); ok {
			t.Phone = key.Token("phone:" + phonenumbers.Format(n, phonenumbers.E164))
		}
	}
	return t
}

func insertTokens(ctx context.Context, tx *db.Tx, tenantID, id string, t Tokens) error {
	args := []any{tenantID, id}
	var rows []string
	for _, kind := range kinds {
		if token := t.of(kind); token != nil {
			args = append(args, kind, token)
			rows = append(rows, fmt.Sprintf("($1, $2, $%d, $%d)", len(args)-1, len(args)))
		}
	}
	if len(rows) == 0 {
		return nil
	}
	err := tx.Later(ctx, nil, "INSERT INTO person_token (tenant_id, person_id, kind, token) VALUES "+strings.Join(rows, ", "), args...)
	if err != nil {
		return fmt.Errorf("insert tokens: %w", err)
	}
	return nil
}

func deleteTokens(ctx context.Context, tx *db.Tx, id string) error {
	for _, kind := range kinds {
		if _, err := tx.Exec(ctx, "DELETE FROM person_token WHERE person_id = $1 AND kind = $2", id, kind); err != nil {
			return fmt.Errorf("delete tokens: %w", err)
		}
	}
	return nil
}

// LockTokens makes everyone wait who counts something about p's mailbox or
// telephone at the same time, so that two of them do not both see the last
// free place. It returns the tokens, by which to count in a later statement.
//
// It locks all rows with one of these tokens, not only the first: a record may
// come to a number after it was made, and would then be the first while
// somebody holds the second. Of two who lock at once one began later and sees
// the row of the other.
func (v *Vault) LockTokens(ctx context.Context, tx *db.Tx, tenantID string, p *Person) (Tokens, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return Tokens{}, err
	}
	t := tokensOf(tenant, p.Data)
	if tx.ForUpdate() == "" {
		return t, nil // nobody else writes
	}
	_, err = db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		err := scan(&id)
		return id, err
	}, `SELECT person_id FROM person_token
		WHERE tenant_id = $1 AND (kind = 'email' AND token = $2 OR kind = 'phone' AND token = $3)
		ORDER BY kind, token, person_id`+tx.ForUpdate(), tenantID, t.Email, t.Phone)
	if err != nil {
		return Tokens{}, fmt.Errorf("lock tokens: %w", err)
	}
	return t, nil
}

// normalEmail makes spellings equal that reach one mailbox at most providers:
// case, a part behind "+", dots before the "@". Only counting uses it; mail
// goes to the address as it was typed.
func normalEmail(s string) string {
	local, domain, _ := strings.Cut(strings.ToLower(s), "@")
	local, _, _ = strings.Cut(local, "+")
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = ascii
	}
	return strings.ReplaceAll(local, ".", "") + "@" + domain
}
