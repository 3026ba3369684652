// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
	"strconv"
	"time"

	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
)

// Paper is the report on a tenant as a document in a printer's language, for who
// may SeePrivacy.
func (j *Job) Paper(ctx context.Context, by *staff.Member, c *office.Catalogue, p *locale.Printer) (document.Document, error) {
	if err := by.May(staff.SeePrivacy, ""); err != nil {
		return document.Document{}, err
	}
	r, err := j.Report(ctx, by.TenantID)
	if err != nil {
		return document.Document{}, err
	}
	return document.Document{Title: p.T("deletion.title"), Lang: p.Lang(),
		Sections: []document.Section{state(r, c, p), due(r, p), done(r, p)}}, nil
}

func state(r *Report, c *office.Catalogue, p *locale.Printer) document.Section {
	s := document.Section{ID: "state", Title: p.T("deletion.state")}
	s.Add(p.T("deletion.text"))
	switch {
	case r.LastRun == 0:
		s.Add(p.T("deletion.none"))
	default:
		at := time.Unix(r.LastRun, 0).In(c.Tenant.Zone)
		s.Add(p.T("deletion.last", "Date", p.Date(at), "Time", p.Time(at)))
	}
	if r.Overdue() {
		s.Add(p.T("deletion.late"))
	} else {
		s.Add(p.T("deletion.in_time"))
	}
	return s
}

// due is what is to be deleted next.
func due(r *Report, p *locale.Printer) document.Section {
	t := document.Table{Caption: p.T("deletion.due")}
	for _, column := range []string{"class", "period", "due", "overdue", "held", "soon"} {
		t.Columns = append(t.Columns, p.T("deletion.column."+column))
	}
	for _, l := range r.Lines {
		t.Rows = append(t.Rows, []string{p.T("privacy.class." + l.Class), p.N("privacy.unit."+l.Unit, l.Amount),
			strconv.Itoa(l.Due), strconv.Itoa(l.Overdue), strconv.Itoa(l.Held), strconv.Itoa(l.Soon)})
	}
	s := document.Section{ID: "due", Title: p.T("deletion.due")}
	s.AddTable(t)
	return s
}

// done is what was deleted in the last days.
func done(r *Report, p *locale.Printer) document.Section {
	s := document.Section{ID: "done", Title: p.T("deletion.done")}
	if len(r.Deleted) == 0 {
		s.Add(p.T("deletion.nothing"))
		return s
	}
	t := document.Table{Caption: p.T("deletion.done"), Columns: []string{p.T("deletion.column.day"), p.T("deletion.column.class"), p.T("deletion.column.n")}}
	for _, d := range r.Deleted {
		t.Rows = append(t.Rows, []string{p.DayYear(d.Day.UTC()), p.T("privacy.class." + d.Class), strconv.Itoa(d.N)})
	}
	s.AddTable(t)
	return s
}
