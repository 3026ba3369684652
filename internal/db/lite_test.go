// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// onEach runs f once on each connection of an SQLite database that reads, by
// not giving back any of them before the last.
func onEach(t *testing.T, d *db.DB, f func(tx *db.Tx)) {
	t.Helper()
	var nested func(n int)
	nested = func(n int) {
		err := d.Read(t.Context(), func(tx *db.Tx) error {
			f(tx)
			if n > 1 {
				nested(n - 1)
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	nested(db.MaxSQLiteReaders)
}

// ways are the functions that run another one on a database, those that read first.
func ways(d *db.DB) []func(context.Context, func(*db.Tx) error) error {
	return []func(context.Context, func(*db.Tx) error) error{d.Read, d.Look, d.Write}
}

// list runs a query that returns numbers.
func list(ctx context.Context, tx *db.Tx, query string, args ...any) ([]int, error) {
	return db.Collect(ctx, tx, func(scan db.Scan) (int, error) {
		var v int
		return v, scan(&v)
	}, query, args...)
}

func wantList(t *testing.T, tx *db.Tx, want []int, query string, args ...any) {
	t.Helper()
	if got, err := list(t.Context(), tx, query, args...); err != nil || !slices.Equal(got, want) {
		t.Errorf("%s %v: %v, %v, want %v", query, args, got, err, want)
	}
}

// A statement that is prepared takes new arguments each time, of any type, and
// keeps nothing of the ones before.
func TestSameStatementOtherArguments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE a (v BIGINT PRIMARY KEY, s TEXT, x BYTEA, y BOOLEAN)")
		texts := []any{"one", "", nil, "größer", "five"}
		blobs := []any{[]byte{0, 1}, nil, []byte{255}, []byte("x"), nil}
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			for i, s := range texts {
				_, err := tx.Exec(t.Context(), "INSERT INTO a (y, v, s, x) VALUES ($4, $1, $2, $3)", i, s, blobs[i], i%2 == 0)
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, in := range ways(e.DB) {
			err := in(t.Context(), func(tx *db.Tx) error {
				for i, s := range texts {
					var text *string
					var blob []byte
					var even bool
					err := tx.QueryRow(t.Context(), "SELECT s, x, y FROM a WHERE v = $1", i).Scan(&text, &blob, &even)
					wantText, isText := s.(string)
					wantBlob, _ := blobs[i].([]byte)
					if err != nil || isText != (text != nil) || isText && *text != wantText ||
						string(blob) != string(wantBlob) || even != (i%2 == 0) {
						t.Errorf("row %d: %v, %x, %v, %v", i, text, blob, even, err)
					}
				}
				wantList(t, tx, []int{0}, "SELECT v FROM a WHERE s = $1", "one")
				wantList(t, tx, nil, "SELECT v FROM a WHERE s = $1", "none")
				wantList(t, tx, []int{4}, "SELECT v FROM a WHERE s = $1", "five")
				return nil
			})
			if err != nil {
				t.Error(err)
			}
		}
	})
}

// More statements than a connection keeps: it goes on, and does not keep more.
func TestManyStatements(t *testing.T) {
	e := dbtest.New(t, "sqlite")
	mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT)")
	mustWrite(t, e.DB, "INSERT INTO n VALUES (7)")
	many := func(tx *db.Tx) error {
		for i := range 2*db.MaxReady + 10 {
			wantList(t, tx, []int{7 + i}, fmt.Sprintf("SELECT v + %d FROM n", i))
			if i%100 == 0 {
				wantList(t, tx, []int{7}, "SELECT v FROM n WHERE v = $1", 7)
			}
		}
		return nil
	}
	for _, in := range ways(e.DB) {
		if err := in(t.Context(), many); err != nil {
			t.Error(err)
		}
	}
	n, err := e.DB.Ready(t.Context())
	if err != nil || n == 0 || n > db.MaxReady {
		t.Errorf("a connection keeps %d statements, %v", n, err)
	}
}

// A statement that cannot be prepared is an error of that one only, and works
// once the table is there.
func TestBrokenStatement(t *testing.T) {
	e := dbtest.New(t, "sqlite")
	const query = "SELECT v FROM later"
	broken := func(tx *db.Tx) error {
		for _, q := range []string{query, "SELECT", "NONSENSE $1", ""} {
			if _, err := list(t.Context(), tx, q); err == nil && q != "" {
				t.Errorf("%q is no error", q)
			}
			wantList(t, tx, []int{3}, "SELECT 1 + $1", 2)
		}
		return nil
	}
	for _, in := range ways(e.DB) {
		if err := in(t.Context(), broken); err != nil {
			t.Error(err)
		}
	}
	mustWrite(t, e.DB, "CREATE TABLE later (v BIGINT)")
	mustWrite(t, e.DB, "INSERT INTO later VALUES (5)")
	onEach(t, e.DB, func(tx *db.Tx) { wantList(t, tx, []int{5}, query) })
}

// The schema changes between two uses of a prepared statement, by this process
// or by another one that migrates: the statement means what it says now.
func TestSchemaChanges(t *testing.T) {
	e := dbtest.New(t, "sqlite")
	other, err := db.Open(t.Context(), e.Location, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	mustWrite(t, e.DB, "CREATE TABLE n (v BIGINT)")
	mustWrite(t, e.DB, "INSERT INTO n (v) VALUES (1)")
	columns := func(tx *db.Tx) int {
		rows, err := tx.Query(t.Context(), "SELECT * FROM n")
		if err != nil {
			t.Fatal(err)
		}
		defer rows.Close()
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		return len(names)
	}
	for i, d := range []*db.DB{e.DB, e.DB, other, other, e.DB} {
		mustWrite(t, e.DB, "INSERT INTO n (v) VALUES (1)")
		onEach(t, e.DB, func(tx *db.Tx) {
			wantList(t, tx, []int{i + 2}, "SELECT COUNT(*) FROM n WHERE v = $1", 1)
			if got := columns(tx); got != i+1 {
				t.Errorf("%d columns, want %d", got, i+1)
			}
		})
		mustWrite(t, d, fmt.Sprintf("ALTER TABLE n ADD COLUMN w%d BIGINT", i))
		mustWrite(t, d, fmt.Sprintf("CREATE INDEX n_w%d ON n (w%d)", i, i))
	}
	mustWrite(t, other, "DROP TABLE n")
	onEach(t, e.DB, func(tx *db.Tx) {
		if _, err := list(t.Context(), tx, "SELECT COUNT(*) FROM n WHERE v = $1", 1); err == nil {
			t.Error("read a table that is gone")
		}
	})
	mustWrite(t, other, "CREATE TABLE n (x TEXT, v BIGINT)")
	mustWrite(t, e.DB, "INSERT INTO n (v) VALUES (1)")
	onEach(t, e.DB, func(tx *db.Tx) { wantList(t, tx, []int{1}, "SELECT COUNT(*) FROM n WHERE v = $1", 1) })
}

// Rows that somebody forgot to close, since an error came first, are in
// nobody's way: not in that of the next reader, who sees what is true then, nor
// of a change of the schema, nor of Close.
func TestRowsLeftOpen(t *testing.T) {
	e := dbtest.New(t, "sqlite")
	d, err := db.Open(t.Context(), e.Location, e.Clock) // closed by this test
	if err != nil {
		t.Fatal(err)
	}
	mustWrite(t, d, "CREATE TABLE n (v BIGINT)")
	mustWrite(t, d, "INSERT INTO n VALUES (1), (2), (3)")
	boom := errors.New("boom")
	careless := func(tx *db.Tx) error {
		rows, err := tx.Query(t.Context(), "SELECT v FROM n ORDER BY v")
		if err != nil {
			return err
		}
		var v int
		if !rows.Next() || rows.Scan(&v) != nil || v != 1 {
			t.Errorf("begins with %d", v)
		}
		_ = tx.QueryRow(t.Context(), "SELECT v FROM n WHERE v > $1", 1)
		return boom
	}
	for n := range 3 * db.MaxSQLiteReaders {
		for _, in := range ways(d) {
			if err := in(t.Context(), careless); !errors.Is(err, boom) {
				t.Errorf("round %d: %v", n, err)
			}
		}
		mustWrite(t, d, "INSERT INTO n VALUES (4)")
	}
	mustWrite(t, d, "DROP TABLE n")
	if err := d.Close(); err != nil {
		t.Error(err)
	}
}
