// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"fmt"
	"strconv"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/document"
)

// records tells of each record and its appointments.
func (w *writer) records() []document.Section {
	if len(w.Records) == 0 {
		s := w.section("record")
		s.Add(w.T("rights.access.no_record"))
		return []document.Section{s}
	}
	var list []document.Section
	for i := range w.Records {
		list = append(list, w.record(i))
		for j := range w.Records[i].Appointments {
			list = append(list, w.appointment(&w.Records[i].Appointments[j]))
		}
	}
	return list
}

func (w *writer) contact(c Contact) []string {
	one := ""
	if c.OneName {
		one = w.yes(true)
	}
	return w.facts("first_name", c.FirstName, "last_name", c.LastName, "one_name", one, "email", c.Email, "phone", c.Phone,
		"street", c.Street, "postcode", c.Postcode, "city", c.City, "birth_date", w.birth(c.BirthDate), "note", c.Note)
}

func (w *writer) birth(s string) string {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return s
	}
	return w.DayYear(t)
}

func (w *writer) record(i int) document.Section {
	r := &w.Records[i]
	s := w.section("record")
	if len(w.Records) > 1 {
		s.ID = fmt.Sprintf("record-%d", i+1)
		s.Title = w.T("rights.section.record_n", "N", i+1)
	}
	s.AddList(append(w.contact(r.Contact), w.facts("created", w.when(r.Created), "verified", w.when(r.Verified), "restricted", w.when(r.Restricted),
		"delete_on", w.day(lastDay(r.Appointments)))...)...)
	for _, h := range r.Holds {
		s.Add(w.T("rights.access.hold", "From", w.day(h.Created), "Until", w.when(h.Until), "Reason", h.Reason))
	}
	if len(r.Notes) > 0 {
		t := document.Table{Caption: w.T("rights.access.notes"), Columns: []string{w.T("rights.fact.when"), w.T("rights.fact.text")}}
		for _, n := range r.Notes {
			t.Rows = append(t.Rows, []string{w.when(n.Created), n.Text})
		}
		s.AddTable(t)
	}
	for _, m := range r.Merged {
		s.Add(w.T("rights.access.merged", "Date", w.when(m.At), "Until", w.when(m.Until)))
		s.AddList(w.contact(m.Contact)...)
	}
	return s
}

// lastDay is when the last of some appointments is deleted, and the record with it.
func lastDay(list []Appointment) time.Time {
	var last time.Time
	for i := range list {
		if list[i].DeleteOn.After(last) {
			last = list[i].DeleteOn
		}
	}
	return last
}

func (w *writer) appointment(a *Appointment) document.Section {
	s := document.Section{ID: "appointment-" + a.Reference,
		Title: w.T("rights.section.appointment", "Reference", booking.GroupReference(a.Reference), "Date", w.Date(a.Start))}
	until, reminded, in := "", "", ""
	if a.State == string(booking.Held) || a.State == string(booking.Unconfirmed) {
		until = w.when(a.Until)
	}
	if !a.RemindedFor.IsZero() {
		reminded = w.when(a.RemindedFor)
	}
	if a.InAccount {
		in = w.yes(true)
	}
	list := w.facts("state", w.T("rights.state."+a.State), "start", w.when(a.Start), "end", w.when(a.End), "location", a.Location+", "+a.Address,
		"counter", a.Counter)
	for _, service := range a.Services {
		list = append(list, w.facts("service", fmt.Sprintf("%d × %s (%s)", service.Quantity, service.Name, w.Minutes(service.Minutes)))...)
	}
	list = append(list, w.facts("lang", w.T("rights.lang."+a.Lang), "origin", w.T("rights.origin."+a.Origin), "created", w.when(a.Created),
		"changed", w.when(a.Changed), "moved", number(a.Moved), "extended", number(a.Extended), "until", until, "arrived", w.when(a.Arrived),
		"called", w.when(a.Called), "called_to", a.CalledTo, "finished", w.when(a.Finished), "overbooked", a.Overbooked,
		"reminded", reminded, "in_account", in)...)
	for _, l := range a.Links {
		list = append(list, w.facts("link", w.T("rights.channel."+l.Channel)+", "+w.when(l.Created))...)
	}
	s.AddList(append(list, w.facts("delete_on", w.day(a.DeleteOn))...)...)
	return s
}

// number is empty for 0, which says nothing.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

// mails lists those about the appointments.
func (w *writer) mails() []document.Section {
	s := w.section("mails")
	t := document.Table{Caption: w.T("rights.access.mails"), Columns: []string{w.T("rights.fact.when"), w.T("rights.fact.what"), w.T("rights.fact.to"),
		w.T("rights.fact.state"), w.T("rights.fact.appointment"), w.T("rights.fact.delete_on")}}
	for i := range w.Records {
		for j := range w.Records[i].Appointments {
			a := &w.Records[i].Appointments[j]
			for _, m := range a.Mails {
				state := w.T("rights.mail_state." + m.State)
				if !m.Sent.IsZero() {
					state += ", " + w.when(m.Sent)
				}
				t.Rows = append(t.Rows, []string{w.when(m.Created), w.T("rights.mail." + m.Kind), w.T("rights.to." + m.To), state,
					booking.GroupReference(a.Reference), w.day(m.DeleteOn)})
			}
		}
	}
	s.Add(w.T("rights.access.mails_text"))
	if len(t.Rows) > 0 {
		s.AddTable(t)
	} else {
		s.Add(w.T("rights.none"))
	}
	return []document.Section{s}
}

// audit lists who looked and who changed something: role and time, not the name.
func (w *writer) audit() []document.Section {
	s := w.section("audit")
	s.Add(w.T("rights.access.audit_text"))
	var all []Entry
	for i := range w.Records {
		all = append(all, w.Records[i].Audit...)
	}
	if w.Account != nil {
		all = append(all, w.Account.Audit...)
	}
	if len(all) == 0 {
		s.Add(w.T("rights.none"))
		return []document.Section{s}
	}
	t := document.Table{Caption: w.T("rights.access.audit"), Columns: []string{w.T("rights.fact.when"), w.T("rights.fact.who"), w.T("rights.fact.what"),
		w.T("rights.fact.appointment"), w.T("rights.fact.delete_on")}}
	for _, e := range all {
		who := w.T("rights.who." + e.Who)
		if e.Role != "" {
			who = w.T("rights.who.role", "Role", w.T("desk.role."+e.Role))
		}
		t.Rows = append(t.Rows, []string{w.when(e.At), who, w.T("audit." + e.Action), booking.GroupReference(e.Reference), w.day(e.DeleteOn)})
	}
	s.AddTable(t)
	return []document.Section{s}
}
