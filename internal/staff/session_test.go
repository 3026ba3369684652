// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// A password that is changed ends all other sessions.
func TestSetPassword(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		m := h.add("clerk", staff.Clerk)
		here, there := h.enter("clerk"), h.enter("clerk")
		hold := here.data()
		hold.Hold = "a reservation"
		set := func(old, word string) error {
			return h.SetPassword(t.Context(), here.in(hold), old, word)
		}
		h.fails(set(other, other), fault.Invalid, "login.password.old")
		h.fails(set(password, "kurz"), fault.Invalid, "login.password.short")
		h.fails(set(password, "clerk@example"), fault.Invalid, "login.password.common")
		if there.who() == nil {
			t.Error("a refusal ended a session")
		}
		h.must(set(password, other))
		if here.who() == nil || there.who() != nil || here.data().Hold != "a reservation" {
			t.Error("the wrong session is left, or it lost something")
		}
		if _, err := there.login("clerk", password); fault.Of(err) != fault.Forbidden {
			t.Errorf("the old password: %v", err)
		}
		if _, err := there.login("clerk", other); err != nil {
			t.Error(err)
		}
		if n, err := h.SessionCount(t.Context(), h.by(sessionOf(m))); n != 2 || err != nil {
			t.Errorf("%d sessions, %v", n, err)
		}
		h.must(h.EndOthers(t.Context(), here.visit()))
		if here.who() == nil || there.who() != nil {
			t.Error("the wrong session is left")
		}
		want := []string{"invited clerk", "accepted ", "login password", "login password", "login.failed password", "password ",
			"login.failed password", "login password", "sessions "}
		if got := h.actions(m.ID); !slices.Equal(got, want) {
			t.Errorf("the audit says %q", got)
		}
	})
}

// The hour without a request, and the day since the login, end a session.
func TestStaffSessionsEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		h.add("clerk", staff.Clerk)
		idle, busy := h.enter("clerk"), h.enter("clerk")
		for range 13 {
			if busy.who() == nil {
				t.Fatal("ended while it was used")
			}
			e.Clock.Advance(session.StaffIdle - 5*time.Minute)
		}
		if idle.who() != nil {
			t.Error("an hour without a request, and still there")
		}
		if busy.who() == nil {
			t.Error("ended before its time")
		}
		d := busy.data()
		h.must(h.EndOthers(t.Context(), busy.in(d))) // a new id makes it no younger
		e.Clock.Advance(session.StaffAbsolute - 13*(session.StaffIdle-5*time.Minute))
		if busy.who() != nil {
			t.Error("longer than a day")
		}
	})
}

// Whoever reads a session before it is ended, as with a stolen cookie, and goes
// on in it afterwards, does not bring it back.
func TestEndedSessionsStayEnded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		m := h.add("clerk", staff.Clerk)
		end := map[string]func(*browser){
			"disabled and enabled": func(*browser) {
				h.must(h.Disable(t.Context(), staff.CommandLine(h.tenant), m.ID, h.version(m)))
				h.must(h.Enable(t.Context(), staff.CommandLine(h.tenant), m.ID, h.version(m)))
			},
			"ended by the owner": func(owner *browser) { h.must(h.EndOthers(t.Context(), owner.visit())) },
			"a new password": func(owner *browser) {
				h.must(h.SetPassword(t.Context(), owner.visit(), password, other))
				h.must(h.SetPassword(t.Context(), owner.visit(), other, password))
			},
		}
		for how, end := range end {
			for what, goOn := range map[string]func(*browser, session.Data) error{
				"others": func(b *browser, d session.Data) error { return h.EndOthers(t.Context(), b.in(d)) },
				"password": func(b *browser, d session.Data) error {
					return h.SetPassword(t.Context(), b.in(d), password, other)
				},
				"prove": func(b *browser, d session.Data) error {
					return h.Prove(t.Context(), b.in(d), password)
				},
			} {
				owner, thief := h.enter("clerk"), h.enter("clerk")
				read := thief.data()
				end(owner)
				ownerLives := owner.who() != nil
				before := h.number("SELECT COUNT(*) FROM session")
				if err := goOn(thief, read); !errors.Is(err, session.ErrEnded) {
					t.Errorf("%s, then %s: %v", how, what, err)
				}
				if thief.who() != nil || h.number("SELECT COUNT(*) FROM session") != before || (owner.who() != nil) != ownerLives {
					t.Errorf("%s, then %s: the session is back, or the owner is out", how, what)
				}
			}
		}
	})
}

// The same between the password and the second step, when the account is reset
// meanwhile.
func TestResetEndsALoginHalfWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m := h.add("clerk", staff.Clerk)
		thief := h.half("clerk", credential.SetUpFactor)
		setup, state, err := h.BeginCode(t.Context(), thief.visit())
		h.must(err)
		thief.keep(state)
		read := thief.data()
		_, err = h.ResetLink(t.Context(), staff.CommandLine(h.tenant), m.ID, h.version(m))
		h.must(err)
		_, err = h.ConfirmCode(t.Context(), thief.in(read), h.code(setup.Secret, 0))
		if !errors.Is(err, session.ErrEnded) || thief.who() != nil || h.account(m.ID).HasCode {
			t.Errorf("logged in after the reset, or with a code generator: %v", err)
		}
	})
}

// Once the tenant wants a second factor, a session that was made without is
// asked for it, and one that was made with it goes on.
func TestSecondFactorInRunningSessions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		h.add("ohne", staff.Clerk)
		h.add("mit", staff.Clerk)
		without, early := h.enter("ohne"), h.enter("mit")
		with := h.enter("mit")
		with.prove()
		secret, _ := with.setUp()
		stays := func(b *browser, when string, want credential.Next) {
			t.Helper()
			m, next, err := h.Member(t.Context(), h.tenant, b.data())
			h.must(err)
			if next != want || (m != nil) != (want == credential.Done) {
				t.Errorf("%s: %s, %v", when, next, m)
			}
		}
		for _, b := range []*browser{without, early, with} {
			stays(b, "before", credential.Done)
		}
		h.secondFactor(true)
		stays(without, "without", credential.SetUpFactor)
		stays(early, "with another session's", credential.GiveFactor)
		stays(with, "with it", credential.Done)
		if _, _, err := h.BeginCode(t.Context(), without.visit()); fault.Of(err) != fault.Forbidden {
			t.Errorf("a factor is added without the password: %v", err)
		}
		with.prove()
		stays(with, "with it and the password", credential.Done)
		e.Clock.Advance(time.Minute)
		h.must(early.give(h.code(secret, 0)))
		stays(early, "given", credential.Done)
		h.secondFactor(false)
		stays(without, "no longer wanted", credential.Done)
	})
}
