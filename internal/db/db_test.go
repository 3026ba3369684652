// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"sync"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// Placeholders bind by number on both engines, repeated and out of order.
func TestPlaceholders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), "CREATE TABLE b (o BIGINT, s BIGINT, x BYTEA, y BOOLEAN)"); err != nil {
				return err
			}
			_, err := tx.Exec(t.Context(), "INSERT INTO b (o, s, x, y) VALUES ($2, $1, $3, $4)", 11, 22, []byte{0, 255}, true)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		err = e.DB.Read(t.Context(), func(tx *db.Tx) error {
			var o, s int64
			var x []byte
			var y bool
			q := "SELECT o, s, x, y FROM b WHERE o = $2 AND s = $1 AND o <> $1"
			if err := tx.QueryRow(t.Context(), q, 11, 22).Scan(&o, &s, &x, &y); err != nil {
				return err
			}
			if o != 22 || s != 11 || string(x) != "\x00\xff" || !y {
				t.Errorf("got %d %d %x %v", o, s, x, y)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func TestWriteRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		boom := errors.New("boom")
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), "INSERT INTO n VALUES (1)"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("got %v", err)
		}
		if got := count(t, e.DB); got != 0 {
			t.Errorf("%d rows after a rollback", got)
		}
	})
}

func TestIsUnique(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		mustWrite(t, e.DB, "INSERT INTO n VALUES (1)")
		err := write(t.Context(), e.DB, "INSERT INTO n VALUES (1)")
		if !db.IsUnique(err) {
			t.Errorf("not seen as unique violation: %v", err)
		}
	})
}

// Transactions that read, then write the same row, all take effect: on SQLite
// one after the other, on PostgreSQL by the row's lock.
func TestConcurrentWrites(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT)")
		mustWrite(t, e.DB, "INSERT INTO n VALUES (0)")
		var wg sync.WaitGroup
		for range 20 {
			wg.Go(func() {
				if err := write(t.Context(), e.DB, "UPDATE n SET v = v + 1"); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := count(t, e.DB); got != 20 {
			t.Errorf("got %d, want 20", got)
		}
	})
}

// Two transactions that lock two rows in opposite order: the engine stops one
// and it runs again.
func TestDeadlockIsRetried(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (id BIGINT, v BIGINT)")
		mustWrite(t, e.DB, "INSERT INTO n VALUES (1, 0), (2, 0)")
		var both, wg sync.WaitGroup
		both.Add(2)
		for i := range 2 {
			first := true
			wg.Go(func() {
				err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
					if _, err := tx.Exec(t.Context(), "UPDATE n SET v = v + 1 WHERE id = $1", i+1); err != nil {
						return err
					}
					if first && e.DB.Engine() == "postgres" { // SQLite lets only one in
						first = false
						both.Done()
						both.Wait()
					}
					_, err := tx.Exec(t.Context(), "UPDATE n SET v = v + 1 WHERE id = $1", 2-i)
					return err
				})
				if err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if got := count(t, e.DB); got != 4 {
			t.Errorf("got %d, want 4", got)
		}
	})
}

func TestSchemaVersion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		if err := e.DB.CheckSchema(t.Context()); err != nil {
			t.Errorf("migrated: %v", err)
		}
		if n, err := e.DB.Migrate(t.Context()); n != 0 || err != nil {
			t.Errorf("second migration: %d, %v", n, err)
		}
		mustWrite(t, e.DB, "UPDATE goose_db_version SET version_id = 9999 WHERE version_id = 1")
		if err := e.DB.CheckSchema(t.Context()); fault.Of(err) != fault.Conflict {
			t.Errorf("newer schema: %v", err)
		}
		empty, err := db.Open(t.Context(), dbtest.Location(t, e.DB.Engine()), e.Clock)
		if err != nil {
			t.Fatal(err)
		}
		defer empty.Close()
		if err := empty.CheckSchema(t.Context()); fault.Of(err) != fault.Conflict {
			t.Errorf("empty database: %v", err)
		}
	})
}

func TestOpenMakesNoFolderAndOpenExistingNoFile(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "town.db")
	if _, err := db.OpenExisting(t.Context(), path, clock.System{}); fault.Of(err) != fault.NotFound {
		t.Errorf("no file: %v", err)
	}
	if _, err := db.Open(t.Context(), filepath.Join(dir, "none", "town.db"), clock.System{}); fault.Of(err) != fault.NotFound {
		t.Errorf("no folder: %v", err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) != 0 {
		t.Fatalf("made %v, %v", left, err)
	}
	for _, open := range []func(context.Context, string, clock.Clock) (*db.DB, error){db.Open, db.OpenExisting} {
		d, err := open(t.Context(), path, clock.System{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

func mustWrite(t *testing.T, d *db.DB, q string) {
	t.Helper()
	if err := write(t.Context(), d, q); err != nil {
		t.Fatal(err)
	}
}

func write(ctx context.Context, d *db.DB, q string) error {
	return d.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, q)
		return err
	})
}

func count(t *testing.T, d *db.DB) int64 {
	t.Helper()
	var n int64
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COALESCE(SUM(v), 0) FROM n").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}
