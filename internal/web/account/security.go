// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"
	"strings"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/web/view"
)

// securityPage: how I log in, and where I am logged in.
type securityPage struct {
	frame
	Done          string // translated: what went well just now
	Notice        string // translated: what to do next
	Email         string
	HasPassword   bool
	PasswordURL   string
	ProveURL      string // asks for password or passkey, before anything can be added; empty: it was given
	HasCode       bool   // a code generator is set up
	SetupURL      string
	RemoveCodeURL string
	Recovery      int // codes that are left
	RecoveryURL   string
	Passkeys      []passkeyRow
	TypedName     string // of a new passkey
	AddURL        string
	RemoveURL     string
	Sessions      []sessionRow
	EndURL        string
	ElsewhereURL  string
	EverywhereURL string
	Logins        []loginRow
}

type passkeyRow struct {
	ID      string
	Name    string
	Created time.Time  // in the tenant's zone
	Used    *time.Time // nil: never
}

type sessionRow struct {
	ID            string
	Created, Seen time.Time
	Here          bool
}

type loginRow struct {
	At     time.Time
	Method string // translated
	OK     bool
}

// Passwords are the old one, if there is one, and the new one, twice.
func (p securityPage) Passwords() []view.Input {
	inputs := view.NewPassword(p.Layout)
	if p.HasPassword {
		inputs = append([]view.Input{view.OldPassword(p.Layout, "old")}, inputs...)
	}
	return inputs
}

// PasskeyName is what the owner calls a new passkey.
func (p securityPage) PasskeyName() view.Input { return view.PasskeyName(p.Layout, p.TypedName) }

var securitySaid = map[string]string{
	"password":    "account.security.password_done",
	"added":       "account.security.passkey_added",
	"removed":     "account.security.passkey_removed",
	"generator":   "account.security.code_done",
	"ungenerator": "account.security.code_removed",
	"ended":       "account.security.ended",
	"elsewhere":   "account.security.elsewhere_done",
}

func (p *pages) security(w http.ResponseWriter, r *request) error {
	return p.renderSecurity(w, r, nil)
}

// renderSecurity shows the page, with what is wrong with one of its forms.
func (p *pages) renderSecurity(w http.ResponseWriter, r *request, wrong error) error {
	factors, err := p.accounts.Factors(r.Context(), r.visit)
	if err != nil {
		return err
	}
	path := r.Path(security)
	page := securityPage{frame: frameOf(r, "account.security.title", security), Done: said(r, securitySaid), Email: r.mine.Data.Email,
		HasPassword: factors.Password, PasswordURL: path + "/password", HasCode: factors.Code, SetupURL: path + "/code",
		Recovery: factors.Recovery, RecoveryURL: path + "/recovery", TypedName: r.PostForm.Get("name"), AddURL: path + "/passkeys",
		RemoveURL: path + "/passkeys/remove", EndURL: path + "/end", ElsewhereURL: path + "/elsewhere",
		EverywhereURL: r.Path("/account/logout-everywhere")}
	if !p.accounts.Proved(r.visit.Session) {
		page.ProveURL = r.Path(withNext("/account/prove", security))
	}
	if factors.Code {
		page.RemoveCodeURL = path + "/code/remove"
	}
	if !factors.Password && len(factors.Passkeys) == 0 {
		page.Notice = r.Printer.T("account.security.first")
	}
	for _, k := range factors.Passkeys {
		page.Passkeys = append(page.Passkeys, passkeyOf(r, k))
	}
	if err := p.whereAndWhen(r, &page); err != nil {
		return err
	}
	return p.answer(w, r, "security", &page.Layout, wrong, func() any { return page })
}

// whereAndWhen adds the sessions and the logins.
func (p *pages) whereAndWhen(r *request, page *securityPage) error {
	sessions, here, err := p.accounts.SessionList(r.Context(), r.visit, r.Secret())
	if err != nil {
		return err
	}
	for _, s := range sessions {
		page.Sessions = append(page.Sessions, sessionRow{ID: s.ID, Created: at(r, s.Created), Seen: at(r, s.Seen), Here: s.ID == here})
	}
	logins, err := p.accounts.Own(r.Context(), r.visit)
	if err != nil {
		return err
	}
	for _, l := range logins {
		page.Logins = append(page.Logins, loginOf(r, l))
	}
	return nil
}

func passkeyOf(r *request, k credential.Passkey) passkeyRow {
	row := passkeyRow{ID: k.ID, Name: k.Name, Created: at(r, k.Created)}
	if k.Used > 0 {
		used := at(r, k.Used)
		row.Used = &used
	}
	return row
}

// methods are the steps of a login in people's words.
var methods = map[string]string{
	"password":      "account.method.password",
	"passkey":       "account.method.passkey",
	"code":          "account.method.code",
	"recovery code": "account.method.recovery",
	"link":          "account.method.link",
}

func loginOf(r *request, l credential.Login) loginRow {
	row := loginRow{At: at(r, l.At), OK: l.OK}
	var steps []string
	for step := range strings.SplitSeq(l.Method, ", ") {
		if key, ok := methods[step]; ok {
			step = r.Printer.T(key)
		}
		steps = append(steps, step)
	}
	row.Method = strings.Join(steps, ", ")
	return row
}

func (p *pages) changePassword(w http.ResponseWriter, r *request) error {
	password, err := passwordIn(r)
	if err == nil {
		err = p.accounts.SetPassword(r.Context(), r.visit, r.PostForm.Get("old"), password)
	}
	if err != nil {
		return p.renderSecurity(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return r.SeeOther(security + "?password")
}

// endSession ends one session; the one at hand like a logout.
func (p *pages) endSession(w http.ResponseWriter, r *request) error {
	id := r.id("id")
	if _, here, err := p.accounts.SessionList(r.Context(), r.visit, r.Secret()); err != nil {
		return err
	} else if id == here {
		return p.logout(w, r)
	}
	if err := p.accounts.EndSession(r.Context(), r.visit, id); err != nil {
		return err
	}
	return r.SeeOther(security + "?ended")
}

func (p *pages) endElsewhere(w http.ResponseWriter, r *request) error {
	if err := p.accounts.EndOthers(r.Context(), r.visit); err != nil {
		return err
	}
	r.SetCookie(w, r.cookie)
	return r.SeeOther(security + "?elsewhere")
}
