// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

// TestHorizonForgetsNothing does random things to a book, in two processes, and
// compares after each of them what both find with a book that remembers
// nothing. It does not ask whether that is right: TestAgainstModel does. To
// repeat a walk: put the seed that a failure prints into the call.
func TestHorizonForgetsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		wander(t, e, uint64(time.Now().UnixNano()), 300)
	})
}

// wanderer does random things.
type wanderer struct {
	*town
	*rand.Rand
	books   []*booking.Bookings
	visits  []seal.Secret // in the order in which they were held
	booked  []seal.Secret
	latest  time.Time // that the clock ever showed
	actions []string  // that changed something
}

func wander(t *testing.T, e *dbtest.Env, seed uint64, steps int) {
	w := &wanderer{town: newTown(t, e), Rand: rand.New(rand.NewPCG(seed, 2)), latest: e.Clock.Now()}
	w.books = []*booking.Bookings{w.Bookings, w.alone()}
	w.reimport()
	for step := range steps {
		what, err := w.act()
		if err == nil {
			w.actions = append(w.actions, what)
		} else if _, known := fault.As(err); !known {
			t.Errorf("%s: %v", what, err)
		}
		w.compare(what)
		if t.Failed() {
			t.Fatalf("seed %d, step %d", seed, step)
		}
	}
	counts := map[string]int{}
	for _, a := range w.actions {
		counts[a]++
	}
	if len(counts) < 8 {
		t.Errorf("seed %d: only these worked: %v", seed, counts)
	}
	t.Log(counts)
}

// act does one thing in one of the processes.
func (w *wanderer) act() (string, error) {
	ctx, b := w.Context(), w.books[w.IntN(2)]
	n := w.IntN(100)
	if n < 40 || len(w.visits) == 0 {
		return "hold", w.tryHold(b)
	}
	s := w.oneOf(w.visits)
	if n >= 64 && n < 77 && len(w.booked) > 0 {
		s = w.oneOf(w.booked)
	}
	switch {
	case n < 55:
		who := guest
		who.Email, who.Phone = fmt.Sprintf("gast%d@example.org", len(w.actions)), fmt.Sprintf("030 23125 %03d", len(w.actions))
		if _, err := b.SaveDetails(ctx, w.tenant, s, who); err != nil {
			return "details", err
		}
		w.booked = append(w.booked, s)
		return "confirm", b.Confirm(ctx, w.tenant, s, locale.DE)
	case n < 60:
		return "release", b.Release(ctx, w.tenant, s, nil)
	case n < 64:
		return "extend", b.Extend(ctx, w.tenant, s, nil)
	case n < 69:
		return "cancel", b.Cancel(ctx, w.tenant, s)
	case n < 77:
		return "move", b.Move(ctx, w.tenant, s, w.place(), w.time())
	case n < 80:
		return "verify", w.verify(b)
	case n < 82:
		_, err := b.Housekeep(ctx)
		return "keep house", err
	case n < 86:
		w.reimport()
		return "import", nil
	}
	return w.turnClock(n), nil
}

// oneOf is one of the last few.
func (w *wanderer) oneOf(list []seal.Secret) seal.Secret { return list[max(0, len(list)-1-w.IntN(12))] }

func (w *wanderer) place() string { return []string{"rathaus", "nord"}[w.IntN(2)] }

// time is one in the next days, most of the time in the hours.
func (w *wanderer) time() int64 {
	now := w.Env.Clock.Now().In(berlin)
	return time.Date(now.Year(), now.Month(), now.Day()+w.IntN(4), 8+w.IntN(5), 15*w.IntN(4), 0, 0, berlin).Unix()
}

func (w *wanderer) tryHold(b *booking.Bookings) error {
	r := booking.HoldRequest{TenantID: w.tenant, Location: w.place(), Start: w.time(), Lang: locale.DE,
		Wanted: []office.Wanted{{Key: []string{"ausweis", "meldung", "pass", "trauung"}[w.IntN(4)], Quantity: 1}}}
	if w.IntN(2) == 0 {
		r.Once = seal.NewSecret()
	}
	if len(w.visits) > 0 && w.IntN(6) == 0 {
		r.Replaces = w.visits[len(w.visits)-1]
	}
	s, err := b.Hold(w.Context(), r)
	if err == nil {
		w.visits = append(w.visits, s)
	}
	return err
}

// verify uses a link of the mails, whatever it is for.
func (w *wanderer) verify(b *booking.Bookings) error {
	select {
	case s := <-w.links:
		return b.Verify(w.Context(), w.tenant, s)
	default:
		return fault.New(fault.NotFound, "no mail")
	}
}

// reimport changes one thing about the town, and all others back.
func (w *wanderer) reimport() {
	first, early := counter("1", `{days: 2, at: "09:00"}`)
	changes := [][]string{
		nil,
		{"cooldown_minutes: 0", "cooldown_minutes: 30"},
		{"confirm_email: false", "confirm_email: true"},
		{first, early},
		{"lead_minutes: 60", "lead_minutes: 0", "horizon_days: 12", "horizon_days: 5"},
		{"\ngroups:", fmt.Sprintf("\nclosures:\n  - {from: %s, until: %[1]s, reason: {de: zu, en: shut}}\ngroups:",
			time.Unix(w.time(), 0).In(berlin).Format(time.DateOnly))},
		{`from: "08:00", to: "12:00"`, `from: "09:00", to: "13:00"`},
	}
	always := []string{"horizon_days: 60", "horizon_days: 12", "unverified_per_address: 5", "unverified_per_address: 100"}
	content := changed(w.T, append(always, changes[w.IntN(len(changes))]...)...)
	officetest.ImportFile(w.T, w.Env, w.kek, content)
}

// turnClock moves the clock: a little, to the second in which a hold ends, into
// another day, or back by up to half an hour.
func (w *wanderer) turnClock(n int) string {
	clock, what := w.Env.Clock, "a little later"
	switch {
	case n < 90:
		clock.Advance(time.Duration(w.IntN(12*60)) * time.Second)
	case n < 93:
		clock.Advance(officetest.Hold)
	case n < 96:
		what = "hours later"
		clock.Advance(time.Duration(w.IntN(20)) * time.Hour)
	default:
		what = "set back"
		clock.Set(w.latest.Add(-time.Duration(w.IntN(30*60)) * time.Second))
	}
	if now := clock.Now(); now.After(w.latest) {
		w.latest = now
	}
	return what
}

// compare asks both processes and a new one for the same.
func (w *wanderer) compare(after string) {
	w.Helper()
	fresh := w.forgetful()
	fresh.Offices = office.NewStore()
	for _, service := range []string{"ausweis", "pass", "trauung"} {
		for _, key := range []string{"rathaus", "nord"} {
			want := w.found(fresh, service, key)
			for i, b := range w.books {
				if got := w.found(b, service, key); !reflect.DeepEqual(got, want) {
					w.Errorf("after %s, %s at %s in process %d:\n%v\nwant\n%v", after, service, key, i, got, want)
				}
			}
		}
	}
}

// found is all that a book finds for a service, and for whoever came last and
// wants to move.
func (w *wanderer) found(b *booking.Bookings, service, location string) []any {
	w.Helper()
	cat, err := b.Catalogue(w.Context(), w.tenant)
	if err != nil {
		w.Fatal(err)
	}
	sel, err := cat.Select([]office.Wanted{{Key: service, Quantity: 1}})
	if err != nil {
		w.Fatal(err)
	}
	l, _ := cat.Location(location)
	searches := []booking.Search{booking.SearchFor(l, sel)}
	if len(w.visits) > 0 && service == "ausweis" {
		if v, err := b.Open(w.Context(), w.tenant, w.visits[len(w.visits)-1]); err == nil {
			searches = append(searches, booking.SearchMove(l, &v.Appointment))
		}
	}
	var all []any
	for _, s := range searches {
		days, err1 := b.Free(w.Context(), s)
		next, any, err2 := b.Next(w.Context(), s)
		release, more, err3 := b.NextRelease(w.Context(), s)
		if err1 != nil || err2 != nil || err3 != nil {
			w.Fatal(err1, err2, err3)
		}
		all = append(all, days, next, any, release, more)
	}
	return all
}

// What takes most of a day is taken to its end for the process that has just
// booked it, and did not read the day again.
func TestLongAppointmentIsLearnedWhole(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.change("minutes: 45", "minutes: 465", `to: "12:00"`, `to: "20:00"`, "days: [th]", "days: [sa]", "days: [we]", "days: [su]",
			"[ausweis, pass, meldung]", "[ausweis, meldung]", "services: [trauung]", "services: [trauung, pass]")
		tail := at(9, 15, 30)
		for _, start := range []int64{tail, at(9, 16, 0)} {
			if !w.free("pass", start) {
				t.Fatal("the room is not free before")
			}
		}
		s := w.mustHold("trauung", at(9, 8, 0)) // until 16:00, with the time afterwards
		for _, step := range []string{"held", "booked"} {
			if step == "booked" {
				if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
					t.Fatal(err)
				}
				w.fine(w.Confirm(t.Context(), w.tenant, s, locale.DE))
			}
			if w.free("pass", tail) || !w.free("pass", at(9, 16, 0)) {
				t.Errorf("%s: its last half hour is offered: %t, what comes after it: %t", step, w.free("pass", tail), w.free("pass", at(9, 16, 0)))
			}
		}
	})
}
