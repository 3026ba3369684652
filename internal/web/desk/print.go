// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/web/view"
)

// printPage is the list on paper, for a day without the program.
type printPage struct {
	view.Layout
	dayHead
	DayURL string
	PDFURL string
}

// printDay shows a list as it should be printed. The PDF is its twin for those
// who want a file; this one can be read by a screen reader.
func (p *pages) printDay(w http.ResponseWriter, r *request) error {
	a, err := p.asking(r)
	if err != nil {
		return err
	}
	head, _, err := p.dayHead(r, a)
	if err != nil {
		return err
	}
	page := printPage{Layout: r.Layout("desk.print.title"), dayHead: head,
		DayURL: r.Path(a.path("/desk/day")), PDFURL: r.Path(a.path("/desk/day.pdf"))}
	return r.Render(w, http.StatusOK, p.views, "dayprint", page)
}

// dayPDF is the list as a file.
func (p *pages) dayPDF(w http.ResponseWriter, r *request) error {
	a, err := p.asking(r)
	if err != nil {
		return err
	}
	head, _, err := p.dayHead(r, a)
	if err != nil {
		return err
	}
	doc, err := newSheet(p.site.Assets.Font(), r.Printer.T("desk.print.title"), r.Lang(), p.clock.Now())
	if err != nil {
		return err
	}
	doc.day(head, r.Printer)
	return doc.send(w, a.place.Key+"-"+a.date.String()+".pdf")
}

// dateOf is the local day of an appointment.
func (p *pages) dateOf(e *booking.Entry) slot.Date {
	return slot.DateIn(e.Start.Unix(), e.Location.Plan.Zone)
}
