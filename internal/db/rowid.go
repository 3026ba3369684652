// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"fmt"

	"github.com/pressly/goose/v3"
)

// claimsByKey is a migration for SQLite alone. A table there has a hidden key
// of its own, and its primary key is an index beside it, so that each claim
// that is read or written costs two lookups. WITHOUT ROWID stores the rows in
// the primary key, as PostgreSQL cannot be told to.
func (d *DB) claimsByKey() *goose.Migration {
	up := func(ctx context.Context, tx *sql.Tx) error {
		if d.dialect != sqliteDialect {
			return nil
		}
		for _, q := range []string{
			`CREATE TABLE claim_by_key (
				counter_id TEXT NOT NULL REFERENCES counter (id),
				tick       BIGINT NOT NULL,
				owner      TEXT NOT NULL,
				kind       TEXT NOT NULL,
				until      BIGINT NOT NULL,
				PRIMARY KEY (counter_id, tick)
			) WITHOUT ROWID`,
			"INSERT INTO claim_by_key SELECT counter_id, tick, owner, kind, until FROM claim",
			"DROP TABLE claim",
			"ALTER TABLE claim_by_key RENAME TO claim",
			"CREATE INDEX claim_owner ON claim (owner)",
		} {
			if _, err := tx.ExecContext(ctx, q); err != nil {
				return fmt.Errorf("store claims by their key: %w", err)
			}
		}
		return nil
	}
	return goose.NewGoMigration(6, &goose.GoFunc{RunTx: up}, nil)
}
