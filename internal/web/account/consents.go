// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"
	"slices"
	"time"

	accounts "vorzimmer/internal/account"
	"vorzimmer/internal/locale"
)

// consentsPage: what I agreed to.
type consentsPage struct {
	frame
	Done     string
	Action   string
	Purposes []purpose
	Before   []consent // withdrawn
}

// purpose is one that may be agreed to.
type purpose struct {
	Name  string
	Words string   // translated
	Given *consent // nil: not
}

// consent is one that was given, in the words of that time.
type consent struct {
	Words     string
	Lang      locale.Lang // of the words
	Given     time.Time   // in the tenant's zone
	Withdrawn *time.Time
}

var consentsSaid = map[string]string{
	"given":     "account.consents.given_done",
	"withdrawn": "account.consents.withdrawn_done",
}

func (p *pages) consents(w http.ResponseWriter, r *request) error {
	list, err := p.accounts.Consents(r.Context(), r.visit)
	if err != nil {
		return err
	}
	page := consentsPage{frame: frameOf(r, "account.consents.title", "/account/consents"), Done: said(r, consentsSaid),
		Action: r.Path("/account/consents")}
	for _, name := range accounts.Purposes {
		one := purpose{Name: string(name), Words: r.Printer.T("consent." + string(name))}
		if i := slices.IndexFunc(list, func(c accounts.Consent) bool { return c.Purpose == name && c.Withdrawn == 0 }); i >= 0 {
			given := consentOf(r, list[i])
			one.Given = &given
		}
		page.Purposes = append(page.Purposes, one)
	}
	for _, c := range list {
		if c.Withdrawn != 0 {
			page.Before = append(page.Before, consentOf(r, c))
		}
	}
	return r.Render(w, http.StatusOK, p.views, "consents", page)
}

func consentOf(r *request, c accounts.Consent) consent {
	one := consent{Words: c.Words, Lang: c.Lang, Given: at(r, c.Given)}
	if c.Withdrawn != 0 {
		t := at(r, c.Withdrawn)
		one.Withdrawn = &t
	}
	return one
}

// at is an instant in the tenant's zone.
func at(r *request, unix int64) time.Time { return time.Unix(unix, 0).In(r.Catalogue.Tenant.Zone) }

func (p *pages) changeConsent(_ http.ResponseWriter, r *request) error {
	name := accounts.Purpose(r.id("purpose"))
	if r.PostForm.Get("do") == "withdraw" {
		if err := p.accounts.Withdraw(r.Context(), r.visit, name); err != nil {
			return err
		}
		return r.SeeOther("/account/consents?withdrawn")
	}
	if err := p.accounts.Give(r.Context(), r.visit, name, r.Lang()); err != nil {
		return err
	}
	return r.SeeOther("/account/consents?given")
}
