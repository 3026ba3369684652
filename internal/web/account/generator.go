// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"

	"vorzimmer/internal/web/view"
)

// generatorPage sets up a code generator: the first one, or another in its place.
type generatorPage struct {
	frame
	Setup   view.CodeSetup
	BackURL string
}

func (p *pages) askGenerator(w http.ResponseWriter, r *request) error {
	return p.renderGenerator(w, r, nil)
}

// renderGenerator shows the secret of a code generator. It stays the same while
// the session remembers it, so that a mistyped code does not cost a new scan.
func (p *pages) renderGenerator(w http.ResponseWriter, r *request, wrong error) error {
	setup, state, err := p.accounts.BeginCode(r.Context(), r.visit)
	if err != nil {
		return err
	}
	d := r.visit.Session
	d.Ceremony = state
	if err := r.Keep(w, d); err != nil {
		return err
	}
	page := generatorPage{frame: frameOf(r, "setup.title", "/account/security/code"), BackURL: r.Path(security),
		Setup: view.CodeSetup{Secret: view.InFours(setup.Secret), Action: r.Path("/account/security/code")}}
	if page.Setup.QR, err = view.QR(setup.URI, r.Printer.T("setup.qr")); err != nil {
		return err
	}
	return p.answer(w, r, "generator", &page.Layout, wrong, func() any {
		page.Setup.Code = view.CodeInput(page.Layout, "setup.hint")
		return page
	})
}

func (p *pages) changeGenerator(w http.ResponseWriter, r *request) error {
	codes, err := p.accounts.ConfirmCode(r.Context(), r.visit, r.PostForm.Get("code"))
	if err != nil {
		return p.renderGenerator(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return p.firstCodes(w, r, codes, security+"?generator")
}

func (p *pages) removeGenerator(w http.ResponseWriter, r *request) error {
	if err := p.accounts.RemoveCode(r.Context(), r.visit); err != nil {
		return p.renderSecurity(w, r, err)
	}
	return r.SeeOther(security + "?ungenerator")
}

// newRecovery shows new codes; the old ones end.
func (p *pages) newRecovery(w http.ResponseWriter, r *request) error {
	codes, err := p.accounts.NewRecovery(r.Context(), r.visit)
	if err != nil {
		return p.renderSecurity(w, r, err)
	}
	return p.firstCodes(w, r, codes, security)
}

// recoveryPage shows the codes for the only time.
type recoveryPage struct {
	view.Layout
	Recovery view.RecoveryCodes
}

// firstCodes goes on to a page, which comes without the language; if there are
// codes to show, by them. They are the answer to a form and have no address,
// because they can be shown only now.
func (p *pages) firstCodes(w http.ResponseWriter, r *request, codes []string, next string) error {
	if len(codes) == 0 {
		return r.SeeOther(next)
	}
	page := recoveryPage{Layout: layout(r, "recovery.title", ""), Recovery: view.RecoveryCodes{Codes: codes, NextURL: r.Path(next)}}
	return r.Render(w, http.StatusOK, p.views, "recovery", page)
}
