// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"net/http"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/web/view"
)

// rightsPath is the list of what the owner can do with what is kept about them.
const rightsPath = "/account/rights"

func (p *pages) rightsRoutes() {
	p.own(http.MethodGet, rightsPath, p.listRights)
	p.own(http.MethodGet, "/account/access", p.access)
	p.own(http.MethodGet, "/account/access.pdf", p.accessPDF)
	p.own(http.MethodGet, "/account/access.json", p.accessJSON)
	p.own(http.MethodGet, "/account/export", p.askExport)
	p.own(http.MethodGet, "/account/export.zip", p.export)
	p.own(http.MethodGet, importPath, p.askImport)
	p.own(upload, importPath, p.readImport)
}

// rightsPage lists the rights.
type rightsPage struct {
	frame
	Open   int // records that belong to the account
	Closed int // records of which the owner sees only the appointments in the account
	Rights []view.Right
}

func (p *pages) listRights(w http.ResponseWriter, r *request) error {
	s, err := p.rights.Who(r.Context(), rights.Owner(r.visit))
	if err != nil {
		return err
	}
	page := rightsPage{frame: frameOf(r, "rights.title", rightsPath), Open: len(s.Persons), Closed: s.Closed,
		Rights: view.Rights(r.Printer, r.Path(home), r.Path("/rights/complaint"), true)}
	return r.Render(w, http.StatusOK, p.views, "rights", page)
}

// accessPage shows everything that is kept about the owner.
type accessPage struct {
	frame
	Held view.Held
}

func (p *pages) access(w http.ResponseWriter, r *request) error {
	doc, _, err := p.rights.Access(r.Context(), rights.Owner(r.visit), r.Lang())
	if err != nil {
		return err
	}
	page := accessPage{frameOf(r, "rights.access.title", "/account/access"), view.Held{Document: doc, PDFURL: r.Path("/account/access.pdf"),
		JSONURL: r.Path("/account/access.json"), BackURL: r.Path(rightsPath)}}
	return r.Render(w, http.StatusOK, p.views, "access", page)
}

// accessPDF is the same as a file; the page is its twin for screen readers.
func (p *pages) accessPDF(w http.ResponseWriter, r *request) error {
	doc, data, err := p.rights.Access(r.Context(), rights.Owner(r.visit), r.Lang())
	if err != nil {
		return err
	}
	file, err := p.rights.PDF(doc, data)
	if err != nil {
		return err
	}
	return r.Attach(w, "application/pdf", r.Printer.T("rights.file")+".pdf", file)
}

// accessJSON is the same for machines.
func (p *pages) accessJSON(w http.ResponseWriter, r *request) error {
	doc, data, err := p.rights.Access(r.Context(), rights.Owner(r.visit), r.Lang())
	if err != nil {
		return err
	}
	file, err := p.rights.JSON(doc, data)
	if err != nil {
		return err
	}
	return r.Attach(w, "application/json", r.Printer.T("rights.file")+".json", file)
}

// exportPage offers the file with everything.
type exportPage struct {
	frame
	Export view.Export
}

func (p *pages) askExport(w http.ResponseWriter, r *request) error {
	page := exportPage{frameOf(r, "rights.export.title", "/account/export"), view.Export{FileURL: r.Path("/account/export.zip"),
		SchemaURL: "/privacy/schema.json", BackURL: r.Path(rightsPath)}}
	return r.Render(w, http.StatusOK, p.views, "export", page)
}

func (p *pages) export(w http.ResponseWriter, r *request) error {
	file, err := p.rights.Export(r.Context(), rights.Owner(r.visit), r.Lang())
	if err != nil {
		return err
	}
	return r.Attach(w, "application/zip", r.Printer.T("rights.export.file"), file)
}

const importPath = "/account/import"

// importPage asks for a file.
type importPage struct {
	frame
	Action string
}

// File says what is wrong with the file; it is no text field.
func (p importPage) File() view.Input {
	return view.Input{Name: rights.FieldFile, Label: "field.label.file", Hint: "rights.import.hint", Required: true, Error: p.ErrorFor(rights.FieldFile)}
}

func (p *pages) askImport(w http.ResponseWriter, r *request) error { return p.renderImport(w, r, nil) }

func (p *pages) renderImport(w http.ResponseWriter, r *request, wrong error) error {
	page := importPage{frame: frameOf(r, "rights.import.title", importPath), Action: r.Path(importPath)}
	return p.answer(w, r, "import", &page.Layout, wrong, func() any { return page })
}

// previewPage shows what a file says, to be saved as any other data of the account.
type previewPage struct {
	frame
	Form     view.PersonForm
	Action   string
	EmailNow string
	BackURL  string
}

func (p *pages) readImport(w http.ResponseWriter, r *request) error {
	if len(r.File) == 0 {
		return p.renderImport(w, r, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete",
			Fields: []fault.Field{{Name: rights.FieldFile, Key: "field.required"}}})
	}
	d, err := rights.ReadImport(r.File)
	if err != nil {
		return p.renderImport(w, r, err)
	}
	// What is wrong with it is shown with the form, and not saved then.
	d.Email = r.mine.Data.Email
	_, fields := person.Check(d, p.clock.Now())
	page := previewPage{frame: frameOf(r, "rights.preview.title", importPath), Action: r.Path("/account/data"), EmailNow: d.Email, BackURL: r.Path(importPath)}
	if len(fields) > 0 {
		page.Errors = r.Errors(&fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields})
	}
	page.Form = formOf(d, page.Layout)
	page.Form.Open = true
	return r.Render(w, http.StatusOK, p.views, "preview", page)
}
