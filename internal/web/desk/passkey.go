// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// passkeyPage is where the device is asked.
type passkeyPage struct {
	view.Layout
	view.PasskeyAsk
}

// passkeyLogin asks for any passkey of this tenant. It is a login of its own,
// and the second step of one that began with a password.
func (p *pages) passkeyLogin(w http.ResponseWriter, r *web.Request) error {
	d, err := r.Session()
	if err != nil {
		return err
	}
	options, state, err := p.accounts.BeginPasskeyLogin(r.Context(), inSession(r, d))
	if err != nil {
		return p.renderLogin(w, r, "", err)
	}
	d.Ceremony = state
	if err := r.Keep(w, d); err != nil {
		return err
	}
	page := passkeyPage{Layout: r.Layout("passkey.title"), PasskeyAsk: view.PasskeyAsk{Options: string(options), Next: wantedNext(r),
		Action: r.Path("/desk/login/passkey/finish"), BackURL: r.Path(withNext("/desk/login", wantedNext(r)))}}
	page.Languages = nil // leads to an address that takes forms only
	return r.Render(w, http.StatusOK, p.views, "passkey", page)
}

func (p *pages) finishPasskeyLogin(w http.ResponseWriter, r *web.Request) error {
	d, err := r.Session()
	if err != nil {
		return err
	}
	secret, v := logged(r, d)
	err = p.accounts.FinishPasskeyLogin(r.Context(), v, []byte(r.PostForm.Get("credential")))
	if err != nil {
		return p.renderLogin(w, r, "", err)
	}
	r.SetCookie(w, secret)
	return goOn(r)
}

// askPasskey is the page on which a new passkey is made. finish and back are
// without the language.
func (p *pages) askPasskey(w http.ResponseWriter, r *web.Request, d session.Data, finish, back string) error {
	options, state, err := p.accounts.BeginPasskey(r.Context(), inSession(r, d))
	if err != nil {
		return err
	}
	d.Ceremony = state
	if err := r.Keep(w, d); err != nil {
		return err
	}
	page := passkeyPage{Layout: r.Layout("passkey.register_title"), PasskeyAsk: view.PasskeyAsk{Register: true, Options: string(options),
		Action: r.Path(finish), Name: r.PostForm.Get("name"), Next: wantedNext(r), BackURL: r.Path(back)}}
	page.Languages = nil // leads to an address that takes forms only
	return r.Render(w, http.StatusOK, p.views, "passkey", page)
}

// makePasskey stores the new passkey. It returns recovery codes if these are
// the first.
func (p *pages) makePasskey(w http.ResponseWriter, r *web.Request, d session.Data) ([]string, error) {
	secret, v := logged(r, d)
	codes, err := p.accounts.FinishPasskey(r.Context(), v, r.PostForm.Get("name"), []byte(r.PostForm.Get("credential")))
	if err != nil {
		return nil, err
	}
	r.SetCookie(w, secret)
	return codes, nil
}

// recoveryPage shows the codes for the only time.
type recoveryPage struct {
	view.Layout
	view.RecoveryCodes
}

// renderRecovery shows codes; next is without the language. The page is the
// answer to a form, not one with an address, because it can be shown only now.
func (p *pages) renderRecovery(w http.ResponseWriter, r *web.Request, codes []string, next string) error {
	page := recoveryPage{Layout: r.Layout("recovery.title"), RecoveryCodes: view.RecoveryCodes{Codes: codes, NextURL: r.Path(next)}}
	page.Languages = nil
	return r.Render(w, http.StatusOK, p.views, "recovery", page)
}
