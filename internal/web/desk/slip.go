// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"html/template"
	"net/http"
	"strings"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/paper"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/web/view"
)

// slipPage is a slip to be printed.
type slipPage struct {
	view.Layout
	Slip      paper.Slip
	QR        template.HTML
	BackURL   string
	PDFAction string
	Secret    string // goes along to the PDF, in the form and never in an address
}

// slip shows a new slip of an appointment.
func (p *pages) slip(w http.ResponseWriter, r *request) error {
	e, secret, err := p.bookings.Slip(r.Context(), r.by, r.PathValue("id"))
	if fault.Is(err, fault.Conflict) {
		return p.renderAppointment(w, r, err)
	}
	if err != nil {
		return err
	}
	return p.renderSlip(w, r, e, secret)
}

// renderSlip shows the slip of an appointment with a secret of it.
func (p *pages) renderSlip(w http.ResponseWriter, r *request, e *booking.Entry, secret seal.Secret) error {
	path := appointmentPath(e.ID)
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
	e, err := p.bookings.SlipAgain(r.Context(), r.by, r.PathValue("id"), secret)
	if fault.Is(err, fault.Conflict) {
		return p.renderAppointment(w, r, err)
	}
	if err != nil {
		return err
	}
	s := p.slipOf(&e.View, secret)
	file, err := paper.DrawSlip(p.site.Assets.Font(), s, p.clock.Now())
	if err != nil {
		return err
	}
	sendPDF(w, "termin-"+e.Reference+".pdf", file)
	return nil
}

func (p *pages) slipOf(v *booking.View, secret seal.Secret) paper.Slip {
	say := p.site.Texts.Printer(v.Lang)
	l := v.Location
	s := paper.Slip{Lang: v.Lang, Title: say.T("desk.slip.heading", "Town", v.Tenant.Name), Way: l.Directions.In(v.Lang),
		Link: p.bookings.Links.Manage(v.TenantID, v.Lang, secret), Help: say.T("desk.slip.help")}
	var services []string
	for _, b := range v.Services {
		name := b.Service.Name.In(v.Lang)
		bring := paper.Fact{Label: say.T("desk.slip.bring", "Service", name)}
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
	add := func(label string, lines ...string) { s.Facts = append(s.Facts, paper.Fact{Label: label, Lines: lines}) }
	add(say.T("summary.reference"), booking.GroupReference(v.Reference))
	add(say.T("summary.when"), say.Date(v.Begin())+", "+say.Time(v.Begin()))
	add(say.T("summary.where"), l.Name.In(v.Lang), l.Street, strings.TrimSpace(l.Postcode+" "+l.City))
	add(say.T("summary.services"), services...)
	if l.Phone != "" {
		add(say.T("contact.phone"), l.Phone)
	}
	return s
}
