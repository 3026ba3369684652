// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"html/template"
	"net/http"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// check shows everything once more before it is booked.
func (p *pages) check(w http.ResponseWriter, r *web.Request) error {
	v, err := p.held(r)
	if err != nil {
		return err
	}
	if v.Person == nil {
		return r.SeeOther(holdPath(secretOf(r)))
	}
	path := r.Path(holdPath(secretOf(r)))
	page := checkPage{Layout: r.Layout("check.title"), Summary: summaryOf(v), Hold: p.holdLine(r, v),
		EditURL: path, TimeURL: path + "/release", Action: path + "/check"}
	page.Form = formOf(v.Person.Data, page.Layout)
	page.Step = 4
	return r.Render(w, http.StatusOK, p.views, "check", page)
}

// confirm books. A second click, a reload or another tab gets the same page.
func (p *pages) confirm(w http.ResponseWriter, r *web.Request) error {
	v, err := p.held(r)
	if err != nil {
		return err
	}
	forget := p.forgetting(r)
	if p.booked.Allow(r.Network()) {
		err = p.bookings.Confirm(r.Counting(), r.Tenant, secretOf(r), r.Lang(), forget...)
	} else {
		err = fault.New(fault.TooMany, "limit.network")
	}
	if fault.Is(err, fault.Invalid, fault.TooMany) {
		var d person.Data
		if v.Person != nil {
			d = v.Person.Data
		}
		return p.renderDetails(w, r, v, d, err)
	}
	if isLost(err) {
		return p.renderLost(w, r, v, err)
	}
	if err != nil {
		return err
	}
	if len(forget) > 0 {
		r.DropCookie(w)
	}
	return r.SeeOther(holdPath(secretOf(r)) + "/done")
}

// forgetting are the steps that end the session of a reservation that is over,
// none when the session is about something else, is also a login, or cannot be
// read: the booking does not depend on it.
func (p *pages) forgetting(r *web.Request) []booking.Step {
	d, err := r.Session()
	if err != nil {
		p.site.Log.Error("session not read", "error", err)
	}
	if err != nil || d.Hold != secretOf(r) || d.Owned() {
		return nil
	}
	return []booking.Step{r.Forget}
}

// done shows what was booked and what happens next.
func (p *pages) done(w http.ResponseWriter, r *web.Request) error {
	secret := secretOf(r)
	v, err := p.bookings.Open(r.Context(), r.Tenant, secret)
	if err != nil {
		return err
	}
	if v.State == booking.Held {
		return r.SeeOther(holdPath(secret))
	}
	if !v.Active() || v.RunOut(p.clock.Now()) {
		return r.SeeOther(managePath(secret))
	}
	title := "done.title"
	if v.State == booking.Unconfirmed {
		title = "done.title_unconfirmed"
	}
	page := donePage{Layout: r.Layout(title), Summary: summaryOf(v), Email: v.Person.Data.Email,
		Unconfirmed: v.State == booking.Unconfirmed, ConfirmBy: zoned(v, v.Until),
		CalendarURL: r.Path(managePath(secret) + "/calendar.ics"), ManageURL: r.Path(managePath(secret))}
	if page.QR, err = p.manageCode(r, secret); err != nil {
		return err
	}
	if err := p.ownership(r, v, &page); err != nil {
		return err
	}
	return r.Render(w, http.StatusOK, p.views, "done", page)
}

func (p *pages) manageCode(r *web.Request, s seal.Secret) (template.HTML, error) {
	return view.QR(p.bookings.Links.Manage(r.Tenant, r.Lang(), s), r.Printer.T("qr.label"))
}
