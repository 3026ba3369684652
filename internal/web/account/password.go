// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/web/view"
)

// forgottenPage asks for an address, or says that a mail is on its way.
type forgottenPage struct {
	view.Layout
	Action   string
	Typed    string
	Sent     bool
	LoginURL string
}

// Email is the field.
func (p forgottenPage) Email() view.Input {
	return view.Input{Name: "email", Label: "field.label.email", Type: "email", Value: p.Typed, Autocomplete: "username",
		Required: true, Error: p.ErrorFor("email")}
}

func (p *pages) askForgotten(w http.ResponseWriter, r *request) error {
	return p.renderForgotten(w, r, nil)
}

func (p *pages) renderForgotten(w http.ResponseWriter, r *request, wrong error) error {
	sent := r.URL.Query().Has("sent")
	path := "/account/forgotten"
	if sent {
		path += "?sent"
	}
	page := forgottenPage{Layout: layout(r, "account.forgotten.title", path), Action: r.Path("/account/forgotten"),
		Typed: r.PostForm.Get("email"), Sent: sent, LoginURL: r.Path("/account/login")}
	return p.answer(w, r, "forgotten", &page.Layout, wrong, func() any { return page })
}

// forgotten answers alike whether there is such an account or not.
func (p *pages) forgotten(w http.ResponseWriter, r *request) error {
	if err := p.accounts.Forgotten(r.Context(), r.visit, r.PostForm.Get("email"), r.Lang()); err != nil {
		return p.renderForgotten(w, r, err)
	}
	return r.SeeOther("/account/forgotten?sent")
}

// passwordPage sets a password by the link of a mail.
type passwordPage struct {
	view.Layout
	Email  string // of the account, so that a password manager keeps both
	Action string
}

// Inputs are the password, twice.
func (p passwordPage) Inputs() []view.Input { return view.NewPassword(p.Layout) }

// askPassword shows the form to which the link in a mail leads. It changes
// nothing: mail programs open links too.
func (p *pages) askPassword(w http.ResponseWriter, r *request) error {
	return p.renderPassword(w, r, nil)
}

func (p *pages) renderPassword(w http.ResponseWriter, r *request, wrong error) error {
	email, err := p.accounts.Invitation(r.Context(), r.Tenant, secretOf(r))
	if err != nil {
		return err
	}
	path := "/account/password/" + secretOf(r).Reveal()
	page := passwordPage{Layout: layout(r, "account.password.title", path), Email: email, Action: r.Path(path)}
	return p.answer(w, r, "password", &page.Layout, wrong, func() any { return page })
}

func (p *pages) setPassword(w http.ResponseWriter, r *request) error {
	password, err := passwordIn(r)
	if err == nil {
		err = p.accounts.Accept(r.Context(), r.visit, secretOf(r), password)
	}
	if err != nil {
		return p.renderPassword(w, r, err)
	}
	return r.SeeOther("/account/login?password")
}

// passwordIn is the new password of a form, if both fields are alike. Without one
// the field is marked: an empty one never means that none is wanted.
func passwordIn(r *request) (string, error) {
	password := r.PostForm.Get("password")
	switch {
	case password == "":
		return "", wrongField("password", "field.required")
	case password != r.PostForm.Get("password-again"):
		return "", wrongField("password-again", "password.differs")
	}
	return password, nil
}

// wrongField is the answer to a form with one wrong field.
func wrongField(name, key string) error {
	return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: []fault.Field{{Name: name, Key: key}}}
}
