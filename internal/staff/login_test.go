// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
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
