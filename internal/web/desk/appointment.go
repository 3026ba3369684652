// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// Pages of others that an appointment leads to.
const (
	movePage    = "/desk/appointment/{id}/move"
	contactPage = "/desk/appointment/{id}/contact"
	personPage  = "/desk/customers/{id}"
)

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
	path := "/desk/appointment/" + e.ID
	l := e.Location
	a := asking{place: l, date: p.dateOf(e), keys: true, counter: counterOf(l, r.values().Get("counter"))}
	page := appointmentPage{Layout: r.Layout("desk.appointment.title", "Reference", booking.GroupReference(e.Reference)),
		Row: rowOf(e, r.Printer), Place: l.Name, Date: e.Begin(), End: e.End(), Minutes: e.Minutes,
		Booked: e.Counter.Name.In(r.Lang()), Origin: e.Origin, Overbooked: e.Overbooked, Unfit: e.Unfit, Past: pastOf(e),
		LocationKey: l.Key, DayURL: r.Path(a.path("/desk/day"))}
	page.Languages = r.Languages(path)
	if a.counter != nil {
		page.CounterKey = a.counter.Key
	}
	p.addSteps(r, page.Row, a.counter)
	p.addCounters(&page, e, a)
	p.addLinks(r, &page, e)
	status := http.StatusOK
	if problem != nil {
		page.Errors, status = r.Errors(problem), web.Status(problem)
	}
	return r.Render(w, status, p.views, "appointment", page)
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
	for i := range e.Location.Counters {
		if k := &e.Location.Counters[i]; e.CallableAt(k) {
			page.Counters = append(page.Counters, counterChoice{k.Key, k.Name, k == a.counter})
		}
	}
	page.Row.Steps = other
}

// addLinks leads to what else can be done with an appointment.
func (p *pages) addLinks(r *request, page *appointmentPage, e *booking.Entry) {
	path := r.Path("/desk/appointment/" + e.ID)
	if e.PersonID != "" && r.by.Has(staff.FindPerson) {
		page.PersonURL = r.Path("/desk/customers/" + url.PathEscape(e.PersonID))
	}
	if !r.by.Has(staff.Book) {
		return
	}
	if changeable(e) {
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
