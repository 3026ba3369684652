// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"database/sql"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"

	"github.com/pressly/goose/v3"
)

// drivers and dialects of the engines.
var drivers = map[string]string{"sqlite": "sqlite", "postgres": "pgx"}

var dialects = map[string]goose.Dialect{"sqlite": goose.DialectSQLite3, "postgres": goose.DialectPostgres}

// before6 is a database as a program left it that had the first five
// migrations, with the test town in it.
func before6(t *testing.T, engine string) *dbtest.Env {
	t.Helper()
	e := &dbtest.Env{Clock: clock.NewFake(dbtest.Start), Location: dbtest.Location(t, engine)}
	pool, err := sql.Open(drivers[engine], e.Location)
	if err != nil {
		t.Fatal(err)
	}
	p, err := goose.NewProvider(dialects[engine], pool, os.DirFS("migrations"))
	if err != nil {
		t.Fatal(err)
	}
	if _, err := p.UpTo(t.Context(), 5); err != nil {
		t.Fatal(err)
	}
	if err := pool.Close(); err != nil {
		t.Fatal(err)
	}
	if e.DB, err = db.Open(t.Context(), e.Location, e.Clock); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := e.DB.Close(); err != nil {
			t.Error(err)
		}
	})
	// An import would want the columns of today.
	for _, q := range []string{
		`INSERT INTO tenant (id, revision, sealed_key, name, land, zone, controller_name, controller_street,
			controller_postcode, controller_city, controller_phone, controller_email, hold_minutes, max_extensions,
			confirm_email, confirm_minutes, unverified_per_address, cooldown_minutes)
			VALUES ('t', 1, 'k', 'T', 'NW', 'UTC', '', '', '', '', '', '', 10, 1, FALSE, 30, 5, 0)`,
		`INSERT INTO location (id, tenant_id, key, position, retired, name, street, postcode, city, phone, phone_hours,
			directions, office_mail, lead_minutes, horizon_days)
			VALUES ('l', 't', 'l', 0, FALSE, '{}', '', '', '', '', '{}', '{}', '', 60, 56)`,
		`INSERT INTO counter (id, location_id, key, position, retired, name, office_mail)
			VALUES ('c1', 'l', 'c1', 0, FALSE, '{}', ''), ('c2', 'l', 'c2', 1, FALSE, '{}', '')`,
	} {
		mustWrite(t, e.DB, q)
	}
	return e
}

// texts runs a query whose rows have one text.
func texts(t *testing.T, d *db.DB, query string) []string {
	t.Helper()
	var list []string
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		var err error
		list, err = db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
			var s string
			return s, scan(&s)
		}, query)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return list
}

const claim = "INSERT INTO claim (counter_id, tick, owner, kind, until) VALUES ('%s', %d, '%s', '%s', %d)"

// Claims from before the sixth migration are the same after it, and nobody can
// have one of them twice.
func TestClaimsStay(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			e := before6(t, engine)
			if err := e.DB.CheckSchema(t.Context()); fault.Of(err) != fault.Conflict {
				t.Fatalf("before: %v", err)
			}
			counters := texts(t, e.DB, "SELECT id FROM counter ORDER BY id")
			kinds := []string{"hold", "appointment", "cooldown"}
			for i, id := range counters {
				for tick := range 40 {
					until := int64(1_800_000_000 + tick)
					if tick%2 == 0 {
						until = 253402300799
					}
					mustWrite(t, e.DB, fmt.Sprintf(claim, id, 6_000_000+40*i-tick, fmt.Sprint("owner", tick/3), kinds[tick%3], until))
				}
			}
			const all = `SELECT counter_id || ' ' || CAST(tick AS TEXT) || ' ' || owner || ' ' || kind || ' ' || CAST(until AS TEXT)
				FROM claim ORDER BY counter_id, tick`
			before := texts(t, e.DB, all)
			if n, err := e.DB.Migrate(t.Context()); n < 1 || err != nil {
				t.Fatalf("%d migrations, %v", n, err)
			}
			if after := texts(t, e.DB, all); len(after) != 40*len(counters) || !slices.Equal(after, before) {
				t.Errorf("%d claims became %d others", len(before), len(after))
			}
			if err := e.DB.CheckSchema(t.Context()); err != nil {
				t.Errorf("after: %v", err)
			}
			wantGuarded(t, e.DB, counters)
			wantByKey(t, e.DB)
		})
	}
}

// wantGuarded makes sure that the table refuses what it refused before.
func wantGuarded(t *testing.T, d *db.DB, counters []string) {
	t.Helper()
	err := write(t.Context(), d, fmt.Sprintf(claim, counters[0], 6_000_000, "somebody else", "appointment", 1))
	if !db.IsUnique(err) {
		t.Errorf("a second claim of the same: %v", err)
	}
	for what, q := range map[string]string{
		"no such counter": fmt.Sprintf(claim, "none", 7_000_000, "somebody", "hold", 1),
		"no owner":        strings.Replace(fmt.Sprintf(claim, counters[0], 7_000_000, "", "hold", 1), "''", "NULL", 1),
		"no tick":         strings.Replace(fmt.Sprintf(claim, counters[0], 7_000_000, "x", "hold", 1), "7000000", "NULL", 1),
	} {
		if err := write(t.Context(), d, q); err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	mustWrite(t, d, fmt.Sprintf(claim, counters[0], 7_000_000, "somebody", "hold", 1))
	mustWrite(t, d, fmt.Sprintf(claim, counters[1], 7_000_000, "somebody", "hold", 1))
}

// wantByKey makes sure that SQLite stores claims in their key, and finds them
// by their owner without reading them all.
func wantByKey(t *testing.T, d *db.DB) {
	t.Helper()
	if d.Engine() != "sqlite" {
		return
	}
	err := d.Read(t.Context(), func(tx *db.Tx) error {
		if _, err := list(t.Context(), tx, "SELECT rowid FROM claim"); err == nil {
			t.Error("claims have a hidden key beside their own")
		}
		plan, err := db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
			var step string
			return step, scan(new(int), new(int), new(int), &step)
		}, "EXPLAIN QUERY PLAN SELECT tick FROM claim WHERE owner = $1", "x")
		if !strings.Contains(strings.Join(plan, "\n"), "claim_owner") {
			t.Errorf("claims of an owner: %q", plan)
		}
		return err
	})
	if err != nil {
		t.Error(err)
	}
}
