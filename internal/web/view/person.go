// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"time"

	"vorzimmer/internal/person"
)

// PersonForm is what citizens tell about themselves, for the part "person-form".
type PersonForm struct {
	person.Data        // as it was typed; the birth date as people write it
	Who         string // message key: the heading of the name
	Why         string // message key: that the rest is voluntary
	EmailHint   string // message key; empty: the address is not asked for here
	WithNote    bool   // ask for what the office should know, too
	Open        bool   // show the voluntary fields unfolded
	errors      Layout
}

// NewPersonForm fills the form. The layout says what is wrong with it.
func NewPersonForm(d person.Data, l Layout) PersonForm {
	if t, err := time.Parse(time.DateOnly, d.BirthDate); err == nil {
		d.BirthDate = t.Format("02.01.2006")
	}
	f := PersonForm{Data: d, errors: l}
	f.Open = d.Street+d.Postcode+d.City+d.BirthDate+d.Note != ""
	for _, field := range []string{person.FieldStreet, person.FieldPostcode, person.FieldCity, person.FieldBirthDate, person.FieldNote} {
		f.Open = f.Open || l.ErrorFor(field) != ""
	}
	return f
}

// NameInputs are the two parts of the name.
func (f PersonForm) NameInputs() []Input {
	return []Input{
		f.input(Input{Name: person.FieldFirstName, Value: f.FirstName, Type: "text", Autocomplete: "given-name", Required: true}),
		f.input(Input{Name: person.FieldLastName, Value: f.LastName, Type: "text", Autocomplete: "family-name", Required: true}),
	}
}

// ContactInputs are how the office reaches the person.
func (f PersonForm) ContactInputs() []Input {
	phone := f.input(Input{Name: person.FieldPhone, Value: f.Phone, Type: "tel", Hint: "details.phone_hint", Autocomplete: "tel", Required: true})
	if f.EmailHint == "" {
		return []Input{phone}
	}
	return []Input{f.input(Input{Name: person.FieldEmail, Value: f.Email, Type: "email", Hint: f.EmailHint, Autocomplete: "email", Required: true}), phone}
}

// AddressInputs are voluntary.
func (f PersonForm) AddressInputs() []Input {
	return []Input{
		f.input(Input{Name: person.FieldStreet, Value: f.Street, Type: "text", Autocomplete: "address-line1"}),
		f.input(Input{Name: person.FieldPostcode, Value: f.Postcode, Type: "text", Autocomplete: "postal-code"}),
		f.input(Input{Name: person.FieldCity, Value: f.City, Type: "text", Autocomplete: "address-level2"}),
	}
}

// BirthDateInput is voluntary.
func (f PersonForm) BirthDateInput() Input {
	return f.input(Input{Name: person.FieldBirthDate, Value: f.BirthDate, Type: "text", Hint: "details.birth_date_hint", Autocomplete: "bday"})
}

// NoteInput is voluntary; the template makes a larger field of it.
func (f PersonForm) NoteInput() Input {
	return f.input(Input{Name: person.FieldNote, Value: f.Note, Hint: "details.note_hint", Rows: 4})
}

// input adds what is the same for every field.
func (f PersonForm) input(i Input) Input {
	i.Label = "field.label." + i.Name
	i.Error = f.errors.ErrorFor(i.Name)
	return i
}
