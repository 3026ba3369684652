// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"net/http"

	registers "vorzimmer/internal/privacy"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// accessPage shows everything that is kept about somebody.
type accessPage struct {
	view.Layout
	Held view.Held
}

func (p *pages) access(w http.ResponseWriter, r *web.Request) error {
	doc, _, err := p.say.Rights.Access(r.Context(), asker(r), r.Lang())
	if err != nil {
		return err
	}
	path := r.Path(rightsLinkPath(secretOf(r)))
	page := accessPage{r.Layout("rights.access.title"), view.Held{Document: doc, PDFURL: path + "/access.pdf", JSONURL: path + "/access.json",
		BackURL: path + "/all"}}
	return r.Render(w, http.StatusOK, p.views, "access", page)
}

// accessPDF is the same as a file; the page is its twin for screen readers.
func (p *pages) accessPDF(w http.ResponseWriter, r *web.Request) error {
	doc, data, err := p.say.Rights.Access(r.Context(), asker(r), r.Lang())
	if err != nil {
		return err
	}
	file, err := p.say.Rights.PDF(doc, data)
	if err != nil {
		return err
	}
	return r.Attach(w, "application/pdf", r.Printer.T("rights.file")+".pdf", file)
}

// accessJSON is the same for machines.
func (p *pages) accessJSON(w http.ResponseWriter, r *web.Request) error {
	doc, data, err := p.say.Rights.Access(r.Context(), asker(r), r.Lang())
	if err != nil {
		return err
	}
	file, err := p.say.Rights.JSON(doc, data)
	if err != nil {
		return err
	}
	return r.Attach(w, "application/json", r.Printer.T("rights.file")+".json", file)
}

// exportPage offers the file with everything.
type exportPage struct {
	view.Layout
	Export view.Export
}

func (p *pages) askExport(w http.ResponseWriter, r *web.Request) error {
	if _, err := p.say.Rights.Who(r.Context(), asker(r)); err != nil {
		return err
	}
	path := r.Path(rightsLinkPath(secretOf(r)))
	page := exportPage{r.Layout("rights.export.title"), view.Export{FileURL: path + "/export.zip", SchemaURL: privacyPath + "/schema.json", BackURL: path + "/all"}}
	return r.Render(w, http.StatusOK, p.views, "export", page)
}

func (p *pages) export(w http.ResponseWriter, r *web.Request) error {
	file, err := p.say.Rights.Export(r.Context(), asker(r), r.Lang())
	if err != nil {
		return err
	}
	return r.Attach(w, "application/zip", r.Printer.T("rights.export.file"), file)
}

// schema says what an export holds.
func (p *pages) schema(w http.ResponseWriter, _ *web.Request) error {
	file, err := rights.Schema()
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/schema+json")
	_, _ = w.Write(file) // a visitor who is gone is no error
	return nil
}

// complaintPage says who takes complaints (Art. 77 GDPR).
type complaintPage struct {
	view.Layout
	Supervisor party
	Federal    party
	Churches   []party
}

func (p *pages) complaint(w http.ResponseWriter, r *web.Request) error {
	return r.Render(w, http.StatusOK, p.views, "complaint", complaintOf(r.Layout("rights.complaint.title"), r.Catalogue.Tenant.Land))
}

func complaintOf(l view.Layout, land string) complaintPage {
	one, _ := registers.LandOf(land) // the importer knows no others
	page := complaintPage{Layout: l, Supervisor: authority(one.Supervisor), Federal: authority(registers.FederalAuthority()),
		Churches: []party{authority(registers.EKDAuthority())}}
	for _, a := range registers.CatholicAuthorities(land) {
		page.Churches = append(page.Churches, authority(a))
	}
	return page
}
