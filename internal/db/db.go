// SPDX-License-Identifier: EUPL-1.2

// Package db opens the database and runs transactions on it.
//
// SQLite and PostgreSQL run the same SQL text with $1 placeholders; what
// differs stands in dialect.go. Only this package names a driver. It holds no
// queries: those live in the package that owns the table.
package db

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/fault"

	_ "github.com/jackc/pgx/v5/stdlib" // driver "pgx"
	_ "modernc.org/sqlite"             // driver "sqlite"
)

// DB is a database of either engine. It is safe for concurrent use.
type DB struct {
	dialect dialect
	pool    *sql.DB
	read    *sql.DB    // PostgreSQL: where writers wait for each other's locks, readers do not queue behind them
	lites   chan *lite // SQLite: those that read
	group   *group     // SQLite: writers share transactions
	lines   lines      // PostgreSQL
	clock   clock.Clock
	commits atomic.Uint64
	closed  chan struct{}
	once    sync.Once

	// BeforeCommit is called before each commit of Write. It is for
	// measurements with a slow disk, and nil otherwise.
	BeforeCommit func()
}

// Open connects to a database: a URL that begins with postgres:// or
// postgresql://, or else the path of an SQLite file, which is made if it does
// not exist. It does not migrate. NotFound "operator.folder_missing" says that
// the file's folder does not exist.
func Open(ctx context.Context, location string, c clock.Clock) (*DB, error) {
	if !isPostgres(location) {
		if dir := filepath.Dir(location); missing(dir) {
			return nil, fault.New(fault.NotFound, "operator.folder_missing", "Folder", dir, "Path", location)
		}
	}
	return open(ctx, location, c)
}

// OpenExisting is Open that makes no file: NotFound "operator.database_missing"
// when there is none.
func OpenExisting(ctx context.Context, location string, c clock.Clock) (*DB, error) {
	if !isPostgres(location) && missing(location) {
		return nil, fault.New(fault.NotFound, "operator.database_missing", "Path", location)
	}
	return open(ctx, location, c)
}

func missing(path string) bool {
	_, err := os.Stat(path)
	return errors.Is(err, os.ErrNotExist)
}

func isPostgres(location string) bool {
	return strings.HasPrefix(location, "postgres://") || strings.HasPrefix(location, "postgresql://")
}

func open(ctx context.Context, location string, c clock.Clock) (*DB, error) {
	var d *DB
	var err error
	what := "the database" // a URL may hold a password
	if isPostgres(location) {
		d, err = openPostgres(location)
	} else {
		what += " " + location
		d, err = openSQLite(location)
	}
	if err != nil {
		return nil, err
	}
	d.clock, d.closed = c, make(chan struct{})
	if err := d.pool.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("connect to %s: %w", what, err), d.closePools())
	}
	if d.dialect == sqliteDialect {
		d.lites = make(chan *lite, maxSQLiteReaders)
		for range maxSQLiteReaders {
			d.lites <- &lite{pool: d.pool}
		}
		d.group = newGroup(d)
	}
	return d, nil
}

func openPostgres(location string) (*DB, error) {
	d := &DB{dialect: postgresDialect}
	for _, pool := range []**sql.DB{&d.pool, &d.read} {
		var err error
		if *pool, err = sql.Open("pgx", location); err != nil {
			return nil, fmt.Errorf("open PostgreSQL: %w", err)
		}
		(*pool).SetMaxOpenConns(maxPostgresConns)
		(*pool).SetMaxIdleConns(maxPostgresConns)
	}
	return d, nil
}

// maxPostgresConns, for those who write and for those who read, leaves room for
// several processes below PostgreSQL's default of 100 connections.
const maxPostgresConns = 12

// maxSQLiteReaders is more than the cores of most machines: readers in WAL
// mode wait for nobody.
const maxSQLiteReaders = 8

func openSQLite(path string) (*DB, error) {
	dsn := (&url.URL{Scheme: "file", Opaque: (&url.URL{Path: path}).EscapedPath()}).String() +
		"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)&_pragma=synchronous(FULL)" +
		"&_pragma=foreign_keys(1)&_pragma=secure_delete(1)&_txlock=immediate"
	pool, err := sql.Open("sqlite", dsn)
	if err != nil {
		return nil, fmt.Errorf("open SQLite: %w", err)
	}
	return &DB{dialect: sqliteDialect, pool: pool}, nil
}

// Close closes all connections, once those who still read are done. Whoever
// still writes gets an error.
func (d *DB) Close() error {
	var errs []error
	d.once.Do(func() {
		close(d.closed)
		if d.group != nil {
			errs = append(errs, d.group.stop())
			for range cap(d.lites) {
				errs = append(errs, (<-d.lites).close())
			}
		}
		errs = append(errs, d.closePools())
	})
	return errors.Join(errs...)
}

func (d *DB) closePools() error {
	if d.read == nil {
		return d.pool.Close()
	}
	return errors.Join(d.pool.Close(), d.read.Close())
}

// Now is the current instant of the database's clock.
func (d *DB) Now() time.Time { return d.clock.Now() }

// Read runs f in a read-only transaction that sees one state of the database.
func (d *DB) Read(ctx context.Context, f func(*Tx) error) error {
	if d.group == nil {
		return d.run(ctx, d.read, "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY", f, func(end func() error) error { return end() })
	}
	return d.withLite(ctx, func(c *lite) error {
		if err := c.run("BEGIN"); err != nil {
			return err
		}
		defer func() { _ = c.run("ROLLBACK") }() // ends what changed nothing
		return f(d.newTx(c, nil))
	})
}

// Look runs f without a transaction: each query in it sees the state of its
// own moment. That costs less than Read, and is all that a single query needs.
func (d *DB) Look(ctx context.Context, f func(*Tx) error) error {
	if d.group == nil {
		return d.look(ctx, f)
	}
	return d.withLite(ctx, func(c *lite) error { return f(d.newTx(c, nil)) })
}

// Ping tells whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	return d.Look(ctx, func(tx *Tx) error {
		var one int
		return tx.QueryRow(ctx, "SELECT 1").Scan(&one)
	})
}

// withLite lends a connection that only reads.
func (d *DB) withLite(ctx context.Context, f func(*lite) error) error {
	select {
	case c := <-d.lites:
		defer func() {
			c.tidy()
			d.lites <- c
		}()
		if c.conn == nil {
			if err := c.run("PRAGMA query_only(1)"); err != nil {
				return errors.Join(err, c.close())
			}
		}
		return f(c)
	case <-ctx.Done():
		return ctx.Err()
	case <-d.closed:
		return sql.ErrConnDone
	}
}

// Write runs f in a transaction and commits it if f returns nil. When the
// engine asks to retry (serialization, deadlock, busy), f runs again, so it
// must not have effects outside the transaction, nor start another one. On
// SQLite it may share its commit with others, and runs to its end even if ctx
// ends meanwhile.
func (d *DB) Write(ctx context.Context, f func(*Tx) error) error {
	if d.group != nil {
		return again(ctx, func() error { return d.group.do(ctx, f) })
	}
	return again(ctx, func() error { return d.run(ctx, d.pool, "BEGIN", f, d.commit) })
}

// WriteFor is Write for those who would wait for each other in the database,
// since they lock the same rows: a key stands for these. On PostgreSQL too they
// share a transaction, and Kept; on SQLite all do. An empty key is nobody's.
func (d *DB) WriteFor(ctx context.Context, key string, f func(*Tx) error) error {
	if d.group != nil || key == "" {
		return d.Write(ctx, f)
	}
	return again(ctx, func() error { return d.together(ctx, key, f) })
}

func again(ctx context.Context, write func() error) error {
	for attempt := 1; ; attempt++ {
		err := write()
		if err == nil || attempt == maxAttempts || !wantsRetry(err) {
			return err
		}
		if err := pause(ctx, attempt); err != nil {
			return err
		}
	}
}

func (d *DB) newTx(q querier, kept map[any]any) *Tx {
	if kept == nil {
		kept = map[any]any{}
	}
	return &Tx{q: q, now: d.clock.Now(), kept: kept, forUpdate: d.dialect.forUpdate}
}

const maxAttempts = 8

// pause waits longer with each attempt, with jitter, so that those who
// collided do not collide again.
func pause(ctx context.Context, attempt int) error {
	longest := time.Duration(2<<attempt) * time.Millisecond
	timer := time.NewTimer(rand.N(longest))
	defer timer.Stop()
	select {
	case <-timer.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// commit commits what was written, and counts.
func (d *DB) commit(do func() error) error {
	if d.BeforeCommit != nil {
		d.BeforeCommit()
	}
	d.commits.Add(1)
	return do()
}

// Commits is how many writing transactions were committed since Open.
func (d *DB) Commits() uint64 { return d.commits.Load() }
