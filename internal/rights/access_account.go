// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"strconv"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/document"
)

// account tells of it, if it is one that asks.
func (w *writer) account() []document.Section {
	a := w.Account
	if a == nil {
		return nil
	}
	s := w.section("account")
	s.AddList(append(w.contact(a.Contact), w.facts("lang", w.T("rights.lang."+a.Lang), "created", w.when(a.Created), "used", w.when(a.Used),
		"announced", w.when(a.Announced), "ends_on", w.day(a.EndsOn))...)...)
	var numbers []string
	for _, r := range a.Appointments {
		numbers = append(numbers, booking.GroupReference(r))
	}
	means := w.facts("password", w.yes(a.Login.Password), "code", w.yes(a.Login.Code), "recovery", strconv.Itoa(a.Login.Recovery))
	for _, k := range a.Login.Passkeys {
		means = append(means, w.facts("passkey", strings.Join(filled(k.Name, w.when(k.Created), w.when(k.Used)), ", "))...)
	}
	means = append(means, w.facts("password_link", w.times(a.Login.Links), "appointments", strings.Join(numbers, ", "))...)
	s.AddList(means...)
	s.Add(w.T("rights.access.means"))
	return []document.Section{s}
}

func filled(list ...string) []string {
	var out []string
	for _, s := range list {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

func (w *writer) times(list []time.Time) string {
	var out []string
	for _, t := range list {
		out = append(out, w.when(t))
	}
	return strings.Join(out, "; ")
}

func (w *writer) logins() []document.Section {
	if w.Account == nil {
		return nil
	}
	s := w.section("logins")
	t := document.Table{Caption: w.T("rights.access.logins"), Columns: []string{w.T("rights.fact.when"), w.T("rights.fact.method"), w.T("rights.fact.result"),
		w.T("rights.fact.address"), w.T("rights.fact.delete_on")}}
	for _, l := range w.Account.Logins {
		var steps []string
		for step := range strings.SplitSeq(l.Method, ", ") {
			steps = append(steps, w.T("account.method."+step))
		}
		result := w.T("rights.login.failed")
		if l.OK {
			result = w.T("rights.login.ok")
		}
		address := l.Address
		if address == "" {
			address = w.T("rights.login.gone")
		}
		t.Rows = append(t.Rows, []string{w.when(l.At), strings.Join(steps, ", "), result, address, w.day(l.DeleteOn)})
	}
	s.AddTable(t)
	return []document.Section{s}
}

func (w *writer) sessions() []document.Section {
	if w.Account == nil {
		return nil
	}
	s := w.section("sessions")
	t := document.Table{Caption: w.T("rights.access.sessions"), Columns: []string{w.T("rights.fact.since"), w.T("rights.fact.seen"), w.T("rights.fact.delete_on")}}
	for _, one := range w.Account.Sessions {
		t.Rows = append(t.Rows, []string{w.when(one.Created), w.when(one.Seen), w.when(one.DeleteOn)})
	}
	s.AddTable(t)
	return []document.Section{s}
}

func (w *writer) consents() []document.Section {
	if w.Account == nil {
		return nil
	}
	s := w.section("consents")
	if len(w.Account.Consents) == 0 {
		s.Add(w.T("rights.none"))
		return []document.Section{s}
	}
	t := document.Table{Caption: w.T("rights.access.consents"), Columns: []string{w.T("rights.fact.words"), w.T("rights.fact.given"),
		w.T("rights.fact.withdrawn"), w.T("rights.fact.delete_on")}}
	for _, c := range w.Account.Consents {
		t.Rows = append(t.Rows, []string{c.Words, w.when(c.Given), w.when(c.Withdrawn), w.day(c.DeleteOn)})
	}
	s.AddTable(t)
	return []document.Section{s}
}

// pending tells of links that wait; what they would change opens with them alone.
func (w *writer) pending() []document.Section {
	if w.Account == nil {
		return nil
	}
	s := w.section("pending")
	if len(w.Account.Pending) == 0 {
		s.Add(w.T("rights.none"))
	} else {
		s.Add(w.T("rights.access.pending", "Until", w.times(w.Account.Pending)))
	}
	return []document.Section{s}
}
