// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"strings"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// customerSamples are the pages of the customer database, with names that could
// do harm.
func (s sampler) customerSamples() []sample {
	hall := locale.Text{"de": "Rathaus", "en": "Town hall"}
	visit := &visitLine{Begin: made, Place: hall, State: s.key("desk.state.confirmed"), Services: "2 × Ausweis", Reference: "1234 5678", URL: "/desk/appointment/1"}
	other := &visitLine{Begin: made, Place: hall, State: s.key("desk.customer.unfinished"), Elsewhere: true}
	masked := contactFacts{Email: "q***@example.org", Phone: "***123", Verified: true}
	shown := contactFacts{Email: "quirin@example.org", Phone: "030 23125 123", Shown: true, Street: "Musterweg 1", City: "12345 Kleinstadt",
		Born: "5. Mai 1990", Message: "=1+1\nשלום"}
	found := []foundLine{
		{Name: "=HYPERLINK(1), <b>Œčak", Email: "q***@example.org", Phone: "***123", Next: visit, Last: other, URL: "/desk/customers/1"},
		{Name: "יעקב", Phone: "***", Restricted: true, Last: visit, URL: "/desk/customers/2"},
	}
	notes := []noteLine{{Who: "Frieda Musterbach", At: made, Text: "<b>Rollstuhl</b>\nבבקשה"}, {Who: s.key("desk.customer.somebody"), At: made, Text: "=1"}}
	empty := customersPage{Layout: s.layout("desk.customers.title"), Action: "/desk/customers"}
	empty.Nav.SearchURL = ""
	list, more, nobody, bad := empty, empty, empty, empty
	list.Searched, list.Query, list.Found = true, "<i>Œčak", found
	more.Searched, more.Query, more.Found, more.More = true, "mue", found, true
	nobody.Searched, nobody.Query = true, strings.Repeat("יעקב", 50)
	bad.Query, bad.Layout = "12", wrong(bad.Layout, view.FieldError{Field: "query", Text: s.key("customer.number")})
	card := customerPage{Layout: s.layout("desk.customer.title"), Done: s.key("desk.customer.merged"), Name: found[0].Name, Contact: masked,
		RevealAction: "/desk/customers/1/reveal", BookURL: "/desk/book?person=1", Coming: []*visitLine{visit}, Past: []*visitLine{visit, other}, Hides: true,
		Notes: notes, NoteAction: "/desk/customers/1/notes", SearchURL: "/desk/customers", UndoAction: "/desk/customers/1/unmerge",
		Duplicates: []duplicateLine{{found[1], []string{s.key("desk.customer.same_email"), s.key("desk.customer.same_name")}, "/desk/customers/1/compare?with=2"},
			{foundLine{Name: "O’Beispiel", URL: "/desk/customers/3"}, []string{s.key("desk.customer.same_phone")}, ""}},
		Merges: []mergeLine{{ID: "m1", Name: "יעקב", Who: "Frieda Musterbach", At: made, Until: made.Add(24 * time.Hour)}}}
	card.Keeping = keeping{Restricted: &decided{made, s.key("desk.role.clerk")}, Unrestrict: "/desk/customers/1/unrestrict",
		Holds: []holdLine{{decided{made, s.key("desk.role.admin")}, "h1", made, "<b>Klage</b>\nבבקשה"}, {decided{At: made}, "h2", made, "=1"}},
		Keep:  "/desk/customers/1/keep", End: "/desk/customers/1/keep/end", Until: s.until("", ""), Reason: s.reason("", "")}
	kept := card
	kept.Done = ""
	kept.Layout = wrong(kept.Layout, view.FieldError{Field: person.FieldKeepUntil, Text: s.key("keeping.until")},
		view.FieldError{Field: person.FieldKeepReason, Text: s.key("field.required")})
	kept.Keeping = keeping{Restrict: "/desk/customers/1/restrict", Keep: "/desk/customers/1/keep", End: "/desk/customers/1/keep/end",
		Until: s.until("2026-01-01", s.key("keeping.until")), Reason: s.reason("=1", s.key("field.required"))}
	revealed := card
	revealed.Keeping = keeping{Holds: card.Keeping.Holds}
	revealed.Done, revealed.Notice, revealed.Contact, revealed.RevealAction = "", s.key("desk.customer.went"), shown, ""
	bare := customerPage{Layout: wrong(s.layout("desk.customer.title"), view.FieldError{Field: noteField, Text: s.key("note.empty")}), Name: "יעקב",
		Elsewhere: true, Note: "=1", NoteAction: "/desk/customers/2/notes", SearchURL: "/desk/customers"}
	pair := comparePage{Layout: s.layout("desk.compare.title"), Same: []string{s.key("desk.customer.same_email")}, With: "2",
		Sides:       [2]side{{1, "1", found[0].Name, masked, visit, other, 2, notes, "/desk/customers/1"}, {2, "2", "יעקב", contactFacts{}, nil, nil, 0, nil, "/desk/customers/2"}},
		MergeAction: "/desk/customers/1/merge", RevealAction: "/desk/customers/1/compare", BackURL: "/desk/customers/1"}
	foreign := pair
	foreign.MergeAction, foreign.RevealAction, foreign.Same = "", "", nil
	return []sample{
		{"customers", "customers", empty}, {"customers-found", "customers", list}, {"customers-more", "customers", more},
		{"customers-nobody", "customers", nobody}, {"customers-bad", "customers", bad},
		{"customer", "customer", card}, {"customer-shown", "customer", revealed}, {"customer-bare", "customer", bare}, {"customer-kept", "customer", kept},
		{"compare", "compare", pair}, {"compare-elsewhere", "compare", foreign},
	}
}

func (s sampler) until(value, problem string) view.Input {
	return view.Input{Name: person.FieldKeepUntil, Label: "field.label.keep-until", Hint: "desk.keeping.until_hint", Type: "date", Value: value,
		Required: true, Error: problem}
}

func (s sampler) reason(value, problem string) view.Input {
	return view.Input{Name: person.FieldKeepReason, Label: "field.label.keep-reason", Hint: "desk.keeping.reason_hint", Rows: 3, Value: value,
		Required: true, Error: problem}
}
