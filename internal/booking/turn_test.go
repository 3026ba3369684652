// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"context"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

// click is a request for the wedding room, which only one at a time can have.
func (w *town) click(start int64, once, replaces seal.Secret) booking.HoldRequest {
	return booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "trauung", Quantity: 1}}, Location: "rathaus",
		Start: start, Lang: locale.DE, Once: once, Replaces: replaces}
}

// alone is the same book in another process, on both engines.
func (w *town) alone() *booking.Bookings {
	w.Helper()
	d, err := db.Open(w.Context(), w.Location, w.Clock)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := d.Close(); err != nil {
			w.Error(err)
		}
	})
	b := w.forgetful()
	b.DB, b.Offices = d, office.NewStore()
	return b
}

// A second click finds the slot taken, by the first one: it gets that hold. So
// do both clicks of somebody who is quick, in whichever process.
func TestSecondClick(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		books := []*booking.Bookings{w.Bookings, w.alone()}
		for round := range 8 {
			once, start := seal.NewSecret(), at(8+round/4, 8+round%4, 0)
			crowd(4, func(i int) {
				if s, err := books[i%2].Hold(t.Context(), w.click(start, once, "")); err != nil || s != once {
					t.Errorf("click %d: another hold, %v", i, err)
				}
			})
			if s, err := w.Hold(t.Context(), w.click(start, once, "")); err != nil || s != once {
				t.Errorf("a late click: another hold, %v", err)
			}
			_, err := w.Hold(t.Context(), w.click(start, seal.NewSecret(), ""))
			wantKind(t, err, fault.Conflict, "booking.taken")
		}
		if n := w.claimed("hold"); n != 8*12 {
			t.Errorf("%d ticks are held, want %d", n, 8*12)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A click with the form of a hold that was lost to somebody else is no second
// click any more.
func TestSecondClickAfterTheHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		once, start := seal.NewSecret(), at(8, 10, 0)
		if _, err := w.Hold(t.Context(), w.click(start, once, "")); err != nil {
			t.Fatal(err)
		}
		e.Clock.Advance(officetest.Hold)
		other := w.mustHold("trauung", start)
		_, err := w.Hold(t.Context(), w.click(start, once, ""))
		wantKind(t, err, fault.Conflict, "booking.taken")
		e.Clock.Advance(officetest.Hold) // to the second
		s, err := w.Hold(t.Context(), w.click(start, once, ""))
		if err != nil || s == once || s == other {
			t.Errorf("when it is free again: %v", err)
		}
	})
}

// Whoever comes too late hears so without writing anything, also where nobody
// has looked at the day: SQLite commits nothing, and on PostgreSQL nobody waits
// for the day.
func TestTooLateWithoutATransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.mustHold("trauung", at(8, 10, 0))
		before := e.DB.Commits()
		late := func(ctx context.Context) {
			for _, minute := range []int{0, 15, 45} { // the slot, and two that it leaves no room for
				_, err := w.Hold(ctx, w.click(at(8, 10, minute), seal.NewSecret(), ""))
				wantKind(t, err, fault.Conflict, "booking.taken")
			}
		}
		late(t.Context())
		if got := e.DB.Commits(); got != before {
			t.Errorf("%d commits", got-before)
		}
		if e.DB.Engine() == "sqlite" {
			return
		}
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), "UPDATE revision SET n = n"); err != nil { // waits for every day
				return err
			}
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute) // reached only by a failure
			defer cancel()
			late(ctx)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

// What one gives up is not in one's own way: neither a hold that the request
// names, nor one that was made with the same form, as after the back button.
func TestOwnHoldIsNotInTheWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		once := seal.NewSecret()
		first, err := w.Hold(t.Context(), w.click(at(8, 10, 0), once, ""))
		if err != nil {
			t.Fatal(err)
		}
		second, err := w.Hold(t.Context(), w.click(at(8, 10, 15), seal.NewSecret(), first))
		if err != nil {
			t.Fatalf("in its place: %v", err)
		}
		if _, err := w.Hold(t.Context(), w.click(at(8, 10, 30), seal.NewSecret(), "")); err == nil {
			t.Error("somebody else has it as well")
		}
		form := seal.NewSecret()
		if _, err := w.Hold(t.Context(), w.click(at(8, 9, 45), form, second)); err != nil {
			t.Fatalf("in the second one's place: %v", err)
		}
		last, err := w.Hold(t.Context(), w.click(at(8, 9, 30), form, ""))
		if err != nil {
			t.Errorf("with the same form: %v", err)
		}
		other := w.click(at(8, 9, 15), seal.NewSecret(), "")
		other.Leaves = last
		if _, err := w.Hold(t.Context(), other); err != nil {
			t.Errorf("in place of the one that the session knows: %v", err)
		}
		if n := w.claimed("hold"); n != 12 {
			t.Errorf("%d ticks are held, want 12", n)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// What was seen before never keeps anybody from what is there now: a day that
// was opened again, by this process or another one, and what has just run out
// or was given back there.
func TestNobodyIsRefusedByThePast(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		here, there := w.Bookings, w.alone()
		start, shut := at(9, 10, 0), []string{"\ngroups:", "\nclosures:\n  - {from: 2026-09-09, until: 2026-09-09, reason: {de: zu, en: shut}}\ngroups:"}
		refused := func(b *booking.Bookings) {
			t.Helper()
			_, err := b.Hold(t.Context(), w.click(start, seal.NewSecret(), ""))
			wantKind(t, err, fault.Conflict, "booking.taken")
		}
		got := func(b *booking.Bookings) seal.Secret {
			t.Helper()
			s, err := b.Hold(t.Context(), w.click(start, seal.NewSecret(), ""))
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
		for _, b := range []*booking.Bookings{here, there} {
			w.change(shut...) // in the process that is "here"
			refused(b)
			w.change()
			s := got(b)
			refused(here)
			refused(there)
			if err := there.Release(t.Context(), w.tenant, s, nil); err != nil {
				t.Fatal(err)
			}
			s = got(here)
			refused(there)
			if err := here.Release(t.Context(), w.tenant, s, nil); err != nil {
				t.Fatal(err)
			}
			got(there)
			refused(here)
			e.Clock.Advance(officetest.Hold - time.Second)
			refused(here)
			e.Clock.Advance(time.Second)
		}
	})
}
