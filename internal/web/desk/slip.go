// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"fmt"
	"html/template"
	"net/http"
	"strings"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"

	"rsc.io/qr"
)

// slip is what somebody takes home who has no mailbox: in that person's own
// language, whatever that of the page is.
type slip struct {
	Lang  locale.Lang
	Title string
	Facts []slipFact
	Bring []slipFact // what to bring, for each service
	Way   string
	Link  string // with a secret that changes and cancels
	Help  string // what the link is for
}

// slipFact is a label with what belongs to it.
type slipFact struct {
	Label string
	Lines []string
}

// slipPage is a slip to be printed.
type slipPage struct {
	view.Layout
	Slip      slip
	QR        template.HTML
	BackURL   string
	PDFAction string
	Secret    string // goes along to the PDF, in the form and never in an address
}

// slip shows a new slip of an appointment.
func (p *pages) slip(w http.ResponseWriter, r *request) error {
	e, secret, err := p.bookings.Slip(r.Context(), r.by, r.PathValue("id"))
	if kind := fault.Of(err); err != nil && kind == fault.Conflict {
		return p.renderAppointment(w, r, err)
	}
	if err != nil {
		return err
	}
	return p.renderSlip(w, r, e, secret)
}

// renderSlip shows the slip of an appointment with a secret of it.
func (p *pages) renderSlip(w http.ResponseWriter, r *request, e *booking.Entry, secret seal.Secret) error {
	path := "/desk/appointment/" + e.ID
	page := slipPage{Layout: r.Layout("desk.slip.title"), Slip: p.slipOf(&e.View, secret), BackURL: r.Path(path),
		PDFAction: r.Path(path + "/slip.pdf"), Secret: secret.Reveal()}
	page.Languages = r.Languages(path)
	var err error
	if page.QR, err = view.QR(page.Slip.Link, r.Printer.T("qr.label")); err != nil {
		return err
	}
	return r.Render(w, http.StatusOK, p.views, "slip", page)
}

// slipPDF is the slip of a page as a file.
func (p *pages) slipPDF(w http.ResponseWriter, r *request) error {
	secret := seal.Secret(r.PostForm.Get("secret"))
	v, err := p.bookings.Open(r.Context(), r.Tenant, secret)
	if err != nil {
		return err
	}
	if v.ID != r.PathValue("id") {
		return fault.New(fault.NotFound, "error.link.text")
	}
	if err := r.by.May(staff.Book, v.Location.ID); err != nil {
		return err
	}
	s := p.slipOf(v, secret)
	doc, err := newSheet(p.site.Assets.Font(), s.Title, s.Lang, p.clock.Now())
	if err != nil {
		return err
	}
	if err := doc.slip(s); err != nil {
		return err
	}
	return doc.send(w, "termin-"+v.Reference+".pdf")
}

func (p *pages) slipOf(v *booking.View, secret seal.Secret) slip {
	say := p.site.Texts.Printer(v.Lang)
	l := v.Location
	s := slip{Lang: v.Lang, Title: say.T("desk.slip.heading", "Town", v.Tenant.Name), Way: l.Directions.In(v.Lang),
		Link: p.bookings.Links.Manage(v.TenantID, v.Lang, secret), Help: say.T("desk.slip.help")}
	var services []string
	for _, b := range v.Services {
		name := b.Service.Name.In(v.Lang)
		bring := slipFact{Label: say.T("desk.slip.bring", "Service", name)}
		for _, t := range b.Service.Bring {
			bring.Lines = append(bring.Lines, t.In(v.Lang))
		}
		if fee := b.Service.Fee.In(v.Lang); fee != "" {
			bring.Lines = append(bring.Lines, say.T("summary.fee")+" "+fee)
		}
		if len(bring.Lines) > 0 {
			s.Bring = append(s.Bring, bring)
		}
		if b.Quantity > 1 {
			name = say.T("summary.times", "N", b.Quantity) + " " + name
		}
		services = append(services, name)
	}
	s.Facts = []slipFact{
		{say.T("summary.reference"), []string{booking.GroupReference(v.Reference)}},
		{say.T("summary.when"), []string{say.Date(v.Begin()) + ", " + say.Time(v.Begin())}},
		{say.T("summary.where"), []string{l.Name.In(v.Lang), l.Street, strings.TrimSpace(l.Postcode + " " + l.City)}},
		{say.T("summary.services"), services},
	}
	if l.Phone != "" {
		s.Facts = append(s.Facts, slipFact{say.T("contact.phone"), []string{l.Phone}})
	}
	return s
}

// slip draws a slip: facts on the left, the code on the right.
func (s *sheet) slip(t slip) error {
	const code = 42.0
	s.pdf.AddPage()
	s.line(16, t.Title)
	s.pdf.Ln(3)
	top := s.pdf.GetY()
	if err := s.code(t.Link, margin+s.width()-code, top, code); err != nil {
		return err
	}
	for _, f := range t.Facts {
		s.fact(f, s.width()-code-5)
	}
	s.pdf.SetY(max(s.pdf.GetY(), top+code+2))
	for _, text := range s.fit(t.Help, s.width()) {
		s.pdf.CellFormat(0, lineHigh, text, "", 1, "L", false, 0, "")
	}
	for _, text := range s.fit(t.Link, s.width()) {
		s.pdf.CellFormat(0, lineHigh, text, "", 1, "L", false, 0, t.Link)
	}
	s.pdf.Ln(3)
	for _, f := range t.Bring {
		s.fact(f, s.width())
	}
	if t.Way != "" {
		s.fact(slipFact{Lines: []string{t.Way}}, s.width())
	}
	return s.pdf.Error()
}

func (s *sheet) fact(f slipFact, width float64) {
	if f.Label != "" {
		s.pdf.SetTextColor(80, 80, 80)
		for _, text := range s.fit(f.Label, width) {
			s.pdf.CellFormat(width, lineHigh, text, "", 1, "L", false, 0, "")
		}
		s.pdf.SetTextColor(0, 0, 0)
	}
	s.pdf.SetFontSize(textSize + 2)
	for _, line := range f.Lines {
		for _, text := range s.fit(line, width) {
			s.pdf.CellFormat(width, lineHigh+1, text, "", 1, "L", false, 0, "")
		}
	}
	s.pdf.SetFontSize(textSize)
	s.pdf.Ln(2)
}

// code draws a QR code (ISO/IEC 18004) of a size with its white border.
func (s *sheet) code(text string, x, y, size float64) error {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	const quiet = 4
	module := size / float64(c.Size+2*quiet)
	s.pdf.SetFillColor(0, 0, 0)
	for row := range c.Size {
		for col := 0; col < c.Size; col++ {
			from := col
			for col < c.Size && c.Black(col, row) {
				col++
			}
			if col > from {
				s.pdf.Rect(x+float64(from+quiet)*module, y+float64(row+quiet)*module, float64(col-from)*module, module, "F")
			}
		}
	}
	return nil
}
