// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// crowd runs n writers for the same key while the first one keeps the writer
// busy, so that the others share what comes next. It returns their errors.
func crowd(t *testing.T, e *dbtest.Env, n int, f func(i int, tx *db.Tx) error) []error {
	t.Helper()
	busy, free := make(chan struct{}), make(chan struct{})
	var wg sync.WaitGroup
	wg.Go(func() {
		_ = e.DB.WriteFor(t.Context(), "key", func(*db.Tx) error {
			close(busy)
			<-free
			return nil
		})
	})
	<-busy
	errs := make([]error, n)
	started := make(chan struct{}, n)
	for i := range n {
		wg.Go(func() {
			started <- struct{}{}
			errs[i] = e.DB.WriteFor(t.Context(), "key", func(tx *db.Tx) error { return f(i, tx) })
		})
	}
	for range n {
		<-started
	}
	close(free)
	wg.Wait()
	return errs
}

func insert(t *testing.T, tx *db.Tx, v int) error {
	_, err := tx.Exec(t.Context(), "INSERT INTO n VALUES ($1)", v)
	return err
}

// Writers that come together share commits, and one that fails undoes its own
// work only.
func TestWritersShareCommits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		before := e.DB.Commits()
		boom := errors.New("boom")
		errs := crowd(t, e, 200, func(i int, tx *db.Tx) error {
			if err := insert(t, tx, i); err != nil {
				return err
			}
			if i%10 == 3 {
				return boom
			}
			return nil
		})
		for i, err := range errs {
			if want := i%10 == 3; errors.Is(err, boom) != want || (err != nil) != want {
				t.Errorf("writer %d: %v", i, err)
			}
		}
		if got := rows(t, e); got != 180 {
			t.Errorf("%d rows, want 180", got)
		}
		if got := e.DB.Commits() - before; got > 100 {
			t.Errorf("%d commits for 201 writers: they do not share", got)
		}
	})
}

// A constraint that one writer breaks is that writer's own problem.
func TestUniqueInAGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		won := 0
		for _, err := range crowd(t, e, 50, func(_ int, tx *db.Tx) error { return insert(t, tx, 7) }) {
			switch {
			case err == nil:
				won++
			case !db.IsUnique(err):
				t.Error(err)
			}
		}
		if won != 1 {
			t.Errorf("%d writers inserted the same key", won)
		}
	})
}

// Who goes away before his turn is left out; who goes away in the middle of
// it changes nothing for the others.
func TestClientGoesAway(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		gone, cancel := context.WithCancel(t.Context())
		errs := crowd(t, e, 30, func(i int, tx *db.Tx) error {
			ctx := t.Context()
			if i == 11 {
				cancel()
				ctx = gone
			}
			_, err := tx.Exec(ctx, "INSERT INTO n VALUES ($1)", i)
			return err
		})
		for i, err := range errs {
			if err != nil {
				t.Errorf("writer %d: %v", i, err)
			}
		}
		if got := rows(t, e); got != 30 {
			t.Errorf("%d rows, want 30", got)
		}
		if err := e.DB.Write(gone, func(tx *db.Tx) error { return insert(t, tx, 99) }); !errors.Is(err, context.Canceled) {
			t.Errorf("gone before: %v", err)
		}
		if got := rows(t, e); got != 30 {
			t.Error("who had gone was served")
		}
	})
}

// lose is what ends a whole transaction: on SQLite as a full disk does, on
// PostgreSQL as when the server goes away.
var lose = map[string]string{
	"sqlite":   "INSERT OR ROLLBACK INTO n VALUES ($1)",
	"postgres": "SELECT pg_terminate_backend(pg_backend_pid()) WHERE $1 > 0",
}

// When the engine throws the whole transaction away, the others' work is done
// again, without the one that it happened to.
func TestLostTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		errs := crowd(t, e, 40, func(i int, tx *db.Tx) error {
			if err := insert(t, tx, i); err != nil {
				return err
			}
			if i == 20 {
				_, err := tx.Exec(t.Context(), lose[e.DB.Engine()], i)
				return err
			}
			return nil
		})
		for i, err := range errs {
			if (err != nil) != (i == 20) {
				t.Errorf("writer %d: %v", i, err)
			}
		}
		if got := rows(t, e); got != 39 {
			t.Errorf("%d rows, want 39", got)
		}
	})
}

// A panic reaches the one whose function it was, and nobody else.
func TestPanicInAGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		func() {
			defer func() {
				if got := fmt.Sprint(recover()); got != "boom" {
					t.Errorf("recovered %s", got)
				}
			}()
			_ = e.DB.WriteFor(t.Context(), "key", func(tx *db.Tx) error {
				if err := insert(t, tx, 1); err != nil {
					return err
				}
				panic("boom")
			})
		}()
		if err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return insert(t, tx, 2) }); err != nil {
			t.Error(err)
		}
		if got := rows(t, e); got != 1 {
			t.Errorf("%d rows, want 1", got)
		}
	})
}

// Who gives up before he has done anything makes nobody run twice.
func TestGivingUpInAGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		boom := errors.New("boom")
		var runs [60]int
		errs := crowd(t, e, 60, func(i int, tx *db.Tx) error {
			runs[i]++
			if i%3 == 0 {
				return boom
			}
			return tx.Later(t.Context(), db.Want(1, boom), "INSERT INTO n VALUES ($1)", i)
		})
		for i, err := range errs {
			if (err != nil) != (i%3 == 0) || runs[i] != 1 {
				t.Errorf("writer %d ran %d times: %v", i, runs[i], err)
			}
		}
		if got := rows(t, e); got != 40 {
			t.Errorf("%d rows, want 40", got)
		}
	})
}

// What one left for later fails by itself, whatever those before and after him
// left; what he kept for others is gone then, and there otherwise.
func TestLaterInAGroup(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		boom := errors.New("boom")
		sum := 0
		errs := crowd(t, e, 60, func(i int, tx *db.Tx) error {
			before, _ := tx.Kept("sum").(int)
			tx.Keep("sum", before+1)
			var check func(int64) error
			if i%5 == 1 {
				check = func(int64) error { return boom }
			}
			err := tx.Later(t.Context(), check, "INSERT INTO n VALUES ($1)", i)
			if i%5 == 2 {
				err = errors.Join(err, tx.Later(t.Context(), nil, "INSERT INTO n VALUES ($1)", i)) // breaks the key
			}
			tx.OnCommit(func() { sum = max(sum, before+1) })
			if i%5 == 3 {
				return errors.Join(err, boom)
			}
			return err
		})
		for i, err := range errs {
			if bad := i%5 >= 1 && i%5 <= 3; (err != nil) != bad {
				t.Errorf("writer %d: %v", i, err)
			}
		}
		if got := rows(t, e); got != 24 {
			t.Errorf("%d rows, want 24", got)
		}
		if sum < 1 || sum > 24 {
			t.Errorf("kept up to %d", sum)
		}
	})
}

// Who writes after the end, or waits at the end, hears so; closing twice is fine.
func TestWriteAfterClose(t *testing.T) {
	d, err := db.Open(t.Context(), dbtest.Location(t, "sqlite"), clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() { _ = d.Write(t.Context(), func(*db.Tx) error { return nil }) })
	}
	for range 2 {
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
	wg.Wait()
	if err := d.Write(t.Context(), func(*db.Tx) error { return nil }); err == nil {
		t.Error("written after the end")
	}
}

func rows(t *testing.T, e *dbtest.Env) int {
	t.Helper()
	var n int
	err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM n").Scan(&n)
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// What is to be done after the commit is done once for each writer whose work
// is there, however often it ran, and for nobody else.
func TestOnCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
		runs, told := 0, 0
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			tx.OnCommit(func() { told++ })
			if err := insert(t, tx, 1); err != nil {
				return err
			}
			if runs++; runs < 3 {
				return db.ErrRetry
			}
			if told > 0 {
				t.Error("told before the commit")
			}
			return nil
		})
		if err != nil || runs != 3 || told != 1 {
			t.Errorf("%d runs, told %d times, %v", runs, told, err)
		}
		if err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			tx.OnCommit(func() { told++ })
			return insert(t, tx, 1)
		}); !db.IsUnique(err) || told != 1 {
			t.Errorf("told %d times, %v", told, err)
		}
	})
}
