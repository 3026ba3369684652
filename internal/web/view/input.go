// SPDX-License-Identifier: EUPL-1.2

package view

// Input is one text field of a form, for the parts "input", "textarea" and "field-error".
// Label, hint and error are tied to the field by its name, which is its id as
// well.
type Input struct {
	Name         string
	Label        string // message key
	Hint         string // message key; empty for none
	Value        string // as it was typed
	Type         string // of the element: text, email, tel
	Rows         int    // of a "textarea"
	Autocomplete string // autofill field name (HTML, 4.10.18.7); empty for none
	Required     bool
	Error        string // translated; empty when the field is all right
}

// DescribedBy lists the ids of what explains the field (WAI-ARIA 1.2,
// aria-describedby); empty when nothing does.
func (i Input) DescribedBy() string {
	switch {
	case i.Hint != "" && i.Error != "":
		return i.Name + "-error " + i.Name + "-hint"
	case i.Error != "":
		return i.Name + "-error"
	case i.Hint != "":
		return i.Name + "-hint"
	}
	return ""
}
