// SPDX-License-Identifier: EUPL-1.2

package mine

import (
	"net/http"
	"net/url"
	"strings"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// correctPage leads to the records of somebody.
type correctPage struct {
	view.Layout
	Records []recordLine
	Closed  int
	DataURL string // of the account's own data; empty: there is none
	BackURL string
}

// recordLine is a record, by its name and the numbers of its appointments.
type recordLine struct {
	Name, References string
	URL              string
}

func (p *pages) correctList(w http.ResponseWriter, r *request) error {
	list, closed, err := p.rights.Records(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := correctPage{Layout: r.layout("mine.correct.title", "/correct"), Closed: closed, BackURL: r.back()}
	if r.owner {
		page.DataURL = r.Path("/account/data")
	}
	for _, o := range list {
		page.Records = append(page.Records, recordLine{nameOf(o), referencesOf(o), r.path(recordPath(o.Person.ID))})
	}
	return r.Render(w, http.StatusOK, p.views, "correct", page)
}

func recordPath(id string) string { return "/correct/" + url.PathEscape(id) }

func nameOf(o *booking.Own) string {
	return strings.TrimSpace(o.Person.Data.FirstName + " " + o.Person.Data.LastName)
}

func referencesOf(o *booking.Own) string {
	var list []string
	for _, v := range o.Appointments {
		list = append(list, booking.GroupReference(v.Reference))
	}
	return strings.Join(list, ", ")
}

// recordPage is the form for one record.
type recordPage struct {
	view.Layout
	Done       string // translated
	Notice     string // translated: what a clerk decides
	References string
	Email      string
	Form       view.PersonForm
	Restricted bool // nothing can be changed
	NameFixed  bool
	Action     string
	BackURL    string
}

func (p *pages) askCorrect(w http.ResponseWriter, r *request) error {
	return p.renderRecord(w, r, nil, nil)
}

// renderRecord shows the record in the address, with what was typed if that was
// wrong.
func (p *pages) renderRecord(w http.ResponseWriter, r *request, typed *person.Data, problem error) error {
	list, _, err := p.rights.Records(r.Context(), r.by)
	if err != nil {
		return err
	}
	for _, o := range list {
		if o.Person.ID != r.PathValue("id") {
			continue
		}
		path := recordPath(o.Person.ID)
		page := recordPage{Layout: r.layout("mine.record.title", path), References: referencesOf(o), Email: o.Person.Data.Email,
			Restricted: !o.Person.Restricted.IsZero(), NameFixed: o.NameFixed, Action: r.path(path), BackURL: r.path("/correct")}
		status := r.Show(&page.Layout, problem)
		d := o.Person.Data
		if typed != nil {
			d = *typed
		}
		page.Form = view.NewPersonForm(d, page.Layout)
		page.Form.Who, page.Form.Why, page.Form.WithNote = "details.who", "mine.record.why", true
		switch {
		case r.URL.Query().Has("saved"):
			page.Done = r.Printer.T("mine.record.saved")
		case r.URL.Query().Has("left"):
			page.Notice = r.Printer.T("mine.record.left")
		}
		return r.Render(w, status, p.views, "record", page)
	}
	return fault.New(fault.NotFound, "error.notfound.text")
}

func (p *pages) correct(w http.ResponseWriter, r *request) error {
	typed := person.Typed(r.PostForm.Get)
	left, err := p.rights.Correct(r.Context(), r.by, r.PathValue("id"), typed)
	if fault.Is(err, fault.Invalid, fault.Conflict) {
		return p.renderRecord(w, r, &typed, err)
	}
	if err != nil {
		return err
	}
	if left {
		return r.SeeOther(r.base + recordPath(r.PathValue("id")) + "?left")
	}
	return r.SeeOther(r.base + recordPath(r.PathValue("id")) + "?saved")
}
