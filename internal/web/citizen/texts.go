// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"

	"vorzimmer/internal/web"
)

func (p *pages) imprint(w http.ResponseWriter, r *web.Request) error {
	page := imprintPage{Layout: r.Layout("imprint.title"), Controller: controllerOf(r)}
	return r.Render(w, http.StatusOK, p.views, "imprint", page)
}

func (p *pages) accessibility(w http.ResponseWriter, r *web.Request) error {
	page := accessibilityPage{Layout: r.Layout("accessibility.title"), Controller: controllerOf(r)}
	return r.Render(w, http.StatusOK, p.views, "accessibility", page)
}

func controllerOf(r *web.Request) controller {
	c := r.Catalogue.Tenant.Controller
	return controller{Name: c.Name, Street: c.Street, City: c.Postcode + " " + c.City, Phone: c.Phone, Email: c.Email}
}
