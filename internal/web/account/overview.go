// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
)

// overviewPage: my appointments.
type overviewPage struct {
	frame
	Done     string // translated: what went well just now
	Coming   []row
	Past     []row
	StartURL string
}

// row is one appointment.
type row struct {
	Start     time.Time // in the location's zone
	Place     locale.Text
	Services  []rowService
	Reference string
	State     string // translated; empty where nothing has to be said
	Past      bool
	Action    string // opens it
}

type rowService struct {
	Name     locale.Text
	Quantity int
}

var overviewSaid = map[string]string{
	"made":    "account.overview.made",
	"adopted": "account.overview.adopted",
}

func (p *pages) overview(w http.ResponseWriter, r *request) error {
	list, err := p.bookings.Mine(r.Context(), r.Tenant, r.mine.ID)
	if err != nil {
		return err
	}
	page := overviewPage{frame: frameOf(r, "account.overview.title", home), Done: said(r, overviewSaid), StartURL: r.Path("/")}
	now := p.clock.Now()
	for _, v := range list {
		one := rowOf(r, v)
		if (v.Active() || v.State == booking.Arrived || v.State == booking.Called) && v.End().After(now) {
			if v.State == booking.Unconfirmed {
				one.State = r.Printer.T("account.overview.unconfirmed")
			}
			page.Coming = append(page.Coming, one)
			continue
		}
		one.Past = true
		if v.State == booking.Cancelled {
			one.State = r.Printer.T("account.overview.cancelled")
		}
		page.Past = append(page.Past, one)
	}
	return r.Render(w, http.StatusOK, p.views, "overview", page)
}

func rowOf(r *request, v *booking.View) row {
	one := row{Start: v.Begin(), Place: v.Location.Name, Reference: booking.GroupReference(v.Reference),
		Action: r.Path("/account/appointments/" + v.ID)}
	for _, s := range v.Services {
		one.Services = append(one.Services, rowService{s.Service.Name, s.Quantity})
	}
	return one
}

// appointment opens one of the account's: its own page does the rest.
func (p *pages) appointment(_ http.ResponseWriter, r *request) error {
	s, err := p.bookings.OpenFor(r.Context(), r.Tenant, r.mine.ID, r.PathValue("id"))
	if err != nil {
		return err
	}
	return r.SeeOther(managePath(s))
}

// adopt puts a guest's appointment into the account, by a link that reached its
// mailbox. Who is not logged in is asked to, and comes back to the button.
func (p *pages) adopt(_ http.ResponseWriter, r *request) error {
	mine, missing, err := p.who(r)
	if err != nil {
		return err
	}
	if missing != "" {
		return r.SeeOther(withNext(missing, nextOf(managePath(secretOf(r)))))
	}
	if err := p.bookings.Adopt(r.Context(), r.Tenant, mine.ID, secretOf(r)); err != nil {
		return err
	}
	return r.SeeOther(home + "?adopted")
}
