// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"slices"
	"strings"
	"unicode/utf8"

	"vorzimmer/internal/fault"
)

// CheckText tidies a text of several lines from a field that somebody filled in, and
// says what has to be corrected. The longest one has so many characters.
func CheckText(field, s string, longest int, required bool) (string, []fault.Field) {
	c := &checker{}
	s = c.text(field, s, longest)
	if s == "" && required {
		c.problem(field, "field.required")
	}
	return s, c.problems
}

// CheckReach is Check for an e-mail address and a telephone number of which neither
// has to be given.
func CheckReach(email, phone string) (string, string, []fault.Field) {
	c := &checker{}
	email, phone = c.email(email), c.phone(phone)
	return email, phone, slices.DeleteFunc(c.problems, func(f fault.Field) bool { return f.Key == "field.required" })
}

// text may have several lines.
func (c *checker) text(field, s string, longest int) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		l, ok := clean(strings.ReplaceAll(l, "\t", " "))
		if !ok {
			c.problem(field, "field.control")
			return s
		}
		lines[i] = l
	}
	s = strings.Trim(strings.Join(lines, "\n"), "\n")
	if utf8.RuneCountInString(s) > longest {
		c.problem(field, "field.long", "Max", longest)
	}
	return s
}
