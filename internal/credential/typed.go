// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// NormalEmail is an address as it is compared: without case, and with the domain
// as the network knows it. Whatever else was typed has such a form too, which is
// no account's.
func NormalEmail(email string) string {
	local, domain, _ := strings.Cut(strings.ToLower(norm.NFC.String(strings.TrimSpace(email))), "@")
	if ascii, err := idna.Lookup.ToASCII(domain); err == nil {
		domain = ascii
	}
	return local + "@" + domain
}

// OneLine is a text without line breaks and characters that nobody sees, as
// names are kept.
func OneLine(s string) string {
	s = strings.Map(func(r rune) rune {
		if unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp) {
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, " "))
	return norm.NFC.String(strings.Join(strings.Fields(s), " "))
}
