// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
)

// A move onto a part of itself at the same counter: the ticks in common stay,
// the new ones are taken, the left ones are free. The room is the only counter
// for this service, so it cannot dodge.
func TestMoveOverlapping(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("trauung", at(8, 10, 0))
		before := w.view(s)
		if err := w.Move(t.Context(), w.tenant, s, "", at(8, 10, 15)); err != nil {
			t.Fatal(err)
		}
		v := w.view(s)
		if v.Start.Unix() != at(8, 10, 15) || v.Counter.ID != before.Counter.ID || v.Sequence != before.Sequence+1 {
			t.Errorf("start %d, counter %s, sequence %d", v.Start.Unix(), v.Counter.Key, v.Sequence)
		}
		if v.Reference != before.Reference {
			t.Error("the reference changed")
		}
		if got := w.claimed("appointment"); got != 12 {
			t.Errorf("%d ticks claimed, want 12", got)
		}
		first := w.number("SELECT MIN(tick) FROM claim WHERE owner = $1", v.ID)
		if int64(first) != int64(v.Start) {
			t.Error("the ticks that were left are still claimed")
		}
	})
}

// The times that an appointment has itself are offered to it, and to nobody
// else.
func TestOwnTicksCountAsFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("trauung", at(8, 10, 0))
		v := w.view(s)
		days, err := w.Free(t.Context(), booking.SearchMove(v.Location, &v.Appointment))
		if err != nil {
			t.Fatal(err)
		}
		offered := map[int64]bool{}
		for _, start := range days[1].Starts {
			offered[start] = true
		}
		if offered[at(8, 10, 0)] {
			t.Error("the time that it has is offered")
		}
		if !offered[at(8, 10, 15)] || w.free("trauung", at(8, 10, 15)) {
			t.Errorf("own: %v, others: %v", offered[at(8, 10, 15)], w.free("trauung", at(8, 10, 15)))
		}
	})
}

func TestMove(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("trauung", at(8, 10, 0))
		blocker := w.mustHold("trauung", at(9, 10, 0))
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(9, 10, 0)), fault.Conflict, "booking.taken")
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(8, 13, 0)), fault.Conflict, "booking.taken")
		wantKind(t, w.Move(t.Context(), w.tenant, s, "nirgends", at(9, 10, 0)), fault.NotFound, "location.unknown")
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(8, 10, 0)+86400*300), fault.Invalid, "time.horizon")
		wantKind(t, w.Move(t.Context(), w.tenant, s, "nord", at(9, 10, 0)), fault.Conflict, "booking.taken") // no room there
		if w.view(s).Start.Unix() != at(8, 10, 0) || w.claimed("appointment") != 12 {
			t.Fatal("a refused move lost the old time")
		}
		if err := w.Release(t.Context(), w.tenant, blocker, nil); err != nil {
			t.Fatal(err)
		}
		for range 2 { // a second click does nothing
			if err := w.Move(t.Context(), w.tenant, s, "rathaus", at(9, 10, 0)); err != nil {
				t.Fatal(err)
			}
		}
		if !w.free("trauung", at(8, 10, 0)) {
			t.Error("the old time is not free")
		}
		got := w.sent()["quirin@example.org"]
		if len(got) != 2 || !strings.Contains(got[1], "Mittwoch, 09.09., 10:00 Uhr") {
			t.Errorf("mails %q", got)
		}
	})
}

func TestMoveToOtherLocation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("ausweis", at(8, 10, 0))
		if err := w.Move(t.Context(), w.tenant, s, "nord", at(8, 10, 0)); err != nil {
			t.Fatal(err)
		}
		if v := w.view(s); v.Location.Key != "nord" || w.claimed("appointment") != 3 {
			t.Errorf("at %s with %d ticks", v.Location.Key, w.claimed("appointment"))
		}
	})
}

func TestCancel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("trauung", at(8, 10, 0))
		for range 2 {
			if err := w.Cancel(t.Context(), w.tenant, s); err != nil {
				t.Fatal(err)
			}
		}
		if w.view(s).State != booking.Cancelled || w.claimed("appointment") != 0 || !w.free("trauung", at(8, 10, 0)) {
			t.Error("not given back")
		}
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(9, 10, 0)), fault.Gone, "booking.cancelled")
		wantKind(t, w.Confirm(t.Context(), w.tenant, s, locale.DE), fault.Gone, "booking.cancelled")
		sent := w.sent()
		for to, subjects := range sent {
			if len(subjects) != 2 {
				t.Errorf("%d mails to one address, want booked and cancelled", len(sent[to]))
			}
		}
	})
}

func TestTooLateToChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("ausweis", at(8, 10, 0))
		w.Clock.Set(time.Unix(at(8, 10, 0), 0))
		wantKind(t, w.Cancel(t.Context(), w.tenant, s), fault.Gone, "booking.past")
		wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(9, 10, 0)), fault.Gone, "booking.past")
	})
}

// Only a link that came back from the mailbox, used to change something,
// proves the mailbox.
func TestLinksVerifyTheirOwnMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		page := w.book("ausweis", at(8, 10, 0))
		citizen, office := <-w.links, <-w.links
		for _, s := range []seal.Secret{page, office} {
			start := at(9, 10, 0)
			if s == office {
				start = at(9, 11, 0)
			}
			if err := w.Move(t.Context(), w.tenant, s, "", start); err != nil {
				t.Fatal(err)
			}
			if w.view(page).Person.EmailVerified {
				t.Fatal("verified by a link that was not in the mailbox")
			}
		}
		w.view(citizen)
		if w.view(page).Person.EmailVerified {
			t.Fatal("verified by looking")
		}
		if err := w.Move(t.Context(), w.tenant, citizen, "", at(10, 10, 0)); err != nil {
			t.Fatal(err)
		}
		if !w.view(page).Person.EmailVerified {
			t.Error("not verified by the mail's link")
		}
	})
}

// Where the tenant wants it, what is given back returns after a while.
func TestCooldown(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET cooldown_minutes = 60, revision = revision + 1")
		s := w.book("trauung", at(8, 10, 0))
		if err := w.Move(t.Context(), w.tenant, s, "", at(8, 10, 30)); err != nil {
			t.Fatal(err)
		}
		if err := w.Cancel(t.Context(), w.tenant, s); err != nil {
			t.Fatal(err)
		}
		if w.claimed("cooldown") != 18 || w.free("trauung", at(8, 10, 0)) {
			t.Errorf("%d ticks cool down, want 18", w.claimed("cooldown"))
		}
		w.Clock.Advance(61 * time.Minute)
		if !w.free("trauung", at(8, 10, 0)) {
			t.Error("did not come back")
		}
		w.book("trauung", at(8, 10, 0)) // overwrites what cooled down
	})
}

// Whatever the code above believes, the key refuses a second owner.
func TestKeyIsTheJudge(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		v := w.view(w.book("trauung", at(8, 10, 0)))
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "INSERT INTO claim (counter_id, tick, owner, kind, until) VALUES ($1, $2, 'other', 'appointment', 0)",
				v.Counter.ID, int64(v.Start))
			return err
		})
		if !db.IsUnique(err) {
			t.Errorf("got %v", err)
		}
	})
}

// Fifty people reach for the two counters of one time at once.
func TestRaceForOneSlot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		var wg sync.WaitGroup
		var mu sync.Mutex
		var won []seal.Secret
		for range 50 {
			wg.Go(func() {
				s, err := w.hold("ausweis", at(8, 10, 0))
				mu.Lock()
				defer mu.Unlock()
				switch {
				case err == nil:
					won = append(won, s)
				case fault.Of(err) != fault.Conflict:
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if len(won) != 2 || w.claimed("hold") != 6 {
			t.Errorf("%d hold it on %d ticks, want 2 on 6", len(won), w.claimed("hold"))
		}
	})
}

// Three appointments change places in a circle, all at once, again and again:
// nothing is lost, nobody waits for ever.
func TestMovesInACircle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET unverified_per_address = 100, revision = revision + 1")
		places := []int64{at(8, 10, 0), at(9, 10, 0), at(10, 10, 0)}
		var all []seal.Secret
		for _, p := range places {
			all = append(all, w.book("trauung", p))
		}
		var wg sync.WaitGroup
		for i, s := range all {
			wg.Go(func() {
				for n := range 10 {
					err := w.Move(t.Context(), w.tenant, s, "", places[(i+n+1)%3])
					if err != nil && fault.Of(err) != fault.Conflict {
						t.Error(errors.Unwrap(err), err)
					}
				}
			})
		}
		wg.Wait()
		if got := w.claimed("appointment"); got != 36 {
			t.Errorf("%d ticks claimed, want 36", got)
		}
		seen := map[int64]bool{}
		for _, s := range all {
			seen[w.view(s).Start.Unix()] = true
		}
		if len(seen) != 3 {
			t.Errorf("three appointments at %d times", len(seen))
		}
	})
}
