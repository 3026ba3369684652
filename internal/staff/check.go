// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// Finding is one thing that Check found.
type Finding struct {
	Key string // of the text that says what it is
	ID  string // of the account
}

// Check proves for a tenant's accounts that each has a credential, that
// everything sealed opens with the tenant's key and for its own row, and that
// nothing points to another tenant. The error is the database's.
func Check(ctx context.Context, tx *db.Tx, tenantID string, tenantKey *seal.Key, report func(Finding)) error {
	c := &checker{Tenant: withKeys(tenantID, tenantKey), report: report}
	ids, err := c.rows(ctx, tx)
	if err == nil {
		err = credential.Check(ctx, tx, session.Staff, c.Tenant, ids, c.wrong)
	}
	if err == nil {
		err = c.places(ctx, tx)
	}
	if err != nil {
		return fmt.Errorf("check accounts: %w", err)
	}
	return nil
}

// MailKey is the key that seals mails to the owners of a tenant's accounts.
func MailKey(tenantKey *seal.Key) *seal.Key { return withKeys("", tenantKey).Data }

type checker struct {
	*credential.Tenant
	report func(Finding)
}

func (c *checker) wrong(what, id string) {
	c.report(Finding{Key: "operator.check.staff_" + what, ID: id})
}

// rows opens what stands in the accounts themselves, and returns their ids.
func (c *checker) rows(ctx context.Context, tx *db.Tx) ([]string, error) {
	return db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		var role Role
		var state State
		var token, sealed []byte
		if err := scan(&id, &role, &state, &token, &sealed); err != nil {
			return "", err
		}
		if !slices.Contains(Roles, role) || state != Invited && state != Active && state != Disabled {
			c.wrong("state", id)
		}
		var who identity
		plain, err := c.Data.Open(sealed, boundData(id))
		if err != nil || json.Unmarshal(plain, &who) != nil {
			c.wrong("data", id)
		} else if !bytes.Equal(emailToken(c.Tenant, who.Email), token) {
			c.wrong("token", id)
		}
		return id, nil
	}, "SELECT id, role, state, token, sealed FROM staff WHERE tenant_id = $1 ORDER BY id", c.ID)
}

// places compares the tenants of the locations.
func (c *checker) places(ctx context.Context, tx *db.Tx) error {
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id string
		if err := scan(&id); err != nil {
			return struct{}{}, err
		}
		c.wrong("place", id)
		return struct{}{}, nil
	}, `SELECT DISTINCT s.id FROM staff s JOIN staff_location l ON l.staff_id = s.id JOIN location p ON p.id = l.location_id
		WHERE s.tenant_id = $1 AND p.tenant_id <> s.tenant_id ORDER BY s.id`, c.ID)
	return err
}
