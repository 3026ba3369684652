// SPDX-License-Identifier: EUPL-1.2

package dbtest

import (
	"context"
	"net/url"
	"strings"
	"sync"
	"testing"

	"vorzimmer/internal/db"

	"modernc.org/sqlite"
)

// Reads is what the connections of a database have read since Reopen.
type Reads struct {
	Pages int64 // of tables and indexes, in memory or not
	Rows  int64 // of some tables; always 0 on SQLite, which does not count them
	Scans int64 // of some tables from beginning to end; always 0 on SQLite
}

// Since is what was read between before and r.
func (r Reads) Since(before Reads) Reads {
	return Reads{r.Pages - before.Pages, r.Rows - before.Rows, r.Scans - before.Scans}
}

// Reopen closes the database and opens it again, with new connections whose
// reads are counted.
func (e *Env) Reopen(tb testing.TB) {
	tb.Helper()
	if err := e.DB.Close(); err != nil {
		tb.Fatal(err)
	}
	if e.DB.Engine() == "sqlite" {
		countReads(tb, e.file())
	}
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
}

// file is how the addresses begin that SQLite's driver gets.
func (e *Env) file() string { return "file:" + (&url.URL{Path: e.Location}).EscapedPath() + "?" }

// counted are the connections to SQLite files whose reads are counted.
var counted = struct {
	sync.Mutex
	conns map[string][]sqlite.DBStatus // by file
}{conns: map[string][]sqlite.DBStatus{}}

var watchConnections = sync.OnceFunc(func() {
	sqlite.RegisterConnectionHook(func(c sqlite.ExecQuerierContext, address string) error {
		counted.Lock()
		defer counted.Unlock()
		for file, conns := range counted.conns {
			if strings.HasPrefix(address, file) {
				counted.conns[file] = append(conns, c.(sqlite.DBStatus))
			}
		}
		return nil
	})
})

func countReads(tb testing.TB, file string) {
	watchConnections()
	counted.Lock()
	defer counted.Unlock()
	counted.conns[file] = nil
	tb.Cleanup(func() {
		counted.Lock()
		defer counted.Unlock()
		delete(counted.conns, file)
	})
}

// Reads counts what was read since Reopen; rows and scans are those of the
// tables. Nobody may use the database meanwhile, and only one goroutine at a
// time may have used it. It needs PostgreSQL 15.
func (e *Env) Reads(tb testing.TB, tables ...string) Reads {
	tb.Helper()
	if e.DB.Engine() == "sqlite" {
		return Reads{Pages: pagesRead(tb, e.file())}
	}
	// A session tells what it has read when it falls idle, and only once a second
	// unless it is asked to. One goroutine gets the same two sessions each time.
	const flush = "SELECT 1 FROM pg_stat_force_next_flush()"
	e.look(tb, e.DB.Write, flush, new(int))
	e.look(tb, e.DB.Read, flush, new(int))
	var r Reads
	e.look(tb, e.DB.Read, `SELECT
		(SELECT CAST(SUM(heap_blks_read + heap_blks_hit + COALESCE(idx_blks_read + idx_blks_hit, 0)
			+ COALESCE(toast_blks_read + toast_blks_hit + tidx_blks_read + tidx_blks_hit, 0)) AS BIGINT)
			FROM pg_statio_user_tables),
		CAST(SUM(seq_tup_read + COALESCE(idx_tup_fetch, 0)) AS BIGINT), CAST(SUM(seq_scan) AS BIGINT)
		FROM pg_stat_user_tables WHERE relname IN ('`+strings.Join(tables, "', '")+`')`, &r.Pages, &r.Rows, &r.Scans)
	return r
}

func (e *Env) look(tb testing.TB, in func(context.Context, func(*db.Tx) error) error, query string, dest ...any) {
	tb.Helper()
	err := in(tb.Context(), func(tx *db.Tx) error { return tx.QueryRow(tb.Context(), query).Scan(dest...) })
	if err != nil {
		tb.Fatal(err)
	}
}

func pagesRead(tb testing.TB, file string) int64 {
	tb.Helper()
	counted.Lock()
	defer counted.Unlock()
	var pages int64
	for _, c := range counted.conns[file] {
		for _, op := range []sqlite.DBStatusOp{sqlite.DBStatusCacheHit, sqlite.DBStatusCacheMiss} {
			n, _, err := c.Status(op, false)
			if err != nil {
				tb.Fatal(err)
			}
			pages += int64(n)
		}
	}
	return pages
}
