// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
	"sync"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// Who goes away gets an error and leaves the connection as it was; who waits
// for a connection goes away at once.
func TestReaderGoesAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		for range 3 * db.MaxSQLiteReaders {
			for _, in := range ways(e.DB)[:2] {
				ctx, cancel := context.WithCancel(t.Context())
				err := in(ctx, func(tx *db.Tx) error {
					if _, err := list(ctx, tx, "SELECT 1"); err != nil {
						return err
					}
					cancel()
					_, err := list(ctx, tx, "SELECT 1")
					return err
				})
				if !errors.Is(err, context.Canceled) {
					t.Errorf("got %v", err)
				}
			}
		}
		err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
			wantList(t, tx, []int{3}, "SELECT 3")
			return nil
		})
		if err != nil {
			t.Error(err)
		}
	})
	e := dbtest.New(t, "sqlite")
	left := 0
	onEach(t, e.DB, func(*db.Tx) {
		if left++; left < db.MaxSQLiteReaders {
			return
		}
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if err := e.DB.Look(ctx, func(*db.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
			t.Errorf("while all connections are lent: %v", err)
		}
	})
}

// Whoever reads after the end hears that it is closed.
func TestReadAfterClose(t *testing.T) {
	for _, engine := range dbtest.Engines {
		d, err := db.Open(t.Context(), dbtest.Location(t, engine), clock.System{})
		if err != nil {
			t.Fatal(err)
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
		for range 10 {
			for _, in := range ways(d)[:2] {
				err := in(t.Context(), func(tx *db.Tx) error {
					_, err := list(t.Context(), tx, "SELECT 3")
					return err
				})
				if err == nil {
					t.Errorf("%s: read after the end", engine)
				}
			}
		}
	}
}

// On SQLite, Close waits for those who read.
func TestCloseWaitsForReaders(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.Location(t, "sqlite"), clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	closed := make(chan error, 1)
	err = d.Read(t.Context(), func(tx *db.Tx) error {
		go func() { closed <- d.Close() }()
		for !errors.Is(d.Write(t.Context(), func(*db.Tx) error { return nil }), sql.ErrConnDone) { // until closing has begun
			runtime.Gosched()
		}
		wantList(t, tx, []int{3}, "SELECT 3")
		return nil
	})
	if err := errors.Join(err, <-closed); err != nil {
		t.Error(err)
	}
}

// More readers than connections take turns, while somebody writes.
func TestManyReaders(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT)")
		mustWrite(t, e.DB, "INSERT INTO n VALUES (0)")
		var all sync.WaitGroup
		for i := range 100 {
			in := e.DB.Read
			if i%2 == 0 {
				in = e.DB.Look
			}
			all.Go(func() {
				err := in(t.Context(), func(tx *db.Tx) error {
					wantList(t, tx, []int{i}, "SELECT $1 - MIN(0 * v) FROM n", i)
					return nil
				})
				if err != nil {
					t.Error(err)
				}
			})
			if i%10 == 0 {
				all.Go(func() {
					if err := write(t.Context(), e.DB, "UPDATE n SET v = v + 1"); err != nil {
						t.Error(err)
					}
				})
			}
		}
		all.Wait()
		if got := count(t, e.DB); got != 10 {
			t.Errorf("%d writes, want 10", got)
		}
	})
}

// In Read all statements see one state; in Look each sees that of its own
// moment. Who reads changes nothing by mistake.
func TestWhatReadersSee(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT)")
		err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
			wantList(t, tx, []int{0}, "SELECT COUNT(*) FROM n")
			mustWrite(t, e.DB, "INSERT INTO n VALUES (1)")
			wantList(t, tx, []int{0}, "SELECT COUNT(*) FROM n")
			wantList(t, tx, nil, "SELECT v FROM n")
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		err = e.DB.Look(t.Context(), func(tx *db.Tx) error {
			wantList(t, tx, []int{1}, "SELECT COUNT(*) FROM n")
			mustWrite(t, e.DB, "INSERT INTO n VALUES (2)")
			wantList(t, tx, []int{2}, "SELECT COUNT(*) FROM n")
			wantList(t, tx, []int{1, 2}, "SELECT v FROM n ORDER BY v")
			return nil
		})
		if err != nil {
			t.Error(err)
		}
		if err := e.DB.Read(t.Context(), func(tx *db.Tx) error { return insert(t, tx, 3) }); err == nil {
			t.Error("a reader wrote")
		}
		if e.DB.Engine() == "sqlite" {
			onEach(t, e.DB, func(tx *db.Tx) {
				if insert(t, tx, 3) == nil {
					t.Error("one of the connections lets readers write")
				}
			})
		}
		if got := rows(t, e); got != 2 {
			t.Errorf("%d rows, want 2", got)
		}
	})
}
