// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"net/http"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web/view"
)

// loginPage: who are you?
type loginPage struct {
	view.Layout
	Notice       string // translated: why this page comes
	Email        string // as it was typed
	Action       string
	Next         string // where to go afterwards, without the language
	ForgottenURL string
	RegisterURL  string
	Passkey      view.PasskeyOffer
}

// Inputs are address and password.
func (p loginPage) Inputs() []view.Input { return view.LoginInputs(p.Layout, p.Email) }

// loginSaid are the sentences for what brings somebody to the login.
var loginSaid = map[string]string{
	"out":      "account.login.out",
	"password": "account.login.password_set",
	"email":    "account.login.email_set",
	"next":     "account.login.first",
}

func (p *pages) askLogin(w http.ResponseWriter, r *request) error {
	_, missing, err := p.who(r)
	if err != nil {
		return err
	}
	if missing == "" {
		return goOn(r) // logged in already, as in another tab
	}
	return p.renderLogin(w, r, nil)
}

func (p *pages) renderLogin(w http.ResponseWriter, r *request, wrong error) error {
	next := wantedNext(r)
	page := loginPage{Layout: layout(r, "account.login.title", withNext("/account/login", next)), Email: r.PostForm.Get("email"),
		Action: r.Path("/account/login"), Next: next, ForgottenURL: r.Path("/account/forgotten"), RegisterURL: r.Path("/account/register"),
		Passkey: view.PasskeyOffer{Action: r.Path("/account/login/passkey"), Next: next}}
	if wrong == nil && (next != "" || !r.URL.Query().Has("next")) {
		page.Notice = said(r, loginSaid)
	}
	return p.answer(w, r, "login", &page.Layout, wrong, func() any { return page })
}

// answer draws a page with what is wrong on it. What only a page of its own can
// say is returned.
func (p *pages) answer(w http.ResponseWriter, r *request, name string, l *view.Layout, wrong error, page func() any) error {
	if wrong != nil && !fault.Is(wrong, fault.Invalid, fault.Forbidden, fault.TooMany, fault.Conflict, fault.Gone) {
		return wrong
	}
	status := r.Show(l, wrong)
	return r.Render(w, status, p.views, name, page())
}

// login checks address and password. What is wrong is said on the form, which
// keeps the address.
func (p *pages) login(w http.ResponseWriter, r *request) error {
	next, err := p.accounts.Login(r.Context(), r.visit, r.PostForm.Get("email"), r.PostForm.Get("password"))
	if err != nil {
		return p.renderLogin(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	if next != credential.Done {
		return r.SeeOther(withNext("/account/code", wantedNext(r)))
	}
	return goOn(r)
}

func (p *pages) logout(w http.ResponseWriter, r *request) error {
	if err := r.Leave(w); err != nil {
		return err
	}
	return r.SeeOther("/account/login?out")
}

// logoutEverywhere ends all sessions, with the one at hand.
func (p *pages) logoutEverywhere(w http.ResponseWriter, r *request) error {
	remember := r.visit.Remember
	r.visit.Remember = func(ctx context.Context, tx *db.Tx, d session.Data) error {
		if err := remember(ctx, tx, d); err != nil {
			return err
		}
		return p.site.Sessions.End(ctx, tx, r.Tenant, r.cookie)
	}
	if err := p.accounts.EndOthers(r.Context(), r.visit); err != nil {
		return err
	}
	r.DropCookie(w)
	return r.SeeOther("/account/login?out")
}

// codePage asks for the second factor.
type codePage struct {
	view.Layout
	Action    string
	Next      string
	Passkey   view.PasskeyOffer
	LogoutURL string
}

// Code is the field.
func (p codePage) Code() view.Input { return view.CodeInput(p.Layout, "factor.hint") }

// halfway makes sure that only the second step is missing. Else the error leads to
// where it does go on.
func (p *pages) halfway(r *request) error {
	_, missing, err := p.who(r)
	switch {
	case err != nil:
		return err
	case missing == "":
		return goOn(r)
	case missing != "/account/code":
		return r.SeeOther(withNext(missing, wantedNext(r)))
	}
	return nil
}

func (p *pages) askCode(w http.ResponseWriter, r *request) error {
	if err := p.halfway(r); err != nil {
		return err
	}
	return p.renderCode(w, r, nil)
}

func (p *pages) renderCode(w http.ResponseWriter, r *request, wrong error) error {
	next := wantedNext(r)
	page := codePage{Layout: layout(r, "factor.title", withNext("/account/code", next)), Action: r.Path("/account/code"), Next: next,
		Passkey: view.PasskeyOffer{Action: r.Path("/account/login/passkey"), Next: next}, LogoutURL: r.Path("/account/logout")}
	return p.answer(w, r, "code", &page.Layout, wrong, func() any { return page })
}

func (p *pages) code(w http.ResponseWriter, r *request) error {
	if err := p.halfway(r); err != nil {
		return err
	}
	if err := p.accounts.CheckCode(r.Context(), r.visit, r.PostForm.Get("code")); err != nil {
		return p.renderCode(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return goOn(r)
}
