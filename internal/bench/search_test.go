// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// pageCases are the ways in which a page of times can come to be, all with
// two hundred different lists of services in rotation.
var pageCases = []struct {
	what    string
	more    func() string // for the address, to make it a new one
	booking bool          // while others book at the same location
}{
	{what: "page, known", more: func() string { return "" }},
	{what: "page, new", more: func() string { return fmt.Sprint("&new=", addresses.Add(1)) }},
	{what: "page, booking", more: func() string { return "" }, booking: true},
}

var addresses atomic.Int64

// BenchmarkSearch measures the page with the calendar beside a handler that
// answers such bytes from memory, and the search below it beside the bare query
// for the claims on which it depends: as the program does it again and again
// while nothing changes, and as it does it the first time.
func BenchmarkSearch(b *testing.B) {
	var results []result
	for _, engine := range dbtest.Engines {
		for _, c := range pageCases {
			for _, clients := range []int{1, 16} {
				b.Run(fmt.Sprintf("%s/%s/clients=%d", engine, c.what, clients), func(b *testing.B) {
					results = append(results, measurePage(b, engine, clients, c.what, c.more, c.booking))
				})
			}
		}
		for _, again := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/search/again=%t", engine, again), func(b *testing.B) {
				results = append(results, measureSearch(b, engine, again))
			})
		}
	}
	table("Slot search: ten counters, eight weeks, half booked", results)
}

func measurePage(b *testing.B, engine string, clients int, what string, more func() string, booking bool) result {
	t := newTown(b, engine)
	lists := serviceLists(b, t)
	header, body, err := newVisitors(b, t.host, 1)[0].send(http.StatusOK, "GET "+lists[0], "", "")
	if err != nil {
		b.Fatal(err)
	}
	if !strings.Contains(header.Get("Content-Encoding"), "gzip") {
		b.Fatal("the page is not compressed")
	}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		maps.Copy(w.Header(), header)
		_, _ = w.Write(body) // a client that is gone fails by itself
	}))
	b.Cleanup(server.Close)
	pages := newVisitors(b, t.host, clients)
	memory := newVisitors(b, server.Listener.Addr().String(), clients)
	if booking {
		stop := t.bookAlong(b)
		defer stop()
	}
	var turn atomic.Int64
	next := func() string { return lists[int(turn.Add(1))%len(lists)] + more() }
	r := contest{clients: clients, jobs: [2]job{
		func(c int) error { return pages[c].get(next()) },
		func(c int) error { return memory[c].get(next()) },
	}}.run(b)
	r.engine, r.what = engine, what
	b.ReportMetric(float64(len(body)), "page-bytes")
	return r
}

// serviceLists are the addresses of two hundred pages, each of which was asked
// for once.
func serviceLists(b *testing.B, t *town) []string {
	var lists []string
	for i := range manyServices {
		for k := range i {
			lists = append(lists, fmt.Sprintf("/de/times?service=s%02d&service=s%02d", i, k))
		}
	}
	lists = lists[:200]
	v := newVisitors(b, t.host, 1)[0]
	for _, path := range lists {
		if err := v.get(path); err != nil {
			b.Fatal(err)
		}
	}
	return lists
}

// bookAlong books a time every ten milliseconds until it is stopped, each from
// the first step to the last.
func (t *town) bookAlong(b *testing.B) func() {
	b.Helper()
	book, done, stop := t.byFunctions(b, 1), atomic.Int64{}, make(chan struct{})
	var wg sync.WaitGroup
	begin := time.Now()
	wg.Go(func() {
		tick := time.NewTicker(10 * time.Millisecond)
		defer tick.Stop()
		for {
			select {
			case <-stop:
				return
			case <-tick.C:
			}
			wg.Go(func() {
				s, err := t.free[0].next()
				if err == nil {
					err = book(context.WithoutCancel(b.Context()), 0, s)
				}
				if err != nil {
					b.Error(err)
				}
				done.Add(1)
			})
		}
	})
	return func() {
		close(stop)
		wg.Wait()
		b.ReportMetric(float64(done.Load())/time.Since(begin).Seconds(), "bookings-per-s")
	}
}

func measureSearch(b *testing.B, engine string, again bool) result {
	t := newTown(b, engine)
	cat, err := t.bookings.Catalogue(b.Context(), t.tenant)
	if err != nil {
		b.Fatal(err)
	}
	sel, err := cat.Select([]office.Wanted{{Key: "s02", Quantity: 1}, {Key: "s03", Quantity: 1}})
	if err != nil {
		b.Fatal(err)
	}
	search := booking.SearchFor(t.location, sel)
	book := func() *booking.Bookings { return t.bookings }
	what := "search, again"
	if !again {
		// One that remembers nothing but the catalogue.
		book = func() *booking.Bookings { return &booking.Bookings{DB: t.DB, Offices: t.bookings.Offices} }
		what = "search, first time"
	}
	r := contest{clients: 1, jobs: [2]job{
		func(int) error {
			_, err := book().Free(b.Context(), search)
			return err
		},
		func(int) error { return t.readClaims(b.Context()) },
	}}.run(b)
	r.engine, r.what = engine, what
	return r
}

// readClaims reads all that a search has to know: here that is the whole table.
func (t *town) readClaims(ctx context.Context) error {
	return t.DB.Read(ctx, func(tx *db.Tx) error {
		_, err := db.Collect(ctx, tx, func(scan db.Scan) (slot.Claim, error) {
			var c slot.Claim
			return c, scan(&c.Counter, &c.Tick, &c.Until)
		}, "SELECT counter_id, tick, until FROM claim")
		return err
	})
}
