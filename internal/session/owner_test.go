// SPDX-License-Identifier: EUPL-1.2

package session_test

import (
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// Sessions of citizens with an account end two hours after the last request and
// a day after the login, whichever comes first.
func TestAccountSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		s := &session.Store{DB: e.DB}
		alive := func(secret seal.Secret) bool {
			t.Helper()
			d, ok, err := s.Load(t.Context(), tenant, secret)
			if err != nil || ok && (d.AccountID != "a" || d.StaffID != "") {
				t.Fatalf("%+v, %v", d, err)
			}
			return ok
		}
		full := session.Data{AccountID: "a", Full: true}
		idle, used, half := begin(t, s, tenant, full), begin(t, s, tenant, full), begin(t, s, tenant, session.Of(session.Account, "a"))
		e.Clock.Advance(session.HalfWay)
		if alive(half) {
			t.Error("halfway for half an hour")
		}
		e.Clock.Advance(session.AccountIdle - session.HalfWay - time.Minute)
		if !alive(used) {
			t.Fatal("ended before two hours")
		}
		e.Clock.Advance(time.Minute)
		if alive(idle) {
			t.Error("two hours without a request, and still there")
		}
		login := e.Clock.Now().Add(-session.AccountIdle)
		for e.Clock.Now().Sub(login) < session.AccountAbsolute-time.Hour {
			if !alive(used) {
				t.Fatal("ended while it was used")
			}
			e.Clock.Advance(time.Hour)
		}
		kept, _, err := s.Load(t.Context(), tenant, used)
		if err != nil {
			t.Fatal(err)
		}
		if used, err = replace(t, s, tenant, used, kept); err != nil || !alive(used) {
			t.Fatalf("does not go on: %v", err)
		}
		e.Clock.Set(login.Add(session.AccountAbsolute))
		if alive(used) {
			t.Error("a day later it is still there")
		}
		if n, err := s.Housekeep(t.Context()); n != 3 || err != nil {
			t.Errorf("deleted %d, %v", n, err)
		}
	})
}

// The list shows an owner's sessions; one of it ends by its ID, and nobody
// else's does, not even that of an account of another kind with the same id.
func TestListAndEndOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		s := &session.Store{DB: e.DB}
		old := begin(t, s, tenant, session.Data{AccountID: "a", Full: true})
		start := e.Clock.Now().Unix()
		e.Clock.Advance(time.Hour)
		fresh := begin(t, s, tenant, session.Data{AccountID: "a", Full: true})
		others, staffs := begin(t, s, tenant, session.Data{AccountID: "b"}), begin(t, s, tenant, session.Data{StaffID: "a"})
		list := func() []session.Entry {
			t.Helper()
			var out []session.Entry
			err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
				var err error
				out, err = s.List(t.Context(), tx, session.Account, "a")
				if n, counts := s.Count(t.Context(), tx, session.Account, "a"); counts != nil || n != len(out) {
					t.Errorf("counted %d, %v", n, counts)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		want := []session.Entry{{ID: session.IDOf(fresh), Created: start + 3600, Seen: start + 3600}, {ID: session.IDOf(old), Created: start, Seen: start}}
		if got := list(); len(got) != 2 || got[0] != want[0] || got[1] != want[1] {
			t.Errorf("listed %+v", got)
		}
		end := func(id string) error {
			return e.DB.Write(t.Context(), func(tx *db.Tx) error { return s.EndOne(t.Context(), tx, session.Account, "a", id) })
		}
		for _, id := range []string{session.IDOf(others), session.IDOf(staffs), "", "?", session.IDOf(seal.NewSecret())} {
			if err := end(id); fault.Of(err) != fault.NotFound {
				t.Errorf("ended %q: %v", id, err)
			}
		}
		if err := end(session.IDOf(fresh)); err != nil {
			t.Error(err)
		}
		if got := list(); len(got) != 1 || got[0] != want[1] {
			t.Errorf("left are %+v", got)
		}
		e.Clock.Advance(session.AccountIdle)
		if got := list(); len(got) != 0 {
			t.Errorf("listed although they are over: %+v", got)
		}
	})
}

// A session belongs to one owner at most, and goes on as the same one's only.
func TestOneOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		s := &session.Store{DB: e.DB}
		if _, err := replace(t, s, tenant, "", session.Data{StaffID: "a", AccountID: "a"}); err == nil {
			t.Error("a session of two")
		}
		secret := begin(t, s, tenant, session.Data{AccountID: "a", Full: true})
		for name, d := range map[string]session.Data{"staff": {StaffID: "a", Since: 1, Full: true}, "another": {AccountID: "b", Since: 1, Full: true}} {
			if _, err := replace(t, s, tenant, secret, d); err == nil {
				t.Errorf("goes on as %s", name)
			}
		}
		d, _, err := s.Load(t.Context(), tenant, secret)
		if err != nil {
			t.Fatal(err)
		}
		others := begin(t, s, tenant, session.Data{StaffID: "a", Full: true})
		d.Alone = true
		if _, err := replace(t, s, tenant, secret, d); err != nil {
			t.Error(err)
		}
		if _, ok, err := s.Load(t.Context(), tenant, others); !ok || err != nil {
			t.Errorf("the session of staff with the same id has ended: %v", err)
		}
	})
}
