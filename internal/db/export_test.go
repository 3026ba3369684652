// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
)

// The bounds, for tests that go beyond them.
const (
	MaxReady         = maxReady
	MaxSQLiteReaders = maxSQLiteReaders
)

// Lines is how many lines there are.
func (d *DB) Lines() int {
	d.lines.mu.Lock()
	defer d.lines.mu.Unlock()
	return len(d.lines.waiting)
}

// Ready is the most statements that a reading connection keeps. It waits for
// those who read.
func (d *DB) Ready(ctx context.Context) (int, error) {
	most := 0
	for range cap(d.lites) {
		err := d.withLite(ctx, func(c *lite) error {
			most = max(most, len(c.ready))
			return nil
		})
		if err != nil {
			return 0, err
		}
	}
	return most, nil
}

// Busy is how many questions are being asked or wait to be.
func (s *Shared[K, V]) Busy() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.running) + len(s.next)
}

// Query is a query on SQLite whose rows stay open.
func (t *Tx) Query(ctx context.Context, query string, args ...any) (*sql.Rows, error) {
	got, err := t.q.Query(ctx, query, args...)
	if err != nil {
		return nil, err
	}
	return got.(*sql.Rows), nil
}

// MigrateTo is Migrate up to a version.
func (d *DB) MigrateTo(ctx context.Context, version int64) error {
	p, err := d.provider()
	if err != nil {
		return err
	}
	_, err = p.UpTo(ctx, version)
	return err
}
