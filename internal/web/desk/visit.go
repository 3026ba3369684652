// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"context"
	"net/http"
	"strconv"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
)

// stepButton is a step that can be taken with an appointment. The form that it
// stands in says at which counter.
type stepButton struct {
	Name    string // last part of the address that it posts to
	Action  string
	Key     string // of its text
	Letter  string // single key that presses it, where scripts run
	Primary bool   // what usually comes next
	Link    bool   // leads to the page where a counter is chosen
}

// letters are the single keys. They are the same in all languages, as the
// places of keys are what hands learn.
var letters = map[string]string{"arrive": "a", "call": "c", "finish": "f", "missed": "n", "back": "z"}

// stepsFrom lists what may follow a state, what usually comes next first.
var stepsFrom = map[booking.State][]string{
	booking.Confirmed:   {"arrive", "call", "missed"},
	booking.Unconfirmed: {"arrive", "call"},
	booking.Arrived:     {"call", "missed", "back"},
	booking.Called:      {"finish", "missed", "back"},
	booking.Served:      {"back"},
	booking.NoShow:      {"back"},
}

// addSteps offers what the member may do next. Calling needs a counter: the one
// at which the member works, if somebody can be called there.
func (p *pages) addSteps(r *request, row *dayRow, at *office.Counter) {
	for _, name := range stepsFrom[row.entry.State] {
		if !p.mayStep(r, row.entry, name) {
			continue
		}
		b := stepButton{Name: name, Action: row.URL + "/" + name, Key: "desk.step." + name, Letter: letters[name],
			Primary: len(row.Steps) == 0 && name != "back"}
		if name == "call" && (at == nil || !row.entry.CallableAt(at)) {
			b.Link, b.Action, b.Key, b.Letter = true, row.URL, "desk.step.call_where", ""
		}
		row.Steps = append(row.Steps, b)
	}
}

// mayStep leaves out what would be refused anyway: for lack of a right, or
// because it is too early.
func (p *pages) mayStep(r *request, e *booking.Entry, name string) bool {
	needs := []staff.Right{staff.Receive}
	switch {
	case name == "call" || name == "finish":
		needs = []staff.Right{staff.Serve}
	case name == "back" && (e.State == booking.Called || e.State == booking.Served || e.State == booking.NoShow && e.Called > 0):
		needs = append(needs, staff.Serve)
	}
	for _, right := range needs {
		if !r.by.Has(right) {
			return false
		}
	}
	switch name {
	case "arrive", "call":
		return p.dateOf(e) <= p.today(e.Location)
	case "missed":
		return e.State != booking.Confirmed || !e.Begin().After(p.clock.Now())
	}
	return true
}

// versionOf is that of the page that the form was made from.
func versionOf(r *request) (int64, error) {
	n, err := strconv.ParseInt(r.PostForm.Get("version"), 10, 64)
	if err != nil {
		return 0, fault.Wrap(err, fault.Invalid, "error.form")
	}
	return n, nil
}

// step answers the form of a step: by the page that it was on.
func (p *pages) step(do func(ctx context.Context, by *staff.Member, id string, version int64) error) handler {
	return func(w http.ResponseWriter, r *request) error {
		version, err := versionOf(r)
		if err == nil {
			err = do(r.Context(), r.by, r.PathValue("id"), version)
		}
		return p.stepped(w, r, err)
	}
}

// call is step for somebody who is called to a counter.
func (p *pages) call(w http.ResponseWriter, r *request) error {
	version, err := versionOf(r)
	if err != nil {
		return p.stepped(w, r, err)
	}
	l, err := r.location()
	if err != nil {
		return err
	}
	// A counter that is none of these is the domain's to refuse, once it
	// knows whether there is such an appointment.
	id := ""
	if k := counterOf(l, r.PostForm.Get("counter")); k != nil {
		id = k.ID
	}
	return p.stepped(w, r, p.bookings.Call(r.Context(), r.by, r.PathValue("id"), version, id))
}

// stepped leads back to the page of the form. When somebody else was quicker, or
// it is too late, it shows that page as it is now, with what happened.
func (p *pages) stepped(w http.ResponseWriter, r *request, err error) error {
	id := r.PathValue("id")
	if kind := fault.Of(err); err != nil && kind != fault.Conflict && kind != fault.Gone && kind != fault.Invalid {
		return err
	}
	a, wrong := p.asking(r)
	switch {
	case r.PostForm.Get("page") != "day" && err != nil:
		return p.renderAppointment(w, r, err)
	case r.PostForm.Get("page") != "day":
		return r.SeeOther(a.entryPath(id))
	case a.place == nil:
		return wrong
	case err != nil:
		return p.renderDay(w, r, a, err)
	}
	return r.SeeOther(a.path("/desk/day") + "#a-" + id)
}
