// SPDX-License-Identifier: EUPL-1.2

package person

import "strings"

// MaskEmail leaves of an address what is enough to recognise it by when
// somebody says it: "a***@example.org". It is empty for an empty one.
func MaskEmail(s string) string {
	local, domain, ok := strings.Cut(s, "@")
	if !ok || local == "" {
		return strings.Repeat("*", min(len(s), 3))
	}
	return string([]rune(local)[:1]) + "***@" + domain
}

// maskedDigits is how many digits of a number are shown.
const maskedDigits = 3

// MaskPhone leaves the last three digits of a number: "***123". It is empty for
// an empty one.
func MaskPhone(s string) string {
	if s == "" {
		return ""
	}
	var digits []rune
	for _, r := range s {
		if r >= '0' && r <= '9' {
			digits = append(digits, r)
		}
	}
	if len(digits) <= 2*maskedDigits { // too short to show part of it
		return "***"
	}
	return "***" + string(digits[len(digits)-maskedDigits:])
}
