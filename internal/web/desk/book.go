// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

func (p *pages) bookRoutes() {
	p.get("/desk/book", staff.Book, p.askBook)
	p.post("/desk/book", staff.Book, p.book)
	p.get(movePage, staff.Book, p.askMove)
	p.post(movePage, staff.Book, p.move)
	p.get(contactPage, staff.Book, p.askContact)
	p.post(contactPage, staff.Book, p.contact)
}

// bookPage books for somebody on the telephone or at the counter: first what
// for, then when and for whom, in one form that keeps what was typed.
type bookPage struct {
	view.Layout
	Action   string
	Places   []counterChoice // to choose from; empty: there is one
	PlaceKey string
	Place    locale.Text
	Lines    []wantedLine
	Services []serviceHint
	Minutes  int  // of what was chosen
	Full     bool // it asks for whom, too
	Times    *freeTimes
	Contact  contactForm
	Speaks   []languageChoice
	PersonID string
	Shown    string
	Once     string
	Other    *otherTime // nil: the member may not
}

// serviceHint is offered while somebody types.
type serviceHint struct {
	Key  string
	Name locale.Text
}

type languageChoice struct {
	Key, Name string
	Chosen    bool
}

// otherTime books beyond capacity.
type otherTime struct {
	Open, Chosen bool
	Error        string
	Date, Time   view.Input
	Reason       view.Input
}

// askBook shows the form. With somebody from the customer database it is filled
// in as soon as there is a form to fill in.
func (p *pages) askBook(w http.ResponseWriter, r *request) error {
	l, err := r.location()
	if err != nil {
		return err
	}
	f := bookFormOf(r, l)
	if len(f.Lines) == 0 {
		return p.renderBook(w, r, f, nil, nil, nil)
	}
	if f.PersonID != "" {
		if err := p.prefill(r, &f); err != nil {
			return err
		}
	}
	sel, wrong := r.selection(l, f.Lines)
	return p.renderBook(w, r, f, sel, wrong, nil)
}

// book takes the chosen time, once what it was shown for is still what is asked
// for.
func (p *pages) book(w http.ResponseWriter, r *request) error {
	l, err := r.location()
	if err != nil {
		return err
	}
	f := bookFormOf(r, l)
	sel, wrong := r.selection(l, f.Lines)
	if f.Search || len(wrong) > 0 || f.asked(sel) != f.Shown {
		return p.renderBook(w, r, f, sel, wrong, nil)
	}
	b, err := f.request(sel, p.clock.Now())
	if err == nil {
		var e *booking.Entry
		var secret seal.Secret
		if e, secret, err = p.bookings.BookFor(r.Context(), r.by, b); err == nil {
			return p.renderBooked(w, r, e, secret)
		}
	}
	if !fault.Is(err, fault.Conflict, fault.Invalid) {
		return err
	}
	return p.renderBook(w, r, f, sel, wrong, err)
}

// renderBook shows the form with the times for a selection, which is nil when
// nothing was chosen or something is wrong with it.
func (p *pages) renderBook(w http.ResponseWriter, r *request, f bookForm, sel office.Selection, wrong []view.FieldError, problem error) error {
	page := bookPage{Layout: r.Layout("desk.book.title"), Action: r.Path("/desk/book"), PlaceKey: f.Place.Key, Place: f.Place.Name,
		PersonID: f.PersonID, Once: f.Once.Reveal(), Full: r.Method == http.MethodPost}
	page.Errors = wrong
	if err := p.addTimes(r, &page, f, sel); err != nil {
		return err
	}
	status := http.StatusOK
	if len(wrong) > 0 {
		status = http.StatusUnprocessableEntity
	}
	if page.Times != nil && page.Times.Error != "" {
		page.Errors, status = append(page.Errors, view.FieldError{Field: "from", Text: page.Times.Error}), http.StatusUnprocessableEntity
	}
	if problem != nil {
		status = r.Show(&page.Layout, problem)
		page.placeErrors(problem)
	}
	page.Languages = r.Languages(f.path())
	page.Lines = withEmpty(f.Lines)
	page.Contact = contactFormOf(page.Layout, f.Data)
	if page.Times != nil {
		page.Times.Focus = len(page.Errors) == 0
		page.addOther(r, f)
	}
	p.addChoices(r, &page, f)
	return r.Render(w, status, p.views, "book", page)
}

// addTimes shows what is free for a selection.
func (p *pages) addTimes(r *request, page *bookPage, f bookForm, sel office.Selection) error {
	if sel == nil {
		return nil
	}
	times, err := p.freeTimes(r, booking.SearchFor(f.Place, sel), f.timesForm)
	if err != nil {
		return err
	}
	page.Full, page.Times, page.Minutes = true, &times, sel.Minutes()
	f.From = times.From // what the field says
	page.Shown = f.asked(sel)
	return nil
}

// addOther offers to book beyond capacity to who may.
func (page *bookPage) addOther(r *request, f bookForm) {
	if r.by.May(staff.Overbook, f.Place.ID) != nil {
		return
	}
	o := &otherTime{Chosen: f.Start == otherStart || len(page.Times.Days) == 0, Error: page.ErrorFor("start-other")}
	input := func(name, kind, value string) view.Input {
		return view.Input{Name: name, Label: "field.label." + name, Type: kind, Value: value, Required: true, Autocomplete: "off",
			Error: page.ErrorFor(name)}
	}
	if f.OtherDate == "" {
		f.OtherDate = min(page.Times.From, page.Times.Last.Format(time.DateOnly))
		if len(page.Times.Days) > 0 {
			f.OtherDate = page.Times.Days[0].Date.Format(time.DateOnly)
		}
	}
	o.Date, o.Time = input("other-date", "date", f.OtherDate), input("other-time", "time", f.OtherTime)
	o.Reason = input("reason", "text", f.Reason)
	o.Reason.Hint = "desk.book.reason_hint"
	o.Open = o.Chosen || o.Error != "" || f.OtherTime != "" || f.Reason != ""
	if o.Chosen {
		for _, d := range page.Times.Days {
			for i := range d.Times {
				d.Times[i].Chosen = false
			}
		}
		page.Times.Replaced = false
	}
	page.Other = o
}

// addChoices fills in places, services and languages to choose from.
func (p *pages) addChoices(r *request, page *bookPage, f bookForm) {
	if own := places(r.Request, r.by); len(own) > 1 {
		for _, l := range own {
			page.Places = append(page.Places, counterChoice{l.Key, l.Name, l == f.Place})
		}
		r.Nav.Places = nil // the form has them, and keeps what was typed
	}
	for i := range r.Catalogue.Services {
		if s := &r.Catalogue.Services[i]; !s.Retired && f.Place.Offers(s.ID) {
			page.Services = append(page.Services, serviceHint{s.Key, s.Name})
		}
	}
	for _, l := range locale.Langs {
		page.Speaks = append(page.Speaks, languageChoice{string(l), p.site.Texts.Printer(l).T("language.name"), l == f.Speaks})
	}
}

// placeErrors puts what is wrong beside its field.
func (page *bookPage) placeErrors(problem error) {
	inPageOrder(page.Errors)
	if f, ok := fault.As(problem); ok && len(page.Errors) == 1 {
		switch f.Key {
		case "visit.reason":
			page.Errors[0].Field = "reason"
		case "visit.overbook_hours":
			page.Errors[0].Field = "other-time"
		}
	}
}
