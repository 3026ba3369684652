// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"net/mail"
	"net/url"
	"strings"
)

// reachable tells whether a URL leads to a mailbox or a page (RFC 9116, 2.5.3).
func reachable(s string) bool {
	u, err := url.Parse(s)
	if err != nil || strings.ContainsFunc(s, func(r rune) bool { return r <= ' ' || r > '~' }) {
		return false
	}
	return u.Scheme == "mailto" && bareAddress(u.Opaque) || u.Scheme == "https" && u.Host != "" && u.User == nil
}

func bareAddress(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s
}
