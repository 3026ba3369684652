// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// recoveryCodes is how many there are.
const recoveryCodes = 10

// recoveryAlphabet has no characters that are mistaken for each other.
var recoveryAlphabet = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// makeRecovery replaces the recovery codes of an account and returns them, for
// the only time. Each has 50 random bits.
func (d *desk) makeRecovery(ctx context.Context, tx *db.Tx, id string) ([]string, error) {
	if err := deleteRecovery(ctx, tx, id); err != nil {
		return nil, err
	}
	var codes []string
	for range recoveryCodes {
		var raw [7]byte
		_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
		code := recoveryAlphabet.EncodeToString(raw[:])[:10]
		_, err := tx.Exec(ctx, "INSERT INTO staff_recovery (staff_id, hash) VALUES ($1, $2)", id, d.recoveryHash(id, code))
		if err != nil {
			return nil, fmt.Errorf("insert recovery code: %w", err)
		}
		codes = append(codes, code[:5]+"-"+code[5:])
	}
	return codes, nil
}

// recoveryHash is keyed: whoever only has the database cannot try codes.
func (d *desk) recoveryHash(id, code string) []byte {
	return d.tokens.Token("recovery:" + id + ":" + code)
}

// useRecovery uses up a recovery code and tells whether it was one.
func (d *desk) useRecovery(ctx context.Context, tx *db.Tx, id, code string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM staff_recovery WHERE staff_id = $1 AND hash = $2", id, d.recoveryHash(id, code))
	if err != nil {
		return false, fmt.Errorf("use recovery code: %w", err)
	}
	return n == 1, nil
}

// NewRecovery makes new recovery codes for the member; the old ones end.
// Forbidden "staff.prove" wants the password first; see Prove. Conflict
// "staff.factor.none" says that there is no second factor to recover.
func (a *Accounts) NewRecovery(ctx context.Context, by *Member, s session.Data) ([]string, error) {
	if err := a.mustProve(s, by.ID); err != nil {
		return nil, err
	}
	var codes []string
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, by.TenantID, by.ID, (*desk).lock)
		if err != nil {
			return err
		}
		if !one.HasCode && one.Passkeys == 0 {
			return fault.New(fault.Conflict, "staff.factor.none")
		}
		if codes, err = d.makeRecovery(ctx, tx, one.ID); err != nil {
			return err
		}
		return note(ctx, tx, by, actRecovery, by.ID, "")
	})
	if err != nil {
		return nil, err
	}
	return codes, nil
}

// dropRecovery deletes recovery codes that recover nothing any more.
func dropRecovery(ctx context.Context, tx *db.Tx, id string, codes bool, passkeys int) error {
	if codes || passkeys > 0 {
		return nil
	}
	return deleteRecovery(ctx, tx, id)
}

func deleteRecovery(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM staff_recovery WHERE staff_id = $1", id); err != nil {
		return fmt.Errorf("delete recovery codes: %w", err)
	}
	return nil
}
