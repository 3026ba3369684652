// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"

	"vorzimmer/internal/fault"
)

// askGenerator sets up a code generator for somebody who is logged in: the
// first one, or another in its place.
func (p *pages) askGenerator(w http.ResponseWriter, r *request) error {
	return p.renderChange(w, r, nil)
}

func (p *pages) renderChange(w http.ResponseWriter, r *request, wrong error) error {
	page := setupPage{Layout: r.Layout("setup.title"), Action: r.Path("/desk/account/factor")}
	return p.renderGenerator(w, r.Request, r.session, page, wrong)
}

func (p *pages) changeGenerator(w http.ResponseWriter, r *request) error {
	codes, err := p.confirm(w, r.Request, r.session)
	if err != nil {
		return p.renderChange(w, r, err)
	}
	return p.firstCodes(w, r.Request, codes, "/desk/account?factor")
}

func (p *pages) removeGenerator(w http.ResponseWriter, r *request) error {
	if err := p.accounts.RemoveCode(r.Context(), inSession(r.Request, r.session)); err != nil {
		return p.renderAccount(w, r, err)
	}
	return r.SeeOther("/desk/account?unfactor")
}

// newRecovery shows new codes; the old ones end.
func (p *pages) newRecovery(w http.ResponseWriter, r *request) error {
	codes, err := p.accounts.NewRecovery(r.Context(), inSession(r.Request, r.session))
	if err != nil {
		return p.renderAccount(w, r, err)
	}
	return p.renderRecovery(w, r.Request, codes, "/desk/account")
}

// addPasskey asks for a name first: the device is asked on the next page.
func (p *pages) addPasskey(w http.ResponseWriter, r *request) error {
	if strings.TrimSpace(r.PostForm.Get("name")) == "" {
		return p.renderAccount(w, r, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete",
			Fields: []fault.Field{{Name: "name", Key: "field.required"}}})
	}
	return p.askPasskey(w, r.Request, r.session, "/desk/account/passkeys/finish", "/desk/account")
}

func (p *pages) finishPasskey(w http.ResponseWriter, r *request) error {
	codes, err := p.makePasskey(w, r.Request, r.session)
	if err != nil {
		return p.renderAccount(w, r, err)
	}
	return p.firstCodes(w, r.Request, codes, "/desk/account?added")
}

func (p *pages) removePasskey(w http.ResponseWriter, r *request) error {
	if err := p.accounts.RemovePasskey(r.Context(), inSession(r.Request, r.session), r.id("id")); err != nil {
		return p.renderAccount(w, r, err)
	}
	return r.SeeOther("/desk/account?removed")
}
