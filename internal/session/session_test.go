// SPDX-License-Identifier: EUPL-1.2

package session_test

import (
	"errors"
	"reflect"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		s := &session.Store{DB: e.DB}
		want := session.Data{Hold: seal.NewSecret()}
		secret := begin(t, s, tenant, want)
		load := func(tenant string, secret seal.Secret) (session.Data, bool) {
			t.Helper()
			d, ok, err := s.Load(t.Context(), tenant, secret)
			if err != nil {
				t.Fatal(err)
			}
			return d, ok
		}
		if got, ok := load(tenant, secret); !ok || !reflect.DeepEqual(got, want) {
			t.Error("the session is not found")
		}
		if _, ok := load("großstadt", secret); ok {
			t.Error("another tenant reads the session")
		}
		if _, ok := load(tenant, seal.NewSecret()); ok {
			t.Error("an unknown cookie has a session")
		}
		want.Hold = seal.NewSecret()
		next, err := replace(t, s, tenant, secret, want)
		if err != nil || next == secret {
			t.Fatalf("the id stayed: %v", err)
		}
		if _, ok := load(tenant, secret); ok {
			t.Error("the session before is still there")
		}
		secret = next
		if got, _ := load(tenant, secret); !reflect.DeepEqual(got, want) {
			t.Error("not saved")
		}
		if err := end(t, s, "großstadt", secret); err != nil {
			t.Error(err)
		}
		if _, ok := load(tenant, secret); !ok {
			t.Error("another tenant ended the session")
		}
		ended := begin(t, s, tenant, want)
		if err := end(t, s, tenant, ended); err != nil {
			t.Error(err)
		}
		if _, ok := load(tenant, ended); ok {
			t.Error("not ended")
		}
		e.Clock.Advance(session.Idle)
		if _, ok := load(tenant, secret); ok {
			t.Error("outlived its time")
		}
		if n, err := s.Housekeep(t.Context()); n != 1 || err != nil {
			t.Errorf("deleted %d, %v", n, err)
		}
	})
}

// What a session remembers is readable only with its cookie, and a row that
// was tampered with is an error.
func TestSessionIsSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		s := &session.Store{DB: e.DB}
		a, b := begin(t, s, tenant, session.Data{Hold: "one"}), begin(t, s, tenant, session.Data{Hold: "two"})
		e.Exec(t, "UPDATE session SET sealed = (SELECT sealed FROM session WHERE hash = $1) WHERE hash = $2", a.Hash(), b.Hash())
		if _, _, err := s.Load(t.Context(), tenant, b); err == nil {
			t.Error("another session's data opened")
		}
	})
}

// employee makes an account, as far as a session needs one.
func employee(t *testing.T, e *dbtest.Env, tenant, id string) {
	t.Helper()
	e.Exec(t, `INSERT INTO staff (id, tenant_id, role, everywhere, state, created, version, token, sealed)
		VALUES ($1, $2, 'clerk', TRUE, 'active', 0, 0, $3, $3)`, id, tenant, []byte(id))
}

// Sessions of those who work here end an hour after the last request and half
// a day after the login, whichever comes first, and requests are noted once a
// minute.
func TestStaffSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		s := &session.Store{DB: e.DB}
		alive := func(secret seal.Secret) bool {
			t.Helper()
			d, ok, err := s.Load(t.Context(), tenant, secret)
			if err != nil || ok && d.StaffID != "a" {
				t.Fatalf("%+v, %v", d, err)
			}
			return ok
		}
		full := session.Data{StaffID: "a", Full: true}
		idle, used := begin(t, s, tenant, full), begin(t, s, tenant, full)
		half := begin(t, s, tenant, session.Data{StaffID: "a"})
		for range 60 {
			before := e.DB.Commits()
			if !alive(used) {
				t.Fatal("ended while it was used")
			}
			e.Clock.Advance(30 * time.Second)
			if !alive(used) || e.DB.Commits() > before+1 {
				t.Fatalf("%d commits for two requests within a minute", e.DB.Commits()-before)
			}
			e.Clock.Advance(29 * time.Second)
		}
		if !alive(idle) || alive(half) {
			t.Error("after 59 minutes: the idle one must be alive, the one without the second factor not")
		}
		e.Clock.Advance(session.StaffIdle)
		if alive(idle) || alive(used) {
			t.Error("an hour later it is still there")
		}
		for _, d := range []session.Data{full, {StaffID: "a", Full: true, Ceremony: []byte("x")}} {
			last := begin(t, s, tenant, d)
			login := e.Clock.Now()
			for e.Clock.Now().Sub(login) < session.StaffAbsolute-time.Minute {
				if !alive(last) {
					t.Fatal("ended while it was used")
				}
				e.Clock.Advance(session.StaffIdle - time.Minute)
				if e.Clock.Now().Sub(login) >= session.StaffAbsolute {
					e.Clock.Set(login.Add(session.StaffAbsolute - time.Minute))
				}
			}
			kept, _, err := s.Load(t.Context(), tenant, last)
			if err != nil {
				t.Fatal(err)
			}
			if last, err = replace(t, s, tenant, last, kept); err != nil {
				t.Fatal(err)
			}
			e.Clock.Advance(time.Minute)
			if alive(last) {
				t.Error("half a day later it is still there")
			}
		}
		if n, err := s.Housekeep(t.Context()); n != 5 || err != nil {
			t.Errorf("deleted %d, %v", n, err)
		}
	})
}

// All sessions of one account end at once, and nobody else's.
func TestEndAll(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		employee(t, e, tenant, "b")
		s := &session.Store{DB: e.DB}
		var secrets []seal.Secret
		for _, d := range []session.Data{{StaffID: "a"}, {StaffID: "a", Full: true}, {StaffID: "b"}, {Hold: "x"}} {
			secrets = append(secrets, begin(t, s, tenant, d))
		}
		count := 0
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			var err error
			if count, err = s.Count(t.Context(), tx, session.Staff, "a"); err != nil {
				return err
			}
			return s.EndAll(t.Context(), tx, session.Staff, "a")
		})
		if err != nil || count != 2 {
			t.Fatalf("%d sessions, %v", count, err)
		}
		for i, secret := range secrets {
			if _, ok, err := s.Load(t.Context(), tenant, secret); ok != (i > 1) || err != nil {
				t.Errorf("session %d: %t, %v", i, ok, err)
			}
		}
	})
}

// A login goes on in a new session only from one that is still there: who read
// it before it was ended does not bring it back.
func TestEndedLoginDoesNotGoOn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		employee(t, e, tenant, "b")
		s := &session.Store{DB: e.DB}
		visitor := begin(t, s, tenant, session.Data{Hold: "x"})
		others := begin(t, s, tenant, session.Data{StaffID: "b", Full: true})
		secret := begin(t, s, tenant, session.Data{StaffID: "a", Full: true})
		d, _, err := s.Load(t.Context(), tenant, secret)
		if err != nil {
			t.Fatal(err)
		}
		if err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return s.EndAll(t.Context(), tx, session.Staff, "a") }); err != nil {
			t.Fatal(err)
		}
		for name, old := range map[string]seal.Secret{"its own": secret, "none": "", "a visitor's": visitor, "another's": others} {
			if _, err := replace(t, s, tenant, old, d); !errors.Is(err, session.ErrEnded) {
				t.Errorf("from %s: %v", name, err)
			}
		}
		for name, old := range map[string]seal.Secret{"a visitor's": visitor, "another's": others} {
			if _, ok, err := s.Load(t.Context(), tenant, old); !ok || err != nil {
				t.Errorf("%s session is gone: %v", name, err)
			}
		}
		if _, err := replace(t, s, tenant, secret, session.Data{StaffID: "a"}); err != nil {
			t.Errorf("a new login: %v", err)
		}
	})
}

// Alone ends the other sessions of the account and nobody else's.
func TestAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		employee(t, e, tenant, "b")
		s := &session.Store{DB: e.DB}
		var secrets []seal.Secret
		for _, d := range []session.Data{{StaffID: "a", Full: true}, {StaffID: "a"}, {StaffID: "b", Full: true}, {Hold: "x"}} {
			secrets = append(secrets, begin(t, s, tenant, d))
		}
		d, _, err := s.Load(t.Context(), tenant, secrets[0])
		if err != nil {
			t.Fatal(err)
		}
		d.Alone = true
		last, err := replace(t, s, tenant, secrets[0], d)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{false, false, true, true, true} {
			got, ok, err := s.Load(t.Context(), tenant, append(secrets, last)[i])
			if ok != want || got.Alone || err != nil {
				t.Errorf("session %d: %t, %v", i, ok, err)
			}
		}
	})
}

// What is saved stays under the same secret, is never another person's, and
// does not bring back what has ended.
func TestSave(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		employee(t, e, tenant, "a")
		s := &session.Store{DB: e.DB}
		secret := begin(t, s, tenant, session.Data{StaffID: "a"})
		ceremony := func() string {
			t.Helper()
			d, _, err := s.Load(t.Context(), tenant, secret)
			if err != nil {
				t.Fatal(err)
			}
			return string(d.Ceremony)
		}
		for _, step := range []struct {
			tenant, staff, save, want string
		}{
			{tenant, "a", "one", "one"},
			{tenant, "b", "two", "one"},
			{tenant, "", "three", "one"},
			{"großstadt", "a", "four", "one"},
			{tenant, "a", "five", "five"},
		} {
			err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
				return s.Save(t.Context(), tx, step.tenant, secret, session.Data{StaffID: step.staff, Since: e.Clock.Now().Unix(), Ceremony: []byte(step.save)})
			})
			if got := ceremony(); err != nil || got != step.want {
				t.Errorf("after %s it is %q, %v", step.save, got, err)
			}
		}
		if err := end(t, s, tenant, secret); err != nil {
			t.Fatal(err)
		}
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			return s.Save(t.Context(), tx, tenant, secret, session.Data{StaffID: "a"})
		})
		if _, ok, _ := s.Load(t.Context(), tenant, secret); ok || err != nil {
			t.Errorf("an ended session is back: %t, %v", ok, err)
		}
	})
}

// begin makes a session where there was none.
func begin(t *testing.T, s *session.Store, tenant string, d session.Data) seal.Secret {
	t.Helper()
	secret, err := replace(t, s, tenant, "", d)
	if err != nil {
		t.Fatal(err)
	}
	return secret
}

func replace(t *testing.T, s *session.Store, tenant string, old seal.Secret, d session.Data) (seal.Secret, error) {
	t.Helper()
	secret := seal.NewSecret()
	return secret, s.DB.Write(t.Context(), func(tx *db.Tx) error {
		return s.Replace(t.Context(), tx, tenant, old, secret, d)
	})
}

func end(t *testing.T, s *session.Store, tenant string, secret seal.Secret) error {
	t.Helper()
	return s.DB.Write(t.Context(), func(tx *db.Tx) error { return s.End(t.Context(), tx, tenant, secret) })
}
