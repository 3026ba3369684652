// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"vorzimmer/internal/fault"
	demand "vorzimmer/internal/request"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

const (
	requestsPath = "/desk/requests"
	requestPage  = requestsPath + "/{id}"
)

func (p *pages) requestRoutes() {
	p.get(requestsPath, staff.HandleRequests, p.requestList)
	p.get(requestsPath+"/new", staff.RecordRequest, p.newRequest)
	p.post(requestsPath+"/new", staff.RecordRequest, p.recordRequest)
	p.get(requestPage, staff.HandleRequests, p.request)
	p.post(requestPage+"/extend", staff.HandleRequests, p.extendRequest)
	p.post(requestPage+"/close", staff.HandleRequests, p.closeRequest)
	p.get(requestPage+"/letter", staff.HandleRequests, p.requestLetter)
	p.get(requestPage+"/letter.pdf", staff.HandleRequests, p.requestLetterPDF)
	p.get(requestPage+"/data", staff.HandleRequests, p.requestData)
	p.get(requestPage+"/data.pdf", staff.HandleRequests, p.requestDataPDF)
}

func requestPath(id string) string { return requestsPath + "/" + url.PathEscape(id) }

// requestsPage lists what has to be answered and what was.
type requestsPage struct {
	view.Layout
	Open, Closed []requestLine
	NewURL       string
}

// requestLine is a request in a table. Whose it is stands on its own page.
type requestLine struct {
	Kind     string // translated
	URL      string
	Channel  string // translated
	Received time.Time
	Due      time.Time // or when it was closed
	State    string    // translated
	Late     bool
	Soon     bool
}

func (p *pages) requestList(w http.ResponseWriter, r *request) error {
	open, closed, err := p.requests.List(r.Context(), r.by)
	if err != nil {
		return err
	}
	page := requestsPage{Layout: r.Layout("desk.request.list"), NewURL: r.Path(requestsPath + "/new")}
	for _, one := range open {
		page.Open = append(page.Open, p.requestLine(r, one))
	}
	for _, one := range closed {
		page.Closed = append(page.Closed, p.requestLine(r, one))
	}
	return r.Render(w, http.StatusOK, p.views, "requests", page)
}

func (p *pages) requestLine(r *request, one *demand.Request) requestLine {
	today := slot.DateIn(p.clock.Now().Unix(), r.Catalogue.Tenant.Zone)
	l := requestLine{Kind: r.Printer.T("request.kind." + string(one.Kind)), URL: r.Path(requestPath(one.ID)),
		Channel: r.Printer.T("request.channel." + string(one.Channel)), Received: one.Received.UTC(), Due: one.Due.UTC(),
		State: r.Printer.T("desk.request.state." + string(one.State)), Late: one.Late(today), Soon: one.Soon(today)}
	if one.Closed != 0 {
		l.Due = inZone(r, time.Unix(one.Closed, 0))
	}
	return l
}

// newRequestPage is the form for one that came by letter, by telephone or at the
// counter.
type newRequestPage struct {
	view.Layout
	Done               string // translated: what went well just now
	Person             string // id; empty: about no record
	PersonURL          string
	Kinds, Channels    []choice
	KindErr, ChanErr   string // translated
	Received           view.Input
	From, Note         view.Input
	Action, BackURL    string // BackURL: of the list; empty: not for this member
	KindName, ChanName string
}

// choice is one of several.
type choice struct {
	Key, Name string // Name: translated
	Chosen    bool
}

func (p *pages) newRequest(w http.ResponseWriter, r *request) error {
	n := url.Values{"person": {r.URL.Query().Get("person")}, demand.FieldReceived: {slot.DateIn(p.clock.Now().Unix(), r.Catalogue.Tenant.Zone).String()}}
	return p.renderNewRequest(w, r, n, nil)
}

// renderNewRequest shows the form with what was typed; problem is what is wrong.
func (p *pages) renderNewRequest(w http.ResponseWriter, r *request, typed url.Values, problem error) error {
	page := newRequestPage{Layout: r.Layout("desk.request.new"), Person: typed.Get("person"), Action: r.Path(requestsPath + "/new"),
		KindName: demand.FieldKind, ChanName: demand.FieldChannel}
	status := r.Show(&page.Layout, problem)
	for _, k := range demand.Kinds {
		page.Kinds = append(page.Kinds, choice{string(k), r.Printer.T("request.kind." + string(k)), typed.Get(demand.FieldKind) == string(k)})
	}
	for _, c := range demand.Channels {
		page.Channels = append(page.Channels, choice{string(c), r.Printer.T("request.channel." + string(c)), typed.Get(demand.FieldChannel) == string(c)})
	}
	page.KindErr, page.ChanErr = page.ErrorFor(demand.FieldKind), page.ErrorFor(demand.FieldChannel)
	field := func(name string, i view.Input) view.Input {
		i.Name, i.Label, i.Value, i.Error = name, "field.label."+name, typed.Get(name), page.ErrorFor(name)
		return i
	}
	page.Received = field(demand.FieldReceived, view.Input{Type: "date", Required: true})
	page.From = field(demand.FieldFrom, view.Input{Rows: 3, Hint: "desk.request.from_hint", Required: true})
	page.Note = field(demand.FieldNote, view.Input{Rows: 4, Hint: "desk.request.note_hint"})
	if page.Person != "" {
		page.From.Hint, page.From.Required = "desk.request.from_known", false
		page.PersonURL = r.Path(customerPath(page.Person))
	}
	if r.by.Has(staff.HandleRequests) {
		page.BackURL = r.Path(requestsPath)
	}
	if r.URL.Query().Has("recorded") && problem == nil {
		page.Done = r.Printer.T("desk.request.recorded_until")
	}
	return r.Render(w, status, p.views, "request-new", page)
}

func (p *pages) recordRequest(w http.ResponseWriter, r *request) error {
	f := r.PostForm
	received, err := slot.ParseDate(strings.TrimSpace(f.Get(demand.FieldReceived)))
	if err != nil {
		received = -1 << 20 // no day that can be meant
	}
	person := r.id("person")
	id, err := p.requests.Record(r.Context(), r.by, demand.New{PersonID: person, Kind: demand.Kind(f.Get(demand.FieldKind)),
		Channel: demand.Channel(f.Get(demand.FieldChannel)), Received: received, From: f.Get(demand.FieldFrom), Note: f.Get(demand.FieldNote)})
	switch {
	case fault.Is(err, fault.Invalid):
		return p.renderNewRequest(w, r, f, err)
	case err != nil:
		return goneCustomer(err)
	case r.by.Has(staff.HandleRequests):
		return r.SeeOther(requestPath(id) + "?recorded")
	case person != "":
		return r.SeeOther(customerPath(person) + "?requested")
	}
	return r.SeeOther(requestsPath + "/new?recorded")
}
