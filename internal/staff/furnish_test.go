// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"testing"

	"vorzimmer/internal/credential"
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
		list := []staff.NewAccount{{Email: "leitung@example.org", Name: "Andere", Role: staff.Clerk, Everywhere: true},
			{Email: "eins@example.org", Name: "Eins", Role: staff.Clerk, Everywhere: true}, {Email: "zwei@example.org", Name: "Zwei", Role: staff.Officer}}
		h.fails(h.Furnish(t.Context(), boss, list, other), fault.Forbidden, "staff.forbidden")
		h.fails(h.Furnish(t.Context(), staff.CommandLine(h.tenant), list, "kurz"), fault.Invalid, "login.password.short")
		if n := h.number("SELECT COUNT(*) FROM staff"); n != 1 {
			t.Errorf("%d accounts after a refusal", n)
		}
		h.must(h.Furnish(t.Context(), staff.CommandLine(h.tenant), list, other))
		if n := h.number("SELECT COUNT(DISTINCT password) FROM credential"); n != 2 { // a hash of its own would have its own salt
			t.Errorf("%d hashes for the administrator and all others", n)
		}
		h.Options.Hasher = nil // nobody is missing: nothing is hashed
		h.must(h.Furnish(t.Context(), staff.CommandLine(h.tenant), list, other))
		for _, local := range []string{"eins", "zwei"} {
			b := &browser{house: h}
			if next, err := b.login(local, other); next != credential.Done || err != nil {
				t.Errorf("%s: %s, %v", local, next, err)
			}
		}
		if who := h.enter("leitung").who(); who == nil || who.Role != staff.Admin {
			t.Errorf("who was there is now %+v", who)
		}
	})
}
