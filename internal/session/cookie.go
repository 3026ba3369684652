// SPDX-License-Identifier: EUPL-1.2

package session

import "time"

// Cookie is the one cookie: what is set when it is set, and what the privacy
// notice prints about it.
var Cookie = CookieFacts{Plain: "session", Secure: "__Host-session", Path: "/", HTTPOnly: true, SameSite: "Lax", Server: Idle}

// CookieFacts are the facts about a cookie (RFC 6265bis).
type CookieFacts struct {
	// Plain and Secure are its names. Where the site is reached by https it is
	// Secure, whose prefix makes browsers refuse one that another host of the domain
	// set (RFC 6265bis, 4.1.3.2), and is sent by https only.
	Plain, Secure string
	Path          string
	HTTPOnly      bool   // no script can read it
	SameSite      string // Lax: not sent with the forms of other sites
	// MaxAge is how long a browser keeps it; 0: until it is closed.
	MaxAge time.Duration
	// Server is how long what it stands for is kept without use, at most.
	Server time.Duration
}

// Name is the cookie's name on a site with or without https.
func (c CookieFacts) Name(secure bool) string {
	if secure {
		return c.Secure
	}
	return c.Plain
}

// Attributes are what is sent beside its name and value, as in a Set-Cookie header.
func (c CookieFacts) Attributes(secure bool) []string {
	list := []string{"Path=" + c.Path, "SameSite=" + c.SameSite}
	if c.HTTPOnly {
		list = append(list, "HttpOnly")
	}
	if secure {
		list = append(list, "Secure")
	}
	return list
}
