// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

// Two general counters: two people can hold the same time, the third cannot.
func TestHold(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		ten := at(8, 10, 0)
		first, second := w.mustHold("ausweis", ten), w.mustHold("ausweis", ten)
		if a, b := w.view(first), w.view(second); a.Counter.ID == b.Counter.ID {
			t.Error("two holds on one counter")
		}
		_, err := w.hold("ausweis", ten)
		wantKind(t, err, fault.Conflict, "booking.taken")
		if w.free("ausweis", ten) {
			t.Error("still offered")
		}
		if got := w.claimed("hold"); got != 6 {
			t.Errorf("%d ticks held, want 6", got)
		}
		w.Clock.Advance(10 * time.Minute)
		if !w.free("ausweis", ten) {
			t.Error("not offered after the holds ran out")
		}
		w.mustHold("ausweis", ten)
	})
}

func TestHoldRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		request := func(location string, start int64, wanted ...office.Wanted) error {
			_, err := w.Hold(t.Context(), booking.HoldRequest{TenantID: w.tenant, Wanted: wanted, Location: location,
				Start: start, Lang: locale.DE})
			return err
		}
		ausweis := office.Wanted{Key: "ausweis", Quantity: 1}
		wantKind(t, request("rathaus", at(8, 10, 0)), fault.Invalid, "select.empty")
		wantKind(t, request("rathaus", at(8, 10, 0), office.Wanted{Key: "nichts", Quantity: 1}), fault.NotFound, "select.unknown")
		wantKind(t, request("nirgends", at(8, 10, 0), ausweis), fault.NotFound, "location.unknown")
		wantKind(t, request("rathaus", at(8, 10, 2), ausweis), fault.Invalid, "time.free")
		wantKind(t, request("rathaus", at(8, 10, 5), ausweis), fault.Conflict, "booking.taken")  // off the slot interval
		wantKind(t, request("rathaus", at(8, 13, 0), ausweis), fault.Conflict, "booking.taken")  // closed
		wantKind(t, request("rathaus", at(9, 14, 0), ausweis), fault.Conflict, "booking.taken")  // internal
		wantKind(t, request("rathaus", at(7, 10, 0), ausweis), fault.Conflict, "booking.taken")  // past
		wantKind(t, request("rathaus", at(7, 10, 45), ausweis), fault.Conflict, "booking.taken") // within the lead time
		wantKind(t, request("rathaus", at(8, 10, 0)+86400*300, ausweis), fault.Invalid, "time.horizon")
		wantKind(t, request("rathaus", -1<<62, ausweis), fault.Conflict, "booking.taken")
		wantKind(t, request("rathaus", 1<<62, ausweis), fault.Invalid, "time.horizon")
		if n := w.number("SELECT COUNT(*) FROM claim"); n != 0 {
			t.Errorf("%d claims left behind", n)
		}
	})
}

func TestExtend(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.mustHold("ausweis", at(8, 10, 0))
		for range 10 {
			w.Clock.Advance(9 * time.Minute)
			typed := guest
			typed.Email = "noch nicht fer"
			if err := w.Extend(t.Context(), w.tenant, s, &typed); err != nil {
				t.Fatal(err)
			}
		}
		v := w.view(s)
		if v.RunOut(w.Clock.Now().Add(9 * time.Minute)) {
			t.Error("not extended")
		}
		if v.Person.Data.Email != "noch nicht fer" {
			t.Error("what was typed is lost")
		}
		if err := w.Extend(t.Context(), w.tenant, s, nil); err != nil {
			t.Errorf("a second click: %v", err)
		}
		w.Clock.Advance(time.Minute)
		wantKind(t, w.Extend(t.Context(), w.tenant, s, nil), fault.Gone, "booking.extensions")
		if got := w.claimed("hold"); got != 3 {
			t.Errorf("%d ticks held, want 3", got)
		}
	})
}

// A hold that ran out keeps its form, and takes the same time again if it is
// still free, on whatever counter.
func TestHoldRunsOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		ten := at(8, 10, 0)
		s := w.mustHold("ausweis", ten)
		w.Clock.Advance(11 * time.Minute)
		other := w.mustHold("ausweis", ten) // overwrites the expired ticks
		renewed, err := w.SaveDetails(t.Context(), w.tenant, s, guest)
		if err != nil || !renewed {
			t.Fatalf("renewed %v, %v", renewed, err)
		}
		if a, b := w.view(s), w.view(other); a.Counter.ID == b.Counter.ID {
			t.Error("two holds on one counter")
		}
		w.Clock.Advance(11 * time.Minute)
		w.mustHold("ausweis", ten)
		w.mustHold("ausweis", ten)
		typed := guest
		typed.Note = "bitte"
		_, err = w.SaveDetails(t.Context(), w.tenant, s, typed)
		wantKind(t, err, fault.Conflict, "booking.taken")
		if got := w.view(s).Person.Data.Note; got != "bitte" {
			t.Error("the form is lost")
		}
		typed.Note = "sehr"
		wantKind(t, w.Extend(t.Context(), w.tenant, s, &typed), fault.Conflict, "booking.taken")
		if v := w.view(s); v.Person.Data.Note != "sehr" || !v.RunOut(w.Clock.Now()) || v.Extensions != 0 {
			t.Errorf("lost hold: note %q, runs on %v, extended %d times", v.Person.Data.Note, !v.RunOut(w.Clock.Now()), v.Extensions)
		}
		wantKind(t, w.Confirm(t.Context(), w.tenant, s, locale.DE), fault.Conflict, "booking.taken")
	})
}

func TestReleaseAndReplace(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		ten := at(8, 10, 0)
		s := w.mustHold("trauung", ten) // one room only
		for range 2 {
			if err := w.Release(t.Context(), w.tenant, s, nil); err != nil {
				t.Fatal(err)
			}
		}
		if w.claimed("hold") != 0 || !w.free("trauung", ten) {
			t.Error("not released")
		}
		old := w.mustHold("ausweis", ten)
		if err := w.Release(t.Context(), w.tenant, old, &guest); err != nil {
			t.Fatal(err)
		}
		r := booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}},
			Location: "rathaus", Start: at(9, 9, 0), Lang: locale.DE, Replaces: old}
		next, err := w.Hold(t.Context(), r)
		if err != nil {
			t.Fatal(err)
		}
		if got := w.claimed("hold"); got != 3 {
			t.Errorf("%d ticks held, want those of the new hold only", got)
		}
		if v := w.view(next); v.Person == nil || v.Person.Data != guest {
			t.Error("what was typed did not come along")
		}
		r.Replaces = seal.NewSecret() // one that was deleted meanwhile
		r.Start = at(10, 9, 0)
		if _, err := w.Hold(t.Context(), r); err != nil {
			t.Error(err)
		}
	})
}

// A secret opens its own appointment at its own tenant, and nothing else.
func TestOpenRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.mustHold("ausweis", at(8, 10, 0))
		for name, try := range map[string]struct {
			tenant string
			secret seal.Secret
		}{
			"unknown":      {w.tenant, seal.NewSecret()},
			"empty":        {w.tenant, ""},
			"other tenant": {"großstadt", s},
			"reference":    {w.tenant, seal.Secret(w.view(s).Reference)},
			"id":           {w.tenant, seal.Secret(w.view(s).ID)},
		} {
			_, err := w.Open(t.Context(), try.tenant, try.secret)
			if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound {
				t.Errorf("%s: got %v", name, err)
			}
		}
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(8, 11, 0)), fault.NotFound, "error.link.text")
		wantKind(t, w.Cancel(t.Context(), w.tenant, s), fault.NotFound, "error.link.text")
		wantKind(t, w.Verify(t.Context(), w.tenant, s), fault.NotFound, "error.link.text")
	})
}

// A form that is sent twice, by a double click without cookies or scripts,
// finds the first one's hold; used again for another time, it gives that up.
func TestHoldOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		r := booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "trauung", Quantity: 1}},
			Location: "rathaus", Start: at(8, 10, 0), Lang: locale.DE, Once: seal.NewSecret()}
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if s, err := w.Hold(t.Context(), r); err != nil || s != r.Once {
					t.Errorf("another hold, or %v", err)
				}
			})
		}
		wg.Wait()
		r.Start = at(9, 10, 0) // the back button, then another time
		second, err := w.Hold(t.Context(), r)
		if err != nil || second == r.Once {
			t.Fatalf("the same secret, or %v", err)
		}
		if w.claimed("hold") != 12 || !w.free("trauung", at(8, 10, 0)) {
			t.Errorf("%d ticks held, want those of the second time", w.claimed("hold"))
		}
		// A form that led to a booking is a new one.
		booked := w.book("meldung", at(10, 10, 0))
		r.Start, r.Once = at(10, 11, 0), booked
		if s, err := w.Hold(t.Context(), r); err != nil || s == booked {
			t.Errorf("an old form: %v", err)
		}
	})
}

// Nothing is held or booked beyond its own beginning.
func TestHoldEndsAtItsStart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		start := at(8, 10, 0)
		w.Clock.Set(time.Unix(start, 0).Add(-65 * time.Minute))
		s := w.mustHold("ausweis", start)
		for range 7 {
			w.Clock.Advance(9 * time.Minute)
			if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
				t.Fatal(err)
			}
			if err := w.Extend(t.Context(), w.tenant, s, nil); err != nil {
				t.Fatal(err)
			}
		}
		if v := w.view(s); v.Until != start {
			t.Errorf("held until %d s after its start", v.Until-start)
		}
		w.Clock.Set(time.Unix(start, 0))
		wantKind(t, w.Confirm(t.Context(), w.tenant, s, locale.DE), fault.Gone, "booking.past")
		wantKind(t, w.Extend(t.Context(), w.tenant, s, nil), fault.Gone, "booking.past")
	})
}

// One form, two times on different days at once: one hold, and nobody gets an
// error page. Used again after Back, it gives up what it took last.
func TestHoldOnceForTwoDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		first := w.mustHold("meldung", at(11, 8, 0))
		for round := range 4 {
			r := booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "trauung", Quantity: 1}},
				Location: "rathaus", Lang: locale.DE, Once: seal.NewSecret()}
			crowd(2, func(i int) {
				r := r
				r.Start = at(8+i, 8+round, 0)
				if _, err := w.Hold(t.Context(), r); err != nil {
					t.Error(err)
				}
			})
			if got := w.claimed("hold"); got != 12*(round+1)+2 {
				t.Errorf("round %d: %d ticks held, want %d", round, got, 12*(round+1)+2)
			}
		}
		r := booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "meldung", Quantity: 1}},
			Location: "rathaus", Lang: locale.DE, Once: seal.NewSecret(), Replaces: first}
		before := w.claimed("hold")
		for i := range 3 {
			r.Start = at(10, 9+i, 0)
			if _, err := w.Hold(t.Context(), r); err != nil {
				t.Fatal(err)
			}
		}
		if got := w.claimed("hold"); got > before+2 {
			t.Errorf("%d ticks held, want at most one more hold than before (%d)", got, before)
		}
	})
}
