// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// Pages of others that an appointment leads to.
const (
	movePage    = "/desk/appointment/{id}/move"
	contactPage = "/desk/appointment/{id}/contact"
	personPage  = "/desk/customers/{id}"
)

// appointmentPath is the page of an appointment, without the language.
func appointmentPath(id string) string { return "/desk/appointment/" + id }

// appointmentPage is everything about one appointment.
type appointmentPage struct {
	view.Layout
	Row          *dayRow
	Place        locale.Text
	Date         time.Time // of the appointment, in the location's zone
	End          time.Time
	Minutes      int
	Booked       string // counter that the time is booked at
	Origin       string
	Overbooked   string // why; empty: it was not
	Unfit        string // key of a text; empty: it fits
	Past         []visited
	LocationKey  string
	Keys         bool            // single keys are on, where the day is shown
	CounterKey   string          // at which the member works
	Counters     []counterChoice // that somebody can be called to; empty: not now
	DayURL       string
	MoveURL      string // empty: not from here
	ContactURL   string
	PersonURL    string
	CancelAction string // empty: not from here, like the next
	SlipAction   string
}

// visited is one step of a visit that was taken.
type visited struct {
	Key string
	At  time.Time
}

// appointment shows one to whoever sees its day. It changes nothing.
func (p *pages) appointment(w http.ResponseWriter, r *request) error {
	return p.renderAppointment(w, r, nil)
}

// renderAppointment shows an appointment as it is now and, above it, what went
// wrong.
func (p *pages) renderAppointment(w http.ResponseWriter, r *request, problem error) error {
	e, err := p.bookings.Entry(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	l, q := e.Location, r.values()
	a := asking{place: l, date: p.dateOf(e), keys: q.Get("keys") != "off", counter: counterOf(l, q.Get("counter"))}
	page := appointmentPage{Layout: r.Layout("desk.appointment.title", "Reference", booking.GroupReference(e.Reference)),
		Row: rowOf(e, r.Printer), Place: l.Name, Date: e.Begin(), End: e.End(), Minutes: e.Minutes,
		Booked: e.Counter.Name.In(r.Lang()), Origin: e.Origin, Overbooked: e.Overbooked, Unfit: e.Unfit, Past: pastOf(e),
		LocationKey: l.Key, Keys: a.keys, DayURL: r.Path(a.path("/desk/day"))}
	page.Languages = r.Languages(a.entryPath(e.ID))
	if a.counter != nil {
		page.CounterKey = a.counter.Key
	}
	p.addSteps(r, page.Row, a.counter)
	p.addCounters(&page, e, a)
	p.addLinks(r, &page, e)
	return r.Render(w, r.Show(&page.Layout, problem), p.views, "appointment", page)
}

// addCounters turns the link to this page, for calling, into a choice of the
// counters that offer everything.
func (p *pages) addCounters(page *appointmentPage, e *booking.Entry, a asking) {
	var other []stepButton
	may := false
	for _, s := range page.Row.Steps {
		if s.Name == "call" {
			may = true
		} else {
			other = append(other, s)
		}
	}
	if !may {
		return
	}
	page.Counters = counterChoices(a, e.CallableAt)
	page.Row.Steps = other
}

// addLinks leads to what else can be done with an appointment.
func (p *pages) addLinks(r *request, page *appointmentPage, e *booking.Entry) {
	path := r.Path(appointmentPath(e.ID))
	if e.PersonID != "" && r.by.Has(staff.FindPerson) && (!e.Restricted() || r.by.Has(staff.RestrictRecord)) {
		page.PersonURL = r.Path(customerPath(e.PersonID))
	}
	if !r.by.Has(staff.Book) {
		return
	}
	if changeable(e) && !e.Restricted() {
		page.ContactURL = path + "/contact"
	}
	if !e.Active() {
		return
	}
	page.SlipAction = path + "/slip"
	if !p.begun(e) {
		page.MoveURL, page.CancelAction = path+"/move", path+"/cancel"
	}
}

func pastOf(e *booking.Entry) []visited {
	var out []visited
	for _, v := range []struct {
		key string
		at  int64
	}{{"desk.appointment.arrived", e.Arrived}, {"desk.appointment.called", e.Called}, {"desk.appointment.finished", e.Finished}} {
		if v.at != 0 {
			out = append(out, visited{v.key, time.Unix(v.at, 0).In(e.Begin().Location())})
		}
	}
	return out
}
