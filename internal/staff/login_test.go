// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// Whatever is wrong with a login, the answer and the work are the same.
func TestLoginSaysNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.add("clerk", staff.Clerk)
		h.addAt(neighbour, "fremd", staff.Clerk)
		gone := h.add("gegangen", staff.Clerk)
		h.must(h.Disable(t.Context(), staff.CommandLine(h.tenant), gone.ID, h.version(gone)))
		if _, err := h.InviteLink(t.Context(), staff.CommandLine(h.tenant),
			staff.NewAccount{Email: "neu@example.org", Name: "Neu", Role: staff.Officer}); err != nil {
			t.Fatal(err)
		}
		var hashed int
		h.DuringHash(func() { hashed++ })
		for name, a := range map[string]staff.Attempt{
			"wrong password":      {Email: "clerk@example.org", Password: other},
			"no password":         {Email: "clerk@example.org"},
			"a very long one":     {Email: "clerk@example.org", Password: strings.Repeat(password, 1000)},
			"longer by much":      {Email: "clerk@example.org", Password: password + strings.Repeat(" ", 2000)},
			"unknown":             {Email: "niemand@example.org", Password: password},
			"no address":          {Password: password},
			"no address at all":   {Email: "\x00@@\xff", Password: password},
			"another tenant's":    {Email: "fremd@example.org", Password: password},
			"disabled":            {Email: "gegangen@example.org", Password: password},
			"invited":             {Email: "neu@example.org", Password: password},
			"invited, with empty": {Email: "neu@example.org"},
		} {
			before := hashed
			b := &browser{house: h}
			a.Network = "192.0.2." + name
			_, err := h.Login(t.Context(), h.tenant, a, b.remember)
			if f, ok := fault.As(err); !ok || f.Key != "staff.login.wrong" || f.Cause != nil {
				t.Errorf("%s: %v", name, err)
			}
			if hashed != before+1 {
				t.Errorf("%s: %d passwords were hashed", name, hashed-before)
			}
			if b.cookie != "" {
				t.Errorf("%s: has a session", name)
			}
		}
		if n := h.number("SELECT COUNT(*) FROM session"); n != 0 {
			t.Errorf("%d sessions", n)
		}
	})
}

// A hundred who log in at once hash a few passwords at a time; those for whom
// there is no room any more are told to wait, and nobody is let in wrongly.
func TestManyLoginsAtOnce(t *testing.T) {
	h := newHouse(t, dbtest.New(t, "sqlite"))
	h.secondFactor(false)
	h.add("clerk", staff.Clerk)
	var now, most atomic.Int64
	// Everybody is there before the first is served.
	release := make(chan struct{})
	h.DuringHash(func() {
		n := now.Add(1)
		for m := most.Load(); n > m && !most.CompareAndSwap(m, n); m = most.Load() {
		}
		<-release
		now.Add(-1)
	})
	const people = 100
	errs := make(chan error, people)
	var all sync.WaitGroup
	for i := range people {
		all.Go(func() {
			b := &browser{house: h}
			word := password
			if i%10 == 0 {
				word = other
			}
			_, err := h.Login(t.Context(), h.tenant, staff.Attempt{Email: "clerk@example.org", Password: word, Network: string(rune(i))}, b.remember)
			errs <- err
		})
	}
	refused := map[string]int{}
	for range people - staff.MaxHashing - staff.MaxWaiting { // those answer at once
		err := <-errs
		f, _ := fault.As(err)
		if f == nil {
			t.Fatalf("somebody is in before anybody was served: %v", err)
		}
		refused[f.Key]++
	}
	close(release)
	all.Wait()
	close(errs)
	in := 0
	for err := range errs {
		if f, ok := fault.As(err); ok {
			refused[f.Key]++
		} else if err != nil {
			t.Error(err)
		} else {
			in++
		}
	}
	if most.Load() > staff.MaxHashing {
		t.Errorf("%d at once, at most %d", most.Load(), staff.MaxHashing)
	}
	if in+refused["staff.login.wrong"]+refused["staff.busy"]+refused["staff.login.many"] != people || in == 0 ||
		refused["staff.busy"]+refused["staff.login.many"] < people-staff.MaxHashing-staff.MaxWaiting {
		t.Errorf("%d are in, %v", in, refused)
	}
	if n := h.number("SELECT COUNT(*) FROM session"); n != in {
		t.Errorf("%d sessions for %d who are in", n, in)
	}
	if h.Waiting() != 0 {
		t.Errorf("%d wait for ever", h.Waiting())
	}
}

// Whoever stops waiting makes room.
func TestWaitingEnds(t *testing.T) {
	h := newHouse(t, dbtest.New(t, "sqlite"))
	h.secondFactor(false)
	h.add("clerk", staff.Clerk)
	release, busy := make(chan struct{}), make(chan struct{}, staff.MaxHashing)
	h.DuringHash(func() { busy <- struct{}{}; <-release })
	attempt := func(ctx context.Context) error {
		b := &browser{house: h}
		_, err := h.Login(ctx, h.tenant, staff.Attempt{Email: "clerk@example.org", Password: password}, b.remember)
		return err
	}
	var all sync.WaitGroup
	for range staff.MaxHashing {
		all.Go(func() {
			if err := attempt(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for range staff.MaxHashing {
		<-busy
	}
	ctx, cancel := context.WithCancel(t.Context())
	gone := make(chan error)
	go func() { gone <- attempt(ctx) }()
	cancel()
	if err := <-gone; !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
	close(release)
	all.Wait()
	if h.Waiting() != 0 {
		t.Errorf("%d still wait", h.Waiting())
	}
}

// Guessing is slowed down, for one network and for all together, and never
// keeps out for good those whose account it is.
func TestLimitsOfLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		h.add("clerk", staff.Clerk)
		h.add("andere", staff.Clerk)
		try := func(network, email, word string) string {
			b := &browser{house: h}
			_, err := h.Login(t.Context(), h.tenant, staff.Attempt{Email: email + "@example.org", Password: word, Network: network}, b.remember)
			if f, ok := fault.As(err); ok {
				return f.Key
			}
			h.must(err)
			return "in"
		}
		want := func(when, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		const wrong, many = "staff.login.wrong", "staff.login.many"
		for range 20 {
			want("logging in again and again", try("office", "clerk", password), "in")
		}
		for i := range 10 {
			want("guess", try("attic", "clerk", "guess"), wrong)
			if i == 5 {
				want("in between", try("attic", "andere", password), "in")
			}
		}
		want("the eleventh", try("attic", "clerk", password), many)
		want("in other letters", try("attic", " CLERK", password), many)
		want("another account", try("attic", "andere", password), "in")
		want("another network", try("home", "clerk", password), "in")
		for i := range 40 {
			try("botnet "+string(rune('a'+i)), "clerk", "guess")
		}
		want("from a new network", try("train", "clerk", password), many)
		want("from the usual one", try("office", "clerk", password), "in")
		want("an address without account", try("attic", "niemand", "guess"), wrong)
		e.Clock.Advance(90 * time.Second)
		want("a little later", try("attic", "clerk", "guess"), wrong)
		want("and then", try("attic", "clerk", "guess"), many)
		want("from a new network", try("train", "clerk", password), "in")
		e.Clock.Advance(15 * time.Minute)
		for range 10 {
			want("much later", try("attic", "clerk", "guess"), wrong)
		}
	})
}

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
			return h.SetPassword(t.Context(), m, hold, old, word, "192.0.2.1", here.remember)
		}
		h.fails(set(other, other), fault.Invalid, "staff.password.old")
		h.fails(set(password, "kurz"), fault.Invalid, "staff.password.short")
		h.fails(set(password, "clerk@example"), fault.Invalid, "staff.password.common")
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
		if n, err := h.SessionCount(t.Context(), m); n != 2 || err != nil {
			t.Errorf("%d sessions, %v", n, err)
		}
		h.must(h.EndOthers(t.Context(), m, here.data(), here.remember))
		if here.who() == nil || there.who() != nil {
			t.Error("the wrong session is left")
		}
		want := []string{"invited clerk", "accepted ", "login password", "login password", "login.failed password, 192.0.2.1", "password ",
			"login.failed password, 192.0.2.1", "login password", "sessions "}
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
		h.must(h.EndOthers(t.Context(), busy.who(), d, busy.remember)) // a new id makes it no younger
		e.Clock.Advance(session.StaffAbsolute - 13*(session.StaffIdle-5*time.Minute))
		if busy.who() != nil {
			t.Error("longer than a day")
		}
	})
}

// One network has so many wrong passwords for all accounts together, whoever
// they belong to. That keeps nobody out who logs in from elsewhere, or has
// logged in from there before.
func TestLimitOfANetwork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		h.add("clerk", staff.Clerk)
		h.add("andere", staff.Clerk)
		hashed := 0
		h.DuringHash(func() { hashed++ })
		try := func(network, local, word string) string {
			_, err := h.Login(t.Context(), h.tenant, staff.Attempt{Email: local + "@example.org", Password: word, Network: network}, (&browser{house: h}).remember)
			if f, ok := fault.As(err); ok {
				return f.Key
			}
			h.must(err)
			return "in"
		}
		want := func(when, got, want string) {
			t.Helper()
			if got != want {
				t.Errorf("%s: %s, want %s", when, got, want)
			}
		}
		const wrong, many = "staff.login.wrong", "staff.login.many"
		want("before", try("lobby", "clerk", password), "in")
		hashed = 0
		for i := range 3 * staff.NetworkTries {
			got := wrong
			if i >= staff.NetworkTries {
				got = many
			}
			want("an invented address", try("lobby", "niemand"+strconv.Itoa(i), "guess"), got)
		}
		if hashed != staff.NetworkTries {
			t.Errorf("%d passwords were hashed for one network", hashed)
		}
		if n := h.Counts(); n > 3*staff.NetworkTries {
			t.Errorf("%d counts for one network", n)
		}
		want("a new one from there", try("lobby", "andere", password), many)
		want("who was there before", try("lobby", "clerk", password), "in")
		want("from elsewhere", try("home", "andere", password), "in")
		e.Clock.Advance(15 * time.Minute)
		want("a quarter of an hour later", try("lobby", "andere", password), "in")
	})
}

// However many addresses and networks somebody invents, what is counted for
// them has an end.
func TestCountsAreBounded(t *testing.T) {
	h := newHouse(t, dbtest.New(t, "sqlite"))
	for i := range staff.MaxCounts + 100 {
		if !h.TryForgotten(strconv.Itoa(i)) {
			t.Fatal("refused the first time")
		}
	}
	if n := h.Counts(); n != staff.MaxCounts {
		t.Errorf("%d counts", n)
	}
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
			"ended by the owner": func(owner *browser) { h.must(h.EndOthers(t.Context(), m, owner.data(), owner.remember)) },
			"a new password": func(owner *browser) {
				h.must(h.SetPassword(t.Context(), m, owner.data(), password, other, "192.0.2.1", owner.remember))
				h.must(h.SetPassword(t.Context(), m, owner.data(), other, password, "192.0.2.1", owner.remember))
			},
		}
		for how, end := range end {
			for what, goOn := range map[string]func(*browser, session.Data) error{
				"others": func(b *browser, d session.Data) error { return h.EndOthers(t.Context(), m, d, b.remember) },
				"password": func(b *browser, d session.Data) error {
					return h.SetPassword(t.Context(), m, d, password, other, "192.0.2.1", b.remember)
				},
				"prove": func(b *browser, d session.Data) error {
					return h.Prove(t.Context(), m, d, password, "192.0.2.1", b.remember)
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
		thief := h.half("clerk", staff.SetUpFactor)
		setup, state, err := h.BeginCode(t.Context(), h.tenant, thief.data())
		h.must(err)
		thief.keep(state)
		read := thief.data()
		_, err = h.ResetLink(t.Context(), staff.CommandLine(h.tenant), m.ID, h.version(m))
		h.must(err)
		_, err = h.ConfirmCode(t.Context(), h.tenant, read, h.code(setup.Secret, 0), thief.remember)
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
		stays := func(b *browser, when string, want staff.Next) {
			t.Helper()
			m, next, err := h.Member(t.Context(), h.tenant, b.data())
			h.must(err)
			if next != want || (m != nil) != (want == staff.Done) {
				t.Errorf("%s: %s, %v", when, next, m)
			}
			if got, err := h.Next(t.Context(), h.tenant, b.data()); got != want || err != nil {
				t.Errorf("%s: next is %s, %v", when, got, err)
			}
		}
		for _, b := range []*browser{without, early, with} {
			stays(b, "before", staff.Done)
		}
		h.secondFactor(true)
		stays(without, "without", staff.SetUpFactor)
		stays(early, "with another session's", staff.GiveFactor)
		stays(with, "with it", staff.Done)
		if _, _, err := h.BeginCode(t.Context(), h.tenant, without.data()); fault.Of(err) != fault.Forbidden {
			t.Errorf("a factor is added without the password: %v", err)
		}
		with.prove()
		stays(with, "with it and the password", staff.Done)
		e.Clock.Advance(time.Minute)
		h.must(early.give(h.code(secret, 0)))
		stays(early, "given", staff.Done)
		h.secondFactor(false)
		stays(without, "no longer wanted", staff.Done)
	})
}

// Invented people share a password that is hashed once, and what is there
// already stays.
func TestFurnish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		h.secondFactor(false)
		boss := h.add("leitung", staff.Admin)
		hashed := 0
		h.DuringHash(func() { hashed++ })
		list := []staff.NewAccount{{Email: "leitung@example.org", Name: "Andere", Role: staff.Clerk, Everywhere: true},
			{Email: "eins@example.org", Name: "Eins", Role: staff.Clerk, Everywhere: true}, {Email: "zwei@example.org", Name: "Zwei", Role: staff.Officer}}
		h.fails(h.Furnish(t.Context(), boss, list, other), fault.Forbidden, "staff.forbidden")
		h.fails(h.Furnish(t.Context(), staff.CommandLine(h.tenant), list, "kurz"), fault.Invalid, "staff.password.short")
		if n := h.number("SELECT COUNT(*) FROM staff"); n != 1 {
			t.Errorf("%d accounts after a refusal", n)
		}
		hashed = 0
		for range 2 {
			h.must(h.Furnish(t.Context(), staff.CommandLine(h.tenant), list, other))
		}
		if hashed != 1 {
			t.Errorf("%d passwords were hashed", hashed)
		}
		for _, local := range []string{"eins", "zwei"} {
			b := &browser{house: h}
			if next, err := b.login(local, other); next != staff.Done || err != nil {
				t.Errorf("%s: %s, %v", local, next, err)
			}
		}
		if who := h.enter("leitung").who(); who == nil || who.Role != staff.Admin {
			t.Errorf("who was there is now %+v", who)
		}
	})
}
