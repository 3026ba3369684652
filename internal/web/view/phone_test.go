// SPDX-License-Identifier: EUPL-1.2

package view

import "testing"

func TestPhone(t *testing.T) {
	link := func(to, text string) string {
		return `<a class="kern-link kern-link--no-visited-state" href="tel:` + to + `">` + text + `</a>`
	}
	for number, want := range map[string]string{
		"02368 / 691-0":        link("+4923686910", "02368 / 691-0"),
		"(030) 23125\u2013000": link("+493023125000", "(030) 23125\u2013000"),
		"+49 (0) 2368 691-0":   link("+4923686910", "+49 (0) 2368 691-0"),
		"0043 1 4000":          link("+4314000", "0043 1 4000"),
		"115":                  "115",
		"":                     "",
		"02368 691-0, App. 7":  "02368 691-0, App. 7",
		"0 <b>":                "0 &lt;b&gt;",
		"0123456789012345678":  "0123456789012345678",
	} {
		if got := string(phone(number)); got != want {
			t.Errorf("%q: %s, want %s", number, got, want)
		}
	}
}
