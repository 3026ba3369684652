// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"slices"

	accounts "vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web"
)

// owner is the account of whoever is logged in, and false for everybody else. What
// goes wrong with it is logged: the booking does not depend on it.
func (p *pages) owner(r *web.Request) (*accounts.Account, bool) {
	d, err := r.Session()
	if err == nil && d.AccountID == "" {
		return nil, false
	}
	var mine *accounts.Account
	if err == nil {
		mine, _, err = p.accounts.Mine(r.Context(), credential.Visit{TenantID: r.Tenant, Session: d, Network: r.Network()})
	}
	if err != nil && !fault.Is(err, fault.NotFound) {
		p.site.Log.Error("account not read", "error", err)
	}
	return mine, err == nil && mine != nil
}

// has tells whether an appointment is in an account.
func (p *pages) has(r *web.Request, mine *accounts.Account, v *booking.View) (bool, error) {
	list, err := p.bookings.Mine(r.Context(), r.Tenant, mine.ID)
	return slices.ContainsFunc(list, func(one *booking.View) bool { return one.ID == v.ID }), err
}

// Paths of citizens' accounts, without the language.
const accountPath = "/account"

func fromPath(s seal.Secret) string  { return accountPath + "/from/" + s.Reveal() }
func adoptPath(s seal.Secret) string { return accountPath + "/adopt/" + s.Reveal() }

// ownership offers an account on the page that follows a booking, or says that the
// appointment is in one.
func (p *pages) ownership(r *web.Request, v *booking.View, page *donePage) error {
	if mine, ok := p.owner(r); ok {
		has, err := p.has(r, mine, v)
		if has {
			page.MineURL = r.Path(accountPath)
		}
		return err
	}
	if v.Channel == booking.ChannelPage {
		page.RegisterURL = r.Path(fromPath(secretOf(r)))
	}
	return nil
}

// adoptURL is where an appointment that was opened by a link in a mail joins an
// account; empty when it came another way, or is in that of whoever is logged in.
func (p *pages) adoptURL(r *web.Request, v *booking.View) (string, error) {
	if v.Channel != booking.ChannelMail {
		return "", nil
	}
	if mine, ok := p.owner(r); ok {
		if has, err := p.has(r, mine, v); has || err != nil {
			return "", err
		}
	}
	return r.Path(adoptPath(secretOf(r))), nil
}
