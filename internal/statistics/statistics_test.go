// SPDX-License-Identifier: EUPL-1.2

package statistics_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/statistics"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// monday is the day that the clock of the tests shows.
var monday = slot.DateOf(2026, time.September, 7)

// book is a counter over the test town.
type book struct {
	*testing.T
	*dbtest.Env
	*statistics.Counter
	tenant string
}

func newBook(t *testing.T, e *dbtest.Env) *book {
	_, tenant := officetest.Import(t, e)
	return &book{t, e, statistics.New(e.DB), tenant}
}

func (b *book) row(day slot.Date, place string, m statistics.Measure, part string) statistics.Row {
	return statistics.Row{TenantID: b.tenant, Day: day, LocationID: place, Measure: m, Part: part}
}

func (b *book) write() {
	b.Helper()
	if err := b.Write(b.Context()); err != nil {
		b.Fatal(err)
	}
}

// total is that of the whole table for a measure.
func (b *book) total(m statistics.Measure) int {
	b.Helper()
	var n int
	b.One(b.T, &n, "SELECT COALESCE(CAST(SUM(n) AS BIGINT), 0) FROM statistic WHERE measure = $1", string(m))
	return n
}

func (b *book) read(first, last slot.Date) []statistics.Total {
	b.Helper()
	var all []statistics.Total
	err := b.Env.DB.Read(b.Context(), func(tx *db.Tx) error {
		var err error
		all, err = statistics.Read(b.Context(), tx, b.tenant, first, last)
		return err
	})
	if err != nil {
		b.Fatal(err)
	}
	return all
}

// There is no column that could say anything about somebody, and none that could
// tell two events apart. Whoever adds one has to change this list, and to say why.
func TestColumns(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		query := "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'statistic' ORDER BY 1"
		if e.DB.Engine() == "sqlite" {
			query = "SELECT name, LOWER(type) FROM pragma_table_info('statistic') ORDER BY 1"
		}
		var got []string
		err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
			var err error
			got, err = db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
				var name, kind string
				err := scan(&name, &kind)
				return name + " " + kind, err
			}, query)
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		want := []string{"day bigint", "location_id text", "measure text", "n bigint", "part text", "tenant_id text"}
		if !slices.Equal(got, want) {
			t.Errorf("columns %q", got)
		}
	})
}

// Two processes count at the same time into the same rows, in any order.
func TestTwoProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		other, err := db.Open(t.Context(), e.Location, e.Clock)
		if err != nil {
			t.Fatal(err)
		}
		defer func() {
			if err := other.Close(); err != nil {
				t.Error(err)
			}
		}()
		const rounds, parts = 10, 250 // more than a batch
		var all sync.WaitGroup
		for _, c := range []*statistics.Counter{b.Counter, statistics.New(other), statistics.New(other)} {
			all.Go(func() {
				for range rounds {
					for i := range parts {
						c.Add(b.row(monday, "", statistics.Views, fmt.Sprint("part ", i)), 1)
					}
					if err := c.Write(t.Context()); err != nil {
						t.Error(err)
					}
				}
			})
		}
		all.Wait()
		var least, most int
		b.One(t, &least, "SELECT MIN(n) FROM statistic")
		b.One(t, &most, "SELECT MAX(n) FROM statistic")
		if least != 3*rounds || most != 3*rounds || b.total(statistics.Views) != 3*rounds*parts {
			t.Errorf("from %d to %d, %d together", least, most, b.total(statistics.Views))
		}
	})
}

// What the database does not take is not lost, and not counted twice either.
func TestDatabaseThatFails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		b.Add(b.row(monday, "", statistics.Views, statistics.Times), 2)
		e.Exec(t, "ALTER TABLE statistic RENAME TO away")
		if err := b.Write(t.Context()); err == nil {
			t.Fatal("written into nothing")
		}
		b.Add(b.row(monday, "", statistics.Views, statistics.Times), 3)
		e.Exec(t, "ALTER TABLE away RENAME TO statistic")
		b.write()
		b.write()
		if n := b.total(statistics.Views); n != 5 {
			t.Errorf("%d, want 5", n)
		}
	})
}

// What is taken back before it was written leaves nothing behind, and afterwards
// lowers the total of its day.
func TestTakeBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		missed := b.row(monday, "rathaus", statistics.Missed, "")
		b.Add(missed, 1)
		b.Add(missed, -1)
		b.write()
		var rows int
		b.One(t, &rows, "SELECT COUNT(*) FROM statistic")
		b.Add(missed, 2)
		b.write()
		b.Add(missed, -1)
		b.write()
		if n := b.total(statistics.Missed); rows != 0 || n != 1 {
			t.Errorf("%d rows before, then %d", rows, n)
		}
	})
}

func TestNobodyCounts(t *testing.T) {
	var c *statistics.Counter
	c.Add(statistics.Row{Measure: statistics.Views}, 1) // does not panic
	if statistics.Objected(t.Context()) || !statistics.Objected(statistics.Without(t.Context())) {
		t.Error("who objects is not known")
	}
}

func TestLeadOf(t *testing.T) {
	for part, days := range map[string][]int{"0": {-1, 0}, "1-2": {1, 2}, "3-7": {3, 7}, "8-14": {8, 14}, "15-30": {15, 30}, "31": {31, 365}} {
		for _, d := range days {
			if got := statistics.LeadOf(d); got != part || !slices.Contains(statistics.Lead.Parts(), got) {
				t.Errorf("%d days are %q, want %q", d, got, part)
			}
		}
	}
}

func TestDeviceOf(t *testing.T) {
	for agent, want := range map[string]string{
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1": statistics.Phone,
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Mobile Safari/537.36":                         statistics.Phone,
		"Mozilla/5.0 (iPad; CPU OS 12_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/12.1 Mobile/15E148 Safari/604.1":          statistics.Tablet,
		"Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0":                                                        statistics.Computer,
		"Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)":                                                                statistics.Other,
		"Go-http-client/1.1": statistics.Other,
		"":                   statistics.Other,
	} {
		if got := statistics.DeviceOf(agent); got != want || !slices.Contains(statistics.Device.Parts(), got) {
			t.Errorf("%q is %q, want %q", agent, got, want)
		}
	}
}

// Whole months of five years are kept: what is gone, no page asks for any more.
func TestDeleteOld(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		b := newBook(t, e)
		today := slot.DateOf(e.Clock.Now().Date())
		oldest := today.AddDays(1 - privacy.Statistic.Default)
		if first := statistics.AddMonths(today, -statistics.KeepMonths); oldest > first {
			t.Fatalf("days from %s on are kept, pages show some from %s on", oldest, first)
		}
		b.Add(b.row(oldest, "", statistics.Views, statistics.Times), 1)
		b.Add(b.row(oldest.AddDays(-1), "", statistics.Views, statistics.Times), 2)
		b.Add(b.row(oldest.AddDays(-31), "", statistics.Views, statistics.Done), 4)
		b.write()
		var deleted int
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			var err error
			before := tx.Now().Add(-time.Duration(privacy.Statistic.Default) * privacy.Statistic.Unit)
			deleted, err = statistics.Old.Delete(t.Context(), tx, b.tenant, before.Unix(), 100)
			return err
		})
		if err != nil || deleted != 2 || b.total(statistics.Views) != 1 {
			t.Errorf("%d deleted, %d left, %v", deleted, b.total(statistics.Views), err)
		}
	})
}
