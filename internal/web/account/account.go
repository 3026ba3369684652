// SPDX-License-Identifier: EUPL-1.2

// Package account serves the pages of citizens who have an account: making one,
// logging in, their appointments, their data, how they log in, what they agreed to.
//
// Nobody needs an account to book, and no page needs a script but for passkeys.
// Every page is personal: never stored, never compressed. A handler passes who asks
// to one domain function, which decides whether that may be. What a page says never
// tells whether an address has an account.
package account

import (
	"fmt"
	"io/fs"
	"net/http"
	"net/url"

	accounts "vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// pages are the handlers of this audience.
type pages struct {
	site     *web.Site
	views    *view.Set
	accounts *accounts.Accounts
	bookings *booking.Bookings
	rights   *rights.Rights
	clock    clock.Clock
}

// Register adds the pages of accounts to a site.
func Register(site *web.Site, a *accounts.Accounts, b *booking.Bookings, own *rights.Rights, c clock.Clock) error {
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		return fmt.Errorf("open templates: %w", err)
	}
	views, err := view.New(files, site.Texts, site.Assets)
	if err != nil {
		return fmt.Errorf("account pages: %w", err)
	}
	p := &pages{site: site, views: views, accounts: a, bookings: b, rights: own, clock: c}
	p.routes()
	return nil
}

// routes is the whole table of this audience. Pages named open need no login;
// those named proved need a password or passkey that was given just now.
func (p *pages) routes() {
	get, post := http.MethodGet, http.MethodPost
	p.own(get, home, p.overview)
	p.own(post, "/account/appointments/{id}", p.appointment)
	p.open(post, "/account/adopt/{secret}", p.adopt)

	p.open(get, "/account/register", p.askRegister)
	p.open(post, "/account/register", p.register)
	p.open(get, "/account/register/sent", p.registered)
	p.open(post, "/account/from/{secret}", p.registerGuest)
	p.open(get, "/account/confirm/{secret}", p.askConfirm)
	p.open(post, "/account/confirm/{secret}", p.confirm)

	p.open(get, "/account/login", p.askLogin)
	p.open(post, "/account/login", p.login)
	p.open(post, "/account/login/passkey", p.passkeyLogin)
	p.open(post, "/account/login/passkey/finish", p.finishPasskeyLogin)
	p.open(get, "/account/code", p.askCode)
	p.open(post, "/account/code", p.code)
	p.open(post, "/account/logout", p.logout)
	p.own(post, "/account/logout-everywhere", p.logoutEverywhere)
	p.open(get, "/account/forgotten", p.askForgotten)
	p.open(post, "/account/forgotten", p.forgotten)
	p.open(get, "/account/password/{secret}", p.askPassword)
	p.open(post, "/account/password/{secret}", p.setPassword)

	p.own(get, "/account/data", p.askData)
	p.own(post, "/account/data", p.saveData)
	p.own(get, "/account/email", p.proved("/account/email", p.askEmail))
	p.own(post, "/account/email", p.changeEmail)
	p.open(get, "/account/email/{secret}", p.askNewEmail)
	p.open(post, "/account/email/{secret}", p.confirmEmail)
	p.own(get, "/account/delete", p.proved("/account/delete", p.askDelete))
	p.own(post, "/account/delete", p.proved("/account/delete", p.deleteAccount))
	p.own(get, "/account/consents", p.consents)
	p.own(post, "/account/consents", p.changeConsent)

	p.rightsRoutes()
	p.own(get, security, p.security)
	p.own(get, "/account/prove", p.askProof)
	p.own(post, "/account/prove", p.prove)
	p.own(post, "/account/security/password", p.changePassword)
	p.own(post, "/account/security/end", p.endSession)
	p.own(post, "/account/security/elsewhere", p.endElsewhere)
	p.own(post, "/account/security/passkeys", p.proved(security, p.addPasskey))
	p.own(post, "/account/security/passkeys/finish", p.proved(security, p.finishPasskey))
	p.own(post, "/account/security/passkeys/remove", p.proved(security, p.removePasskey))
	p.own(get, "/account/security/code", p.proved(security, p.askGenerator))
	p.own(post, "/account/security/code", p.proved(security, p.changeGenerator))
	p.own(post, "/account/security/code/remove", p.proved(security, p.removeGenerator))
	p.own(post, "/account/security/recovery", p.proved(security, p.newRecovery))
}

// Paths without the language.
const (
	home     = "/account"
	security = "/account/security"
)

// managePath is the page of an appointment, which is not of this package.
func managePath(s seal.Secret) string { return "/appointment/" + s.Reveal() }

func secretOf(r *request) seal.Secret { return seal.Secret(r.PathValue("secret")) }

// Links makes the addresses that mails carry, below the base URL of each tenant.
func Links(base func(tenantID string) *url.URL) accounts.Links {
	at := func(path string) func(string, locale.Lang, seal.Secret) string {
		return func(t string, l locale.Lang, s seal.Secret) string {
			return base(t).String() + "/" + string(l) + path + s.Reveal()
		}
	}
	return accounts.Links{Confirm: at("/account/confirm/"), NewEmail: at("/account/email/"), Password: at("/account/password/"),
		Login: func(t string, l locale.Lang) string { return base(t).String() + "/" + string(l) + "/account/login" }}
}
