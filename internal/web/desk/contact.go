// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web"
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
		return r.SeeOther("/desk/appointment/" + e.ID)
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
	typed := dataIn(r.PostForm)
	version, err := versionOf(r)
	if err == nil {
		err = p.bookings.ChangeContact(r.Context(), r.by, e.ID, version, typed)
	}
	if err == nil {
		return r.SeeOther("/desk/appointment/" + e.ID)
	}
	kind := fault.Of(err)
	switch {
	case kind == fault.Gone || kind == fault.Conflict && !changeable(e):
		return p.renderAppointment(w, r, err)
	case kind == fault.Conflict || kind == fault.Invalid:
		return p.renderContact(w, r, e, typed, err)
	}
	return err
}

func (p *pages) renderContact(w http.ResponseWriter, r *request, e *booking.Entry, d person.Data, problem error) error {
	path := "/desk/appointment/" + e.ID
	page := contactView{Layout: r.Layout("desk.contact.title", "Reference", booking.GroupReference(e.Reference)), Row: rowOf(e, r.Printer),
		BackURL: r.Path(path), Action: r.Path(path + "/contact"), Version: e.Version}
	page.Languages = r.Languages(path + "/contact")
	status := http.StatusOK
	if problem != nil {
		page.Errors, status = inPageOrder(r.Errors(problem)), web.Status(problem)
	}
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
