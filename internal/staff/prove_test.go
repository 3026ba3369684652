// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// Whoever is logged in, but does not know the password, can change nothing about
// the second step; whoever gives it can for a quarter of an hour, in this session.
func TestFactorsNeedThePasswordAgain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		b := h.half("clerk", credential.SetUpFactor)
		b.setUp() // part of the login: the password was just given
		ways := func(b *browser) map[string]error {
			errs := map[string]error{}
			_, _, errs["begin code"] = h.BeginCode(t.Context(), b.visit())
			_, _, errs["begin passkey"] = h.BeginPasskey(t.Context(), b.visit())
			errs["remove code"] = h.RemoveCode(t.Context(), h.by(b.data()))
			errs["remove passkey"] = h.RemovePasskey(t.Context(), h.by(b.data()), "AAAA")
			_, errs["recovery codes"] = h.NewRecovery(t.Context(), h.by(b.data()))
			return errs
		}
		refused := func(b *browser) {
			t.Helper()
			for way, err := range ways(b) {
				if f, ok := fault.As(err); !ok || f.Key != "login.prove" {
					t.Errorf("%s: %v", way, err)
				}
			}
		}
		refused(b)
		h.fails(h.Prove(t.Context(), b.visit(), "falsch und lang genug"), fault.Invalid, "login.password.old")
		refused(b)
		before := b.cookie
		b.prove()
		if b.cookie == before || b.who() == nil {
			t.Error("not in a new session")
		}
		for way, err := range ways(b) {
			if f, ok := fault.As(err); ok && f.Key == "login.prove" {
				t.Errorf("%s: refused after the password", way)
			}
		}
		setup, state, err := h.BeginCode(t.Context(), b.visit())
		h.must(err)
		b.keep(state)
		e.Clock.Advance(15*time.Minute - time.Second)
		if !h.Proved(b.data()) {
			t.Error("over too early")
		}
		e.Clock.Advance(time.Second)
		refused(b)
		_, err = h.ConfirmCode(t.Context(), b.visit(), h.code(setup.Secret, 0))
		if err == nil {
			t.Error("a new code generator after the time for it")
		}
	})
}

// Wrong passwords and codes for an account are in the audit, with the network
// and without what was typed; of addresses that nobody has nothing is.
func TestFailedLoginsAreRecorded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m, gone := h.add("clerk", staff.Clerk), h.add("gone", staff.Clerk)
		h.must(h.Disable(t.Context(), staff.CommandLine(h.tenant), gone.ID, h.version(gone)))
		b := h.half("clerk", credential.SetUpFactor)
		b.setUp()
		try := func(local, word string) {
			t.Helper()
			if _, err := (&browser{house: h}).login(local, word); fault.Of(err) != fault.Forbidden {
				t.Errorf("%s: %v", local, err)
			}
		}
		try("clerk", "geheim und falsch 1")
		try("gone", password)
		try("nobody", "geheim und falsch 2")
		half := h.half("clerk", credential.GiveFactor)
		h.fails(half.give("000000"), fault.Invalid, "login.code.wrong")
		elsewhere := b.visit()
		elsewhere.Network = "198.51.100.7"
		h.fails(h.Prove(t.Context(), elsewhere, "geheim und falsch 3"), fault.Invalid, "login.password.old")
		want := []string{"login.failed password", "login.failed code", "login.failed password"}
		if got := h.failures(m.ID); !slices.Equal(got, want) {
			t.Errorf("%q", got)
		}
		if got := h.failures(gone.ID); !slices.Equal(got, want[:1]) {
			t.Errorf("disabled: %q", got)
		}
		h.read(func(tx *db.Tx) error {
			list, err := audit.List(t.Context(), tx, h.tenant, audit.Filter{})
			n := 0
			for _, e := range list {
				if e.Action == "staff.login.failed" {
					n++
				}
				if strings.Contains(e.Detail, "geheim") || strings.Contains(e.Detail, "@") {
					t.Errorf("detail %q", e.Detail)
				}
			}
			if n != 4 {
				t.Errorf("%d are recorded", n)
			}
			return err
		})
	})
}
