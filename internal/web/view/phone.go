// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"html/template"
	"strings"
)

// phone shows a number of an office as it is written there, as a link that
// dials it where it can be dialled.
func phone(number string) template.HTML {
	shown := template.HTMLEscapeString(number)
	if to := dial(number); to != "" {
		shown = `<a class="kern-link kern-link--no-visited-state" href="tel:` + to + `">` + shown + `</a>`
	}
	return template.HTML(shown) // #nosec G203 -- the text is escaped, the address has digits only
}

// dial is a number in its international form (ITU-T E.164: "+" and at most 15
// digits). A national number is a German one, as all offices are. It is empty
// for what is not surely a complete number.
func dial(number string) string {
	number = strings.ReplaceAll(number, "(0)", "")
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" \u00a0/-\u2013().", r) {
			return -1
		}
		return r
	}, number)
	international, ok := strings.CutPrefix(digits, "+")
	if !ok {
		international, ok = strings.CutPrefix(digits, "00")
	}
	if !ok {
		national, ok := strings.CutPrefix(digits, "0")
		if !ok {
			return ""
		}
		international = "49" + national
	}
	if n := len(international); n < 5 || n > 15 || strings.Trim(international, "0123456789") != "" {
		return ""
	}
	return "+" + international
}
