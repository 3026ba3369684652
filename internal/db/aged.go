// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"fmt"
	"strings"
)

// Aged chooses the rows of a tenant that are older than an instant, so that the
// package that owns a table says once what is old in it, and both counting and
// deleting mean the same.
type Aged struct {
	Table, Key string
	Where      string // with $1 for the tenant and $2 for the instant in unix seconds
	Order      string // the oldest first, as an index has it
	Parts      []Part // rows that point to these and go before them
}

// Part is rows that belong to those of an Aged.
type Part struct{ Table, Column string }

// Count is how many there are.
func (a Aged) Count(ctx context.Context, tx *Tx, tenantID string, before int64) (int, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM "+a.Table+" WHERE "+a.Where, tenantID, before).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count old rows of %s: %w", a.Table, err)
	}
	return n, nil
}

// Delete deletes at most limit of them, the oldest first, and returns how many.
// Several may do so at once: each row is deleted, and counted, by one of them.
func (a Aged) Delete(ctx context.Context, tx *Tx, tenantID string, before int64, limit int) (int, error) {
	// What is chosen is locked: asked for again for each table, it could be others
	// by then, whose parts are still there.
	chosen, err := Collect(ctx, tx, func(scan Scan) (any, error) {
		var key any
		return key, scan(&key)
	}, fmt.Sprintf("SELECT %s FROM %s WHERE %s ORDER BY %s LIMIT %d", a.Key, a.Table, a.Where, a.Order, limit)+tx.ForUpdate(), tenantID, before)
	if err != nil || len(chosen) == 0 {
		return 0, a.failed(err)
	}
	for _, p := range a.Parts {
		if _, err := tx.Exec(ctx, "DELETE FROM "+p.Table+" WHERE "+p.Column+in(1, len(chosen)), chosen...); err != nil {
			return 0, a.failed(err)
		}
	}
	// Also with the condition: a key may be one of several tenants.
	n, err := tx.Exec(ctx, "DELETE FROM "+a.Table+" WHERE "+a.Where+" AND "+a.Key+in(3, len(chosen)), append([]any{tenantID, before}, chosen...)...)
	return int(n), a.failed(err)
}

// in is the condition that something is one of n arguments, with their numbers.
func in(from, n int) string {
	marks := make([]string, n)
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", from+i)
	}
	return " IN (" + strings.Join(marks, ", ") + ")"
}

func (a Aged) failed(err error) error {
	if err != nil {
		return fmt.Errorf("delete old rows of %s: %w", a.Table, err)
	}
	return nil
}
