// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

// A sealed constant in the database tells a wrong key at start instead of at
// the first customer.
const (
	keyCheckValue = "vorzimmer"
	keyCheckBound = "installation/1/key_check"
)

// ClaimKey notes in a new database which installation key it belongs to, and
// is CheckKey for any other.
func ClaimKey(ctx context.Context, d *db.DB, key *seal.Key) error {
	err := d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "INSERT INTO installation (id, key_check) VALUES (1, $1) ON CONFLICT (id) DO NOTHING",
			key.Seal([]byte(keyCheckValue), keyCheckBound))
		return err
	})
	if err != nil {
		return fmt.Errorf("note the key: %w", err)
	}
	return CheckKey(ctx, d, key)
}

// CheckKey answers Conflict "operator.key" when the database was made with
// another key.
func CheckKey(ctx context.Context, d *db.DB, key *seal.Key) error {
	var sealed []byte
	err := d.Read(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "SELECT key_check FROM installation WHERE id = 1").Scan(&sealed)
	})
	if err != nil {
		return fmt.Errorf("read the key check: %w", err)
	}
	if _, err := key.Open(sealed, keyCheckBound); err != nil {
		return fault.New(fault.Conflict, "operator.key") // the cause says no more
	}
	return nil
}
