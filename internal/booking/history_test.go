// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"flag"
	"fmt"
	"log/slog"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

var past = flag.Int("past", 200_000, "appointments in the longer of the two histories that TestHistory compares")

const shortPast = 10_000

// What a search or a booking reads does not depend on how many appointments
// there ever were: the rows are the same, and the pages but for the height of
// the trees.
func TestHistory(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			few, many := readsWithPast(t, engine, shortPast), readsWithPast(t, engine, *past)
			t.Logf("%-10s %21s %21s", "", fmt.Sprint(shortPast, " past"), fmt.Sprint(*past, " past"))
			for i, f := range few {
				m := many[i]
				t.Logf("%-10s %5d rows %5d pages %5d rows %5d pages", f.name, f.Rows, f.Pages, m.Rows, m.Pages)
				if f.Pages == 0 || engine == "postgres" && f.name == "search" && f.Rows == 0 {
					t.Errorf("%s: nothing was counted", f.name)
				}
				if m.Rows != f.Rows {
					t.Errorf("%s: %d rows instead of %d", f.name, m.Rows, f.Rows)
				}
				if m.Scans != 0 {
					t.Errorf("%s: a whole table was read", f.name)
				}
				if m.Pages > mayRead(f.Pages) {
					t.Errorf("%s: %d pages instead of %d", f.name, m.Pages, f.Pages)
				}
			}
		})
	}
}

// mayRead bounds the pages with the longer past by those with the short one. A
// page holds about a hundred keys, so that a tree with a hundred times the rows
// is one level higher. A look into one reads two pages or more with the short
// past, so that one more each is half as many again at most. Eight more are for
// PostgreSQL's planner, which may look at both ends of an index or two.
func mayRead(pages int64) int64 { return pages + pages/2 + 8 }

// stepReads is what a step of a visit read.
type stepReads struct {
	name string
	dbtest.Reads
}

// readsWithPast is what the steps of a visit read in a town with n past
// appointments. PostgreSQL plans a statement anew the first five times, so it
// gets used to the visits first. Of the next ones the least counts: now and
// then a page of a tree is full and is split.
func readsWithPast(t *testing.T, engine string, n int) []stepReads {
	t.Helper()
	w := newTown(t, dbtest.New(t, engine))
	w.stage()
	w.grow(n)
	w.reopen()
	const first, last = 8, 16
	var least []stepReads
	for i := range last {
		for k, s := range w.visit(i) {
			before := w.Reads(t, withHistory...)
			if err := s.do(); err != nil {
				t.Fatalf("%s: %v", s.name, err)
			}
			r := w.Reads(t, withHistory...).Since(before)
			if i < first {
				continue
			}
			if i == first {
				least = append(least, stepReads{s.name, r})
			}
			l := &least[k].Reads
			*l = dbtest.Reads{Pages: min(l.Pages, r.Pages), Rows: min(l.Rows, r.Rows), Scans: max(l.Scans, r.Scans)}
		}
	}
	if engine == "postgres" && n > shortPast {
		w.walk()
		w.wantGenericPlans(regexp.MustCompile(`Seq Scan on (` + strings.Join(withHistory, "|") + `)\b`))
	}
	return least
}

// reopen opens the town's database again, with nothing that comes from filling
// it in the sessions, and with reads counted.
func (w *town) reopen() {
	w.Helper()
	w.Env.Reopen(w.T)
	w.worker = message.NewWorker(w.Env.DB, w.Persons.Key, w.mails, slog.New(slog.DiscardHandler))
	w.Bookings = w.forgetful()
}

// forgetful is the book with no days remembered.
func (w *town) forgetful() *booking.Bookings {
	return &booking.Bookings{DB: w.Env.DB, Offices: w.Offices, Persons: w.Persons, Texts: w.Texts, Links: w.Links,
		From: w.From, Wake: w.worker.Wake}
}

type visitStep struct {
	name string
	do   func() error
}

// visit is everything that one person does, and the town for it, with an
// address and a number that nobody else has.
func (w *town) visit(n int) []visitStep {
	ctx, ausweis := w.Context(), w.search("ausweis", "rathaus")
	who := guest
	who.Email, who.Phone = fmt.Sprintf("gast%d@example.org", n), fmt.Sprintf("030 23125 %03d", n)
	var secret seal.Secret
	free := func() error {
		_, err := w.Free(ctx, ausweis)
		return err
	}
	return []visitStep{
		{"search", func() error { w.Bookings = w.forgetful(); return free() }},
		{"again", free},
		{"next", func() error {
			w.Bookings = w.forgetful()
			_, _, err := w.Next(ctx, ausweis)
			return err
		}},
		{"release", func() error {
			w.Bookings = w.forgetful()
			_, _, err := w.NextRelease(ctx, ausweis)
			return err
		}},
		{"hold", func() error {
			var err error
			secret, err = w.hold("ausweis", at(8, 10, 0))
			return err
		}},
		{"details", func() error {
			_, err := w.SaveDetails(ctx, w.tenant, secret, who)
			return err
		}},
		{"confirm", func() error { return w.Confirm(ctx, w.tenant, secret, locale.DE) }},
		{"move", func() error { return w.Move(ctx, w.tenant, secret, "", at(9, 10, 0)) }},
		{"cancel", func() error { return w.Cancel(ctx, w.tenant, secret) }},
		{"send", func() error {
			_, err := w.worker.Step(ctx)
			return err
		}},
		{"housekeep", func() error {
			n, err := w.Housekeep(ctx)
			if err == nil && n != 0 {
				err = fmt.Errorf("%d were due", n)
			}
			return err
		}},
	}
}
