// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"slices"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/web/view"
)

// moveView is an appointment with the times that it can move to.
type moveView struct {
	view.Layout
	Row      *dayRow
	Place    locale.Text
	Date     time.Time
	BackURL  string
	Action   string
	Places   []counterChoice // to choose from; empty: there is one
	PlaceKey string
	Times    freeTimes
	Shown    string
}

// moving is an appointment that is to move, and where to.
type moving struct {
	timesForm
	entry *booking.Entry
	place *office.Location
	all   []*office.Location // that can do everything of it
}

// moving reads the form. It answers what Entry answers, first of all for what is
// not this tenant's.
func (p *pages) moving(r *request) (*moving, error) {
	e, err := p.bookings.Entry(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return nil, err
	}
	m := &moving{timesForm: timesFormOf(r.values()), entry: e}
	var sel office.Selection
	for _, s := range e.Services {
		sel = append(sel, office.Item{Service: s.Service, Quantity: s.Quantity})
	}
	can := r.Catalogue.LocationsFor(sel)
	m.all = slices.DeleteFunc(places(r.Request, r.by), func(l *office.Location) bool { return !slices.Contains(can, l) })
	if asked(r.Request) != "" {
		m.place, err = r.location()
		return m, err
	}
	m.place = e.Location
	here := func(l *office.Location) bool { return l.ID == e.Location.ID }
	if len(m.all) > 0 && !slices.ContainsFunc(m.all, here) {
		m.place = m.all[0]
	}
	return m, nil
}

// asked says what times are shown for; see bookForm.asked.
func (m *moving) asked() string { return m.place.Key + " " + m.From }

// askMove shows the times that an appointment can move to. One that was given up
// or has begun is shown as it is.
func (p *pages) askMove(w http.ResponseWriter, r *request) error {
	m, err := p.moving(r)
	if err != nil {
		return err
	}
	if !m.entry.Active() {
		return r.SeeOther(appointmentPath(m.entry.ID))
	}
	if p.begun(m.entry) {
		return p.renderAppointment(w, r, fault.New(fault.Gone, "booking.past"))
	}
	return p.renderMove(w, r, m, nil)
}

// begun tells whether it is too late to move or cancel an appointment, however
// it is.
func (p *pages) begun(e *booking.Entry) bool { return !e.Begin().After(p.clock.Now()) }

// move takes the chosen time. When somebody else changed the appointment
// meanwhile, the page says so and shows it as it is now.
func (p *pages) move(w http.ResponseWriter, r *request) error {
	m, err := p.moving(r)
	if err != nil {
		return err
	}
	if p.begun(m.entry) {
		return p.renderAppointment(w, r, fault.New(fault.Gone, "booking.past"))
	}
	if m.Search || m.asked() != m.Shown {
		return p.renderMove(w, r, m, nil)
	}
	version, err := versionOf(r)
	if err == nil && m.wanted() == 0 {
		err = fault.New(fault.Invalid, "time.free")
	}
	if err == nil {
		err = p.bookings.MoveFor(r.Context(), r.by, m.entry.ID, version, m.place.Key, m.wanted())
	}
	switch {
	case err == nil:
		return r.SeeOther(appointmentPath(m.entry.ID))
	case fault.Is(err, fault.Gone) || fault.Is(err, fault.Conflict) && !m.entry.Active():
		return p.renderAppointment(w, r, err)
	case fault.Is(err, fault.Conflict, fault.Invalid):
		return p.renderMove(w, r, m, err)
	}
	return err
}

func (p *pages) renderMove(w http.ResponseWriter, r *request, m *moving, problem error) error {
	e := m.entry
	path := appointmentPath(e.ID)
	page := moveView{Layout: r.Layout("desk.move.title", "Reference", booking.GroupReference(e.Reference)), Row: rowOf(e, r.Printer),
		Place: e.Location.Name, Date: e.Begin(), BackURL: r.Path(path), Action: r.Path(path + "/move"), PlaceKey: m.place.Key}
	page.Languages = r.Languages(path + "/move")
	var err error
	if page.Times, err = p.freeTimes(r, booking.SearchMove(m.place, &e.Appointment), m.timesForm); err != nil {
		return err
	}
	m.From = page.Times.From
	page.Shown = m.asked()
	if len(m.all) > 1 {
		for _, l := range m.all {
			page.Places = append(page.Places, counterChoice{l.Key, l.Name, l.ID == m.place.ID})
		}
		r.Nav.Places = nil // it would lead away from this appointment
	}
	status := http.StatusOK
	if page.Times.Error != "" {
		page.Errors, status = []view.FieldError{{Field: "from", Text: page.Times.Error}}, http.StatusUnprocessableEntity
	}
	if problem != nil {
		status = r.Show(&page.Layout, problem)
	}
	page.Times.Focus = len(page.Errors) == 0
	return r.Render(w, status, p.views, "move", page)
}
