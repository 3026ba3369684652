// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"strings"
	"time"
	"unicode"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// customersPath is the page of the search. What is looked for goes in a form:
// names and telephone numbers have no place in an address.
const customersPath = "/desk/customers"

func (p *pages) personRoutes() {
	p.get(customersPath, staff.FindPerson, p.customers)
	p.post(customersPath, staff.FindPerson, p.findCustomers)
	p.get(personPage, staff.FindPerson, p.customer)
	p.post(personPage+"/reveal", staff.Reveal, p.revealCustomer)
	p.post(personPage+"/notes", staff.FindPerson, p.noteCustomer)
	p.get(personPage+"/compare", staff.MergePersons, p.compareCustomers)
	p.post(personPage+"/compare", staff.MergePersons, p.revealBoth)
	p.post(personPage+"/merge", staff.MergePersons, p.mergeCustomers)
	p.post(personPage+"/unmerge", staff.MergePersons, p.unmergeCustomers)
	p.keepingRoutes()
}

// customerPath is the card of a person, without the language.
func customerPath(id string) string { return customersPath + "/" + url.PathEscape(id) }

// customersPage is the search with what it has found.
type customersPage struct {
	view.Layout
	Action   string
	Query    string // as it was typed
	Searched bool   // and there was something to look for
	Found    []foundLine
	More     bool // than those
}

// foundLine is a person in a list.
type foundLine struct {
	Name         string // as lists are sorted
	Email, Phone string // masked
	Restricted   bool
	Next, Last   *visitLine
	URL          string
}

// visitLine is an appointment of a person.
type visitLine struct {
	Begin     time.Time
	Place     locale.Text
	State     string // translated
	Elsewhere bool   // where the member does not work: the rest is empty
	Services  string
	Reference string // grouped
	URL       string // empty: not for this member
}

// Inputs is the one field of the search.
func (p customersPage) Inputs() []view.Input {
	return []view.Input{{Name: "query", Label: "desk.customers.query", Hint: "desk.customers.hint", Type: "search", Value: p.Query,
		Autocomplete: "off", Required: true, Error: p.ErrorFor("query")}}
}

// customers shows an empty search.
func (p *pages) customers(w http.ResponseWriter, r *request) error {
	return p.renderCustomers(w, r, customersPage{}, nil)
}

// findCustomers answers a search with its result. The number of an appointment
// leads straight to the card of whoever has it.
func (p *pages) findCustomers(w http.ResponseWriter, r *request) error {
	page := customersPage{Query: strings.TrimSpace(r.PostForm.Get("query"))}
	list, more, err := p.bookings.FindPersons(r.Context(), r.by, page.Query)
	if fault.Is(err, fault.Invalid) {
		return p.renderCustomers(w, r, page, err)
	}
	if err != nil {
		return err
	}
	if len(list) == 1 && likeReference(page.Query) {
		return r.SeeOther(customerPath(list[0].PersonID))
	}
	page.Searched, page.More = true, more
	for i := range list {
		page.Found = append(page.Found, foundLineOf(r, &list[i]))
	}
	return p.renderCustomers(w, r, page, nil)
}

func (p *pages) renderCustomers(w http.ResponseWriter, r *request, page customersPage, problem error) error {
	r.Nav.SearchURL = "" // the page has the same field
	page.Layout, page.Action = r.Layout("desk.customers.title"), r.Path(customersPath)
	status := r.Show(&page.Layout, problem)
	for i := range page.Errors {
		page.Errors[i].Field = "query" // there is no other
	}
	return r.Render(w, status, p.views, "customers", page)
}

// likeReference tells whether a text may be the number of an appointment, in
// whatever groups.
func likeReference(text string) bool {
	digits := 0
	for _, c := range text {
		if unicode.IsLetter(c) || c == '@' {
			return false
		}
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	return digits == 8
}

func foundLineOf(r *request, f *booking.Found) foundLine {
	return foundLine{Name: person.ListName(f.FirstName, f.LastName), Email: f.Email, Phone: f.Phone, Restricted: f.Restricted,
		Next: r.visitLine(f.Next), Last: r.visitLine(f.Last), URL: r.Path(customerPath(f.PersonID))}
}

// visitLine is nil for nil.
func (r *request) visitLine(v *booking.Visit) *visitLine {
	if v == nil {
		return nil
	}
	line := &visitLine{Begin: v.Begin, Place: v.Location.Name, State: r.Printer.T(visitState(v)),
		Elsewhere: v.AppointmentID == "", Services: booking.ServiceNames(v.Services, r.Printer),
		Reference: booking.GroupReference(v.Reference)}
	if !line.Elsewhere && r.by.Has(staff.SeeDay) {
		line.URL = r.Path(appointmentPath(v.AppointmentID))
	}
	return line
}

func (r *request) visitLines(list []booking.Visit) []*visitLine {
	var out []*visitLine
	for i := range list {
		out = append(out, r.visitLine(&list[i]))
	}
	return out
}

// visitState is the key of a state. What is over and was never finished is not
// expected any more.
func visitState(v *booking.Visit) string {
	if v.Coming {
		return "desk.state." + string(v.State)
	}
	switch v.State {
	case booking.Unconfirmed:
		return "desk.state.expired"
	case booking.Confirmed, booking.Arrived, booking.Called:
		return "desk.customer.unfinished"
	}
	return "desk.state." + string(v.State)
}
