// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"bytes"
	"context"
	"fmt"
	"strings"
	"time"

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
// locks them, so that nobody waits in a circle. The tokens of a name (its
// beginnings) and of name and birth date together are locked by nobody.
var kinds = [...]string{"email", "phone"}

// token is a row of person_token.
type token struct {
	kind string
	hash []byte
}

func (t token) equal(u token) bool { return t.kind == u.kind && bytes.Equal(t.hash, u.hash) }

func tokenKey(tenant *seal.Key) *seal.Key { return tenant.Derive("person token") }

func contactTokens(key *seal.Key, d Data) Tokens {
	var t Tokens
	if s, ok := clean(d.Email); ok && ValidEmail(s) {
		t.Email = key.Token("email:" + normalEmail(s))
	}
	if s, ok := clean(d.Phone); ok {
		if n, ok := parsePhone(s); ok {
			t.Phone = key.Token("phone:" + phonenumbers.Format(n, phonenumbers.E164))
		}
	}
	return t
}

// nameBytes is how much of the hash of a name's beginning is stored. Two
// beginnings that happen to share it do no harm: names are compared when the
// records are opened.
const nameBytes = 8

func nameToken(key *seal.Key, beginning string) []byte {
	return key.Token("name:" + beginning)[:nameBytes]
}

// tokensOf are all tokens of a record, always in the same order.
func tokensOf(tenant *seal.Key, d Data) []token {
	key := tokenKey(tenant)
	return append(reachTokens(key, d), nameTokens(key, d)...)
}

// reachTokens are those of how a record is reached, and of its name and birth
// date together: at most one of a kind.
func reachTokens(key *seal.Key, d Data) []token {
	contact := contactTokens(key, d)
	var list []token
	if contact.Email != nil {
		list = append(list, token{"email", contact.Email})
	}
	if contact.Phone != nil {
		list = append(list, token{"phone", contact.Phone})
	}
	name := fullName(d)
	if _, err := time.Parse(time.DateOnly, d.BirthDate); err == nil && name != "" {
		list = append(list, token{"born", key.Token("born:" + d.BirthDate + " " + name)})
	}
	return list
}

// nameTokens are those of the beginnings of a record's names.
func nameTokens(key *seal.Key, d Data) []token {
	var list []token
	seen := map[string]bool{}
	for _, word := range nameWords(d) {
		for _, s := range beginnings(word) {
			if !seen[s] {
				seen[s] = true
				list = append(list, token{"name", nameToken(key, s)})
			}
		}
	}
	return list
}

func insertTokens(ctx context.Context, tx *db.Tx, tenantID, id string, list []token) error {
	if len(list) == 0 {
		return nil
	}
	args := []any{tenantID, id}
	var rows []string
	for _, t := range list {
		args = append(args, t.kind, t.hash)
		rows = append(rows, fmt.Sprintf("($1, $2, $%d, $%d)", len(args)-1, len(args)))
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
	if _, err := tx.Exec(ctx, "DELETE FROM person_token WHERE person_id = $1", id); err != nil {
		return fmt.Errorf("delete tokens: %w", err)
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
	t := contactTokens(tokenKey(tenant), p.Data)
	if tx.ForUpdate() == "" {
		return t, nil // nobody else writes
	}
	err = tx.Later(ctx, nil, `SELECT person_id FROM person_token
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
