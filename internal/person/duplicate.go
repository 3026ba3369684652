// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"fmt"
	"slices"

	"vorzimmer/internal/db"
)

// Likely is a record that may be of the same person as another one. Families
// share mailboxes and telephones, so only a person can tell.
type Likely struct {
	*Person
	SameEmail, SamePhone, SameName, SameBirth bool // the last: name and birth date
}

// score puts first what most likely is the same person.
func (l *Likely) score() int {
	n := 0
	for _, part := range []struct {
		same bool
		of   int
	}{{l.SameBirth, 8}, {l.SameName, 4}, {l.SameEmail, 2}, {l.SamePhone, 1}} {
		if part.same {
			n += part.of
		}
	}
	return n
}

const (
	maxLikely  = 20  // that are shown
	maxSharing = 200 // that are opened
)

// LikelySame lists records with the same e-mail address, the same telephone, or
// the same name and birth date, the likeliest first and at most twenty.
func (v *Vault) LikelySame(ctx context.Context, tx *db.Tx, tenantID string, p *Person) ([]Likely, error) {
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	key := tokenKey(tenant)
	hashes := map[string][]byte{}
	for _, t := range reachTokens(key, p.Data) {
		hashes[t.kind] = t.hash
	}
	ids, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		return id, scan(&id)
	}, `SELECT person_id FROM (
			SELECT person_id FROM person_token WHERE tenant_id = $1 AND kind = 'born' AND token = $3
			UNION SELECT person_id FROM person_token WHERE tenant_id = $1 AND kind = 'email' AND token = $4
			UNION SELECT person_id FROM person_token WHERE tenant_id = $1 AND kind = 'phone' AND token = $5) x
		WHERE person_id <> $2 ORDER BY person_id DESC LIMIT $6`,
		tenantID, p.ID, hashes["born"], hashes["email"], hashes["phone"], maxSharing)
	if err != nil {
		return nil, fmt.Errorf("look for the same person: %w", err)
	}
	others, err := v.LoadAll(ctx, tx, tenantID, ids)
	if err != nil {
		return nil, err
	}
	var list []Likely
	for _, other := range others {
		l := Likely{Person: other, SameName: SameName(p.Data, other.Data)}
		for _, t := range reachTokens(key, other.Data) {
			same := t.equal(token{t.kind, hashes[t.kind]})
			l.SameEmail = l.SameEmail || same && t.kind == "email"
			l.SamePhone = l.SamePhone || same && t.kind == "phone"
			l.SameBirth = l.SameBirth || same && t.kind == "born"
		}
		list = append(list, l)
	}
	slices.SortStableFunc(list, func(a, b Likely) int { return b.score() - a.score() })
	return list[:min(len(list), maxLikely)], nil
}
