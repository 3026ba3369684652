// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"
	"time"

	"vorzimmer/internal/account"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/web/view"
)

// dataPage: what the account knows.
type dataPage struct {
	frame
	Done      string
	Form      view.PersonForm
	Action    string
	EmailNow  string
	EmailURL  string
	DeleteURL string
	// UnusedOn is the date on which the account ends unless its owner logs in until
	// then; NoticeDays before, they are told.
	UnusedOn   time.Time
	NoticeDays int
}

var dataSaid = map[string]string{
	"saved": "account.data.saved",
	"email": "account.data.email_set",
}

func (p *pages) askData(w http.ResponseWriter, r *request) error {
	return p.renderData(w, r, r.mine.Data, nil)
}

func (p *pages) renderData(w http.ResponseWriter, r *request, d person.Data, wrong error) error {
	page := dataPage{frame: frameOf(r, "account.data.title", "/account/data"), Done: said(r, dataSaid), Action: r.Path("/account/data"),
		EmailNow: r.mine.Data.Email, EmailURL: r.Path("/account/email"), DeleteURL: r.Path("/account/delete"), NoticeDays: privacy.NoticeDays}
	t := r.Catalogue.Tenant
	page.UnusedOn = time.Unix(r.mine.Used, 0).In(t.Zone).Add(t.Retention.Keep(privacy.Account) + account.Notice)
	return p.answer(w, r, "data", &page.Layout, wrong, func() any {
		page.Form = formOf(d, page.Layout)
		return page
	})
}

func (p *pages) saveData(w http.ResponseWriter, r *request) error {
	typed := typedIn(r)
	if err := p.accounts.SaveData(r.Context(), r.visit, typed); err != nil {
		return p.renderData(w, r, typed, err)
	}
	return r.SeeOther("/account/data?saved")
}

// emailPage asks for another address, or says that a mail is on its way there.
type emailPage struct {
	frame
	Now      string // the address that the account has
	Typed    string
	Sent     bool
	Action   string
	ProveURL string // set when the password has to be given again first
	BackURL  string
}

// Email is the field.
func (p emailPage) Email() view.Input {
	return view.Input{Name: "email", Label: "account.email.new", Type: "email", Value: p.Typed, Autocomplete: "email",
		Required: true, Error: p.ErrorFor("email")}
}

func (p *pages) askEmail(w http.ResponseWriter, r *request) error { return p.renderEmail(w, r, nil) }

func (p *pages) renderEmail(w http.ResponseWriter, r *request, wrong error) error {
	page := emailPage{frame: frameOf(r, "account.email.title", "/account/email"), Now: r.mine.Data.Email, Typed: r.PostForm.Get("email"),
		Sent: r.URL.Query().Has("sent"), Action: r.Path("/account/email"), BackURL: r.Path("/account/data")}
	if fault.Of(wrong) == fault.Forbidden {
		page.ProveURL = r.Path("/account/prove")
	}
	return p.answer(w, r, "email", &page.Layout, wrong, func() any { return page })
}

// changeEmail answers alike whether the address has an account or not. What was
// typed stays when the password has to be given again.
func (p *pages) changeEmail(w http.ResponseWriter, r *request) error {
	if err := p.accounts.ChangeEmail(r.Context(), r.visit, r.PostForm.Get("email"), r.Lang()); err != nil {
		return p.renderEmail(w, r, err)
	}
	return r.SeeOther("/account/email?sent")
}

// newEmailPage confirms another address by a button.
type newEmailPage struct {
	view.Layout
	Email  string
	Action string
}

// askNewEmail changes nothing: mail programs open links too.
func (p *pages) askNewEmail(w http.ResponseWriter, r *request) error {
	email, err := p.accounts.Pending(r.Context(), r.Tenant, secretOf(r))
	if err != nil {
		return err
	}
	path := "/account/email/" + secretOf(r).Reveal()
	page := newEmailPage{Layout: layout(r, "account.new_email.title", path), Email: email, Action: r.Path(path)}
	return r.Render(w, http.StatusOK, p.views, "newemail", page)
}

func (p *pages) confirmEmail(_ http.ResponseWriter, r *request) error {
	if err := p.accounts.ConfirmEmail(r.Context(), r.Tenant, secretOf(r)); err != nil {
		return err
	}
	_, missing, err := p.who(r)
	if err != nil {
		return err
	}
	if missing != "" {
		return r.SeeOther("/account/login?email")
	}
	return r.SeeOther("/account/data?email")
}

// deletePage asks before an account is deleted.
type deletePage struct {
	frame
	Action  string
	BackURL string
}

func (p *pages) askDelete(w http.ResponseWriter, r *request) error {
	page := deletePage{frame: frameOf(r, "account.delete.title", "/account/delete"), Action: r.Path("/account/delete"),
		BackURL: r.Path("/account/data")}
	return r.Render(w, http.StatusOK, p.views, "delete", page)
}

// deletedPage says that there is no account any more.
type deletedPage struct {
	view.Layout
	StartURL string
}

func (p *pages) deleteAccount(w http.ResponseWriter, r *request) error {
	if err := p.accounts.Delete(r.Context(), r.visit); err != nil {
		return err
	}
	r.DropCookie(w)
	return r.Render(w, http.StatusOK, p.views, "deleted", deletedPage{layout(r, "account.deleted.title", ""), r.Path("/")})
}
