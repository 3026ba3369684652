// SPDX-License-Identifier: EUPL-1.2

// Package dbtest runs a test on SQLite and on PostgreSQL, each time with a
// fresh migrated database and a clock that stands still.
//
// PostgreSQL is a throw-away cluster of the machine's own binaries, started
// once per test binary and stopped by Main. It is not for production code.
package dbtest

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
)

// Env is what a test gets for one engine.
type Env struct {
	DB       *db.DB
	Clock    *clock.Fake
	Location string // as for db.Open
}

// Start is what the clock shows at first: Monday, 7 September 2026, 10:00 in
// Berlin. No holiday of any Land is near.
var Start = time.Date(2026, time.September, 7, 8, 0, 0, 0, time.UTC)

// Engines are the names of the subtests of Each.
var Engines = []string{"sqlite", "postgres"}

// Main runs the tests of a package and stops the cluster. Every package that
// calls Each or New needs
//
//	func TestMain(m *testing.M) { dbtest.Main(m) }
func Main(m *testing.M) {
	mainRuns = true
	code := m.Run()
	stopCluster()
	os.Exit(code)
}

var mainRuns bool

// Each runs f as one subtest for each engine.
func Each(t *testing.T, f func(t *testing.T, e *Env)) {
	t.Helper()
	for _, engine := range Engines {
		t.Run(engine, func(t *testing.T) { f(t, New(t, engine)) })
	}
}

// New is a fresh migrated database of an engine, closed when the test ends.
func New(tb testing.TB, engine string) *Env {
	tb.Helper()
	e := &Env{Clock: clock.NewFake(Start), Location: Location(tb, engine)}
	d, err := db.Open(tb.Context(), e.Location, e.Clock)
	if err != nil {
		tb.Fatal(err)
	}
	e.DB = d
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
	if _, err := d.Migrate(tb.Context()); err != nil {
		tb.Fatal(err)
	}
	return e
}

// Exec changes a database beside whatever is tested.
func (e *Env) Exec(tb testing.TB, query string, args ...any) {
	tb.Helper()
	err := e.DB.Write(tb.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(tb.Context(), query, args...)
		return err
	})
	if err != nil {
		tb.Fatal(err)
	}
}

// One puts the answer to a query for one value into dest.
func (e *Env) One(tb testing.TB, dest any, query string, args ...any) {
	tb.Helper()
	err := e.DB.Read(tb.Context(), func(tx *db.Tx) error { return tx.QueryRow(tb.Context(), query, args...).Scan(dest) })
	if err != nil {
		tb.Fatal(err)
	}
}

// Location is a fresh empty database of an engine, to be given to db.Open or
// to a process.
func Location(tb testing.TB, engine string) string {
	tb.Helper()
	if !mainRuns {
		tb.Fatal("this package needs: func TestMain(m *testing.M) { dbtest.Main(m) }")
	}
	if engine == "sqlite" {
		return filepath.Join(tb.TempDir(), "test.db")
	}
	return createDatabase(tb)
}
