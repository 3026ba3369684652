// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// Whatever is wrong with a login, the answer is the same.
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
		for name, a := range map[string]struct{ Email, Password string }{
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
			b := &browser{house: h}
			v := b.visit()
			v.Network = "192.0.2." + name
			_, err := h.Login(t.Context(), v, a.Email, a.Password)
			if f, ok := fault.As(err); !ok || f.Key != "login.wrong" || f.Cause != nil {
				t.Errorf("%s: %v", name, err)
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
