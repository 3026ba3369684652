// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"

	"github.com/pquerna/otp/totp"
)

// half logs in as far as the password goes.
func (h *house) half(local string, want credential.Next) *browser {
	h.Helper()
	b := &browser{house: h}
	next, err := b.login(local, password)
	if err != nil || next != want {
		h.Fatalf("login: %s, %v, want %s", next, err, want)
	}
	if b.who() != nil {
		h.Fatal("the password alone is enough")
	}
	return b
}

// setUp sets up a code generator and returns its secret and the recovery
// codes.
func (b *browser) setUp() (string, []string) {
	b.Helper()
	setup, state, err := b.BeginCode(b.Context(), b.visit())
	if err != nil {
		b.Fatal(err)
	}
	b.keep(state)
	before := b.cookie
	recovery, err := b.ConfirmCode(b.Context(), b.visit(), b.code(setup.Secret, 0))
	if err != nil {
		b.Fatal(err)
	}
	if b.cookie == before || b.who() == nil {
		b.Error("not logged in under a new id")
	}
	return setup.Secret, recovery
}

// code is what a generator shows so long from now.
func (h *house) code(secret string, from time.Duration) string {
	h.Helper()
	code, err := totp.GenerateCode(secret, h.Clock.Now().Add(from))
	if err != nil {
		h.Fatal(err)
	}
	return code
}

func (b *browser) give(code string) error {
	b.Helper()
	return b.CheckCode(b.Context(), b.visit(), code)
}

// From the first login to the next one with a code, as people type it.
func TestCodeGenerator(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m := h.add("clerk", staff.Clerk)
		b := h.half("clerk", credential.SetUpFactor)
		if _, err := h.ConfirmCode(t.Context(), b.visit(), "123456"); fault.Of(err) != fault.Gone {
			t.Errorf("confirmed what nobody began: %v", err)
		}
		setup, state, err := h.BeginCode(t.Context(), b.visit())
		if err != nil {
			t.Fatal(err)
		}
		u, err := url.Parse(setup.URI)
		if err != nil || u.Scheme != "otpauth" || u.Host != "totp" || u.Query().Get("secret") != setup.Secret || len(setup.Secret) != 32 ||
			u.Query().Get("digits") != "6" || u.Query().Get("period") != "30" || u.Query().Get("algorithm") != "SHA1" ||
			!strings.HasSuffix(u.Path, ":clerk@example.org") || u.Query().Get("issuer") == "" {
			t.Errorf("the code is for %s", setup.URI)
		}
		b.keep(state)
		if again, _, err := h.BeginCode(t.Context(), b.visit()); err != nil || again.Secret != setup.Secret {
			t.Errorf("another secret when the page is loaded again: %v", err)
		}
		_, err = h.ConfirmCode(t.Context(), b.visit(), "000000")
		h.fails(err, fault.Invalid, "login.code.wrong")
		recovery, err := h.ConfirmCode(t.Context(), b.visit(), " "+h.code(setup.Secret, 0)[:3]+" "+h.code(setup.Secret, 0)[3:])
		if err != nil || len(recovery) != 10 || b.who() == nil {
			t.Fatalf("%d recovery codes, %v", len(recovery), err)
		}
		next := h.half("clerk", credential.GiveFactor)
		h.fails(next.give(h.code(setup.Secret, 0)), fault.Invalid, "login.code.wrong") // was used to set it up
		h.fails(next.give(h.code(setup.Secret, 2*time.Minute)), fault.Invalid, "login.code.wrong")
		before := next.cookie
		h.must(next.give(h.code(setup.Secret, 30*time.Second)))
		if next.who() == nil || next.cookie == before {
			t.Error("not logged in under a new id")
		}
		if got := h.actions(m.ID); !slices.Equal(got, []string{"invited clerk", "accepted ", "factor code", "login password, code",
			"login.failed code", "login.failed code", "login password, code"}) {
			t.Errorf("the audit says %q", got)
		}
	})
}

// Each code counts once, whoever saw it: in another session, in the same
// moment, or in the step before.
func TestCodeReplay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		secret, _ := h.half("clerk", credential.SetUpFactor).setUp()
		e.Clock.Advance(5 * time.Minute)
		code := h.code(secret, 0)
		const thieves = 5
		errs := make(chan error, thieves)
		var all sync.WaitGroup
		for range thieves {
			b := h.half("clerk", credential.GiveFactor)
			all.Go(func() { errs <- b.give(code) })
		}
		all.Wait()
		close(errs)
		in := 0
		for err := range errs {
			if err == nil {
				in++
			} else {
				h.fails(err, fault.Invalid, "login.code.wrong")
			}
		}
		if in != 1 {
			t.Errorf("%d came in with one code", in)
		}
		b := h.half("clerk", credential.GiveFactor)
		h.fails(b.give(h.code(secret, -30*time.Second)), fault.Invalid, "login.code.wrong")
		e.Clock.Advance(30 * time.Second)
		h.fails(b.give(code), fault.Invalid, "login.code.wrong")
		h.must(b.give(h.code(secret, 0)))
	})
}

// Six digits cannot be guessed, and whoever tries keeps the owner out for
// minutes only.
func TestLimitOfCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		secret, _ := h.half("clerk", credential.SetUpFactor).setUp()
		b := h.half("clerk", credential.GiveFactor)
		for range 10 {
			h.fails(b.give("000000"), fault.Invalid, "login.code.wrong")
		}
		e.Clock.Advance(time.Minute)
		h.fails(b.give(h.code(secret, 0)), fault.TooMany, "login.code.many")
		h.fails(h.half("clerk", credential.GiveFactor).give(h.code(secret, 0)), fault.TooMany, "login.code.many")
		e.Clock.Advance(6 * time.Minute)
		h.must(b.give(h.code(secret, 0)))
	})
}

// Recovery codes work once, in any spelling, and new ones end the old.
func TestRecoveryCodes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m := h.add("clerk", staff.Clerk)
		h.add("andere", staff.Clerk)
		_, codes := h.half("clerk", credential.SetUpFactor).setUp()
		_, others := h.half("andere", credential.SetUpFactor).setUp()
		if len(slices.Compact(slices.Sorted(slices.Values(append(codes, others...))))) != 20 {
			t.Error("two codes are the same")
		}
		use := func(code string) error { return h.half("clerk", credential.GiveFactor).give(code) }
		h.must(use(codes[0]))
		h.must(use(" " + strings.ToUpper(strings.ReplaceAll(codes[1], "-", " "))))
		h.fails(use(codes[0]), fault.Invalid, "login.code.wrong")
		h.fails(use(codes[1]), fault.Invalid, "login.code.wrong")
		h.fails(use(others[0]), fault.Invalid, "login.code.wrong")
		h.fails(use(""), fault.Invalid, "login.code.wrong")
		b := h.half("clerk", credential.GiveFactor)
		errs := make(chan error, 2)
		for range 2 {
			go func() { errs <- (&browser{house: h, cookie: b.cookie}).give(codes[2]) }()
		}
		if first, second := <-errs, <-errs; (first == nil) == (second == nil) {
			t.Errorf("one code used by two at once: %v, %v", first, second)
		}
		f, err := h.Factors(t.Context(), h.by(sessionOf(m)))
		if err != nil || f.Recovery != 7 || !f.Code || !f.Required {
			t.Errorf("%+v, %v", f, err)
		}
		fresh, err := h.NewRecovery(t.Context(), h.by(h.proven(m)))
		if err != nil || len(fresh) != 10 {
			t.Fatalf("%d codes, %v", len(fresh), err)
		}
		h.fails(use(codes[3]), fault.Invalid, "login.code.wrong")
		h.must(use(fresh[0]))
		for _, code := range fresh[1:] {
			if n := h.number("SELECT COUNT(*) FROM recovery_code WHERE hash = $1", seal.Secret(strings.ReplaceAll(code, "-", "")).Hash()); n != 0 {
				t.Error("a plain hash is stored: 50 bits can be tried out")
			}
		}
	})
}

// A second factor cannot be added, replaced or taken away by whoever has only
// the password, and not be done without where the town wants one.
func TestFactorsAreKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m := h.add("clerk", staff.Clerk)
		owner := h.half("clerk", credential.SetUpFactor)
		late := h.half("clerk", credential.SetUpFactor)
		_, state, err := h.BeginCode(t.Context(), late.visit())
		if err != nil {
			t.Fatal(err)
		}
		late.keep(state)
		secret, _ := owner.setUp()
		thief := h.half("clerk", credential.GiveFactor)
		_, _, err = h.BeginCode(t.Context(), thief.visit())
		h.fails(err, fault.Forbidden, "login.factor.asked")
		_, _, err = h.BeginPasskey(t.Context(), thief.visit())
		h.fails(err, fault.Forbidden, "login.factor.asked")
		owner.prove()
		setup, _, err := h.BeginCode(t.Context(), owner.visit())
		if err != nil || setup.Secret == secret {
			t.Errorf("the owner cannot set up a new telephone: %v", err)
		}
		_, err = h.ConfirmCode(t.Context(), late.visit(), "000000")
		h.fails(err, fault.Forbidden, "login.factor.asked")
		h.fails(h.RemoveCode(t.Context(), h.by(h.proven(m))), fault.Conflict, "login.factor.last")
		h.secondFactor(false)
		h.half("clerk", credential.GiveFactor) // whoever has one is asked for it
		h.must(h.RemoveCode(t.Context(), h.by(h.proven(m))))
		if fault.Of(h.RemoveCode(t.Context(), h.by(h.proven(m)))) != fault.NotFound {
			t.Error("removed twice")
		}
		if _, err := h.NewRecovery(t.Context(), h.by(h.proven(m))); fault.Of(err) != fault.Conflict {
			t.Errorf("recovery codes for nothing: %v", err)
		}
		if n := h.number("SELECT COUNT(*) FROM recovery_code"); n != 0 {
			t.Errorf("%d recovery codes for nothing", n)
		}
		h.enter("clerk")
	})
}

// Setting up takes a quarter of an hour at most, and whoever resets an account
// takes away what was set up.
func TestResetTakesFactors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		boss, m := h.add("leitung", staff.Admin), h.add("clerk", staff.Clerk)
		b := h.half("clerk", credential.SetUpFactor)
		setup, state, err := h.BeginCode(t.Context(), b.visit())
		if err != nil {
			t.Fatal(err)
		}
		b.keep(state)
		e.Clock.Advance(15 * time.Minute)
		_, err = h.ConfirmCode(t.Context(), b.visit(), h.code(setup.Secret, 0))
		h.fails(err, fault.Gone, "login.ceremony.over")
		b.setUp()
		h.must(h.Reset(t.Context(), boss, m.ID, h.version(m), "en"))
		if b.who() != nil || h.number("SELECT COUNT(*) FROM recovery_code") != 0 {
			t.Error("something is left")
		}
		if _, err := b.login("clerk", password); fault.Of(err) != fault.Forbidden {
			t.Errorf("the old password: %v", err)
		}
		h.must(h.Accept(t.Context(), h.from("192.0.2.1"), h.mailed(m.Email), password))
		h.half("clerk", credential.SetUpFactor)
		if a := h.account(m.ID); a.HasCode || a.Passkeys != 0 {
			t.Errorf("%+v", a)
		}
	})
}
