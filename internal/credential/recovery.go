// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"crypto/rand"
	"encoding/base32"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// recoveryCodes is how many there are.
const recoveryCodes = 10

// recoveryAlphabet has no characters that are mistaken for each other.
var recoveryAlphabet = base32.NewEncoding("abcdefghijkmnpqrstuvwxyz23456789").WithPadding(base32.NoPadding)

// makeRecovery replaces the recovery codes of an account and returns them, for
// the only time. Each has 50 random bits.
func makeRecovery(ctx context.Context, tx *db.Tx, one *account) ([]string, error) {
	if err := deleteRecovery(ctx, tx, one.ID); err != nil {
		return nil, err
	}
	var codes []string
	for range recoveryCodes {
		var raw [7]byte
		_, _ = rand.Read(raw[:]) // never fails (crypto/rand)
		code := recoveryAlphabet.EncodeToString(raw[:])[:10]
		_, err := tx.Exec(ctx, "INSERT INTO recovery_code (owner_id, hash) VALUES ($1, $2)", one.ID, one.recoveryHash(code))
		if err != nil {
			return nil, fmt.Errorf("insert recovery code: %w", err)
		}
		codes = append(codes, code[:5]+"-"+code[5:])
	}
	return codes, nil
}

// recoveryHash is keyed: whoever only has the database cannot try codes.
func (one *account) recoveryHash(code string) []byte {
	return one.Tokens.Token("recovery:" + one.ID + ":" + code)
}

// useRecovery uses up a recovery code and tells whether it was one.
func useRecovery(ctx context.Context, tx *db.Tx, one *account, code string) (bool, error) {
	n, err := tx.Exec(ctx, "DELETE FROM recovery_code WHERE owner_id = $1 AND hash = $2", one.ID, one.recoveryHash(code))
	if err != nil {
		return false, fmt.Errorf("use recovery code: %w", err)
	}
	return n == 1, nil
}

// countRecovery is how many are left.
func countRecovery(ctx context.Context, tx *db.Tx, id string) (int, error) {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM recovery_code WHERE owner_id = $1", id).Scan(&n); err != nil {
		return 0, fmt.Errorf("count recovery codes: %w", err)
	}
	return n, nil
}

// NewRecovery makes new recovery codes for the owner; the old ones end.
// Forbidden "login.prove" wants the password first; see Prove. Conflict
// "login.factor.none" says that there is no second factor to recover.
func (l *Logins) NewRecovery(ctx context.Context, v Visit) ([]string, error) {
	if err := l.mustProve(v.Session); err != nil {
		return nil, err
	}
	var codes []string
	err := l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.member(ctx, tx, v, toChange)
		if err != nil {
			return err
		}
		if !one.hasFactor() {
			return fault.New(fault.Conflict, "login.factor.none")
		}
		if codes, err = makeRecovery(ctx, tx, one); err != nil {
			return err
		}
		return l.note(ctx, tx, v, one.Owner, NewRecovery, "")
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
	if _, err := tx.Exec(ctx, "DELETE FROM recovery_code WHERE owner_id = $1", id); err != nil {
		return fmt.Errorf("delete recovery codes: %w", err)
	}
	return nil
}
