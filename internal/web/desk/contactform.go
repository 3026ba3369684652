// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/url"
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

// oneName is the box for people with a single name.
const oneName = "one-name"

// contactField is a field of the form and what it fills.
type contactField struct {
	name, kind, hint string
	required         bool
	more             bool // folded away
	of               func(*person.Data) *string
}

// contactFields are in the order in which one asks on the telephone.
var contactFields = []contactField{
	{name: person.FieldLastName, kind: "text", required: true, of: func(d *person.Data) *string { return &d.LastName }},
	{name: person.FieldFirstName, kind: "text", required: true, of: func(d *person.Data) *string { return &d.FirstName }},
	{name: person.FieldPhone, kind: "tel", required: true, hint: "desk.book.phone_hint", of: func(d *person.Data) *string { return &d.Phone }},
	{name: person.FieldEmail, kind: "email", hint: "desk.book.email_hint", of: func(d *person.Data) *string { return &d.Email }},
	{name: person.FieldStreet, kind: "text", more: true, of: func(d *person.Data) *string { return &d.Street }},
	{name: person.FieldPostcode, kind: "text", more: true, of: func(d *person.Data) *string { return &d.Postcode }},
	{name: person.FieldCity, kind: "text", more: true, of: func(d *person.Data) *string { return &d.City }},
	{name: person.FieldBirthDate, kind: "text", more: true, hint: "desk.book.birth_hint", of: func(d *person.Data) *string { return &d.BirthDate }},
	{name: person.FieldNote, more: true, of: func(d *person.Data) *string { return &d.Note }},
}

// dataIn is what was typed.
func dataIn(q url.Values) person.Data {
	d := person.Data{OneName: q.Get(oneName) != ""}
	for _, f := range contactFields {
		*f.of(&d) = q.Get(f.name)
	}
	return d
}

// inPageOrder puts what is wrong with who comes in the order of its fields,
// after what stands above them.
func inPageOrder(list []view.FieldError) []view.FieldError {
	at := func(e view.FieldError) int {
		return slices.IndexFunc(contactFields, func(f contactField) bool { return f.name == e.Field })
	}
	slices.SortStableFunc(list, func(a, b view.FieldError) int { return at(a) - at(b) })
	return list
}

// contactFormOf fills in the form, with what is wrong with it.
func contactFormOf(l view.Layout, d person.Data) contactForm {
	if t, err := time.Parse(time.DateOnly, d.BirthDate); err == nil {
		d.BirthDate = t.Format("02.01.2006")
	}
	c := contactForm{OneName: d.OneName, Open: d.OneName || l.ErrorFor(person.FieldFirstName) != ""}
	for _, f := range contactFields {
		in := view.Input{Name: f.name, Label: "field.label." + f.name, Hint: f.hint, Value: *f.of(&d), Type: f.kind,
			Autocomplete: "off", Required: f.required, Error: l.ErrorFor(f.name)}
		switch {
		case f.name == person.FieldNote:
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
