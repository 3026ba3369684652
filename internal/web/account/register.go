// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"

	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// registerPage: who is the account for?
type registerPage struct {
	view.Layout
	Form     view.PersonForm
	Action   string
	LoginURL string
}

func (p *pages) askRegister(w http.ResponseWriter, r *request) error {
	_, missing, err := p.who(r)
	if err != nil {
		return err
	}
	if missing == "" {
		return r.SeeOther(home)
	}
	return p.renderRegister(w, r, person.Data{}, nil)
}

func (p *pages) renderRegister(w http.ResponseWriter, r *request, typed person.Data, wrong error) error {
	page := registerPage{Layout: layout(r, "account.register.title", "/account/register"), Action: r.Path("/account/register"),
		LoginURL: r.Path("/account/login")}
	return p.answer(w, r, "register", &page.Layout, wrong, func() any {
		page.Form = formOf(typed, page.Layout)
		page.Form.EmailHint = "account.register.email_hint"
		return page
	})
}

func formOf(d person.Data, l view.Layout) view.PersonForm {
	f := view.NewPersonForm(d, l)
	f.Who, f.Why = "account.data.who", "account.data.voluntary"
	return f
}

// typedIn is what the form says, unchecked. A note belongs to an appointment.
func typedIn(r *request) person.Data {
	d := person.Typed(r.PostForm.Get)
	d.Note = ""
	return d
}

// register answers alike whether the address has an account or not.
func (p *pages) register(w http.ResponseWriter, r *request) error {
	typed := typedIn(r)
	if err := p.accounts.Register(r.Context(), r.Tenant, typed, r.Lang(), r.Network()); err != nil {
		return p.renderRegister(w, r, typed, err)
	}
	return r.SeeOther("/account/register/sent")
}

// registerGuest makes an account of a booking: nothing has to be typed again.
func (p *pages) registerGuest(_ http.ResponseWriter, r *request) error {
	if err := p.accounts.RegisterGuest(r.Context(), r.Tenant, secretOf(r), r.Lang(), r.Network()); err != nil {
		return err
	}
	return r.SeeOther("/account/register/sent")
}

// sentPage says that a mail is on its way.
type sentPage struct{ view.Layout }

func (p *pages) registered(w http.ResponseWriter, r *request) error {
	return r.Render(w, http.StatusOK, p.views, "sent", sentPage{layout(r, "account.sent.title", "/account/register/sent")})
}

// confirmPage makes the account: by a password, or with a passkey.
type confirmPage struct {
	view.Layout
	Email  string // so that a password manager keeps both
	Action string
}

// Inputs are the password, twice.
func (p confirmPage) Inputs() []view.Input { return view.NewPassword(p.Layout) }

// askConfirm shows what the link in a mail is for. It changes nothing: mail
// programs open links too.
func (p *pages) askConfirm(w http.ResponseWriter, r *request) error {
	return p.renderConfirm(w, r, nil)
}

func (p *pages) renderConfirm(w http.ResponseWriter, r *request, wrong error) error {
	email, err := p.accounts.Pending(r.Context(), r.Tenant, secretOf(r))
	if err != nil {
		return err
	}
	path := "/account/confirm/" + secretOf(r).Reveal()
	page := confirmPage{Layout: layout(r, "account.confirm.title", path), Email: email, Action: r.Path(path)}
	return p.answer(w, r, "confirm", &page.Layout, wrong, func() any { return page })
}

// confirm makes the account and logs in. Who wants a passkey sets it up next.
func (p *pages) confirm(w http.ResponseWriter, r *request) error {
	password, to := "", security+"?first"
	if r.PostForm.Get("way") != "passkey" {
		var err error
		if password, err = passwordIn(r); err != nil {
			return p.renderConfirm(w, r, err)
		}
		to = home + "?made"
	}
	if err := p.accounts.Complete(r.Context(), r.visit, secretOf(r), password); err != nil {
		return p.renderConfirm(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return r.SeeOther(to)
}
