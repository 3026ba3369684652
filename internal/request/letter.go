// SPDX-License-Identifier: EUPL-1.2

package request

import (
	"context"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Answer is a request with the letter about it.
type Answer struct {
	*Request
	Letter document.Document
}

// Answer writes the letter about a request as it is now: that it was received, that
// it takes longer and why, what was done, or why not (Art. 12(3) and (4) GDPR). The
// right is HandleRequests, and it is recorded that somebody has made it. It answers
// NotFound.
func (q *Requests) Answer(ctx context.Context, by *staff.Member, id string, l locale.Lang) (*Answer, error) {
	r, err := q.look(ctx, by, id, true)
	if err != nil {
		return nil, err
	}
	var cat *office.Catalogue
	err = q.DB.Read(ctx, func(tx *db.Tx) error {
		cat, err = q.Offices.Catalogue(ctx, tx, by.TenantID)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &Answer{r, letter(q.Texts.Printer(l), &cat.Tenant, r, slot.DateIn(q.DB.Now().Unix(), cat.Tenant.Zone))}, nil
}

// stage is how far a request is, for the texts of its letter.
func (r *Request) stage() string {
	if r.State == Open && r.Extended != "" {
		return "extended"
	}
	return string(r.State)
}

func letter(p *locale.Printer, t *office.Tenant, r *Request, today slot.Date) document.Document {
	date := func(d slot.Date) string { return p.Date(d.UTC()) }
	from := document.Section{ID: "from", Title: p.T("request.letter.from")}
	c := t.Controller
	from.AddLines(c.Name, c.Street, strings.TrimSpace(c.Postcode+" "+c.City), c.Phone, c.Email)
	to := document.Section{ID: "to", Title: p.T("request.letter.to")}
	to.AddLines(strings.Split(r.From, "\n")...)
	to.Add(date(today))

	asked := document.Section{ID: "asked", Title: p.T("request.letter.asked")}
	asked.Add(p.T("request.letter.asked_text", "Date", date(r.Received), "Channel", p.T("request.channel."+string(r.Channel)),
		"Kind", p.T("request.kind."+string(r.Kind))))
	asked.AddList(strings.Split(r.Note, "\n")...)
	if r.LastName != "" {
		asked.Add(p.T("request.letter.name", "Name", strings.TrimSpace(r.FirstName+" "+r.LastName)))
	}

	done := document.Section{ID: "done", Title: p.T("request.letter.title." + r.stage())}
	when := r.Due
	if r.Closed != 0 {
		when = slot.DateIn(r.Closed, t.Zone)
	}
	done.Add(p.T("request.letter.text."+r.stage(), "Date", date(when)))
	reason := r.Outcome
	if r.stage() == "extended" {
		reason = r.Extended
	}
	for line := range strings.Lines(reason) {
		done.Add(strings.TrimSpace(line))
	}
	return document.Document{Title: p.T("request.letter.title", "Kind", p.T("request.kind."+string(r.Kind))), Lang: p.Lang(),
		Sections: []document.Section{from, to, asked, done, complaint(p, t)}}
}

// complaint says who else can be asked (Art. 12(4), 77 and 79 GDPR).
func complaint(p *locale.Printer, t *office.Tenant) document.Section {
	s := document.Section{ID: "complaint", Title: p.T("request.letter.complaint")}
	s.Add(p.T("request.letter.complaint_text"))
	if land, ok := privacy.LandOf(t.Land); ok {
		a := land.Supervisor
		s.AddLines(a.Name, a.Street, strings.TrimSpace(a.Postcode+" "+a.City), a.Phone, a.Email, a.URL)
	}
	s.Add(p.T("request.letter.court"))
	return s
}
