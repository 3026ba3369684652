// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"fmt"
)

// Scrub takes what was deleted out of the files, as far as the engine can. SQLite
// overwrites deleted content by itself (secure_delete); its log of changes is put
// into the file and emptied here. PostgreSQL is told to vacuum, after which the
// room is used again; until then, and in its archived logs, old rows remain.
func (d *DB) Scrub(ctx context.Context) error {
	if d.dialect == postgresDialect {
		if _, err := d.pool.ExecContext(ctx, "VACUUM"); err != nil {
			return fmt.Errorf("vacuum: %w", err)
		}
		return nil
	}
	var busy, log, moved int
	if err := d.pool.QueryRowContext(ctx, "PRAGMA wal_checkpoint(TRUNCATE)").Scan(&busy, &log, &moved); err != nil {
		return fmt.Errorf("empty the log of changes: %w", err)
	}
	return nil // who was busy is not in the next hour
}
