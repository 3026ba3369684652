// SPDX-License-Identifier: EUPL-1.2

package session_test

import (
	"testing"

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
		secret, err := replace(t, s, tenant, "", want)
		if err != nil {
			t.Fatal(err)
		}
		load := func(tenant string, secret seal.Secret) (session.Data, bool) {
			t.Helper()
			d, ok, err := s.Load(t.Context(), tenant, secret)
			if err != nil {
				t.Fatal(err)
			}
			return d, ok
		}
		if got, ok := load(tenant, secret); !ok || got != want {
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
		if got, _ := load(tenant, secret); got != want {
			t.Error("not saved")
		}
		if err := end(t, s, "großstadt", secret); err != nil {
			t.Error(err)
		}
		if _, ok := load(tenant, secret); !ok {
			t.Error("another tenant ended the session")
		}
		ended, err := replace(t, s, tenant, "", want)
		if err != nil {
			t.Fatal(err)
		}
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
		a, err := replace(t, s, tenant, "", session.Data{Hold: "one"})
		if err != nil {
			t.Fatal(err)
		}
		b, err := replace(t, s, tenant, "", session.Data{Hold: "two"})
		if err != nil {
			t.Fatal(err)
		}
		err = e.DB.Write(t.Context(), func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), "UPDATE session SET sealed = (SELECT sealed FROM session WHERE hash = $1) WHERE hash = $2",
				a.Hash(), b.Hash())
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if _, _, err := s.Load(t.Context(), tenant, b); err == nil {
			t.Error("another session's data opened")
		}
	})
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
