// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

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
