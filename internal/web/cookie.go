// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"net/http"

	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// cookieName is the name of the one cookie. Where the site is reached by https
// the prefix makes browsers refuse one that another host of the domain set
// (RFC 6265bis, 4.1.3.2).
func (r *Request) cookieName() string {
	if r.site.host(r.Request).Secure {
		return "__Host-session"
	}
	return "session"
}

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

// Remember stores data in a new session of the visitor, which replaces the one
// before: an id that somebody planted never comes to stand for anything. It
// must come before the answer is written.
func (r *Request) Remember(w http.ResponseWriter, d session.Data) error {
	saved, err := r.site.Sessions.Replace(r.Context(), r.Tenant, r.cookie(), d)
	if err != nil {
		return err
	}
	r.setCookie(w, saved.Reveal(), 0)
	return nil
}

// Forget ends the visitor's session when there is nothing left to remember,
// and takes the cookie away.
func (r *Request) Forget(w http.ResponseWriter) error {
	if err := r.site.Sessions.End(r.Context(), r.Tenant, r.cookie()); err != nil {
		return err
	}
	r.setCookie(w, "", -1)
	return nil
}

func (r *Request) setCookie(w http.ResponseWriter, value string, maxAge int) {
	http.SetCookie(w, &http.Cookie{Name: r.cookieName(), Value: value, Path: "/", MaxAge: maxAge,
		HttpOnly: true, Secure: r.site.host(r.Request).Secure, SameSite: http.SameSiteLaxMode})
}

func (r *Request) cookie() seal.Secret {
	c, err := r.Cookie(r.cookieName())
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return seal.Secret(c.Value)
}
