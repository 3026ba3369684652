// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"

	"vorzimmer/internal/document"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/paper"
	demand "vorzimmer/internal/request"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// requestOnePage is a request with what can be done about it.
type requestOnePage struct {
	view.Layout
	requestLine
	Done              string // translated: what went well just now
	From, Note        string
	Wanted            string // name that a page left to the desk; empty: none
	Extended, Outcome string
	Closed            bool
	PersonURL         string // empty: about no record, or not for this member
	LetterURL, PDFURL string
	DataURL, DataPDF  string // what access brings; empty: it is about something else
	Version           int64
	Extend, Close     string // addresses; empty: it is closed, or extended
	Reason, Result    view.Input
	BackURL           string
}

// requestDone are the sentences for what the address says has just been done.
var requestDone = map[string]string{
	"recorded": "desk.request.recorded",
	"extended": "desk.request.done.extended",
	"closed":   "desk.request.done.closed",
}

func (p *pages) request(w http.ResponseWriter, r *request) error {
	return p.renderRequest(w, r, nil)
}

// renderRequest shows the request in the address as it is now; problem is why
// something was not done.
func (p *pages) renderRequest(w http.ResponseWriter, r *request, problem error) error {
	one, err := p.requests.One(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return err
	}
	path := requestPath(one.ID)
	page := requestOnePage{Layout: r.Layout("desk.request.title"), requestLine: p.requestLine(r, one), From: one.From, Note: one.Note,
		Extended: one.Extended, Outcome: one.Outcome, Closed: one.State != demand.Open, Version: one.Version,
		LetterURL: r.Path(path + "/letter"), PDFURL: r.Path(path + "/letter.pdf"), BackURL: r.Path(requestsPath)}
	if one.LastName != "" {
		page.Wanted = one.FirstName + " " + one.LastName
	}
	if one.PersonID != "" && r.by.Has(staff.FindPerson) {
		page.PersonURL = r.Path(customerPath(one.PersonID))
	}
	if one.HasData() {
		page.DataURL, page.DataPDF = r.Path(path+"/data"), r.Path(path+"/data.pdf")
	}
	if !page.Closed {
		page.Close = r.Path(path + "/close")
		if one.Extended == "" {
			page.Extend = r.Path(path + "/extend")
		}
	}
	if problem == nil {
		page.Done = doneText(r, requestDone)
	}
	page.Languages = r.Languages(path)
	status := r.Show(&page.Layout, problem)
	page.Reason = view.Input{Name: demand.FieldReason, Label: "field.label.request-reason", Hint: "desk.request.extend_hint", Rows: 3,
		Value: r.PostForm.Get(demand.FieldReason), Required: true, Error: page.ErrorFor(demand.FieldReason)}
	page.Result = view.Input{Name: demand.FieldOutcome, Label: "field.label.request-outcome", Hint: "desk.request.close_hint", Rows: 4,
		Value: r.PostForm.Get(demand.FieldOutcome), Required: true, Error: page.ErrorFor(demand.FieldOutcome)}
	return r.Render(w, status, p.views, "request", page)
}

func (p *pages) extendRequest(w http.ResponseWriter, r *request) error {
	err := p.requests.Extend(r.Context(), r.by, r.PathValue("id"), versionIn(r), r.PostForm.Get(demand.FieldReason))
	return p.decided(w, r, err, "extended")
}

func (p *pages) closeRequest(w http.ResponseWriter, r *request) error {
	err := p.requests.Close(r.Context(), r.by, r.PathValue("id"), versionIn(r), r.PostForm.Get("result") == "done", r.PostForm.Get(demand.FieldOutcome))
	return p.decided(w, r, err, "closed")
}

// decided leads back to the request, which says what was done, or why not.
func (p *pages) decided(w http.ResponseWriter, r *request, err error, done string) error {
	if fault.Is(err, fault.Invalid, fault.Conflict) {
		return p.renderRequest(w, r, err)
	}
	if err != nil {
		return err
	}
	return r.SeeOther(requestPath(r.PathValue("id")) + "?" + done)
}

// letterPage is a document about a request.
type letterPage struct {
	view.Layout
	Document document.Document
	PDFURL   string
	BackURL  string
}

func (p *pages) requestLetter(w http.ResponseWriter, r *request) error {
	a, err := p.requests.Answer(r.Context(), r.by, r.PathValue("id"), r.Lang())
	if err != nil {
		return err
	}
	return p.showLetter(w, r, a.Letter, "letter.pdf")
}

func (p *pages) requestLetterPDF(w http.ResponseWriter, r *request) error {
	a, err := p.requests.Answer(r.Context(), r.by, r.PathValue("id"), r.Lang())
	if err != nil {
		return err
	}
	return p.sendLetter(w, r, a.Letter, "letter")
}

// requestData is everything that is kept about the person, for an answer about
// access.
func (p *pages) requestData(w http.ResponseWriter, r *request) error {
	d, err := p.rights.AccessFor(r.Context(), r.by, r.PathValue("id"), r.Lang())
	if err != nil {
		return err
	}
	return p.showLetter(w, r, d, "data.pdf")
}

func (p *pages) requestDataPDF(w http.ResponseWriter, r *request) error {
	d, err := p.rights.AccessFor(r.Context(), r.by, r.PathValue("id"), r.Lang())
	if err != nil {
		return err
	}
	return p.sendLetter(w, r, d, "data")
}

func (p *pages) showLetter(w http.ResponseWriter, r *request, d document.Document, pdf string) error {
	path := requestPath(r.PathValue("id"))
	page := letterPage{Layout: r.Layout("desk.request.letter"), Document: d, PDFURL: r.Path(path + "/" + pdf), BackURL: r.Path(path)}
	return r.Render(w, http.StatusOK, p.views, "request-letter", page)
}

// sendLetter is the same as a file; the page is its twin for screen readers.
func (p *pages) sendLetter(w http.ResponseWriter, r *request, d document.Document, name string) error {
	now := inZone(r, p.clock.Now())
	file, err := paper.DrawDocument(p.site.Assets.Font(), r.Printer, paper.Text{Document: d, Town: r.Catalogue.Tenant.Name,
		AsOf: r.Printer.T("desk.request.as_of", "Date", r.Printer.Date(now)), Made: now})
	if err != nil {
		return err
	}
	sendPDF(w, name+"-"+string(r.Lang())+".pdf", file)
	return nil
}

// requestsNav is what the bar calls the list: it says what is urgent.
func (p *pages) requestsNav(r *web.Request, by *staff.Member) (string, error) {
	late, soon, err := p.requests.Urgent(r.Context(), by)
	switch {
	case err != nil:
		return "", err
	case late > 0:
		return r.Printer.T("desk.nav.requests_late", "N", late), nil
	case soon > 0:
		return r.Printer.T("desk.nav.requests_soon", "N", soon), nil
	}
	return r.Printer.T("desk.nav.requests"), nil
}
