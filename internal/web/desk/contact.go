// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// contactView changes who comes and how they are reached.
type contactView struct {
	view.Layout
	Row     *dayRow
	BackURL string
	Action  string
	Version int64
	Contact contactForm
	Now     *person.Data // what is kept, beside a form that was made of something older
}

// askContact shows what is known. That is a look at contact data, and recorded.
func (p *pages) askContact(w http.ResponseWriter, r *request) error {
	e, err := p.bookings.Entry(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	if !changeable(e) {
		return r.SeeOther(appointmentPath(e.ID))
	}
	if e.Restricted() {
		return p.renderAppointment(w, r, fault.New(fault.Conflict, "customer.restricted"))
	}
	d, err := p.bookings.RevealContact(r.Context(), r.by, e.PersonID)
	if err != nil {
		return err
	}
	return p.renderContact(w, r, e, d, nil)
}

// changeable tells whether there still is something to reach somebody for.
func changeable(e *booking.Entry) bool {
	return e.PersonID != "" && e.State != booking.Cancelled && e.State != booking.Expired
}

// contact saves what was typed. When somebody else changed the appointment
// meanwhile, the page says so, shows what is kept now, and has what was typed.
func (p *pages) contact(w http.ResponseWriter, r *request) error {
	e, err := p.bookings.Entry(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	typed := person.Typed(r.PostForm.Get)
	version, err := versionOf(r)
	if err == nil {
		err = p.bookings.ChangeContact(r.Context(), r.by, e.ID, version, typed)
	}
	if err == nil {
		return r.SeeOther(appointmentPath(e.ID))
	}
	switch {
	case fault.Is(err, fault.Gone) || fault.Is(err, fault.Conflict) && (!changeable(e) || e.Restricted()):
		return p.renderAppointment(w, r, err)
	case fault.Is(err, fault.Conflict, fault.Invalid):
		return p.renderContact(w, r, e, typed, err)
	}
	return err
}

func (p *pages) renderContact(w http.ResponseWriter, r *request, e *booking.Entry, d person.Data, problem error) error {
	path := appointmentPath(e.ID)
	page := contactView{Layout: r.Layout("desk.contact.title", "Reference", booking.GroupReference(e.Reference)), Row: rowOf(e, r.Printer),
		BackURL: r.Path(path), Action: r.Path(path + "/contact"), Version: e.Version}
	page.Languages = r.Languages(path + "/contact")
	status := r.Show(&page.Layout, problem)
	inPageOrder(page.Errors)
	if status == http.StatusConflict {
		now, err := p.bookings.RevealContact(r.Context(), r.by, e.PersonID)
		if err != nil {
			return err
		}
		page.Now = &now
	}
	page.Contact = contactFormOf(page.Layout, d)
	return r.Render(w, status, p.views, "contact", page)
}
