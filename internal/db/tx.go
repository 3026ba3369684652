// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"cmp"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// querier runs statements: a connection to either engine.
type querier interface {
	Exec(ctx context.Context, query string, args ...any) (int64, error)
	Query(ctx context.Context, query string, args ...any) (rows, error)
}

// rows are what a query found.
type rows interface {
	Next() bool
	Scan(dest ...any) error
	Err() error
	Close() error
}

// Tx is a running transaction, or in Look a connection without one. It belongs
// to one goroutine.
type Tx struct {
	q         querier
	now       time.Time
	forUpdate string
	after     []func() // what to do once it has committed
	kept      map[any]any
	used      bool // for any statement
}

// Now is the one instant of this transaction, in UTC.
func (t *Tx) Now() time.Time { return t.now }

// Unix is Now in unix seconds, as instants are stored.
func (t *Tx) Unix() int64 { return t.now.Unix() }

// OnCommit has f called once this transaction has committed, and not at all if
// it does not. It must be quick and not fail.
func (t *Tx) OnCommit(f func()) { t.after = append(t.after, f) }

// Keep leaves something for those who come later in this transaction, and for
// OnCommit. It is forgotten when anything of the transaction is undone.
func (t *Tx) Keep(key, value any) { t.kept[key] = value }

// Kept is what was left, or nil.
func (t *Tx) Kept(key any) any { return t.kept[key] }

func (t *Tx) committed() {
	for _, f := range t.after {
		f()
	}
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	t.used = true
	return t.q.Exec(ctx, query, args...)
}

// Later runs a statement whose answer can wait, on PostgreSQL together with the
// next one or the commit, which saves the way there and back; Look has no commit,
// and ends with an error when something still waits. An error is that of the
// statement it went with, or of Write. check is given how many rows it touched,
// before the commit, which an error of it prevents; it may be nil.
func (t *Tx) Later(ctx context.Context, check func(rows int64) error, query string, args ...any) error {
	t.used = true
	return t.later(ctx, later{query: query, args: args, check: check})
}

// LaterRow is Later for a query of one row, which is in dest once the next
// statement has run, or OnCommit is called.
func (t *Tx) LaterRow(ctx context.Context, dest []any, query string, args ...any) error {
	t.used = true
	return t.later(ctx, later{query: query, args: args, dest: dest})
}

// later is now on SQLite, where there is no way to save.
func (t *Tx) later(ctx context.Context, l later) error {
	if f, ok := t.q.(*flow); ok {
		f.queue = append(f.queue, l)
		return nil
	}
	return l.at(ctx, t.q)
}

// later is a statement that can wait.
type later struct {
	query string
	args  []any
	check func(rows int64) error // may be nil
	dest  []any                  // of a query; nil for other statements
}

// at runs it now.
func (l later) at(ctx context.Context, q querier) error {
	if l.dest != nil {
		rows, err := q.Query(ctx, l.query, l.args...)
		return Row{rows, err}.Scan(l.dest...)
	}
	n, err := q.Exec(ctx, l.query, l.args...)
	if err != nil || l.check == nil {
		return err
	}
	return l.check(n)
}

// Want is a check of Later that answers an error unless n rows were touched.
func Want(n int64, otherwise error) func(rows int64) error {
	return func(rows int64) error {
		if rows != n {
			return otherwise
		}
		return nil
	}
}

// QueryRow runs a query of at most one row.
func (t *Tx) QueryRow(ctx context.Context, query string, args ...any) Row {
	t.used = true
	rows, err := t.q.Query(ctx, query, args...)
	return Row{rows, err}
}

// Row is the answer to QueryRow. It must be scanned.
type Row struct {
	rows rows
	err  error
}

// Scan reads the columns of the row. IsNoRows tells whether there is none.
func (r Row) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	defer r.rows.Close()
	if !r.rows.Next() {
		return cmp.Or(r.rows.Err(), sql.ErrNoRows)
	}
	if err := r.rows.Scan(dest...); err != nil {
		return err
	}
	return r.rows.Close()
}

// IsNoRows tells whether a Scan found nothing.
func IsNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }

// Collect turns the rows of a query into a slice:
//
//	names, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) { ... }, "SELECT ...")
func Collect[T any](ctx context.Context, t *Tx, row func(Scan) (T, error), query string, args ...any) ([]T, error) {
	t.used = true
	rows, err := t.q.Query(ctx, query, args...)
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
