// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"
)

// On PostgreSQL much of what a small statement costs, on both sides, is the way
// there and back. So what need not be answered at once, BEGIN and Later, waits
// and travels with the next statement, in one go.

// flow is a transaction on PostgreSQL, for one goroutine.
type flow struct {
	conn   *pgx.Conn
	begin  string // empty once it was sent, or without a transaction
	queue  []later
	shared context.Context // nil, or what counts instead of the contexts of those who share it
	bold   bool            // those who share it get no answers of their own
	spoilt bool            // one of them failed
}

// run is a transaction on PostgreSQL that begins with a statement.
func (d *DB) run(ctx context.Context, pool *sql.DB, begin string, f func(*Tx) error, commit func(func() error) error) error {
	return withFlow(ctx, pool, func(fl *flow) error {
		fl.begin = begin
		defer fl.rollback() // does nothing after a commit
		tx := d.newTx(fl, nil)
		if err := f(tx); err != nil {
			return err
		}
		if err := commit(func() error { return fl.end(ctx) }); err != nil {
			return fmt.Errorf("commit: %w", err)
		}
		tx.committed()
		return nil
	})
}

// look is a connection to PostgreSQL without a transaction, in which nothing can
// wait for the end.
func (d *DB) look(ctx context.Context, f func(*Tx) error) error {
	return withFlow(ctx, d.read, func(fl *flow) error {
		err := f(d.newTx(fl, nil))
		if err == nil && len(fl.queue) > 0 {
			err = fmt.Errorf("run %q: left for later, where there is no commit", fl.queue[0].query)
		}
		return err
	})
}

// withFlow lends a connection of a pool.
func withFlow(ctx context.Context, pool *sql.DB, f func(*flow) error) error {
	conn, err := pool.Conn(ctx)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer conn.Close() // gives it back
	return conn.Raw(func(driver any) error {
		c, ok := driver.(*stdlib.Conn)
		if !ok {
			return fmt.Errorf("begin: unexpected connection %T", driver)
		}
		return f(&flow{conn: c.Conn()})
	})
}

// end makes sure of what was to be checked, and commits. It ignores the end of
// ctx: nobody would know what became of the transaction.
func (f *flow) end(ctx context.Context) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	ctx = context.WithoutCancel(ctx)
	for i, l := range slices.Backward(f.queue) {
		if l.check == nil {
			continue
		}
		rest := f.queue[i+1:] // what others may wait for comes last, and goes with COMMIT
		f.queue = f.queue[: i+1 : i+1]
		if err := f.flush(ctx); err != nil {
			return err
		}
		f.queue = rest
		break
	}
	if f.begin != "" && len(f.queue) == 0 {
		return nil // nothing was done
	}
	res := f.send(ctx, "COMMIT", nil)
	if err := res.before(); err != nil {
		return err
	}
	tag, err := res.Exec()
	if err := errors.Join(err, res.Close()); err != nil {
		return err
	}
	if tag.String() == "ROLLBACK" {
		return errors.New("the transaction had failed before")
	}
	return nil
}

// rollback ends what is still open, or else the connection.
func (f *flow) rollback() {
	if f.conn.IsClosed() || f.conn.PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if _, err := f.conn.Exec(ctx, "ROLLBACK"); err != nil {
		_ = f.conn.Close(ctx)
	}
}

func (f *flow) Exec(ctx context.Context, query string, args ...any) (int64, error) {
	if f.shared != nil {
		ctx = f.shared
	}
	if f.begin == "" && len(f.queue) == 0 {
		tag, err := f.conn.Exec(ctx, query, args...)
		return tag.RowsAffected(), err
	}
	res := f.send(ctx, query, args)
	if err := res.before(); err != nil {
		return 0, err
	}
	tag, err := res.Exec()
	return tag.RowsAffected(), errors.Join(err, res.Close())
}

func (f *flow) Query(ctx context.Context, query string, args ...any) (rows, error) {
	if f.shared != nil {
		ctx = f.shared
	}
	if f.begin == "" && len(f.queue) == 0 {
		got, err := f.conn.Query(ctx, query, args...)
		return flowRows{Rows: got}, err
	}
	res := f.send(ctx, query, args)
	if err := res.before(); err != nil {
		return nil, err
	}
	got, err := res.Query()
	return flowRows{got, res}, err
}

// flush sends what waits, with its last statement as the one that is answered.
func (f *flow) flush(ctx context.Context) error {
	last := f.queue[len(f.queue)-1]
	f.queue = f.queue[:len(f.queue)-1]
	return last.at(ctx, f)
}

// answers are the results of a batch, of which the last is for the caller.
type answers struct {
	pgx.BatchResults
	began bool
	queue []later
}

// send sends a statement after all that waits.
func (f *flow) send(ctx context.Context, query string, args []any) answers {
	b := &pgx.Batch{}
	res := answers{began: f.begin != "", queue: f.queue}
	if res.began {
		b.Queue(f.begin)
	}
	for _, l := range f.queue {
		b.Queue(l.query, l.args...)
	}
	b.Queue(query, args...)
	f.begin, f.queue = "", nil
	res.BatchResults = f.conn.SendBatch(ctx, b)
	return res
}

// before reads the answers to what waited, and closes all where one is an error.
func (a answers) before() error {
	err := func() error {
		if a.began {
			if _, err := a.Exec(); err != nil {
				return fmt.Errorf("begin: %w", err)
			}
		}
		for _, l := range a.queue {
			if err := l.read(a); err != nil {
				return err
			}
		}
		return nil
	}()
	if err != nil {
		_ = a.Close() // says the same again, or nothing
	}
	return err
}

// read reads the answer to a statement of a batch.
func (l later) read(a answers) error {
	if l.dest != nil {
		if err := a.QueryRow().Scan(l.dest...); err != nil {
			return fmt.Errorf("run %q: %w", l.query, err)
		}
		return nil
	}
	tag, err := a.Exec()
	if err != nil {
		return fmt.Errorf("run %q: %w", l.query, err)
	}
	if l.check == nil {
		return nil
	}
	return l.check(tag.RowsAffected())
}

// flowRows are rows that may be the end of a batch.
type flowRows struct {
	pgx.Rows
	batch pgx.BatchResults // may be nil
}

func (r flowRows) Close() error {
	r.Rows.Close()
	err := r.Err()
	if r.batch != nil {
		err = errors.Join(err, r.batch.Close())
	}
	return err
}
