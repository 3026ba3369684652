// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"slices"
	"strings"

	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/staff"
)

// Record is the record of processing activities (Art. 30(1) GDPR). Forbidden
// "staff.forbidden" for members without the right staff.SeePrivacy.
func (s *Store) Record(by *staff.Member, c *office.Catalogue, l locale.Lang) (document.Document, error) {
	if err := by.May(staff.SeePrivacy, ""); err != nil {
		return document.Document{}, err
	}
	w := s.writer(c, l)
	d := document.Document{Title: w.T("record.title"), Lang: l, Sections: []document.Section{w.recordHead()}}
	for i, a := range w.activities() {
		d.Sections = append(d.Sections, w.activity(i+1, a))
	}
	d.Sections = append(d.Sections, w.recordRecipients(), w.recordClasses())
	return d, nil
}

// Measures are the technical measures (Art. 32 GDPR), by groups. It answers like
// Record.
func (s *Store) Measures(by *staff.Member, c *office.Catalogue, l locale.Lang) (document.Document, error) {
	if err := by.May(staff.SeePrivacy, ""); err != nil {
		return document.Document{}, err
	}
	w := s.writer(c, l)
	d := document.Document{Title: w.T("measures.title"), Lang: l}
	for i, group := range privacy.MeasureGroups {
		section := document.Section{ID: group, Title: w.T("privacy.measures." + group)}
		if i == 0 {
			section.Add(w.T("measures.text"))
		}
		var list []string
		for _, m := range privacy.Measures {
			if m.Group == group && w.holds(m.Only) {
				list = append(list, w.T("privacy.measure."+m.Key))
			}
		}
		section.AddList(list...)
		d.Sections = append(d.Sections, section)
	}
	return d, nil
}

func (w *writer) recordHead() document.Section {
	s := document.Section{ID: "controller", Title: w.T("record.section.controller")}
	s.Add(w.T("record.text"))
	s.AddLines(w.address()...)
	if lines := w.officer(); len(lines) > 0 {
		s.Add(w.T("notice.controller.officer"))
		s.AddLines(lines...)
	} else {
		s.Add(w.T("notice.controller.officer_same"))
	}
	return s
}

// activity is a line of the record, as a table for those who fill in forms with it.
func (w *writer) activity(n int, a privacy.Activity) document.Section {
	name := w.T("privacy.activity." + a.Key)
	s := document.Section{ID: "activity-" + strings.ReplaceAll(a.Key, "_", "-"), Title: w.T("record.section.activity", "N", n, "Name", name)}
	t := document.Table{Caption: w.T("record.caption", "Name", name), Columns: []string{w.T("record.item"), w.T("record.content")}}
	for _, row := range []struct{ key, text string }{
		{"purpose", w.T("privacy.purpose." + a.Key)},
		{"basis", w.basis(a.Basis)},
		{"concerned", w.all("privacy.concerned.", a.Concerned)},
		{"data", w.all("privacy.data.", a.Data)},
		{"recipients", w.recordRecipientsOf(a)},
		{"transfer", w.T("record.transfer.none")},
		{"periods", w.periods(a)},
		{"measures", w.T("record.measures")},
	} {
		t.Rows = append(t.Rows, []string{w.T("record.row." + row.key), row.text})
	}
	s.AddTable(t)
	return s
}

// all puts the texts of keys into one line.
func (w *writer) all(prefix string, keys []string) string {
	var list []string
	for _, key := range keys {
		list = append(list, w.T(prefix+key))
	}
	return strings.Join(list, "; ")
}

// recordRecipientsOf leaves out the processors that the tenant does not have, and
// the mail server where it is this machine.
func (w *writer) recordRecipientsOf(a privacy.Activity) string {
	var list []string
	for _, r := range a.Recipients {
		text := w.T("privacy.recipient." + r)
		switch {
		case r == privacy.Relay && w.Relay == "":
			continue
		case r == privacy.Relay:
			text += " (" + w.Relay + ")"
		case slices.Contains(roles, r):
			names := w.names(r)
			if len(names) == 0 {
				continue
			}
			text += " (" + strings.Join(names, ", ") + ")"
		}
		list = append(list, text)
	}
	return strings.Join(list, "; ")
}

func (w *writer) names(role string) []string {
	var list []string
	for _, p := range w.tenant.Processors {
		if p.Role == role {
			list = append(list, p.Name)
		}
	}
	return list
}

func (w *writer) periods(a privacy.Activity) string {
	if len(a.Classes) == 0 {
		return w.T("record.periods.none")
	}
	var list []string
	for _, c := range a.Classes {
		list = append(list, w.T("record.period", "Class", w.class(c), "Period", w.period(c), "Since", w.since(c)))
	}
	return strings.Join(list, "; ")
}

func (w *writer) recordRecipients() document.Section {
	s := document.Section{ID: "recipients", Title: w.T("record.section.recipients")}
	t := document.Table{Caption: w.T("record.recipients.caption"), Columns: []string{w.T("record.recipients.role"), w.T("record.recipients.name")}}
	for _, role := range roles {
		for _, p := range w.processors(role) {
			t.Rows = append(t.Rows, []string{w.T("record.role." + role), p})
		}
	}
	if w.Relay != "" {
		t.Rows = append(t.Rows, []string{w.T("record.role.relay"), w.Relay})
	}
	if len(t.Rows) == 0 {
		s.Add(w.T("record.recipients.none"))
	} else {
		s.AddTable(t)
	}
	return s
}

// recordClasses says of each class where its data stand.
func (w *writer) recordClasses() document.Section {
	s := document.Section{ID: "classes", Title: w.T("record.section.classes")}
	t := document.Table{Caption: w.T("record.classes.caption"), Columns: []string{w.T("notice.retention.what"), w.T("notice.retention.period"),
		w.T("notice.retention.since"), w.T("record.classes.tables")}}
	for _, c := range privacy.Classes {
		period := "–"
		if c.Unit > 0 {
			period = w.period(c)
		}
		t.Rows = append(t.Rows, []string{w.class(c), period, w.since(c), w.tables(c)})
	}
	s.AddTable(t)
	return s
}

// tables are those with columns of a class. Data of sensitive appointments and of
// reservations stand where those of others do.
func (w *writer) tables(c *privacy.Class) string {
	if c == privacy.Sensitive || c == privacy.Hold {
		c = privacy.Appointment
	}
	var list []string
	for _, t := range privacy.Tables {
		if slices.Contains(t.Classes(), c) {
			list = append(list, t.Name)
		}
	}
	if len(list) == 0 {
		return w.T("record.classes.files")
	}
	return strings.Join(list, ", ")
}
