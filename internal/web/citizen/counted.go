// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"

	"vorzimmer/internal/office"
	"vorzimmer/internal/web"
)

// counted makes a page count as a step of the booking: each time that it was shown
// to somebody who does not object. What goes wrong, leads elsewhere, or is asked for
// by its head alone, nobody has seen.
func (p *pages) counted(step string, f web.Func) web.Func {
	return func(w http.ResponseWriter, r *web.Request) error {
		err := f(w, r)
		if err == nil && p.seen(w, r) {
			p.bookings.CountView(r.Catalogue.Tenant.Zone, r.Tenant, step, string(r.Lang()), r.UserAgent())
		}
		return err
	}
}

func (p *pages) seen(w http.ResponseWriter, r *web.Request) bool {
	return r.Method == http.MethodGet && web.Answered(w) == http.StatusOK && r.Countable()
}

// countFull counts a page of times that had none.
func (p *pages) countFull(w http.ResponseWriter, r *web.Request, page *timesPage, place *office.Location) {
	if page.Nothing && p.seen(w, r) {
		p.bookings.CountFull(r.Catalogue.Tenant.Zone, r.Tenant, place.ID)
	}
}
