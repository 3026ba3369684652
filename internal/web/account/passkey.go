// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"cmp"
	"net/http"
	"strings"

	"vorzimmer/internal/web/view"
)

// passkeyPage is where the device is asked.
type passkeyPage struct {
	view.Layout
	Ask view.PasskeyAsk
}

// passkeyLogin asks for any passkey of this tenant. It is a login of its own, the
// second step of one that began with a password, and proves again who one is.
func (p *pages) passkeyLogin(w http.ResponseWriter, r *request) error {
	options, state, err := p.accounts.BeginPasskeyLogin(r.Context(), r.visit)
	if err != nil {
		return p.passkeyRefused(w, r, err)
	}
	back := "/account/login"
	if r.visit.Session.AccountID != "" && r.visit.Session.Full {
		back = "/account/prove"
	}
	return p.renderPasskey(w, r, state, "passkey.title", view.PasskeyAsk{Options: string(options), Next: wantedNext(r),
		Action: r.Path("/account/login/passkey/finish"), BackURL: r.Path(withNext(back, wantedNext(r)))})
}

// renderPasskey keeps what the next step has to know, and shows the page that asks
// the device.
func (p *pages) renderPasskey(w http.ResponseWriter, r *request, state []byte, title string, ask view.PasskeyAsk) error {
	d := r.visit.Session
	d.Ceremony = state
	if err := r.Keep(w, d); err != nil {
		return err
	}
	page := passkeyPage{Layout: layout(r, title, ""), Ask: ask}
	return r.Render(w, http.StatusOK, p.views, "passkey", page)
}

func (p *pages) finishPasskeyLogin(w http.ResponseWriter, r *request) error {
	if err := p.accounts.FinishPasskeyLogin(r.Context(), r.visit, []byte(r.PostForm.Get("credential"))); err != nil {
		return p.passkeyRefused(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return goOn(r)
}

// passkeyRefused says what is wrong on the page that the passkey was asked for.
func (p *pages) passkeyRefused(w http.ResponseWriter, r *request, wrong error) error {
	mine, missing, err := p.who(r)
	switch {
	case err != nil:
		return err
	case missing == "/account/code":
		return p.renderCode(w, r, wrong)
	case missing != "":
		return p.renderLogin(w, r, wrong)
	}
	r.mine = mine
	return p.renderProof(w, r, wrong)
}

// provePage asks for the password, or a passkey, again.
type provePage struct {
	frame
	HasPassword bool
	HasPasskey  bool
	Action      string
	Next        string
	Passkey     view.PasskeyOffer
	BackURL     string
}

// Password is the field.
func (p provePage) Password() view.Input { return view.OldPassword(p.Layout, "password") }

// proved lets those in who gave their password or a passkey in this session not
// long ago, and asks the others for it. next is where it goes on then.
func (p *pages) proved(next string, f handler) handler {
	return func(w http.ResponseWriter, r *request) error {
		if !p.accounts.Proved(r.visit.Session) {
			return r.SeeOther(withNext("/account/prove", next))
		}
		return f(w, r)
	}
}

func (p *pages) askProof(w http.ResponseWriter, r *request) error {
	if p.accounts.Proved(r.visit.Session) {
		return goOn(r)
	}
	return p.renderProof(w, r, nil)
}

func (p *pages) renderProof(w http.ResponseWriter, r *request, wrong error) error {
	factors, err := p.accounts.Factors(r.Context(), r.visit)
	if err != nil {
		return err
	}
	next := wantedNext(r)
	page := provePage{frame: frameOf(r, "account.prove.title", withNext("/account/prove", next)), HasPassword: factors.Password,
		HasPasskey: len(factors.Passkeys) > 0, Action: r.Path("/account/prove"), Next: next,
		Passkey: view.PasskeyOffer{Action: r.Path("/account/login/passkey"), Next: next}, BackURL: r.Path(home)}
	return p.answer(w, r, "prove", &page.Layout, wrong, func() any { return page })
}

func (p *pages) prove(w http.ResponseWriter, r *request) error {
	if err := p.accounts.Prove(r.Context(), r.visit, r.PostForm.Get("password")); err != nil {
		return p.renderProof(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return r.SeeOther(cmp.Or(wantedNext(r), security))
}

// addPasskey asks for a name first: the device is asked on the next page.
func (p *pages) addPasskey(w http.ResponseWriter, r *request) error {
	name := r.PostForm.Get("name")
	if strings.TrimSpace(name) == "" {
		return p.renderSecurity(w, r, wrongField("name", "field.required"))
	}
	options, state, err := p.accounts.BeginPasskey(r.Context(), r.visit)
	if err != nil {
		return p.renderSecurity(w, r, err)
	}
	return p.renderPasskey(w, r, state, "passkey.register_title", view.PasskeyAsk{Register: true, Options: string(options),
		Action: r.Path("/account/security/passkeys/finish"), Name: name, BackURL: r.Path(security)})
}

func (p *pages) finishPasskey(w http.ResponseWriter, r *request) error {
	codes, err := p.accounts.FinishPasskey(r.Context(), r.visit, r.PostForm.Get("name"), []byte(r.PostForm.Get("credential")))
	if err != nil {
		return p.renderSecurity(w, r, err)
	}
	r.SetCookie(w, r.cookie)
	return p.firstCodes(w, r, codes, security+"?added")
}

func (p *pages) removePasskey(w http.ResponseWriter, r *request) error {
	if err := p.accounts.RemovePasskey(r.Context(), r.visit, r.id("id")); err != nil {
		return p.renderSecurity(w, r, err)
	}
	return r.SeeOther(security + "?removed")
}
