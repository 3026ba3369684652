// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// Finding is one thing that Check found.
type Finding struct {
	Key string // of the text that says what it is
	Row string
}

// Check proves for the accounts of all tenants that everything sealed opens with
// the tenant's key and for its own row, that each is found by its address, and that
// each has what it needs to log in; and that nobody could log in to no account. A
// tenant whose key does not open is left out: its check is the bookings'. The
// error is the database's.
func Check(ctx context.Context, d *db.DB, key *seal.Key, report func(Finding)) error {
	a := &Accounts{Options: Options{DB: d, Key: key, Offices: office.NewStore()}}
	return d.Read(ctx, func(tx *db.Tx) error {
		tenants, err := db.Collect(ctx, tx, scanID, "SELECT id FROM tenant ORDER BY id")
		if err != nil {
			return fmt.Errorf("list tenants: %w", err)
		}
		for _, id := range tenants {
			t, err := a.town(ctx, tx, id)
			if err != nil {
				continue
			}
			if err := t.check(ctx, tx, report); err != nil {
				return err
			}
		}
		nobodys, err := db.Collect(ctx, tx, scanID, `SELECT c.owner_id FROM credential c LEFT JOIN staff s ON s.id = c.owner_id
			LEFT JOIN account a ON a.id = c.owner_id WHERE s.id IS NULL AND a.id IS NULL ORDER BY c.owner_id`)
		for _, id := range nobodys {
			report(Finding{"operator.check.credential_owner", "credential " + id})
		}
		return err
	})
}

func scanID(scan db.Scan) (string, error) {
	var id string
	return id, scan(&id)
}

func (t *town) check(ctx context.Context, tx *db.Tx, report func(Finding)) error {
	wrong := func(what, id string) { report(Finding{"operator.check.account_" + what, "account " + id}) }
	ids, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		var token, sealed []byte
		if err := scan(&id, &token, &sealed); err != nil {
			return "", err
		}
		var d person.Data
		plain, err := t.Data.Open(sealed, bound(id))
		if err != nil || json.Unmarshal(plain, &d) != nil {
			wrong("data", id)
		} else if !bytes.Equal(t.token(d.Email), token) {
			wrong("token", id)
		}
		return id, nil
	}, "SELECT id, token, sealed FROM account WHERE tenant_id = $1 ORDER BY id", t.ID)
	if err != nil {
		return fmt.Errorf("read accounts: %w", err)
	}
	return credential.Check(ctx, tx, session.Account, t.Tenant, ids, wrong)
}
