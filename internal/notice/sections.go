// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"slices"
	"strings"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/document"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/session"
)

// roles are those of processors, in the order of a notice.
var roles = []string{"operator", "hosting", "sms"}

// recipients lists the tenant's processors and what the settings add.
func (w *writer) recipients() document.Section {
	s := w.section("recipients")
	if len(w.tenant.Processors) > 0 {
		s.Add(w.T("notice.recipients.text"))
	}
	for _, role := range roles {
		if list := w.processors(role); len(list) > 0 {
			s.Add(w.T("notice.recipients.of." + role))
			s.AddList(list...)
			if role == "sms" {
				s.Add(w.T("notice.recipients.sms_none"))
			}
		}
	}
	if w.Relay != "" {
		s.Add(w.T("notice.recipients.relay", "Host", w.Relay))
	}
	s.Add(w.T("notice.recipients.mail"))
	s.Add(w.T("notice.recipients.others"))
	return s
}

// processors are those of a role, with their addresses.
func (w *writer) processors(role string) []string {
	var list []string
	for _, p := range w.tenant.Processors {
		if p.Role == role {
			list = append(list, p.Name+", "+p.Address)
		}
	}
	return list
}

// visit is about those who only look.
func (w *writer) visit() document.Section {
	s := w.section("visit")
	if w.AccessLog {
		s.Add(w.T("notice.visit.text"))
		var fields []string
		for _, key := range accesslog.Fields() {
			fields = append(fields, w.T("privacy.log."+key))
		}
		s.AddList(fields...)
		s.Add(w.T("notice.visit.log", "Keep", w.after(privacy.AccessLog), "Short", w.after(privacy.AccessAddress)))
	} else {
		s.Add(w.T("notice.visit.no_log"))
	}
	s.Add(w.T("notice.visit.network"))
	w.cookie(&s)
	return s
}

// cookie prints what is set.
func (w *writer) cookie(s *document.Section) {
	c := session.Cookie
	s.Add(w.T("notice.cookie.text"))
	t := document.Table{Caption: w.T("notice.cookie.caption"), Columns: []string{w.T("notice.cookie.kind"), w.T("notice.cookie.source"),
		w.T("notice.cookie.purpose"), w.T("notice.cookie.end"), w.T("notice.cookie.refusal")}}
	t.Rows = [][]string{{w.T("notice.cookie.is.kind", "Name", c.Name(w.secure)), w.T("notice.cookie.is.source"), w.T("notice.cookie.is.purpose"),
		w.T("notice.cookie.is.end") + " " + w.N("notice.cookie.is.server", int(c.Server.Hours())), w.T("notice.cookie.is.refusal")}}
	s.AddTable(t)
	s.Add(w.T("notice.cookie.attributes", "List", strings.Join(c.Attributes(w.secure), ", ")))
}

// use is about those who book or have an account.
func (w *writer) use() document.Section {
	s := w.section("use")
	s.Add(w.T("notice.use.required"))
	s.AddList(w.T("field.label.first-name"), w.T("field.label.last-name"), w.T("field.label.email"), w.T("notice.use.phone"))
	for _, key := range []string{"voluntary", "without", "account", "only", "booking", "database", "count", "login", "office_mail"} {
		s.Add(w.T("notice.use." + key))
	}
	if slices.ContainsFunc(w.cat.Locations, func(l office.Location) bool { return !l.Retired && l.DayListAt != office.NoDayList }) {
		s.Add(w.T("notice.use.day_list"))
	}
	s.Add(w.T("notice.use.mails"))
	s.Add(w.T("notice.use.feedback"))
	return s
}

// retention lists the periods.
func (w *writer) retention() document.Section {
	s := w.section("retention")
	s.Add(w.T("notice.retention.text"))
	t := document.Table{Caption: w.T("notice.retention.caption"),
		Columns: []string{w.T("notice.retention.what"), w.T("notice.retention.period"), w.T("notice.retention.since")}}
	for _, c := range w.kept() {
		t.Rows = append(t.Rows, []string{w.class(c), w.period(c), w.since(c)})
	}
	s.AddTable(t)
	if shorter := w.shorter(); len(shorter) > 0 {
		s.Add(w.T("notice.retention.shorter"))
		s.AddList(shorter...)
	}
	s.Add(w.T("notice.retention.longer"))
	s.Add(w.T("notice.retention.mailbox"))
	return s
}

// kept are the classes of personal data that have a period in this installation.
func (w *writer) kept() []*privacy.Class {
	var list []*privacy.Class
	for _, c := range privacy.Classes {
		logged := c == privacy.AccessLog || c == privacy.AccessAddress
		if c.Unit > 0 && c.Personal && (w.AccessLog || !logged) {
			list = append(list, c)
		}
	}
	return list
}

// shorter are the services whose own period the table does not tell.
func (w *writer) shorter() []string {
	var list []string
	for i := range w.cat.Services {
		service := &w.cat.Services[i]
		bare := *service
		bare.KeepDays = 0
		if days := w.tenant.KeepDays(service); !service.Retired && days < w.tenant.KeepDays(&bare) {
			list = append(list, w.T("notice.retention.service", "Service", service.Name.In(w.Lang()), "Period", w.N("notice.period.days", days)))
		}
	}
	return list
}

// rights are those of Art. 15 to 21 and 77 GDPR.
func (w *writer) rights() document.Section {
	s := w.section("rights")
	s.Add(w.T("notice.rights.text"))
	var list []string
	for _, key := range []string{"access", "rectify", "restrict", "object", "port"} {
		list = append(list, w.T("notice.rights.of."+key))
	}
	s.AddList(list...)
	s.Add(w.T("notice.rights.how"))
	s.AddLink(w.T("notice.rights.account"), "/"+string(w.Lang())+"/account")
	s.AddLink(w.T("notice.rights.guest"), "/"+string(w.Lang())+"/rights")
	s.Add(w.T("notice.rights.withdraw"))
	s.Add(w.T("notice.rights.complain"))
	a := w.land().Supervisor
	s.AddLines(a.Name, a.Street, strings.TrimSpace(a.Postcode+" "+a.City), w.phone(a.Phone), w.email(a.Email))
	s.AddLink(w.T("notice.rights.page"), a.URL)
	return s
}

// security lists the measures that say something to everybody.
func (w *writer) security() document.Section {
	s := w.section("security")
	s.Add(w.T("notice.security.text"))
	var list []string
	for _, m := range privacy.Measures {
		if m.Told && w.holds(m.Only) {
			list = append(list, w.T("privacy.measure."+m.Key))
		}
	}
	s.AddList(list...)
	return s
}

// holds tells whether a condition is met here.
func (w *writer) holds(c privacy.Condition) bool {
	switch c {
	case privacy.OverTLS:
		return w.secure
	case privacy.MustHaveTwo:
		return w.tenant.SecondFactor
	case privacy.MayHaveTwo:
		return !w.tenant.SecondFactor
	case privacy.WithAccessLog:
		return w.AccessLog
	}
	return true
}
