// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// The baseline is worth nothing if it writes less, or more, than a booking:
// it must leave rows in the same tables, with the same texts and lengths.
func TestBareWritesTheRowsOfABooking(t *testing.T) {
	for _, engine := range dbtest.Engines {
		for _, way := range ways {
			t.Run(engine+"/"+way.name, func(t *testing.T) {
				town := newTown(t, engine)
				before := shapes(t, town)
				plain := bareLike(t, town, way.of(town, t, 1), way.http)
				booked := shapes(t, town)
				s, err := town.free[1].next() // on another day, so with a revision row of its own
				if err != nil {
					t.Fatal(err)
				}
				if err := plain.book(t.Context(), s); err != nil {
					t.Fatal(err)
				}
				all := shapes(t, town)
				if got, want := difference(all, booked), difference(booked, before); !maps.Equal(got, want) {
					t.Errorf("bare statements left\n%v\na booking leaves\n%v", got, want)
				}
			})
		}
	}
}

// shapes counts the rows of each table by what they look like.
func shapes(t *testing.T, town *town) map[string]int {
	t.Helper()
	query := "SELECT name FROM sqlite_master WHERE type = 'table'"
	if town.DB.Engine() == "postgres" {
		query = "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
	}
	pool, err := openPool(town)
	if err != nil {
		t.Fatal(err)
	}
	defer pool.Close()
	var names []string
	err = town.DB.Read(t.Context(), func(tx *db.Tx) error {
		names, err = db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
			var s string
			return s, scan(&s)
		}, query)
		return err
	})
	counts := map[string]int{}
	for _, name := range names {
		err = errors.Join(err, countShapes(t.Context(), pool, name, counts))
	}
	if err != nil {
		t.Fatal(err)
	}
	return counts
}

func countShapes(ctx context.Context, pool *sql.DB, table string, counts map[string]int) error {
	rows, err := pool.QueryContext(ctx, "SELECT * FROM "+table)
	if err != nil {
		return err
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		return err
	}
	values, into := make([]any, len(columns)), make([]any, len(columns))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		counts[table+shape(columns, values)]++
	}
	return rows.Err()
}

// shape is a row without what differs from booking to booking: of long texts
// and of bytes only the length, and neither days nor ticks.
func shape(columns []string, values []any) string {
	out := ""
	for i, column := range columns {
		switch v := values[i].(type) {
		case []byte:
			out += fmt.Sprintf(" %s:%d bytes", column, len(v))
		case string:
			if column == "reference" || len(v) >= 36 { // made anew
				v = fmt.Sprintf("%d characters", len(v))
			}
			out += fmt.Sprintf(" %s:%s", column, v)
		default:
			if !slices.Contains([]string{"day", "first_day", "last_day", "tick", "start_tick"}, column) {
				out += fmt.Sprintf(" %s:%v", column, v)
			}
		}
	}
	return out
}

// difference is what a has more, or less, than b.
func difference(a, b map[string]int) map[string]int {
	d := map[string]int{}
	for _, m := range []map[string]int{a, b} {
		for key := range m {
			if n := a[key] - b[key]; n != 0 {
				d[key] = n
			}
		}
	}
	return d
}
