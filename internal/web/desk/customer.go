// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"slices"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// bookPath is where an appointment is made for somebody.
const bookPath = "/desk/book"

// customerPage is the card of a person. The name is no part of its title, which
// browsers remember.
type customerPage struct {
	view.Layout
	Done         string // translated: what went well just now
	Notice       string // translated: whose card this is
	Name         string
	Contact      contactFacts
	RevealAction string // empty: nothing to show, or not to this member
	Elsewhere    bool   // the person belongs to locations of others
	BookURL      string
	Hides        bool // sensitive appointments are listed while they are coming up only
	Coming       []*visitLine
	Past         []*visitLine
	Notes        []noteLine
	NoteAction   string
	Note         string // that could not be kept, as it was typed
	Duplicates   []duplicateLine
	Merges       []mergeLine
	UndoAction   string // empty: not for this member
	Keeping      keeping
	RequestURL   string // to record what the person asks about their data; empty: not for this member
	SearchURL    string
}

// contactFacts is how a person is reached, masked or in full.
type contactFacts struct {
	Email, Phone string
	Verified     bool // the address
	Shown        bool // in full, with what follows
	Street       string
	City         string // with its postcode
	Born         string
	Message      string // of the person to the office
}

// noteLine is what somebody at the desk wrote.
type noteLine struct {
	Who  string
	At   time.Time // in the tenant's zone
	Text string
}

// duplicateLine is a record that may be of the same person.
type duplicateLine struct {
	foundLine
	Same       []string // translated: what is the same in both
	CompareURL string   // empty: not for this member
}

// mergeLine is a merge that can be undone.
type mergeLine struct {
	ID    string
	Name  string // in the record that went
	Who   string
	At    time.Time // in the tenant's zone
	Until time.Time
}

// noteField is the field for a note. That of the citizens' form, which shares
// its checks, is called otherwise.
const noteField = "desk-note"

// NoteInput is the field for a new note.
func (p customerPage) NoteInput() view.Input {
	return view.Input{Name: noteField, Label: "desk.customer.note", Hint: "desk.customer.note_hint", Value: p.Note, Rows: 3, Required: true,
		Error: p.ErrorFor(noteField)}
}

// customerDone are the sentences for what the address says has just been done.
var customerDone = map[string]string{
	"noted":  "desk.customer.noted",
	"merged": "desk.customer.merged",
	"undone": "desk.customer.undone",

	"held":         "desk.keeping.done.held",
	"ended":        "desk.keeping.done.ended",
	"restricted":   "desk.keeping.done.restricted",
	"unrestricted": "desk.keeping.done.unrestricted",

	"requested": "desk.request.recorded_until",
}

// told is what a card says beyond the record.
type told struct {
	problem error
	note    string
	keep    keepForm
	contact *person.Data // asked for, and on record
}

// customer shows the card of a person.
func (p *pages) customer(w http.ResponseWriter, r *request) error {
	return p.renderCustomer(w, r, told{})
}

// renderCustomer shows the card of the person in the address as it is now.
func (p *pages) renderCustomer(w http.ResponseWriter, r *request, say told) error {
	asked := r.PathValue("id")
	c, err := p.bookings.Card(r.Context(), r.by, asked)
	if err != nil {
		return goneCustomer(err)
	}
	names, err := p.accounts.Names(r.Context(), r.by)
	if err != nil {
		return err
	}
	path := customerPath(c.PersonID)
	page := customerPage{Layout: r.Layout("desk.customer.title"), Name: person.ListName(c.FirstName, c.LastName), Contact: maskedFacts(c),
		Elsewhere: !c.MayReveal && r.by.Has(staff.Reveal), Coming: r.visitLines(c.Coming), Past: r.visitLines(c.Past),
		Hides: slices.ContainsFunc(r.Catalogue.Services, func(s office.Service) bool { return s.Sensitive }),
		Notes: r.noteLines(c, names), NoteAction: r.Path(path + "/notes"), Note: say.note, SearchURL: r.Path(customersPath)}
	page.Languages = r.Languages(customerPath(asked))
	page.addMerges(r, c, names)
	if say.contact != nil {
		page.Contact = shownFacts(r, *say.contact, c.EmailVerified)
	} else if c.MayReveal {
		page.RevealAction = r.Path(path + "/reveal")
	}
	if r.by.Has(staff.Book) {
		page.BookURL = r.Path(bookPath) + "?" + url.Values{"person": {c.PersonID}}.Encode()
	}
	if r.by.Has(staff.RecordRequest) {
		page.RequestURL = r.Path(requestsPath+"/new") + "?" + url.Values{"person": {c.PersonID}}.Encode()
	}
	if c.PersonID != asked {
		page.Notice = r.Printer.T("desk.customer.went")
	}
	if say.problem == nil {
		page.Done = doneText(r, customerDone)
	}
	status := r.Show(&page.Layout, say.problem)
	page.addKeeping(r, c, say.keep)
	return r.Render(w, status, p.views, "customer", page)
}

// doneText is the sentence for what the address says has just been done; empty
// when it says nothing.
func doneText(r *request, sentences map[string]string) string {
	for query, key := range sentences {
		if r.URL.Query().Has(query) {
			return r.Printer.T(key)
		}
	}
	return ""
}

// goneCustomer says of a person who is not there what may have happened.
func goneCustomer(err error) error {
	if fault.Of(err) == fault.NotFound {
		return fault.Wrap(err, fault.NotFound, "desk.customer.gone.text")
	}
	return err
}

// onCard is refused for a form that had nothing but a note in it.
func (p *pages) onCard(w http.ResponseWriter, r *request, err error, note string) error {
	return p.refused(w, r, err, told{note: note})
}

// refused shows on the card why something was not done, with what was typed; what is
// no answer to that is the error again.
func (p *pages) refused(w http.ResponseWriter, r *request, err error, typed told) error {
	f, ok := fault.As(err)
	if fault.Is(err, fault.Invalid, fault.Conflict, fault.Gone) || ok && f.Key == "customer.elsewhere" {
		typed.problem = err
		return p.renderCustomer(w, r, typed)
	}
	return goneCustomer(err)
}

func maskedFacts(c *booking.Card) contactFacts {
	return contactFacts{Email: c.Email, Phone: c.Phone, Verified: c.EmailVerified}
}

func shownFacts(r *request, d person.Data, verified bool) contactFacts {
	f := contactFacts{Email: d.Email, Phone: d.Phone, Verified: verified, Shown: true, Street: d.Street, Born: d.BirthDate, Message: d.Note}
	switch {
	case d.Postcode == "" || d.City == "":
		f.City = d.Postcode + d.City
	default:
		f.City = d.Postcode + " " + d.City
	}
	if born, err := time.Parse(time.DateOnly, d.BirthDate); err == nil {
		f.Born = r.Printer.T("desk.customer.born", "Day", born.Day(), "Month", r.Printer.Month(born))
	}
	return f
}

// noteLines are the notes about a person, the newest first.
func (r *request) noteLines(c *booking.Card, names map[string]string) []noteLine {
	var out []noteLine
	for _, n := range c.Notes {
		out = append(out, noteLine{Who: r.nameIn(names, n.StaffID), At: n.Created.In(r.Catalogue.Tenant.Zone), Text: n.Text})
	}
	return out
}

// nameIn is the name of an account, or a word for one that is gone.
func (r *request) nameIn(names map[string]string, staffID string) string {
	if name := names[staffID]; name != "" {
		return name
	}
	return r.Printer.T("desk.customer.somebody")
}

// revealCustomer shows the contact data, which is on record from then on.
func (p *pages) revealCustomer(w http.ResponseWriter, r *request) error {
	d, err := p.bookings.RevealContact(r.Context(), r.by, r.PathValue("id"))
	if err != nil {
		return p.onCard(w, r, err, "")
	}
	return p.renderCustomer(w, r, told{contact: &d})
}

// noteCustomer keeps a note.
func (p *pages) noteCustomer(w http.ResponseWriter, r *request) error {
	id, text := r.PathValue("id"), r.PostForm.Get(noteField)
	if err := p.bookings.AddNote(r.Context(), r.by, id, text); err != nil {
		return p.onCard(w, r, noteProblem(err), text)
	}
	return r.SeeOther(customerPath(id) + "?noted")
}

// noteProblem says which field of the card it is about.
func noteProblem(err error) error {
	f, ok := fault.As(err)
	if !ok || f.Kind != fault.Invalid {
		return err
	}
	fields := []fault.Field{{Name: noteField, Key: f.Key, Args: f.Args}}
	if len(f.Fields) > 0 {
		fields = nil
		for _, field := range f.Fields {
			fields = append(fields, fault.Field{Name: noteField, Key: field.Key, Args: field.Args})
		}
	}
	return &fault.Error{Kind: f.Kind, Key: f.Key, Args: f.Args, Fields: fields, Cause: err}
}
