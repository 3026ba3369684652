// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
)

// Finding is one thing that Check found.
type Finding struct {
	Key string // of the text that says what it is
	ID  string // of the account
}

// Check proves for a tenant's accounts that everything sealed opens with the
// tenant's key and for its own row, and that nothing points to another tenant.
// The error is the database's.
func Check(ctx context.Context, tx *db.Tx, tenantID string, tenantKey *seal.Key, report func(Finding)) error {
	c := &checker{desk: deskKeys(tenantKey), tenant: tenantID, report: report}
	for _, pass := range []func(context.Context, *db.Tx) error{c.rows, c.keys, c.places} {
		if err := pass(ctx, tx); err != nil {
			return fmt.Errorf("check accounts: %w", err)
		}
	}
	return nil
}

// MailKey is the key that seals mails to the owners of a tenant's accounts.
func MailKey(tenantKey *seal.Key) *seal.Key { return deskKeys(tenantKey).data }

type checker struct {
	*desk
	tenant string
	report func(Finding)
}

func (c *checker) wrong(what, id string) {
	c.report(Finding{Key: "operator.check." + what, ID: id})
}

// rows opens what stands in the accounts themselves.
func (c *checker) rows(ctx context.Context, tx *db.Tx) error {
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var role Role
		var state State
		var token, sealed, code []byte
		if err := scan(&id, &role, &state, &token, &sealed, &code); err != nil {
			return struct{}{}, err
		}
		if !slices.Contains(Roles, role) || state != Invited && state != Active && state != Disabled {
			c.wrong("staff_state", id)
		}
		var who identity
		plain, err := c.data.Open(sealed, boundData(id))
		if err != nil || json.Unmarshal(plain, &who) != nil {
			c.wrong("staff_data", id)
		} else if !bytes.Equal(c.token(who.Email), token) {
			c.wrong("staff_token", id)
		}
		if _, err := c.data.Open(code, boundCode(id)); code != nil && err != nil {
			c.wrong("staff_code", id)
		}
		return struct{}{}, nil
	}, "SELECT id, role, state, token, sealed, totp FROM staff WHERE tenant_id = $1 ORDER BY id", c.tenant)
	return err
}

// keys opens the passkeys.
func (c *checker) keys(ctx context.Context, tx *db.Tx) error {
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var key, sealed []byte
		if err := scan(&id, &key, &sealed); err != nil {
			return struct{}{}, err
		}
		plain, err := c.data.Open(sealed, boundPasskey(id, key))
		if err != nil || json.Unmarshal(plain, &sealedKey{}) != nil {
			c.wrong("staff_passkey", id)
		}
		return struct{}{}, nil
	}, `SELECT s.id, p.id, p.sealed FROM staff_passkey p JOIN staff s ON s.id = p.staff_id
		WHERE s.tenant_id = $1 ORDER BY s.id, p.id`, c.tenant)
	return err
}

// places compares the tenants of the locations.
func (c *checker) places(ctx context.Context, tx *db.Tx) error {
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id string
		if err := scan(&id); err != nil {
			return struct{}{}, err
		}
		c.wrong("staff_place", id)
		return struct{}{}, nil
	}, `SELECT DISTINCT s.id FROM staff s JOIN staff_location l ON l.staff_id = s.id JOIN location p ON p.id = l.location_id
		WHERE s.tenant_id = $1 AND p.tenant_id <> s.tenant_id ORDER BY s.id`, c.tenant)
	return err
}
