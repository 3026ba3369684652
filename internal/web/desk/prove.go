// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"vorzimmer/internal/web/view"
)

// provePage asks for the password again.
type provePage struct {
	view.Layout
	Action  string
	BackURL string
}

// Password is the field.
func (p provePage) Password() view.Input { return view.OldPassword(p.Layout, "password") }

// proved lets those in who gave their password in this session not long ago, and
// asks the others for it.
func (p *pages) proved(f handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if !p.accounts.Proved(r.session) {
			return r.SeeOther("/desk/account/prove")
		}
		return f(w, r)
	}
}

func (p *pages) askProof(w http.ResponseWriter, r *request) error { return p.renderProof(w, r, nil) }

func (p *pages) renderProof(w http.ResponseWriter, r *request, wrong error) error {
	page := provePage{Layout: r.Layout("desk.prove.title"), Action: r.Path("/desk/account/prove"), BackURL: r.Path("/desk/account")}
	page.Languages = r.Languages("/desk/account/prove")
	status, err := problem(r.Request, &page.Layout, wrong)
	if err != nil {
		return err
	}
	return r.Render(w, status, p.views, "prove", page)
}

func (p *pages) prove(w http.ResponseWriter, r *request) error {
	secret, v := logged(r.Request, r.session)
	if err := p.accounts.Prove(r.Context(), v, r.PostForm.Get("password")); err != nil {
		return p.renderProof(w, r, err)
	}
	r.SetCookie(w, secret)
	return r.SeeOther("/desk/account?proved")
}
