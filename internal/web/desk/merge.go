// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

// comparePage shows two records side by side, and asks which one stays.
type comparePage struct {
	view.Layout
	Same         []string // translated: what is the same in both
	Sides        [2]side
	With         string // id of the second
	MergeAction  string // empty: not for this member
	RevealAction string // empty: nothing to show, or not to this member
	BackURL      string
}

// side is one of two records.
type side struct {
	N          int // 1 or 2: names may be alike
	ID         string
	Name       string
	Contact    contactFacts
	Next, Last *visitLine
	Visits     int
	Notes      []noteLine
	URL        string
}

func (page *customerPage) addMerges(r *request, c *booking.Card, names map[string]string) {
	may := r.by.Has(staff.MergePersons)
	for i := range c.Duplicates {
		d := &c.Duplicates[i]
		line := duplicateLine{foundLine: foundLineOf(r, &d.Found), Same: sameIn(r, d)}
		if may {
			line.CompareURL = r.Path(customerPath(c.PersonID)+"/compare") + "?" + url.Values{"with": {d.PersonID}}.Encode()
		}
		page.Duplicates = append(page.Duplicates, line)
	}
	zone := r.Catalogue.Tenant.Zone
	for _, m := range c.Merges {
		page.Merges = append(page.Merges, mergeLine{ID: m.ID, Name: person.ListName(m.FirstName, m.LastName), Who: r.nameIn(names, m.StaffID),
			At: m.At.In(zone), Until: m.Until().In(zone)})
	}
	if may && c.MayReveal { // both are a matter of where the person belongs
		page.UndoAction = r.Path(customerPath(c.PersonID) + "/unmerge")
	}
}

// sameIn says what is the same in a record and its duplicate.
func sameIn(r *request, d *booking.Duplicate) []string {
	var out []string
	for _, part := range []struct {
		same bool
		key  string
	}{{d.SameName, "desk.customer.same_name"}, {d.SameBirth, "desk.customer.same_birth"}, {d.SameEmail, "desk.customer.same_email"},
		{d.SamePhone, "desk.customer.same_phone"}} {
		if part.same {
			out = append(out, r.Printer.T(part.key))
		}
	}
	return out
}

// compareCustomers shows the person in the address beside another one.
func (p *pages) compareCustomers(w http.ResponseWriter, r *request) error {
	return p.renderCompare(w, r, r.URL.Query().Get("with"), false)
}

// revealBoth is compareCustomers with the contact data of both.
func (p *pages) revealBoth(w http.ResponseWriter, r *request) error {
	return p.renderCompare(w, r, r.id("with"), true)
}

func (p *pages) renderCompare(w http.ResponseWriter, r *request, with string, reveal bool) error {
	id := r.PathValue("id")
	a, err := p.bookings.Card(r.Context(), r.by, id)
	if err != nil {
		return goneCustomer(err)
	}
	b, err := p.bookings.Card(r.Context(), r.by, with)
	switch {
	case err != nil:
		return goneCustomer(err)
	case id == with:
		return p.onCard(w, r, fault.New(fault.Conflict, "merge.same"), "")
	case a.PersonID != id || b.PersonID != with:
		return p.onCard(w, r, fault.New(fault.Conflict, "merge.gone"), "")
	}
	names, err := p.accounts.Names(r.Context(), r.by)
	if err != nil {
		return err
	}
	path := customerPath(id)
	page := comparePage{Layout: r.Layout("desk.compare.title"), Sides: [2]side{sideOf(r, 1, a, names), sideOf(r, 2, b, names)},
		With: with, BackURL: r.Path(path)}
	page.Languages = r.Languages(path + "/compare?" + url.Values{"with": {with}}.Encode())
	for i := range a.Duplicates {
		if a.Duplicates[i].PersonID == with {
			page.Same = sameIn(r, &a.Duplicates[i])
		}
	}
	if reveal {
		for i, c := range []*booking.Card{a, b} {
			d, err := p.bookings.RevealContact(r.Context(), r.by, c.PersonID)
			if err != nil {
				return p.onCard(w, r, err, "")
			}
			page.Sides[i].Contact = shownFacts(r, d, c.EmailVerified)
		}
	} else if a.MayReveal && b.MayReveal {
		page.RevealAction = r.Path(path + "/compare")
	}
	if a.MayReveal && b.MayReveal { // both are a matter of where the persons belong
		page.MergeAction = r.Path(path + "/merge")
	}
	return r.Render(w, http.StatusOK, p.views, "compare", page)
}

func sideOf(r *request, n int, c *booking.Card, names map[string]string) side {
	s := side{N: n, ID: c.PersonID, Name: person.ListName(c.FirstName, c.LastName), Contact: maskedFacts(c),
		Visits: len(c.Coming) + len(c.Past), Notes: r.noteLines(c, names), URL: r.Path(customerPath(c.PersonID))}
	if len(c.Coming) > 0 {
		s.Next = r.visitLine(&c.Coming[0])
	}
	if len(c.Past) > 0 {
		s.Last = r.visitLine(&c.Past[0])
	}
	return s
}

// mergeCustomers puts one of two records into the one that was chosen to stay.
func (p *pages) mergeCustomers(w http.ResponseWriter, r *request) error {
	id, with, kept := r.PathValue("id"), r.id("with"), r.id("keep")
	gone := with
	switch kept {
	case id:
	case with:
		gone = id
	default:
		return p.onCard(w, r, fault.New(fault.Invalid, "error.form"), "")
	}
	if err := p.bookings.MergePersons(r.Context(), r.by, kept, gone); err != nil {
		return p.onCard(w, r, err, "")
	}
	return r.SeeOther(customerPath(kept) + "?merged")
}

// unmergeCustomers takes a merge back.
func (p *pages) unmergeCustomers(w http.ResponseWriter, r *request) error {
	if err := p.bookings.UndoMerge(r.Context(), r.by, r.id("merge")); err != nil {
		return p.onCard(w, r, err, "")
	}
	return r.SeeOther(customerPath(r.PathValue("id")) + "?undone")
}
