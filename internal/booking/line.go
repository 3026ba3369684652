// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"strings"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/paper"
	"vorzimmer/internal/person"
)

// Name is that of who comes, as lists have it; empty where nobody has said so.
func (e *Entry) Name() string {
	if e.Person == nil {
		return ""
	}
	return person.ListName(e.Person.Data.FirstName, e.Person.Data.LastName)
}

// Where is the counter that the time is booked at, or the one where somebody
// was called to.
func (e *Entry) Where(p *locale.Printer) string {
	if e.CalledAt != nil {
		return e.CalledAt.Name.In(p.Lang())
	}
	return e.Counter.Name.In(p.Lang())
}

// Marks are the keys of what is unusual about an appointment.
func (e *Entry) Marks() []string {
	var marks []string
	if e.State == Unconfirmed {
		marks = append(marks, "desk.mark.unconfirmed")
	}
	if e.Beyond() {
		marks = append(marks, "desk.mark.overbooked")
	}
	if e.Restricted() {
		marks = append(marks, "desk.mark.restricted")
	}
	if e.Unfit != "" { // which nobody says of what is over
		marks = append(marks, "desk.mark.unfit")
	}
	return marks
}

// ServiceNames is what somebody comes for in one line.
func ServiceNames(list []Booked, p *locale.Printer) string {
	names := make([]string, len(list))
	for i, s := range list {
		names[i] = s.Service.Name.In(p.Lang())
		if s.Quantity > 1 {
			names[i] = p.T("summary.times", "N", s.Quantity) + " " + names[i]
		}
	}
	return strings.Join(names, ", ")
}

// Line is an appointment on the printed list of its day.
func (e *Entry) Line(p *locale.Printer) paper.Row {
	state := p.T("desk.state." + string(e.State))
	for _, m := range e.Marks() {
		state += ", " + p.T(m)
	}
	return paper.Row{Time: p.Clock(e.Begin()), Reference: GroupReference(e.Reference), Name: e.Name(),
		Services: ServiceNames(e.Services, p), Counter: e.Where(p), State: state}
}
