// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"html/template"
	"net/http"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// factorPage asks for the second factor.
type factorPage struct {
	view.Layout
	Action    string
	Next      string
	Passkey   view.PasskeyOffer
	LogoutURL string
}

// Code is the field.
func (p factorPage) Code() view.Input { return view.CodeInput(p.Layout, "factor.hint") }

// setupPage sets up a code generator.
type setupPage struct {
	view.Layout
	Must       bool // the tenant wants it, and nothing else works before
	QR         template.HTML
	Secret     string // to be typed, in groups
	Action     string
	PasskeyURL string // to set up a passkey instead; empty where there are other pages for it
	Next       string
	LogoutURL  string
}

// Setup is what the app needs, and the field for its first code.
func (p setupPage) Setup() view.CodeSetup {
	return view.CodeSetup{QR: p.QR, Secret: p.Secret, Action: p.Action, Next: p.Next, Code: view.CodeInput(p.Layout, "setup.hint")}
}

// PasskeyName is what the owner calls a new passkey.
func (p setupPage) PasskeyName() view.Input { return view.PasskeyName(p.Layout, "") }

func (p *pages) factorRoutes() {
	p.open(http.MethodGet, "/desk/factor", p.askFactor)
	p.open(http.MethodPost, "/desk/factor", p.factor)
	p.open(http.MethodPost, "/desk/factor/setup", p.setUpFactor)
	p.open(http.MethodPost, "/desk/factor/passkey", p.setUpPasskey)
	p.open(http.MethodPost, "/desk/factor/passkey/finish", p.finishSetUpPasskey)
	p.get("/desk/account/factor", "", p.proved(p.askGenerator))
	p.post("/desk/account/factor", "", p.proved(p.changeGenerator))
	p.post("/desk/account/factor/remove", "", p.proved(p.removeGenerator))
	p.post("/desk/account/recovery", "", p.proved(p.newRecovery))
}

// halfway is the session of somebody who has given the password, and what
// comes next. Otherwise the error leads to where it does go on.
func (p *pages) halfway(r *web.Request) (session.Data, credential.Next, error) {
	d, err := r.Session()
	if err != nil {
		return d, "", err
	}
	_, next, err := p.accounts.Member(r.Context(), r.Tenant, d)
	if fault.Of(err) == fault.NotFound {
		return d, "", r.SeeOther(withNext("/desk/login", wantedNext(r)))
	}
	switch {
	case err != nil:
	case next == credential.Done:
		err = goOn(r)
	case next == credential.SetUpFactor && d.Full: // the password was given too long ago to add a factor
		err = r.SeeOther(withNext("/desk/login", wantedNext(r)))
	}
	return d, next, err
}

func (p *pages) askFactor(w http.ResponseWriter, r *web.Request) error {
	d, next, err := p.halfway(r)
	if err != nil {
		return err
	}
	if next == credential.SetUpFactor {
		return p.renderSetUp(w, r, d, nil)
	}
	return p.renderFactor(w, r, nil)
}

func (p *pages) renderFactor(w http.ResponseWriter, r *web.Request, wrong error) error {
	page := factorPage{Layout: r.Layout("factor.title"), Action: r.Path("/desk/factor"), Next: wantedNext(r),
		Passkey: p.passkeyOffer(r), LogoutURL: r.Path("/desk/logout")}
	status, err := problem(r, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "factor", page)
}

func (p *pages) factor(w http.ResponseWriter, r *web.Request) error {
	d, _, err := p.halfway(r)
	if err != nil {
		return err
	}
	secret, v := logged(r, d)
	if err := p.accounts.CheckCode(r.Context(), v, r.PostForm.Get("code")); err != nil {
		return p.renderFactor(w, r, err)
	}
	r.SetCookie(w, secret)
	return goOn(r)
}

// renderSetUp is for those who cannot go on without a second factor.
func (p *pages) renderSetUp(w http.ResponseWriter, r *web.Request, d session.Data, wrong error) error {
	page := setupPage{Layout: r.Layout("setup.title"), Must: true, Action: r.Path("/desk/factor/setup"),
		PasskeyURL: r.Path("/desk/factor/passkey"), LogoutURL: r.Path("/desk/logout")}
	page.Languages = r.Languages(withNext("/desk/factor", wantedNext(r)))
	return p.renderGenerator(w, r, d, page, wrong)
}

// renderGenerator shows the secret of a code generator. It stays the same while
// the session remembers it, so that a mistyped code does not cost a new scan.
func (p *pages) renderGenerator(w http.ResponseWriter, r *web.Request, d session.Data, page setupPage, wrong error) error {
	setup, state, err := p.accounts.BeginCode(r.Context(), inSession(r, d))
	if err != nil {
		return err
	}
	d.Ceremony = state
	if err := r.Keep(w, d); err != nil {
		return err
	}
	if page.QR, err = view.QR(setup.URI, r.Printer.T("setup.qr")); err != nil {
		return err
	}
	page.Secret, page.Next = view.InFours(setup.Secret), wantedNext(r)
	status, err := problem(r, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "setup", page)
}

// confirm sets up the generator with its first code. It returns recovery codes
// if these are the first.
func (p *pages) confirm(w http.ResponseWriter, r *web.Request, d session.Data) ([]string, error) {
	secret, v := logged(r, d)
	codes, err := p.accounts.ConfirmCode(r.Context(), v, r.PostForm.Get("code"))
	if err != nil {
		return nil, err
	}
	r.SetCookie(w, secret)
	return codes, nil
}

func (p *pages) setUpFactor(w http.ResponseWriter, r *web.Request) error {
	d, _, err := p.halfway(r)
	if err != nil {
		return err
	}
	codes, err := p.confirm(w, r, d)
	if err != nil {
		return p.renderSetUp(w, r, d, err)
	}
	return p.firstCodes(w, r, codes, afterLogin(r))
}

func (p *pages) setUpPasskey(w http.ResponseWriter, r *web.Request) error {
	d, _, err := p.halfway(r)
	if err != nil {
		return err
	}
	return p.askPasskey(w, r, d, "/desk/factor/passkey/finish", withNext("/desk/factor", wantedNext(r)))
}

func (p *pages) finishSetUpPasskey(w http.ResponseWriter, r *web.Request) error {
	d, _, err := p.halfway(r)
	if err != nil {
		return err
	}
	codes, err := p.makePasskey(w, r, d)
	if err != nil {
		return p.renderSetUp(w, r, d, err)
	}
	return p.firstCodes(w, r, codes, afterLogin(r))
}

// firstCodes goes on to a page, which comes without the language; if there are
// codes to show, by them.
func (p *pages) firstCodes(w http.ResponseWriter, r *web.Request, codes []string, next string) error {
	if len(codes) == 0 {
		return r.SeeOther(next)
	}
	return p.renderRecovery(w, r, codes, next)
}
