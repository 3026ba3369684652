// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strconv"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/paper"
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
	head, err := p.dayHead(r, a)
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
	entries, err := p.bookings.Day(r.Context(), r.by, a.place.ID, a.date)
	if err != nil {
		return err
	}
	list := paper.Day{Place: a.place.Name.In(r.Lang()), Date: a.date.UTC(), AsOf: p.now(a.place), Rows: make([]paper.Row, len(entries))}
	for i := range entries {
		list.Rows[i] = entries[i].Line(r.Printer)
	}
	file, err := paper.DrawDay(p.site.Assets.Font(), r.Printer, list)
	if err != nil {
		return err
	}
	sendPDF(w, a.place.Key+"-"+a.date.String()+".pdf", file)
	return nil
}

// sendPDF answers with a file.
func sendPDF(w http.ResponseWriter, name string, file []byte) {
	h := w.Header()
	h.Set("Content-Type", "application/pdf")
	h.Set("Content-Disposition", `inline; filename="`+name+`"`)
	h.Set("Content-Length", strconv.Itoa(len(file)))
	_, _ = w.Write(file) // a reader who is gone is no error
}

// dateOf is the local day of an appointment.
func (p *pages) dateOf(e *booking.Entry) slot.Date {
	return slot.DateIn(e.Start.Unix(), e.Location.Plan.Zone)
}
