// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"slices"
	"time"

	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// contactForm asks who comes. What the browser knows of others is kept away:
// somebody else is typing.
type contactForm struct {
	Main    []view.Input
	More    []view.Input // folded away at first
	Note    view.Input
	OneName bool
	Open    bool // what is folded away is shown
}

// contactField is a field of the form.
type contactField struct {
	name, kind, hint string
	required         bool
	more             bool // folded away
}

// contactFields are in the order in which one asks on the telephone.
var contactFields = []contactField{
	{name: person.FieldLastName, kind: "text", required: true},
	{name: person.FieldFirstName, kind: "text", required: true},
	{name: person.FieldPhone, kind: "tel", required: true, hint: "desk.book.phone_hint"},
	{name: person.FieldEmail, kind: "email", hint: "desk.book.email_hint"},
	{name: person.FieldStreet, kind: "text", more: true},
	{name: person.FieldPostcode, kind: "text", more: true},
	{name: person.FieldCity, kind: "text", more: true},
	{name: person.FieldBirthDate, kind: "text", more: true, hint: "desk.book.birth_hint"},
	{name: person.FieldNote, more: true},
}

// inPageOrder puts what is wrong with who comes in the order of its fields,
// after what stands above them.
func inPageOrder(list []view.FieldError) {
	at := func(e view.FieldError) int {
		return slices.IndexFunc(contactFields, func(f contactField) bool { return f.name == e.Field })
	}
	slices.SortStableFunc(list, func(a, b view.FieldError) int { return at(a) - at(b) })
}

// contactFormOf fills in the form, with what is wrong with it.
func contactFormOf(l view.Layout, d person.Data) contactForm {
	if t, err := time.Parse(time.DateOnly, d.BirthDate); err == nil {
		d.BirthDate = t.Format("02.01.2006")
	}
	c := contactForm{OneName: d.OneName, Open: d.OneName || l.ErrorFor(person.FieldFirstName) != ""}
	typed := person.Texts(&d)
	for _, f := range contactFields {
		in := view.Input{Name: f.name, Label: "field.label." + f.name, Hint: f.hint, Value: *typed[f.name], Type: f.kind,
			Autocomplete: "off", Required: f.required, Error: l.ErrorFor(f.name)}
		switch {
		case f.name == person.FieldNote:
			in.Rows = 3
			c.Note = in
		case f.more:
			c.More = append(c.More, in)
		default:
			c.Main = append(c.Main, in)
		}
	}
	filled := func(i view.Input) bool { return i.Value != "" || i.Error != "" }
	c.Open = c.Open || filled(c.Note) || slices.ContainsFunc(c.More, filled)
	return c
}
