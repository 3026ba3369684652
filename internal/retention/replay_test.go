// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"context"
	"net"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// again is what the log says when something was erased again.
const again = "were erased again"

// serve runs a service until its first answer, calls look, and ends it.
func (w *town) serve(s *app.Service, look func()) error {
	w.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	w.fine(err)
	ctx, stop := context.WithCancel(w.Context())
	ended := make(chan error, 1)
	go func() { ended <- s.Run(ctx, l) }()
	res, err := http.Get("http://" + l.Addr().String() + "/healthz") // waits until somebody serves, or closes
	if err == nil {
		w.fine(res.Body.Close())
		look()
	}
	stop()
	return <-ended
}

// What was erased and comes back with an old copy of the database is erased again
// before anybody can see it, and nothing else is.
func TestReplay(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.rules("staff_days: 30", "account_days: 3650")
		old, stays := w.book(w.berlin("2026-09-08 09:00"), "ausweis"), w.book(w.berlin("2026-10-30 09:00"), "ausweis")
		mine := w.register("quirin@example.org")
		w.register("walburga@example.org")
		leaves := w.hire("erna", "nord")
		w.hire("ernst")
		a, err := w.Accounts.Account(t.Context(), staff.CommandLine(w.tenant), leaves.ID)
		w.fine(err)
		w.send()
		w.run()
		restore := w.Copy(t) // she still works here
		w.start()
		w.fine(w.Accounts.Disable(t.Context(), staff.CommandLine(w.tenant), leaves.ID, a.Version))
		mine.town = w
		w.fine(mine.login("quirin@example.org"))
		w.Clock.Advance(time.Hour)
		w.fine(mine.prove())
		w.fine(w.Citizens.Delete(t.Context(), mine.visit()))
		back := w.Clock.Now()
		w.at(back.Add(32 * days))
		const there = `SELECT (SELECT COUNT(*) FROM appointment WHERE id = $1) + (SELECT COUNT(*) FROM person WHERE id = $2)
			+ (SELECT COUNT(*) FROM staff WHERE id = $3) + (SELECT COUNT(*) FROM credential WHERE owner_id = $3)`
		const accounts = "SELECT COUNT(*) FROM account"
		if n := w.count(there, old.ID, old.PersonID, leaves.ID) + w.count(accounts); n != 1 {
			t.Fatalf("%d are left before the copy is put back", n)
		}

		restore()
		if n := w.count(there, old.ID, old.PersonID, leaves.ID) + w.count(accounts); n != 6 {
			t.Fatalf("%d came back", n)
		}
		w.Clock.Set(back) // so that nothing goes for its age
		w.start()
		w.fine(w.serve(w.Service, func() {
			if n := w.count(there, old.ID, old.PersonID, leaves.ID) + w.count(accounts); n != 1 {
				t.Errorf("%d are there when the service has opened", n)
			}
		}))
		if w.said.count(again) != 1 {
			t.Errorf("the log tells of it %d times", w.said.count(again))
		}
		if w.count("SELECT COUNT(*) FROM appointment WHERE id = $1", stays.ID) != 1 || w.count("SELECT COUNT(*) FROM staff") != 1 {
			t.Error("what was not erased is gone, too")
		}
		w.start()
		w.fine(w.serve(w.Service, func() {}))
		if w.said.count(again) != 1 {
			t.Error("a second start finds something to erase")
		}
		w.clean()
	})
}

// A list that begins after the database was last in use may have forgotten
// something: then somebody has to say that it has not, once.
func TestListIsTooShort(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.fine(w.serve(w.Service, func() {})) // a fresh installation
		w.run()
		w.Clock.Advance(10 * time.Minute)
		w.folder = t.TempDir()
		err := w.serve(w.process(false), func() { t.Error("it opens") })
		if f, ok := fault.As(err); !ok || f.Key != "operator.erasures.gap" {
			t.Errorf("got %v", err)
		}
		opened := 0
		for _, accepted := range []bool{true, false} {
			w.Clock.Advance(time.Minute)
			w.fine(w.serve(w.process(accepted), func() { opened++ }))
		}
		if opened != 2 {
			t.Errorf("accepted, it opens %d times", opened)
		}
	})
}

// While runs have errors the database is in use all the same: when the list forgets
// what is too old for any copy, that is no gap.
func TestListWithErrorsForMonths(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.run()
		broken := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		w.spoil(broken)
		w.Clock.Set(w.berlin("2026-10-08 00:00"))
		for range 6 {
			w.Clock.Advance(15 * days)
			if err := w.Deletion.Run(t.Context()); err == nil {
				t.Fatal("a run is clean")
			}
		}
		w.exec("DELETE FROM retention_run WHERE tenant_id <> $1", w.tenant) // the other town had no errors
		w.fine(w.process(false).Deletion.Prepare(t.Context(), false))
	})
}

// A program that dies between list and commit has decided: what it listed is erased
// when it starts again, unless it was used meanwhile.
func TestListedButNotErased(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		at := w.berlin("2026-09-08 09:00")
		decided, used := w.book(at, "ausweis"), w.book(at, "ausweis")
		moved, single := w.book(at.Add(time.Hour), "ausweis"), w.book(at.Add(time.Hour), "ausweis")
		restricted, held := w.book(at.Add(2*time.Hour), "ausweis"), w.book(at.Add(2*time.Hour), "ausweis")
		first, second := w.register("quirin@example.org"), w.register("walburga@example.org")
		w.send()
		w.Clock.Advance(time.Hour)
		now := w.Clock.Now()
		list := w.Deletion.Erasures
		w.fine(list.Add(now, erasure.Person, decided.PersonID, used.PersonID, restricted.PersonID))
		w.fine(list.Add(now, erasure.Appointment, moved.ID, single.ID, held.ID))
		for _, b := range []*browser{first, second} {
			w.fine(list.Add(now, erasure.Account, b.visit().Session.AccountID))
		}
		_, err := w.again(used.PersonID, w.berlin("2026-09-10 09:00"))
		w.fine(err)
		w.fine(w.Bookings.MoveFor(t.Context(), w.member(staff.Clerk), moved.ID, moved.Version, "rathaus", w.berlin("2026-09-10 10:00").Unix()))
		w.exec("UPDATE person SET restricted = $1 WHERE id = $2", now.Unix()+60, restricted.PersonID)
		w.exec("INSERT INTO legal_hold (id, tenant_id, person_id, staff_id, created, until, sealed) VALUES ('h', $1, $2, 'x', $3, $4, $5)",
			w.tenant, held.PersonID, now.Unix()+60, now.Add(100*days).Unix(), []byte("x"))
		w.Clock.Advance(time.Minute)
		w.fine(second.login("walburga@example.org"))
		w.fine(w.process(false).Deletion.Prepare(t.Context(), false))
		for id, want := range map[string]int{decided.PersonID: 0, single.PersonID: 0, used.PersonID: 2, moved.PersonID: 1, restricted.PersonID: 1, held.PersonID: 1} {
			if n := w.count("SELECT COUNT(*) FROM appointment WHERE person_id = $1", id); n != want {
				t.Errorf("%d appointments of one person, want %d", n, want)
			}
		}
		if w.count("SELECT COUNT(*) FROM person") != 4 || w.count("SELECT COUNT(*) FROM account") != 1 ||
			w.count("SELECT COUNT(*) FROM account WHERE id = $1", second.visit().Session.AccountID) != 1 {
			t.Error("others are left than those that were used")
		}
		w.exec("DELETE FROM legal_hold")
		w.clean()
		if files, err := filepath.Glob(filepath.Join(w.folder, "erasures", "*.list")); err != nil || len(files) != 1 {
			t.Errorf("files %v, %v", files, err)
		}
	})
}

// One whose account was enabled after it was listed, and not deleted, works here,
// also when it is disabled again by now.
func TestEnabledAfterItWasListed(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		ids := []string{w.hire("erna").ID, w.hire("ernst").ID, w.hire("erwin").ID} // stays disabled, is enabled, twice in a row
		by := staff.CommandLine(w.tenant)
		change := func(f func(context.Context, *staff.Member, string, int64) error, ids ...string) {
			w.Helper()
			for _, id := range ids {
				a, err := w.Accounts.Account(t.Context(), by, id)
				w.fine(err)
				w.fine(f(t.Context(), by, id, a.Version))
			}
		}
		change(w.Accounts.Disable, ids...)
		w.Clock.Advance(time.Hour)
		w.fine(w.Deletion.Erasures.Add(w.Clock.Now(), erasure.Staff, ids...))
		change(w.Accounts.Enable, ids[1:]...)
		w.Clock.Advance(time.Hour)
		change(w.Accounts.Disable, ids[2])
		w.fine(w.process(false).Deletion.Prepare(t.Context(), false))
		for i, want := range []int{0, 1, 1} {
			if n := w.count("SELECT COUNT(*) FROM staff WHERE id = $1", ids[i]); n != want {
				t.Errorf("account %d: %d are there, want %d", i, n, want)
			}
		}
		w.clean()
	})
}

// A copy from before there was a list says by its audit when it was in use. An
// installation that begins to have one is none.
func TestCopyFromBeforeTheList(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		w.folder = t.TempDir()
		w.Clock.Advance(time.Hour)
		restore := w.Copy(t)
		w.start()
		w.fine(w.Deletion.Prepare(t.Context(), false)) // after an update
		w.start()
		w.fine(w.Deletion.Prepare(t.Context(), false))
		w.at(w.berlin("2026-10-08 00:00"))
		w.start()
		w.fine(w.Deletion.Prepare(t.Context(), false))
		restore()
		w.start()
		err := w.Deletion.Prepare(t.Context(), false)
		if f, ok := fault.As(err); !ok || f.Key != "operator.erasures.gap" {
			t.Errorf("got %v", err)
		}
		for _, accepted := range []bool{true, false} {
			w.fine(w.process(accepted).Deletion.Prepare(t.Context(), accepted))
		}
	})
}
