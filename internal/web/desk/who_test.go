// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"strings"
	"testing"
)

// Whoever writes a link to the login must not be able to send people to
// another site from there, or round in a circle.
func TestNextIsAPageOfTheDesk(t *testing.T) {
	for s, want := range map[string]string{
		"/desk":                                 "/desk",
		"/desk/day?location=nord&date=":         "/desk/day?location=nord&date=",
		"/desk/members/0192":                    "/desk/members/0192",
		"":                                      "",
		"/":                                     "",
		"/times":                                "",
		"/deskx":                                "",
		"desk":                                  "",
		"//example.org/desk":                    "",
		"https://example.org/desk":              "",
		"/desk/../times":                        "",
		"/desk//example.org":                    "",
		`/desk/\example.org`:                    "",
		`\\example.org/desk`:                    "",
		"/desk/%2e%2e/times":                    "",
		"/desk#x":                               "",
		"/desk/day\r\nX: y":                     "",
		"/desk/login?next=/desk":                "",
		"/desk/logout":                          "",
		"/desk/factor":                          "",
		"javascript:alert(1)":                   "",
		"/desk/" + strings.Repeat("x", maxNext): "",
	} {
		if got := nextOf(s); got != want {
			t.Errorf("%.60q: %q, want %q", s, got, want)
		}
	}
}
