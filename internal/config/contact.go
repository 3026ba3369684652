// SPDX-License-Identifier: EUPL-1.2

package config

import (
	"errors"
	"net/mail"
	"net/url"
	"strings"
)

func (c *Config) checkContacts() []error {
	var problems []error
	if c.SecurityContact != "" && !reachable(c.SecurityContact) {
		problems = append(problems, errors.New("security_contact: write a URL like mailto:sicherheit@example.org or https://example.org/sicherheit"))
	}
	if c.OperatorMail != "" && !bareAddress(c.OperatorMail) {
		problems = append(problems, errors.New("operator_mail: write a bare address, like betrieb@example.org"))
	}
	return problems
}

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
