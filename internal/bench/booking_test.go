// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
)

// ways are the ways to book that are measured.
var ways = []struct {
	name string
	of   func(*town, testing.TB, int) booker
	http bool
}{
	{"functions", (*town).byFunctions, false},
	{"HTTP, forms alone", (*town).byForms, true},
	{"HTTP, with pages", (*town).byPages, true},
}

// booker books a spot as one of several clients: reserve, fill in the form,
// confirm.
type booker func(ctx context.Context, client int, s spot) error

// BenchmarkBooking measures a whole booking beside bare statements that write
// the same rows to the same database in the same number of transactions, one
// at a time on SQLite.
func BenchmarkBooking(b *testing.B) {
	var results []result
	for _, engine := range dbtest.Engines {
		for _, way := range ways {
			for _, clients := range []int{1, 64} {
				b.Run(fmt.Sprintf("%s/%s/clients=%d", engine, way.name, clients), func(b *testing.B) {
					t := newTown(b, engine)
					r := t.measure(b, clients, way.of(t, b, clients), way.http)
					r.engine, r.what = engine, way.name
					results = append(results, r)
				})
			}
		}
	}
	table("Booking: reserve, fill in the form, confirm", results)
}

// slowDisk is how long a commit takes on a disk that flushes slowly.
const slowDisk = 5 * time.Millisecond

// BenchmarkSlowDisk is the booking through HTTP on SQLite where each commit
// takes longer, on both sides: what those who share a commit gain.
func BenchmarkSlowDisk(b *testing.B) {
	var results []result
	for _, clients := range []int{1, 64} {
		b.Run(fmt.Sprintf("clients=%d", clients), func(b *testing.B) {
			t := newTown(b, "sqlite")
			book := t.byForms(b, clients)
			t.slow = func() { time.Sleep(slowDisk) }
			t.DB.BeforeCommit = t.slow
			r := t.measure(b, clients, book, true)
			r.engine, r.what = "sqlite", "HTTP, forms, slow"
			results = append(results, r)
		})
	}
	table("Booking on a disk that takes 5 ms for each commit", results)
}

func (t *town) measure(b *testing.B, clients int, book booker, http bool) result {
	plain, ctx := bareLike(b, t, book, http), b.Context()
	var booked, emptied atomic.Uint64
	before := t.DB.Commits()
	r := contest{clients: clients, before: func(ctx context.Context) error {
		emptied.Add(1) // with a commit
		return t.empty(ctx)
	}, jobs: [2]job{
		t.from(0, func(client int, s spot) error {
			booked.Add(1)
			return book(ctx, client, s)
		}),
		t.from(1, func(_ int, s spot) error { return plain.book(ctx, s) }),
	}}.run(b)
	r.perCommit = float64(booked.Load()) / float64(t.DB.Commits()-before-emptied.Load())
	b.ReportMetric(r.perCommit, "bookings-per-commit")
	return r
}

// from is a job that takes its spots from a stock.
func (t *town) from(stock int, book func(client int, s spot) error) job {
	return func(client int) error {
		s, err := t.free[stock].next()
		if err != nil {
			return err
		}
		return book(client, s)
	}
}

// bareLike books once and returns what writes the same.
func bareLike(tb testing.TB, t *town, book booker, http bool) *bare {
	tb.Helper()
	s, err := t.free[0].next()
	if err != nil {
		tb.Fatal(err)
	}
	if err := book(tb.Context(), 0, s); err != nil {
		tb.Fatal(err)
	}
	return newBare(tb, t, http)
}

// guests tells visitors apart: one person may have a few appointments only.
var guests atomic.Int64

// reserved are the areas in which a block of a thousand numbers belongs to nobody.
var reserved = []string{"030 23125", "069 90009", "040 66969", "0221 4710", "089 99998"}

func newGuest() person.Data {
	n := guests.Add(1)
	return person.Data{FirstName: "Frieda", LastName: "Beispiel", Email: fmt.Sprintf("gast%06d@example.org", n),
		Phone: fmt.Sprintf("%s %03d", reserved[n/1000%5], n%1000)}
}

func (t *town) byFunctions(testing.TB, int) booker {
	return func(ctx context.Context, _ int, s spot) error {
		secret, err := t.bookings.Hold(ctx, booking.HoldRequest{TenantID: t.tenant, Wanted: t.wanted,
			Location: t.location.Key, Start: s.start.Unix(), Lang: locale.DE})
		if err != nil {
			return err
		}
		if _, err := t.bookings.SaveDetails(ctx, t.tenant, secret, newGuest()); err != nil {
			return err
		}
		return t.bookings.Confirm(ctx, t.tenant, secret, locale.DE)
	}
}

func (t *town) byForms(tb testing.TB, clients int) booker { return t.byHTTP(tb, clients, false) }

func (t *town) byPages(tb testing.TB, clients int) booker { return t.byHTTP(tb, clients, true) }

// byHTTP sends the three forms and, with pages, follows each to the page that
// it leads to, like a browser.
func (t *town) byHTTP(tb testing.TB, clients int, pages bool) booker {
	visitors := newVisitors(tb, t.host, clients)
	return func(_ context.Context, client int, s spot) error {
		v, guest := visitors[client], newGuest()
		v.cookie = "" // a new visitor each time
		path := "/de/times"
		for _, form := range []url.Values{
			{"service": {t.wanted[0].Key}, "location": {t.location.Key}, "start": {strconv.FormatInt(s.start.Unix(), 10)}},
			{person.FieldFirstName: {guest.FirstName}, person.FieldLastName: {guest.LastName},
				person.FieldEmail: {guest.Email}, person.FieldPhone: {guest.Phone}},
			{},
		} {
			next, err := v.post(path, form)
			if err != nil {
				return err
			}
			if pages {
				if err := v.get(next); err != nil {
					return err
				}
			}
			path = next
		}
		if !strings.HasSuffix(path, "/done") {
			return errors.New("the third form does not lead to the result")
		}
		return nil
	}
}
