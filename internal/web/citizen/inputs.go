// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// NameInputs are the two parts of the name.
func (p detailsPage) NameInputs() []view.Input {
	return []view.Input{
		p.input(view.Input{Name: person.FieldFirstName, Value: p.Form.FirstName, Type: "text",
			Autocomplete: "given-name", Required: true}),
		p.input(view.Input{Name: person.FieldLastName, Value: p.Form.LastName, Type: "text",
			Autocomplete: "family-name", Required: true}),
	}
}

// ContactInputs are how the office reaches the person.
func (p detailsPage) ContactInputs() []view.Input {
	return []view.Input{
		p.input(view.Input{Name: person.FieldEmail, Value: p.Form.Email, Type: "email",
			Hint: "details.email_hint", Autocomplete: "email", Required: true}),
		p.input(view.Input{Name: person.FieldPhone, Value: p.Form.Phone, Type: "tel",
			Hint: "details.phone_hint", Autocomplete: "tel", Required: true}),
	}
}

// AddressInputs are voluntary.
func (p detailsPage) AddressInputs() []view.Input {
	return []view.Input{
		p.input(view.Input{Name: person.FieldStreet, Value: p.Form.Street, Type: "text",
			Autocomplete: "address-line1"}),
		p.input(view.Input{Name: person.FieldPostcode, Value: p.Form.Postcode, Type: "text",
			Autocomplete: "postal-code"}),
		p.input(view.Input{Name: person.FieldCity, Value: p.Form.City, Type: "text",
			Autocomplete: "address-level2"}),
	}
}

// BirthDateInput is voluntary.
func (p detailsPage) BirthDateInput() view.Input {
	return p.input(view.Input{Name: person.FieldBirthDate, Value: p.Form.BirthDate, Type: "text",
		Hint: "details.birth_date_hint", Autocomplete: "bday"})
}

// NoteInput is voluntary; the template makes a larger field of it.
func (p detailsPage) NoteInput() view.Input {
	return p.input(view.Input{Name: person.FieldNote, Value: p.Form.Note, Hint: "details.note_hint", Rows: 4})
}

// input adds what is the same for every field.
func (p detailsPage) input(i view.Input) view.Input {
	i.Label = "field.label." + i.Name
	i.Error = p.ErrorFor(i.Name)
	return i
}
