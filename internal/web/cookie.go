// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// CookieName is the name of the one cookie. The privacy page prints it.
const CookieName = "session"

// Session is what the visitor's session remembers. Without a cookie, or with
// one that stands for nothing, it is empty: every page works all the same.
func (r *Request) Session() (session.Data, error) {
	secret := r.cookie()
	if secret == "" {
		return session.Data{}, nil
	}
	d, _, err := r.site.Sessions.Load(r.Context(), r.Tenant, secret)
	return d, err
}

// Remember stores data in the visitor's session and sets the cookie when
// there was no session yet. It must come before the answer is written.
func (r *Request) Remember(w http.ResponseWriter, d session.Data) error {
	secret := r.cookie()
	if secret != "" {
		_, known, err := r.site.Sessions.Load(r.Context(), r.Tenant, secret)
		if err != nil {
			return err
		}
		if !known {
			secret = "" // never take over an id that somebody else made up
		}
	}
	saved, err := r.site.Sessions.Save(r.Context(), r.Tenant, secret, d)
	if err != nil || saved == secret {
		return err
	}
	http.SetCookie(w, &http.Cookie{Name: CookieName, Value: saved.Reveal(), Path: "/",
		HttpOnly: true, Secure: r.site.host(r.Request).Secure, SameSite: http.SameSiteLaxMode})
	return nil
}

func (r *Request) cookie() seal.Secret {
	c, err := r.Cookie(CookieName)
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return seal.Secret(c.Value)
}
