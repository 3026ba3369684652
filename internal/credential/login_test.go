// SPDX-License-Identifier: EUPL-1.2

package credential_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
)

// Whatever is wrong with a login, the work is the same, and it is noted, for an
// address that nobody has as well.
func TestLoginsDoTheSameWork(t *testing.T) {
	h := newClub(t, dbtest.New(t, "sqlite"))
	h.add("clerk")
	h.open("ohne")
	h.add("gegangen").Active = false
	var hashed int
	h.hasher.DuringHash(func() { hashed++ })
	for name, a := range map[string]struct{ email, word, noted string }{
		"wrong password":      {"clerk@example.org", other, "clerk failed password"},
		"no password":         {"clerk@example.org", "", "clerk failed password"},
		"a very long one":     {"clerk@example.org", strings.Repeat(password, 1000), "clerk failed password"},
		"longer by much":      {"clerk@example.org", password + strings.Repeat(" ", 2000), "clerk failed password"},
		"unknown":             {"niemand@example.org", password, "nobody failed password"},
		"no address":          {"", password, "nobody failed password"},
		"no address at all":   {"\x00@@\xff", password, "nobody failed password"},
		"not active":          {"gegangen@example.org", password, "gegangen failed password"},
		"without a password":  {"ohne@example.org", password, "ohne failed password"},
		"without, with empty": {"ohne@example.org", "", "ohne failed password"},
	} {
		before := hashed
		h.events = nil
		b := &browser{club: h}
		_, err := h.Login(t.Context(), b.from("192.0.2."+name), a.email, a.word)
		if f, ok := fault.As(err); !ok || f.Key != "login.wrong" || f.Cause != nil {
			t.Errorf("%s: %v", name, err)
		}
		if hashed != before+1 {
			t.Errorf("%s: %d passwords were hashed", name, hashed-before)
		}
		if len(h.events) != 1 || h.events[0] != a.noted {
			t.Errorf("%s: noted %q", name, h.events)
		}
	}
}

// A hundred who log in at once hash a few passwords at a time; those for whom
// there is no room any more are told to wait, and nobody is let in wrongly.
func TestManyLoginsAtOnce(t *testing.T) {
	h := newClub(t, dbtest.New(t, "sqlite"))
	h.add("clerk")
	var now, most atomic.Int64
	// Everybody is there before the first is served.
	release := make(chan struct{})
	h.hasher.DuringHash(func() {
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
			b := &browser{club: h}
			word := password
			if i%10 == 0 {
				word = other
			}
			_, err := h.Login(t.Context(), b.from(string(rune(i))), "clerk@example.org", word)
			errs <- err
		})
	}
	refused := map[string]int{}
	for range people - credential.MaxHashing - credential.MaxWaiting { // those answer at once
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
	if most.Load() > credential.MaxHashing {
		t.Errorf("%d at once, at most %d", most.Load(), credential.MaxHashing)
	}
	if in+refused["login.wrong"]+refused["login.busy"]+refused["login.many"] != people || in == 0 ||
		refused["login.busy"]+refused["login.many"] < people-credential.MaxHashing-credential.MaxWaiting {
		t.Errorf("%d are in, %v", in, refused)
	}
	if n := h.number("SELECT COUNT(*) FROM session"); n != in {
		t.Errorf("%d sessions for %d who are in", n, in)
	}
	if h.hasher.Waiting() != 0 {
		t.Errorf("%d wait for ever", h.hasher.Waiting())
	}
}

// Whoever stops waiting makes room.
func TestWaitingEnds(t *testing.T) {
	h := newClub(t, dbtest.New(t, "sqlite"))
	h.add("clerk")
	release, busy := make(chan struct{}), make(chan struct{}, credential.MaxHashing)
	h.hasher.DuringHash(func() { busy <- struct{}{}; <-release })
	attempt := func(ctx context.Context) error {
		b := &browser{club: h}
		_, err := h.Login(ctx, b.from(""), "clerk@example.org", password)
		return err
	}
	var all sync.WaitGroup
	for range credential.MaxHashing {
		all.Go(func() {
			if err := attempt(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	for range credential.MaxHashing {
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
	if h.hasher.Waiting() != 0 {
		t.Errorf("%d still wait", h.hasher.Waiting())
	}
}
