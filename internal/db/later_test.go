// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

func later(t *testing.T, tx *db.Tx, check func(int64) error, v int) error {
	t.Helper()
	return tx.Later(t.Context(), check, "INSERT INTO n (v) VALUES ($1) ON CONFLICT (v) DO NOTHING", v)
}

// numbers makes a table with a one in it, and returns how to look into it.
func numbers(t *testing.T, e *dbtest.Env) func(want ...int) {
	t.Helper()
	mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT PRIMARY KEY)")
	mustWrite(t, e.DB, "INSERT INTO n (v) VALUES (1)")
	return func(want ...int) {
		t.Helper()
		onEach(t, e.DB, func(tx *db.Tx) { wantList(t, tx, want, "SELECT v FROM n ORDER BY v") })
	}
}

// What was left for later is done before whatever comes after it, in order, and
// at the latest with the commit.
func TestLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		want := numbers(t, e)
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			err := errors.Join(later(t, tx, nil, 2), later(t, tx, db.Want(1, errors.New("not one row")), 3),
				later(t, tx, db.Want(0, errors.New("a row")), 3))
			wantList(t, tx, []int{1, 2, 3}, "SELECT v FROM n ORDER BY v")
			n, err2 := tx.Exec(t.Context(), "DELETE FROM n WHERE v = $1", 2)
			if n != 1 {
				t.Errorf("deleted %d rows", n)
			}
			return errors.Join(err, err2, later(t, tx, nil, 2), later(t, tx, nil, 4))
		})
		if err != nil {
			t.Fatal(err)
		}
		want(1, 2, 3, 4)
		if err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return later(t, tx, db.Want(1, db.ErrRetry), 5) }); err != nil {
			t.Fatal(err)
		}
		want(1, 2, 3, 4, 5)
	})
}

// A check that fails, a statement that does, and a function that gives up leave
// nothing behind, wherever in the transaction they come, and harm nobody after
// them.
func TestLaterFails(t *testing.T) {
	boom := errors.New("boom")
	no := func(int64) error { return boom }
	broken := func(tx *db.Tx) error { return tx.Later(t.Context(), nil, "INSERT INTO n (v) VALUES ($1)", 1) }
	look := func(tx *db.Tx) error {
		var n int
		return tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM n").Scan(&n)
	}
	for name, steps := range map[string][]func(*testing.T, *db.Tx) error{
		"check at the end": {func(t *testing.T, tx *db.Tx) error { return later(t, tx, no, 2) }},
		"check before others": {func(t *testing.T, tx *db.Tx) error { return later(t, tx, no, 2) },
			func(t *testing.T, tx *db.Tx) error { return later(t, tx, nil, 3) }},
		"check before a query": {func(t *testing.T, tx *db.Tx) error { return later(t, tx, no, 2) },
			func(_ *testing.T, tx *db.Tx) error { return look(tx) }},
		"key at the end": {func(_ *testing.T, tx *db.Tx) error { return broken(tx) }},
		"key before a query": {func(t *testing.T, tx *db.Tx) error { return errors.Join(later(t, tx, nil, 2), broken(tx)) },
			func(_ *testing.T, tx *db.Tx) error { return look(tx) }},
		"key before a check": {func(_ *testing.T, tx *db.Tx) error { return broken(tx) },
			func(t *testing.T, tx *db.Tx) error { return later(t, tx, no, 2) }},
		"gives up":       {func(t *testing.T, tx *db.Tx) error { return errors.Join(later(t, tx, nil, 2), boom) }},
		"gives up later": {func(t *testing.T, tx *db.Tx) error { return errors.Join(later(t, tx, nil, 2), look(tx), boom) }},
	} {
		t.Run(name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				want := numbers(t, e)
				for range 30 { // more than there are connections
					err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
						for _, step := range steps {
							if err := step(t, tx); err != nil {
								return fmt.Errorf("a step: %w", err)
							}
						}
						return nil
					})
					if err == nil {
						t.Fatal("committed")
					}
				}
				want(1)
				mustWrite(t, e.DB, "INSERT INTO n (v) VALUES (2)")
				want(1, 2)
			})
		})
	}
}

// Statements of a transaction that ends badly do not reach the next one on the
// same connection, whatever ended it.
func TestTransactionsEndCleanly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		want := numbers(t, e)
		for i := range 30 {
			func() {
				defer func() {
					if recover() == nil {
						t.Error("the panic is gone")
					}
				}()
				_ = e.DB.Write(t.Context(), func(tx *db.Tx) error {
					if err := insert(t, tx, 100+i); err != nil {
						t.Error(err)
					}
					panic("boom")
				})
			}()
			ctx, cancel := context.WithCancel(t.Context())
			err := e.DB.Write(ctx, func(tx *db.Tx) error {
				err := later(t, tx, nil, 200+i)
				if e.DB.Engine() == "postgres" { // on SQLite a writer runs to its end
					cancel()
				}
				return err
			})
			cancel()
			if e.DB.Engine() == "postgres" && !errors.Is(err, context.Canceled) {
				t.Errorf("the client went away: %v", err)
			}
			mustWrite(t, e.DB, "DELETE FROM n WHERE v >= 200")
			if err := e.DB.Write(t.Context(), func(*db.Tx) error { return nil }); err != nil {
				t.Errorf("nothing to do: %v", err)
			}
		}
		want(1)
	})
}

// Without a transaction there is no commit to wait for: what would not be run is
// an error, unless something comes after it.
func TestLaterWithoutATransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		ask := func(tx *db.Tx, n *int) error { return tx.LaterRow(t.Context(), []any{n}, "SELECT 7") }
		var last, early int
		err := e.DB.Look(t.Context(), func(tx *db.Tx) error { return ask(tx, &last) })
		if ran := last == 7; ran != (err == nil) {
			t.Errorf("at the end: ran %t, %v", ran, err)
		}
		err = e.DB.Look(t.Context(), func(tx *db.Tx) error {
			if err := ask(tx, &early); err != nil {
				return err
			}
			wantList(t, tx, []int{3}, "SELECT 3")
			return nil
		})
		if err != nil || early != 7 {
			t.Errorf("before a query: %d, %v", early, err)
		}
	})
}
