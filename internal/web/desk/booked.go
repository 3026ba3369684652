// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// bookedPage says what was booked, and has the way to the slip.
type bookedPage struct {
	view.Layout
	Name       string
	Reference  string
	Date, End  time.Time
	Minutes    int
	Place      locale.Text
	Counter    locale.Text
	Services   string
	Overbooked string // why; empty: it was not
	Mail       bool   // a confirmation is on its way
	SlipAction string
	PDFAction  string
	Secret     string // goes along to the PDF, in the form and never in an address
	URL        string // of the appointment
	Again      bool   // the form was sent before, perhaps with something else in it
	AgainURL   string // books for somebody else
	SameURL    string // books once more for the same; empty: not from here
}

// renderBooked answers the form itself: a second click on its button finds the
// same appointment by the secret in it, and says so. Where that is over, or
// somebody is here already, it leads to the appointment.
func (p *pages) renderBooked(w http.ResponseWriter, r *request, e *booking.Entry, secret seal.Secret) error {
	path := appointmentPath(e.ID)
	if e.State != booking.Confirmed {
		return r.SeeOther(path)
	}
	again := url.Values{"location": {e.Location.Key}}
	page := bookedPage{Layout: r.Layout("desk.booked.title"), Name: e.Name(), Reference: booking.GroupReference(e.Reference),
		Date: e.Begin(), End: e.End(), Minutes: e.Minutes, Place: e.Location.Name, Counter: e.Counter.Name,
		Services: booking.ServiceNames(e.Services, r.Printer), Overbooked: e.Overbooked, Mail: e.Person != nil && e.Person.Data.Email != "",
		SlipAction: r.Path(path + "/slip"), PDFAction: r.Path(path + "/slip.pdf"), Secret: secret.Reveal(), URL: r.Path(path), Again: e.Again,
		AgainURL: r.Path("/desk/book?" + again.Encode())}
	if r.by.Has(staff.Reveal) && e.PersonID != "" {
		again.Set("person", e.PersonID)
		page.SameURL = r.Path("/desk/book?" + again.Encode())
	}
	page.Languages = r.Languages(path)
	return r.Render(w, http.StatusOK, p.views, "booked", page)
}
