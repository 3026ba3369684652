// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"context"
	"errors"
	"net/http"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// cookieName is the name of the one cookie.
func (r *Request) cookieName() string { return session.Cookie.Name(r.secure()) }

// secure tells whether the site is reached by https.
func (r *Request) secure() bool { return r.site.host(r.Request).Secure }

// Session is what the visitor's session remembers. Without a cookie, or with
// one that stands for nothing, it is empty: every page works all the same.
func (r *Request) Session() (session.Data, error) {
	secret := r.cookie()
	if secret == "" {
		return session.Data{}, nil
	}
	load := r.site.Sessions.Load
	if r.Unattended {
		load = r.site.Sessions.Look
	}
	d, _, err := load(r.Context(), r.Tenant, secret)
	return d, err
}

// HasCookie tells whether there may be a session. The answers to those who
// have none are the same for everybody.
func (r *Request) HasCookie() bool { return r.cookie() != "" }

// Remember stores data in a new session of the visitor, which replaces the one
// before: an id that somebody planted never comes to stand for anything. Once
// the transaction has committed, SetCookie has to follow.
func (r *Request) Remember(ctx context.Context, tx *db.Tx, cookie seal.Secret, d session.Data) error {
	return r.site.Sessions.Replace(ctx, tx, r.Tenant, r.cookie(), cookie, d)
}

// RememberHold is Remember for the reservation of a visitor. A login that d tells
// of goes along, unless it has been ended meanwhile.
func (r *Request) RememberHold(ctx context.Context, tx *db.Tx, cookie seal.Secret, d session.Data, hold seal.Secret) error {
	kept := session.Data{Hold: hold, StaffID: d.StaffID, AccountID: d.AccountID, Full: d.Full, Second: d.Second, Since: d.Since}
	err := r.Remember(ctx, tx, cookie, kept)
	if errors.Is(err, session.ErrEnded) {
		return r.Remember(ctx, tx, cookie, session.Data{Hold: hold})
	}
	return err
}

// SetCookie gives the visitor the secret of a session. It must come before the
// answer is written.
func (r *Request) SetCookie(w http.ResponseWriter, secret seal.Secret) {
	r.setCookie(w, secret.Reveal(), int(session.Cookie.MaxAge.Seconds()))
}

// Forget ends the visitor's session when there is nothing left to remember.
// Once the transaction has committed, DropCookie has to follow.
func (r *Request) Forget(ctx context.Context, tx *db.Tx) error {
	return r.site.Sessions.End(ctx, tx, r.Tenant, r.cookie())
}

// Keep stores data in a transaction of its own, for what concerns nobody but
// the visitor: in the session of whoever has logged in, else in a new one.
func (r *Request) Keep(w http.ResponseWriter, d session.Data) error {
	store, secret := r.site.Sessions, seal.NewSecret()
	err := store.DB.Write(r.Context(), func(tx *db.Tx) error {
		if d.Owned() {
			return store.Save(r.Context(), tx, r.Tenant, r.cookie(), d)
		}
		return r.Remember(r.Context(), tx, secret, d)
	})
	if err != nil || d.Owned() {
		return err
	}
	r.SetCookie(w, secret)
	return nil
}

// Leave ends the visitor's session in a transaction of its own.
func (r *Request) Leave(w http.ResponseWriter) error {
	err := r.site.Sessions.DB.Write(r.Context(), func(tx *db.Tx) error { return r.Forget(r.Context(), tx) })
	if err != nil {
		return err
	}
	r.DropCookie(w)
	return nil
}

// DropCookie takes the cookie away.
func (r *Request) DropCookie(w http.ResponseWriter) { r.setCookie(w, "", -1) }

// sameSites are what a cookie may say about other sites.
var sameSites = map[string]http.SameSite{"Lax": http.SameSiteLaxMode, "Strict": http.SameSiteStrictMode}

func (r *Request) setCookie(w http.ResponseWriter, value string, maxAge int) {
	c := session.Cookie
	http.SetCookie(w, &http.Cookie{Name: r.cookieName(), Value: value, Path: c.Path, MaxAge: maxAge,
		HttpOnly: c.HTTPOnly, Secure: r.secure(), SameSite: sameSites[c.SameSite]})
}

// Secret is that of the visitor's session; empty without one.
func (r *Request) Secret() seal.Secret { return r.cookie() }

func (r *Request) cookie() seal.Secret {
	c, err := r.Cookie(r.cookieName())
	if err != nil || len(c.Value) > 100 {
		return ""
	}
	return seal.Secret(c.Value)
}
