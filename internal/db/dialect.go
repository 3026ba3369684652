// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"errors"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	lib "modernc.org/sqlite/lib"
)

// dialect is what differs between the engines, all of it.
type dialect struct {
	name      string
	goose     goose.Dialect
	forUpdate string // end of a SELECT that locks its rows
}

var (
	sqliteDialect   = dialect{"sqlite", goose.DialectSQLite3, ""}
	postgresDialect = dialect{"postgres", goose.DialectPostgres, " FOR UPDATE"}
)

// ErrRetry is returned by a transaction's function when what it read before it
// locked has changed since: Write runs it again.
var ErrRetry = errors.New("changed meanwhile")

// Engine is the name of the engine, for messages to the operator.
func (d *DB) Engine() string { return d.dialect.name }

// wantsRetry tells whether the engine gave up a transaction only because of
// others that ran at the same time.
func wantsRetry(err error) bool {
	if errors.Is(err, ErrRetry) {
		return true
	}
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		switch pg.Code {
		case "40001", "40P01", "55P03": // serialization, deadlock, lock not available
			return true
		}
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		switch lite.Code() & 0xff { // the primary code of an extended one
		case lib.SQLITE_BUSY, lib.SQLITE_LOCKED:
			return true
		}
	}
	return false
}

// IsUnique tells whether a statement broke a primary key or another unique
// index. Its transaction must not commit.
func IsUnique(err error) bool {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok {
		return pg.Code == "23505" // unique_violation
	}
	if lite, ok := errors.AsType[*sqlite.Error](err); ok {
		return lite.Code() == lib.SQLITE_CONSTRAINT_UNIQUE || lite.Code() == lib.SQLITE_CONSTRAINT_PRIMARYKEY
	}
	return false
}
