// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// timesPath asks for two services that take twenty-five minutes together,
// which do not fit into every gap.
const timesPath = "/de/times?service=ausweis&service=meldung"

// BenchmarkSearch measures the page with the calendar beside a handler that
// answers its bytes from memory, and the search below it beside the bare query
// for the claims on which it depends: as the program does it again and again
// while nothing changes, and as it does it the first time.
func BenchmarkSearch(b *testing.B) {
	var results []result
	for _, engine := range dbtest.Engines {
		for _, clients := range []int{1, 16} {
			b.Run(fmt.Sprintf("%s/page/clients=%d", engine, clients), func(b *testing.B) {
				results = append(results, measurePage(b, engine, clients))
			})
		}
		for _, again := range []bool{true, false} {
			b.Run(fmt.Sprintf("%s/search/again=%t", engine, again), func(b *testing.B) {
				results = append(results, measureSearch(b, engine, again))
			})
		}
	}
	table("Slot search: ten counters, eight weeks, half booked", results)
}

func measurePage(b *testing.B, engine string, clients int) result {
	t := newTown(b, engine)
	header, body, err := newVisitors(b, t.host, 1)[0].send(http.StatusOK, "GET "+timesPath, "", "")
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
	r := contest{clients: clients, jobs: [2]job{
		func(c int) error { return pages[c].get(timesPath) },
		func(c int) error { return memory[c].get(timesPath) },
	}}.run(b)
	r.engine, r.what = engine, "page of times"
	b.ReportMetric(float64(len(body)), "page-bytes")
	return r
}

func measureSearch(b *testing.B, engine string, again bool) result {
	t := newTown(b, engine)
	cat, err := t.bookings.Catalogue(b.Context(), t.tenant)
	if err != nil {
		b.Fatal(err)
	}
	sel, err := cat.Select([]office.Wanted{{Key: "ausweis", Quantity: 1}, {Key: "meldung", Quantity: 1}})
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
