// SPDX-License-Identifier: EUPL-1.2

// Package notice puts the registers into words: the privacy notice of a town with
// its versions, the record of processing activities (Art. 30 GDPR) and the
// technical measures (Art. 32 GDPR).
//
// It says what the registers and the settings say and nothing of its own: periods,
// recipients, the cookie and the fields of the access log are printed from the
// values that the program works with. It knows no pages and no files.
package notice

import (
	"cmp"

	"vorzimmer/internal/db"
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
)

// Options is what the installation decides, beside the tenant.
type Options struct {
	DB    *db.DB
	Texts *locale.Catalogue
	// Relay is the host that sends mails, where it is another machine; else empty.
	Relay string
	// AccessLog tells whether one is kept.
	AccessLog bool
	// Secure tells whether a tenant's pages are reached by https.
	Secure func(tenantID string) bool
}

// Notice is the privacy notice of a tenant in every language.
func (s *Store) Notice(c *office.Catalogue) map[locale.Lang]document.Document {
	all := map[locale.Lang]document.Document{}
	for _, l := range locale.Langs {
		all[l] = s.writer(c, l).notice()
	}
	return all
}

// writer writes about one tenant in one language.
type writer struct {
	*locale.Printer
	Options
	cat    *office.Catalogue
	tenant *office.Tenant
	secure bool
}

func (s *Store) writer(c *office.Catalogue, l locale.Lang) *writer {
	return &writer{Printer: s.Texts.Printer(l), Options: s.Options, cat: c, tenant: &c.Tenant, secure: s.Secure(c.Tenant.ID)}
}

// notice has the eight sections in the order in which people know them.
func (w *writer) notice() document.Document {
	return document.Document{Title: w.T("notice.title"), Lang: w.Lang(), Sections: []document.Section{
		w.controller(), w.purposes(), w.recipients(), w.visit(), w.use(), w.retention(), w.rights(), w.security()}}
}

func (w *writer) section(id string) document.Section {
	return document.Section{ID: id, Title: w.T("notice.section." + id)}
}

// controller says who answers for the data and how to reach the officer.
func (w *writer) controller() document.Section {
	s := w.section("controller")
	s.Add(w.T("notice.controller.scope", "Town", w.tenant.Name))
	s.Add(w.T("notice.controller.who"))
	s.AddLines(w.address()...)
	if lines := w.officer(); len(lines) > 0 {
		s.Add(w.T("notice.controller.officer"))
		s.AddLines(lines...)
	} else {
		s.Add(w.T("notice.controller.officer_same"))
	}
	return s
}

func (w *writer) address() []string {
	c := w.tenant.Controller
	return []string{c.Name, c.Street, c.Postcode + " " + c.City, w.phone(c.Phone), w.email(c.Email)}
}

// officer is how the data protection officer is reached; none: at the controller's.
func (w *writer) officer() []string {
	o := w.tenant.Statements.Officer
	if o == (office.Officer{}) {
		return nil
	}
	return []string{o.Name, w.phone(o.Phone), w.email(cmp.Or(o.Email, w.tenant.Controller.Email))}
}

func (w *writer) phone(number string) string {
	if number == "" {
		return ""
	}
	return w.T("notice.controller.phone", "Phone", number)
}

func (w *writer) email(address string) string {
	if address == "" {
		return ""
	}
	return w.T("notice.controller.email", "Email", address)
}

// bases are the keys of legal bases in the order of a notice.
var bases = []string{privacy.BasisUse, privacy.BasisAnalysis, privacy.BasisConsent, privacy.BasisDuty, privacy.BasisStaff}

// purposes says what data are for, and what allows it.
func (w *writer) purposes() document.Section {
	s := w.section("purposes")
	s.Add(w.T("notice.purposes.text"))
	s.Add(w.T("notice.purposes.analysis"))
	allowed := document.Table{Caption: w.T("notice.purposes.caption"), Columns: []string{w.T("notice.purposes.purpose"), w.T("notice.purposes.basis")}}
	done := document.Table{Caption: w.T("notice.purposes.activities"), Columns: []string{w.T("notice.purposes.activity"), w.T("notice.purposes.why")}}
	used := map[string]bool{}
	for _, a := range w.activities() {
		used[a.Basis] = true
		done.Rows = append(done.Rows, []string{w.T("privacy.activity." + a.Key), w.T("privacy.purpose." + a.Key)})
	}
	for _, key := range bases {
		if used[key] {
			allowed.Rows = append(allowed.Rows, []string{w.T("notice.purposes.of." + key), w.basis(key)})
		}
	}
	s.AddTable(allowed)
	s.AddTable(done)
	return s
}

// activities are those that there are in this installation.
func (w *writer) activities() []privacy.Activity {
	var list []privacy.Activity
	for _, a := range privacy.Activities {
		if w.AccessLog || !a.Logged {
			list = append(list, a)
		}
	}
	return list
}

// basis is a legal basis in the tenant's words, or that of public bodies by the law
// of the Land.
func (w *writer) basis(key string) string {
	switch key {
	case privacy.BasisConsent:
		return w.T("notice.basis.consent")
	case privacy.BasisDuty:
		return w.T("notice.basis.duty")
	}
	if t := w.tenant.Statements.LegalBases[key]; len(t) > 0 {
		return t.In(w.Lang())
	}
	return w.T("notice.basis.public", "Section", w.land().Basis.Section)
}

// land is that of the tenant, which a tenant's file cannot leave out or invent.
func (w *writer) land() privacy.Land {
	l, _ := privacy.LandOf(w.tenant.Land)
	return l
}

// period is how long something is kept: "7 Tage".
func (w *writer) period(c *privacy.Class) string {
	return w.N("notice.period."+c.UnitName(), w.tenant.Retention.Amount(c))
}

// after is period behind "nach": "7 Tagen".
func (w *writer) after(c *privacy.Class) string {
	return w.N("notice.after."+c.UnitName(), w.tenant.Retention.Amount(c))
}

// since is from when it counts.
func (w *writer) since(c *privacy.Class) string {
	return w.T("privacy.since."+c.Key, "Days", privacy.NoticeDays)
}

func (w *writer) class(c *privacy.Class) string { return w.T("privacy.class." + c.Key) }
