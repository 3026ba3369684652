// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
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
	Passkey      view.PasskeyOffer
}

// Inputs are address and password.
func (p loginPage) Inputs() []view.Input { return view.LoginInputs(p.Layout, p.Email) }

// passwordPage sets a password by the link of a mail.
type passwordPage struct {
	view.Layout
	Email  string // of the account, so that a password manager keeps both
	Action string
}

// Inputs are the password, twice.
func (p passwordPage) Inputs() []view.Input { return view.NewPassword(p.Layout) }

// passwordIn is the new password of a form, if both fields are alike.
func passwordIn(r *web.Request) (string, error) {
	if r.PostForm.Get("password") != r.PostForm.Get("password-again") {
		return "", &fault.Error{Kind: fault.Invalid, Key: "form.incomplete",
			Fields: []fault.Field{{Name: "password-again", Key: "password.differs"}}}
	}
	return r.PostForm.Get("password"), nil
}

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

func (p *pages) loginRoutes() {
	p.open(http.MethodGet, "/desk/login", p.askLogin)
	p.open(http.MethodPost, "/desk/login", p.login)
	p.open(http.MethodPost, "/desk/login/passkey", p.passkeyLogin)
	p.open(http.MethodPost, "/desk/login/passkey/finish", p.finishPasskeyLogin)
	p.open(http.MethodPost, "/desk/logout", p.logout)
	p.open(http.MethodGet, "/desk/forgotten", p.askForgotten)
	p.open(http.MethodPost, "/desk/forgotten", p.forgotten)
	p.open(http.MethodGet, "/desk/invitation/{secret}", p.askInvitation)
	p.open(http.MethodPost, "/desk/invitation/{secret}", p.acceptInvitation)
}

// Link makes the address of the page that sets a password, below the base URL
// of each tenant.
func Link(base func(tenantID string) *url.URL) func(string, locale.Lang, seal.Secret) string {
	return func(t string, l locale.Lang, s seal.Secret) string {
		return base(t).String() + "/" + string(l) + invitationPath(s)
	}
}

// invitationPath is the page that sets a password, without the language.
func invitationPath(s seal.Secret) string { return "/desk/invitation/" + s.Reveal() }

func (p *pages) askLogin(w http.ResponseWriter, r *web.Request) error {
	if _, _, err := p.whoIs(r); err == nil {
		return goOn(r) // logged in already, as in another tab
	}
	q, notice := r.URL.Query(), ""
	switch {
	case q.Has("out"):
		notice = r.Printer.T("desk.login.out")
	case q.Has("password"):
		notice = r.Printer.T("desk.login.password_set")
	case wantedNext(r) != "":
		notice = r.Printer.T("desk.login.expired")
	}
	return p.renderLogin(w, r, notice, nil)
}

func (p *pages) renderLogin(w http.ResponseWriter, r *web.Request, notice string, wrong error) error {
	page := loginPage{Layout: r.Layout("desk.login.title"), Notice: notice, Email: r.PostForm.Get("email"),
		Action: r.Path("/desk/login"), Next: wantedNext(r), ForgottenURL: r.Path("/desk/forgotten"),
		Passkey: p.passkeyOffer(r)}
	status, err := problem(r, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "login", page)
}

func (p *pages) passkeyOffer(r *web.Request) view.PasskeyOffer {
	return view.PasskeyOffer{Action: r.Path("/desk/login/passkey"), Next: wantedNext(r)}
}

// login checks address and password. What is wrong is said on the form, which
// keeps the address.
func (p *pages) login(w http.ResponseWriter, r *web.Request) error {
	secret, v := logged(r, session.Data{})
	next, err := p.accounts.Login(r.Context(), v, r.PostForm.Get("email"), r.PostForm.Get("password"))
	if err != nil {
		return p.renderLogin(w, r, "", err)
	}
	r.SetCookie(w, secret)
	if next != credential.Done {
		return r.SeeOther(withNext("/desk/factor", wantedNext(r)))
	}
	return goOn(r)
}

func (p *pages) logout(w http.ResponseWriter, r *web.Request) error {
	if err := r.Leave(w); err != nil {
		return err
	}
	return r.SeeOther("/desk/login?out")
}

func (p *pages) askForgotten(w http.ResponseWriter, r *web.Request) error {
	return p.renderForgotten(w, r, nil)
}

func (p *pages) renderForgotten(w http.ResponseWriter, r *web.Request, wrong error) error {
	page := forgottenPage{Layout: r.Layout("desk.forgotten.title"), Action: r.Path("/desk/forgotten"),
		Typed: r.PostForm.Get("email"), Sent: r.URL.Query().Has("sent"), LoginURL: r.Path("/desk/login")}
	status, err := problem(r, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "forgotten", page)
}

// forgotten answers alike whether there is such an account or not.
func (p *pages) forgotten(w http.ResponseWriter, r *web.Request) error {
	err := p.accounts.Forgotten(r.Context(), inSession(r, session.Data{}), r.PostForm.Get("email"), r.Lang())
	if err != nil {
		return p.renderForgotten(w, r, err)
	}
	return r.SeeOther("/desk/forgotten?sent")
}

// askInvitation shows the form to which the link in a mail leads. It changes
// nothing: mail programs open links too.
func (p *pages) askInvitation(w http.ResponseWriter, r *web.Request) error {
	return p.renderInvitation(w, r, nil)
}

func (p *pages) renderInvitation(w http.ResponseWriter, r *web.Request, wrong error) error {
	secret := seal.Secret(r.PathValue("secret"))
	email, err := p.accounts.Invitation(r.Context(), r.Tenant, secret)
	if err != nil {
		return err
	}
	page := passwordPage{Layout: r.Layout("desk.password.title"), Email: email, Action: r.Path(invitationPath(secret))}
	status, err := problem(r, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "password", page)
}

func (p *pages) acceptInvitation(w http.ResponseWriter, r *web.Request) error {
	secret := seal.Secret(r.PathValue("secret"))
	password, err := passwordIn(r)
	if err == nil {
		err = p.accounts.Accept(r.Context(), inSession(r, session.Data{}), secret, password)
	}
	if err != nil {
		return p.renderInvitation(w, r, err)
	}
	return r.SeeOther("/desk/login?password")
}
