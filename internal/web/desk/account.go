// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/view"
)

// accountPage: who I am here, and how I prove it.
type accountPage struct {
	view.Layout
	Done          string // translated: what went well just now
	Who, Email    string
	Role          string // translated
	Everywhere    bool
	Places        []locale.Text
	Recovery      int    // codes that are left
	RecoveryURL   string // makes new ones
	RemoveCodeURL string // removes the code generator; empty where it must stay
	HasCode       bool   // a code generator is set up
	Passkeys      []passkeyRow
	TypedName     string // of a new passkey
	PasswordURL   string
	ProveURL      string // asks for the password, before the second step can be changed; empty: it was given
	SetupURL      string
	AddURL        string // a passkey
	RemoveURL     string // a passkey
	ElsewhereURL  string // ends other sessions
	Sessions      int    // of this account, with the one at hand
}

type passkeyRow struct {
	ID      string
	Name    string
	Created time.Time  // in the tenant's zone
	Used    *time.Time // nil: never
}

// Passwords are the old one and the new one, twice.
func (p accountPage) Passwords() []view.Input {
	old := view.OldPassword(p.Layout, "old")
	return append([]view.Input{old}, view.NewPassword(p.Layout)...)
}

// PasskeyName is what the owner calls a new passkey.
func (p accountPage) PasskeyName() view.Input {
	return view.PasskeyName(p.Layout, p.TypedName)
}

// accountDone are the sentences for what the address says has just been done.
var accountDone = map[string]string{
	"password":  "desk.account.password_done",
	"added":     "desk.account.passkey_added",
	"removed":   "desk.account.passkey_removed",
	"elsewhere": "desk.account.elsewhere_done",
	"factor":    "desk.account.factor_done",
	"unfactor":  "desk.account.factor_removed",
	"proved":    "desk.account.proved",
}

func (p *pages) accountRoutes() {
	p.get("/desk/account", "", p.account)
	p.post("/desk/account/password", "", p.changePassword)
	p.get("/desk/account/prove", "", p.askProof)
	p.post("/desk/account/prove", "", p.prove)
	p.post("/desk/account/elsewhere", "", p.endElsewhere)
	p.post("/desk/account/passkeys", "", p.proved(p.addPasskey))
	p.post("/desk/account/passkeys/finish", "", p.proved(p.finishPasskey))
	p.post("/desk/account/passkeys/remove", "", p.proved(p.removePasskey))
}

func (p *pages) account(w http.ResponseWriter, r *request) error { return p.renderAccount(w, r, nil) }

// renderAccount shows the page, with what is wrong with one of its forms.
func (p *pages) renderAccount(w http.ResponseWriter, r *request, wrong error) error {
	factors, err := p.accounts.Factors(r.Context(), inSession(r.Request, r.session))
	if err != nil {
		return err
	}
	sessions, err := p.accounts.SessionCount(r.Context(), inSession(r.Request, r.session))
	if err != nil {
		return err
	}
	path := r.Path("/desk/account")
	page := accountPage{Layout: r.Layout("desk.account.title"), Who: r.by.Name, Email: r.by.Email, Role: roleName(r.Printer, r.by.Role),
		Everywhere: r.by.Everywhere, Places: placeNames(r.Catalogue, r.by), HasCode: factors.Code, Recovery: factors.Recovery,
		TypedName: r.PostForm.Get("name"), PasswordURL: path + "/password", SetupURL: path + "/factor",
		RecoveryURL: path + "/recovery", AddURL: path + "/passkeys", RemoveURL: path + "/passkeys/remove",
		ElsewhereURL: path + "/elsewhere", Sessions: sessions}
	page.Languages = r.Languages("/desk/account")
	if !p.accounts.Proved(r.session) {
		page.ProveURL = path + "/prove"
	}
	if factors.Code && (!factors.Required || len(factors.Passkeys) > 0) {
		page.RemoveCodeURL = path + "/factor/remove"
	}
	page.Done = doneText(r, accountDone)
	for _, k := range factors.Passkeys {
		page.Passkeys = append(page.Passkeys, passkeyLine(k, r.Catalogue.Tenant.Zone))
	}
	status, err := problem(r.Request, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "account", page)
}

func passkeyLine(k credential.Passkey, zone *time.Location) passkeyRow {
	row := passkeyRow{ID: k.ID, Name: k.Name, Created: time.Unix(k.Created, 0).In(zone)}
	if k.Used > 0 {
		used := time.Unix(k.Used, 0).In(zone)
		row.Used = &used
	}
	return row
}

func (p *pages) changePassword(w http.ResponseWriter, r *request) error {
	secret, v := logged(r.Request, r.session)
	password, err := passwordIn(r.Request)
	if err == nil {
		err = p.accounts.SetPassword(r.Context(), v, r.PostForm.Get("old"), password)
	}
	if err != nil {
		return p.renderAccount(w, r, err)
	}
	r.SetCookie(w, secret)
	return r.SeeOther("/desk/account?password")
}

func (p *pages) endElsewhere(w http.ResponseWriter, r *request) error {
	secret, v := logged(r.Request, r.session)
	if err := p.accounts.EndOthers(r.Context(), v); err != nil {
		return err
	}
	r.SetCookie(w, secret)
	return r.SeeOther("/desk/account?elsewhere")
}
