// SPDX-License-Identifier: EUPL-1.2

package credential_test

import (
	"strconv"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
)

// try logs in from a network and says what came of it: in, or the key of a
// refusal.
func (h *club) try(network, local, word string) string {
	h.Helper()
	b := &browser{club: h}
	_, err := h.Login(h.Context(), b.from(network), local+"@example.org", word)
	if f, ok := fault.As(err); ok {
		return f.Key
	}
	h.must(err)
	return "in"
}

func (h *club) wants(when, got, want string) {
	h.Helper()
	if got != want {
		h.Errorf("%s: %s, want %s", when, got, want)
	}
}

// Guessing is slowed down, for one network and for all together, and never
// keeps out for good those whose account it is.
func TestLimitsOfLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newClub(t, e)
		h.add("clerk")
		h.add("andere")
		const wrong, many = "login.wrong", "login.many"
		for range 20 {
			h.wants("logging in again and again", h.try("office", "clerk", password), "in")
		}
		for i := range 10 {
			h.wants("guess", h.try("attic", "clerk", "guess"), wrong)
			if i == 5 {
				h.wants("in between", h.try("attic", "andere", password), "in")
			}
		}
		h.wants("the eleventh", h.try("attic", "clerk", password), many)
		h.wants("in other letters", h.try("attic", " CLERK", password), many)
		h.wants("another account", h.try("attic", "andere", password), "in")
		h.wants("another network", h.try("home", "clerk", password), "in")
		for i := range 40 {
			h.try("botnet "+string(rune('a'+i)), "clerk", "guess")
		}
		h.wants("from a new network", h.try("train", "clerk", password), many)
		h.wants("from the usual one", h.try("office", "clerk", password), "in")
		h.wants("an address without account", h.try("attic", "niemand", "guess"), wrong)
		e.Clock.Advance(90 * time.Second)
		h.wants("a little later", h.try("attic", "clerk", "guess"), wrong)
		h.wants("and then", h.try("attic", "clerk", "guess"), many)
		h.wants("from a new network", h.try("train", "clerk", password), "in")
		e.Clock.Advance(15 * time.Minute)
		for range 10 {
			h.wants("much later", h.try("attic", "clerk", "guess"), wrong)
		}
	})
}

// One network has so many wrong passwords for all accounts together, whoever
// they belong to. That keeps nobody out who logs in from elsewhere, or has
// logged in from there before.
func TestLimitOfANetwork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newClub(t, e)
		h.add("clerk")
		h.add("andere")
		hashed := 0
		h.hasher.DuringHash(func() { hashed++ })
		const wrong, many = "login.wrong", "login.many"
		h.wants("before", h.try("lobby", "clerk", password), "in")
		hashed = 0
		for i := range 3 * credential.NetworkTries {
			got := wrong
			if i >= credential.NetworkTries {
				got = many
			}
			h.wants("an invented address", h.try("lobby", "niemand"+strconv.Itoa(i), "guess"), got)
		}
		if hashed != credential.NetworkTries {
			t.Errorf("%d passwords were hashed for one network", hashed)
		}
		if n := h.Counts(); n > 3*credential.NetworkTries {
			t.Errorf("%d counts for one network", n)
		}
		h.wants("a new one from there", h.try("lobby", "andere", password), many)
		h.wants("who was there before", h.try("lobby", "clerk", password), "in")
		h.wants("from elsewhere", h.try("home", "andere", password), "in")
		e.Clock.Advance(15 * time.Minute)
		h.wants("a quarter of an hour later", h.try("lobby", "andere", password), "in")
	})
}

// However many addresses and networks somebody invents, what is counted for
// them has an end.
func TestCountsAreBounded(t *testing.T) {
	h := newClub(t, dbtest.New(t, "sqlite"))
	for i := range credential.MaxCounts + 100 {
		if !h.TryForgotten(strconv.Itoa(i)) {
			t.Fatal("refused the first time")
		}
	}
	if n := h.Counts(); n != credential.MaxCounts {
		t.Errorf("%d counts", n)
	}
}

// While others use up the tries at an account, its owner gets in from a new network
// by a link in a mail, and stays able to.
func TestLinkGoesRoundTheLimits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newClub(t, e)
		o := h.add("clerk")
		h.add("andere")
		networks := 0
		flood := func() {
			for {
				networks++
				if h.try("botnet "+strconv.Itoa(networks), "clerk", "guess") != "login.wrong" {
					return
				}
			}
		}
		flood()
		for range 10 {
			h.try("train", "andere", "guess") // one network's tries at one account as well
		}
		for _, local := range []string{"clerk", "andere"} {
			h.wants("before the mail", h.try("train", local, password), "login.many")
		}
		b := &browser{club: h}
		h.must(h.Forgotten(t.Context(), b.from("train"), o.Email, "de"))
		h.wants("the mail alone", h.try("train", "clerk", password), "login.many")
		h.fails(h.Accept(t.Context(), b.from("train"), h.links["clerk"], "kurz"), fault.Invalid, "login.password.short")
		h.wants("a refused password", h.try("train", "clerk", password), "login.many")
		h.must(h.Accept(t.Context(), b.from("train"), h.links["clerk"], other))
		h.wants("after the link", h.try("train", "clerk", other), "in")
		for range 3 {
			e.Clock.Advance(90 * time.Second) // some tries come back
			flood()
			h.wants("while it goes on", h.try("train", "clerk", other), "in")
			h.wants("elsewhere", h.try("attic", "clerk", other), "login.many")
		}
	})
}

// Who has guessed in vain at the own password sets a new one, and logs in with it at
// once. It is guessed at no faster than any other.
func TestLinkEndsOnesOwnTries(t *testing.T) {
	h := newClub(t, dbtest.New(t, "sqlite"))
	o := h.add("clerk")
	for range 10 {
		h.wants("guess", h.try("home", "clerk", "guess"), "login.wrong")
	}
	h.wants("the eleventh", h.try("home", "clerk", password), "login.many")
	b := &browser{club: h}
	h.must(h.Forgotten(t.Context(), b.from("home"), o.Email, "de"))
	h.must(h.Accept(t.Context(), b.from("home"), h.links["clerk"], other))
	h.wants("with the new one", h.try("home", "clerk", other), "in")
	for range 10 {
		h.wants("guess", h.try("home", "clerk", "guess"), "login.wrong")
	}
	h.wants("the eleventh", h.try("home", "clerk", other), "login.many")
}
