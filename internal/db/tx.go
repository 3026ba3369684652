// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// Tx is a running transaction. It belongs to one goroutine.
type Tx struct {
	tx        *sql.Tx
	now       time.Time
	forUpdate string
	shared    bool // with others: see group.go
}

// Now is the one instant of this transaction, in UTC.
func (t *Tx) Now() time.Time { return t.now }

// Unix is Now in unix seconds, as instants are stored.
func (t *Tx) Unix() int64 { return t.now.Unix() }

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	res, err := t.tx.ExecContext(t.patient(ctx), query, args...)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// Query runs a query. Collect closes its rows.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.patient(ctx), query, args...)
}

// QueryRow runs a query of at most one row. Scan answers ErrNoRows when there
// is none.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(t.patient(ctx), query, args...)
}

// patient is ctx for a statement. In a shared transaction nobody may be
// interrupted: SQLite would roll back the work of the others as well.
func (t *Tx) patient(ctx context.Context) context.Context {
	if t.shared {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

// IsNoRows tells whether a Scan found nothing.
func IsNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Collect turns the rows of Query into a slice and closes them:
//
//	names, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) { ... }, "SELECT ...")
func Collect[T any](ctx context.Context, t *Tx, row func(Scan) (T, error), query string, args ...any) ([]T, error) {
	rows, err := t.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var out []T
	for rows.Next() {
		v, err := row(rows.Scan)
		if err != nil {
			return nil, fmt.Errorf("read row: %w", err)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Scan reads the columns of one row.
type Scan func(dest ...any) error

// ForUpdate ends a SELECT whose rows are to be locked until commit. On SQLite
// it is empty: a writing transaction has the whole database to itself.
func (t *Tx) ForUpdate() string { return t.forUpdate }
