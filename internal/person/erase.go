// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// Kept is the condition on a row p of table person that nobody may delete it now:
// its processing is restricted, or somebody needs it for a legal claim. $1 stands
// for the instant in unix seconds.
const Kept = `(p.restricted IS NOT NULL OR EXISTS (SELECT 1 FROM legal_hold h WHERE h.person_id = p.id AND h.until > $1))`

// IsKept tells whether a record is Kept.
func IsKept(ctx context.Context, tx *db.Tx, id string) (bool, error) {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM person p WHERE "+Kept+" AND p.id = $2", tx.Unix(), id).Scan(&n); err != nil {
		return false, fmt.Errorf("ask whether a record is kept: %w", err)
	}
	return n > 0, nil
}

// LockRecord makes everyone wait who changes a record, or points to it.
func (v *Vault) LockRecord(ctx context.Context, tx *db.Tx, id string) error {
	return lockRows(ctx, tx, id)
}

// Erase deletes a record with its key and everything in this package that belongs
// to it, also the records that went into it, and returns the ids of all. Nothing
// else may point to them any more. It does not ask whether the record is Kept.
func (v *Vault) Erase(ctx context.Context, tx *db.Tx, id string) ([]string, error) {
	if err := lockRows(ctx, tx, id); err != nil {
		return nil, err
	}
	// Also those that are over: after a long stop nobody has finished them yet.
	merges, err := db.Collect(ctx, tx, scanMerge, mergeColumns+"kept = $1 ORDER BY id", id)
	if err != nil {
		return nil, fmt.Errorf("list merges: %w", err)
	}
	all := []string{id}
	for _, m := range merges {
		if err := deleteMerge(ctx, tx, m.ID); err != nil {
			return nil, err
		}
		gone, err := v.Erase(ctx, tx, m.Gone)
		if err != nil {
			return nil, err
		}
		all = append(all, gone...)
	}
	for _, table := range []string{"person_note", "legal_hold"} {
		if _, err := tx.Exec(ctx, "DELETE FROM "+table+" WHERE person_id = $1", id); err != nil {
			return nil, fmt.Errorf("delete from %s: %w", table, err)
		}
	}
	return all, v.Delete(ctx, tx, id)
}

// Delete removes a record with its tokens and the legal holds that are over.
// Nothing else may point to it any more.
func (v *Vault) Delete(ctx context.Context, tx *db.Tx, id string) error {
	if err := deleteTokens(ctx, tx, id); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM legal_hold WHERE person_id = $1 AND until <= $2", id, tx.Unix()); err != nil {
		return fmt.Errorf("delete legal holds: %w", err)
	}
	if _, err := tx.Exec(ctx, "DELETE FROM person WHERE id = $1", id); err != nil {
		return fmt.Errorf("delete person: %w", err)
	}
	return nil
}
