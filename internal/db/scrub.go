// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
)

// Scrub takes what was deleted out of the files, as far as the engine can. SQLite
// overwrites deleted content by itself (secure_delete); its log of changes is put
// into the file and emptied here. PostgreSQL is told to vacuum, after which the
// room is used again; until then, and in its archived logs, old rows remain.
//
// It waits for nobody, and tells whether it is done: on SQLite it cannot while
// somebody reads or writes.
func (d *DB) Scrub(ctx context.Context) (bool, error) {
	if d.dialect == postgresDialect {
		if _, err := d.pool.ExecContext(ctx, "VACUUM"); err != nil {
			return false, fmt.Errorf("vacuum: %w", err)
		}
		return true, nil
	}
	c, err := d.pool.Conn(ctx)
	if err != nil {
		return false, fmt.Errorf("connect to empty the log of changes: %w", err)
	}
	done, err := emptyLog(ctx, c)
	// It does not go back: others wait for locks.
	if err := c.Raw(func(any) error { return driver.ErrBadConn }); !errors.Is(err, driver.ErrBadConn) {
		return false, fmt.Errorf("close connection: %w", err)
	}
	return done, err
}

// emptyLog tells whether it could. Nobody may write while it waits for readers, so
// it does not wait.
func emptyLog(ctx context.Context, c *sql.Conn) (bool, error) {
	_, err := c.ExecContext(ctx, "PRAGMA busy_timeout=0")
	var busy, log, moved int
	if err == nil {
		err = c.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved)
	}
	if err != nil {
		return false, fmt.Errorf("empty the log of changes: %w", err)
	}
	return busy == 0, nil
}
