// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"context"
	"errors"
	"slices"
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
