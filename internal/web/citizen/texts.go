// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"
	"time"

	"vorzimmer/internal/booking"
	registers "vorzimmer/internal/privacy"
	"vorzimmer/internal/session"
	"vorzimmer/internal/web"
)

// privacy prints the notice from what the program does.
func (p *pages) privacy(w http.ResponseWriter, r *web.Request) error {
	rules := r.Catalogue.Tenant.Retention
	page := privacyPage{Layout: r.Layout("privacy.title"), Controller: controllerOf(r),
		HoldHours: int(booking.KeepAbandoned / time.Hour), SessionHours: int(session.Idle / time.Hour),
		UnusedDays: rules.Amount(registers.Account), NoticeDays: registers.NoticeDays, LoginDays: rules.Amount(registers.Login), AddressDays: rules.Amount(registers.LoginAddress)}
	for _, x := range r.Catalogue.Tenant.Processors {
		page.Processors = append(page.Processors, processor{Role: x.Role, Name: x.Name, Address: x.Address})
	}
	return r.Render(w, http.StatusOK, p.views, "privacy", page)
}

func controllerOf(r *web.Request) controller {
	c := r.Catalogue.Tenant.Controller
	return controller{Name: c.Name, Street: c.Street, City: c.Postcode + " " + c.City, Phone: c.Phone, Email: c.Email}
}
