// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web"
)

// securityValid is how long security.txt holds, counted from the first second of the
// day (UTC), so that its text is the same all day. RFC 9116, 2.5.5 asks for less
// than a year.
const securityValid = 180 * 24 * time.Hour

// securityText tells whoever finds a weakness whom to tell (RFC 9116).
func (p *pages) securityText(w http.ResponseWriter, r *web.Request) error {
	contact := p.say.SecurityContact
	if contact == "" {
		contact = "mailto:" + url.PathEscape(r.Catalogue.Tenant.Controller.Email) // RFC 6068, section 2
	}
	var langs []string
	for _, l := range locale.Langs {
		langs = append(langs, string(l))
	}
	expires := p.clock.Now().UTC().Truncate(24 * time.Hour).Add(securityValid)
	var b strings.Builder
	fmt.Fprintf(&b, "Contact: %s\nExpires: %s\nPreferred-Languages: %s\n", contact, expires.Format(time.RFC3339), strings.Join(langs, ", "))
	if base := p.say.Base(r.Tenant); base.Scheme == "https" { // RFC 9116, 2.5.2: no other
		fmt.Fprintf(&b, "Canonical: %s%s\n", base, r.URL.Path)
	}
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write([]byte(b.String())) // a visitor who is gone is no error
	return nil
}
