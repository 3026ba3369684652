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

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
)

// ways are the ways to book that are measured.
var ways = []struct {
	name string
	of   func(*town, testing.TB, int) booker
}{
	{"functions", (*town).byFunctions},
	{"HTTP, forms alone", (*town).byForms},
	{"HTTP, with pages", (*town).byPages},
}

// booker books a spot as one of several clients: reserve, fill in the form,
// confirm.
type booker func(ctx context.Context, client int, s spot) error

// BenchmarkBooking measures a whole booking beside bare statements that write
// the same rows to the same database in the same number of transactions.
func BenchmarkBooking(b *testing.B) {
	var results []result
	for _, engine := range dbtest.Engines {
		for _, way := range ways {
			for _, clients := range []int{1, 16} {
				b.Run(fmt.Sprintf("%s/%s/clients=%d", engine, way.name, clients), func(b *testing.B) {
					t := newTown(b, engine)
					r := t.measure(b, clients, way.of(t, b, clients))
					r.engine, r.what = engine, way.name
					results = append(results, r)
				})
			}
		}
	}
	table("Booking: reserve, fill in the form, confirm", results)
}

func (t *town) measure(b *testing.B, clients int, book booker) result {
	plain, ctx := bareLike(b, t, book), b.Context()
	return contest{clients: clients, before: t.empty, jobs: [2]job{
		t.from(0, func(client int, s spot) error { return book(ctx, client, s) }),
		t.from(1, func(_ int, s spot) error { return plain.book(ctx, s) }),
	}}.run(b)
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
func bareLike(tb testing.TB, t *town, book booker) *bare {
	tb.Helper()
	s, err := t.free[0].next()
	if err != nil {
		tb.Fatal(err)
	}
	if err := book(tb.Context(), 0, s); err != nil {
		tb.Fatal(err)
	}
	return newBare(tb, t)
}

// guests tells visitors apart: one mailbox may have a few appointments only.
var guests atomic.Int64

func newGuest() person.Data {
	return person.Data{FirstName: "Frieda", LastName: "Beispiel", Phone: "030 23125 001",
		Email: fmt.Sprintf("gast%06d@example.org", guests.Add(1))}
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
