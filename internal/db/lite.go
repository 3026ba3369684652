// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// lite is a connection to SQLite, for one goroutine at a time. It prepares
// each statement once: to parse and plan it every time costs a good part of
// what it takes to run it. PostgreSQL's driver does this by itself.
//
// A statement that runs is never interrupted, since that could roll back the
// work of others in the same transaction. Between statements the context
// counts, unless the connection is shared.
type lite struct {
	pool   *sql.DB
	shared bool      // by writers: see group.go
	conn   *sql.Conn // nil until the first use
	ready  map[string]*sql.Stmt
	lent   []*sql.Rows // since the last tidy
}

// maxReady bounds the statements kept: there are a few hundred in the program,
// those with lists of different lengths counted each. What comes later is
// prepared each time.
const maxReady = 1000

// prepare returns nil when enough statements are kept.
func (c *lite) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if err := ctx.Err(); err != nil && !c.shared {
		return nil, err
	}
	if s := c.ready[query]; s != nil {
		return s, nil
	}
	if err := c.open(); err != nil {
		return nil, err
	}
	if len(c.ready) >= maxReady {
		return nil, nil
	}
	s, err := c.conn.PrepareContext(context.WithoutCancel(ctx), query)
	if err == nil {
		c.ready[query] = s
	}
	return s, err
}

func (c *lite) open() error {
	if c.conn != nil {
		return nil
	}
	conn, err := c.pool.Conn(context.Background())
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	c.conn, c.ready = conn, map[string]*sql.Stmt{}
	return nil
}

// tidy closes the rows that a function left open, as one may that ends early:
// the next one to use their statement would go on where they stand, in a state
// of the database that is over.
func (c *lite) tidy() {
	for _, rows := range c.lent {
		_ = rows.Close() // does nothing where they are closed, as they should be
	}
	clear(c.lent)
	c.lent = c.lent[:0]
}

func (c *lite) close() error {
	if c.conn == nil {
		return nil
	}
	c.tidy()
	var errs []error
	for _, s := range c.ready {
		errs = append(errs, s.Close())
	}
	errs = append(errs, c.conn.Close())
	c.conn, c.ready = nil, nil
	return errors.Join(errs...)
}

// run executes a statement without arguments, whoever waits for it.
func (c *lite) run(statement string) error {
	if _, err := c.Exec(context.Background(), statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}

func (c *lite) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	s, err := c.prepare(ctx, query)
	if err != nil {
		return 0, err
	}
	ctx = context.WithoutCancel(ctx)
	var res sql.Result
	if s == nil {
		res, err = c.conn.ExecContext(ctx, query, args...)
	} else {
		res, err = s.ExecContext(ctx, args...)
	}
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

func (c *lite) Query(ctx context.Context, query string, args ...any) (rows, error) {
	s, err := c.prepare(ctx, query)
	if err != nil {
		return nil, err
	}
	ctx = context.WithoutCancel(ctx)
	var got *sql.Rows
	if s == nil {
		got, err = c.conn.QueryContext(ctx, query, args...)
	} else {
		got, err = s.QueryContext(ctx, args...)
	}
	if err != nil {
		return nil, err
	}
	c.lent = append(c.lent, got)
	return got, nil
}
