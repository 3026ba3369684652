// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// MaxReason is the longest reason, for overbooking or a closing, in characters.
const MaxReason = 200

// ReasonProblem is the key of what is wrong with a reason, which has to fit in one
// line: "field.control", "field.long" with Max, or empty.
func ReasonProblem(s string) string {
	switch {
	case !utf8.ValidString(s) || strings.ContainsFunc(s, unicode.IsControl):
		return "field.control"
	case utf8.RuneCountInString(s) > MaxReason:
		return "field.long"
	}
	return ""
}
