// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"vorzimmer/internal/document"
	"vorzimmer/internal/paper"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// privacyPath is what a data protection officer asks for. Nobody's data are there,
// so nothing of it is recorded.
const privacyPath = "/desk/privacy"

// privacyPage leads to the documents.
type privacyPage struct {
	view.Layout
	Papers      []paperLinks
	Version     int
	Since       string // date, translated
	NoticeURL   string
	VersionsURL string
}

// paperLinks is a document in its three forms.
type paperLinks struct {
	Name                     string // also the id of its heading
	Title, Text              string // translated
	PageURL, PDFURL, JSONURL string
}

// paperPage is such a document.
type paperPage struct {
	view.Layout
	Document document.Document
	AsOf     string // date, translated
	PDFURL   string
	JSONURL  string
	BackURL  string
}

// paperwork is how a document comes into being.
type paperwork struct {
	name string // in addresses and names of files; its texts are of the key name + ".title" and "desk.privacy." + name
	make func(*request) (document.Document, error)
}

// path comes without the language.
func (d paperwork) path() string { return privacyPath + "/" + d.name }

func (p *pages) papers() []paperwork {
	return []paperwork{
		{"record", func(r *request) (document.Document, error) { return p.notices.Record(r.by, r.Catalogue, r.Lang()) }},
		{"measures", func(r *request) (document.Document, error) { return p.notices.Measures(r.by, r.Catalogue, r.Lang()) }},
		{"deletion", func(r *request) (document.Document, error) {
			return p.deletion.Paper(r.Context(), r.by, r.Catalogue, r.Printer)
		}},
	}
}

func (p *pages) privacyRoutes() {
	p.get(privacyPath, staff.SeePrivacy, p.privacy)
	for _, d := range p.papers() {
		p.get(d.path(), staff.SeePrivacy, p.paper(d))
		p.get(d.path()+".pdf", staff.SeePrivacy, p.paperPDF(d))
		p.get(d.path()+".json", staff.SeePrivacy, paperJSON(d))
	}
}

func (p *pages) privacy(w http.ResponseWriter, r *request) error {
	v, err := p.notices.Current(r.Context(), r.Catalogue)
	if err != nil {
		return err
	}
	page := privacyPage{Layout: r.Layout("desk.privacy.title"), Version: v.Number, Since: r.Printer.Date(inZone(r, time.Unix(v.Created, 0))),
		NoticeURL: r.Path("/privacy"), VersionsURL: r.Path("/privacy/versions")}
	for _, d := range p.papers() {
		page.Papers = append(page.Papers, paperLinks{Name: d.name, Title: r.Printer.T(d.name + ".title"), Text: r.Printer.T("desk.privacy." + d.name),
			PageURL: r.Path(d.path()), PDFURL: r.Path(d.path() + ".pdf"), JSONURL: r.Path(d.path() + ".json")})
	}
	return r.Render(w, http.StatusOK, p.views, "privacy", page)
}

func (p *pages) paper(d paperwork) handler {
	return func(w http.ResponseWriter, r *request) error {
		doc, err := d.make(r)
		if err != nil {
			return err
		}
		page := paperPage{Layout: r.Layout(d.name + ".title"), Document: doc, AsOf: p.asOf(r), PDFURL: r.Path(d.path() + ".pdf"),
			JSONURL: r.Path(d.path() + ".json"), BackURL: r.Path(privacyPath)}
		return r.Render(w, http.StatusOK, p.views, "paper", page)
	}
}

// paperPDF is the same as a file; the page is its twin for screen readers.
func (p *pages) paperPDF(d paperwork) handler {
	return func(w http.ResponseWriter, r *request) error {
		doc, err := d.make(r)
		if err != nil {
			return err
		}
		file, err := paper.DrawDocument(p.site.Assets.Font(), r.Printer, paper.Text{Document: doc, Town: r.Catalogue.Tenant.Name,
			AsOf: p.asOf(r), Made: inZone(r, p.clock.Now())})
		if err != nil {
			return err
		}
		sendPDF(w, d.name+"-"+string(r.Lang())+".pdf", file)
		return nil
	}
}

// paperJSON is the same for machines.
func paperJSON(d paperwork) handler {
	return func(w http.ResponseWriter, r *request) error {
		doc, err := d.make(r)
		if err != nil {
			return err
		}
		body, err := json.MarshalIndent(doc, "", "  ")
		if err != nil {
			return fmt.Errorf("encode %s: %w", d.name, err)
		}
		h := w.Header()
		h.Set("Content-Type", "application/json")
		h.Set("Content-Disposition", `attachment; filename="`+d.name+"-"+string(r.Lang())+`.json"`)
		h.Set("Content-Length", strconv.Itoa(len(body)))
		_, _ = w.Write(body) // a reader who is gone is no error
		return nil
	}
}

func (p *pages) asOf(r *request) string {
	return r.Printer.T("desk.privacy.as_of", "Date", r.Printer.Date(inZone(r, p.clock.Now())))
}

// inZone is an instant in the tenant's zone.
func inZone(r *request, t time.Time) time.Time { return t.In(r.Catalogue.Tenant.Zone) }
