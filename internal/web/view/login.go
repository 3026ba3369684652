// SPDX-License-Identifier: EUPL-1.2

package view

import "html/template"

// What those who work here and citizens with an account see alike when they prove
// who they are. Each type is for the part of templates/part-login.html that it
// names. Paths in Next come without the language.

// PasskeyOffer leads to the page that asks the device: part "passkey-offer".
type PasskeyOffer struct{ Action, Next string }

// PasskeyAsk is where the script asks the device; the form takes its answer: part
// "passkey-ask".
type PasskeyAsk struct {
	Register bool   // a new one, else a login
	Options  string // JSON for the browser
	Action   string
	Name     string // of a new one
	Next     string // where to go afterwards
	BackURL  string
}

// CodeSetup sets up a code generator: part "code-setup".
type CodeSetup struct {
	QR     template.HTML
	Secret string // to be typed, in groups
	Action string
	Next   string
	Code   Input
}

// RecoveryCodes are shown for the only time: part "recovery-codes".
type RecoveryCodes struct {
	Codes   []string
	NextURL string
}

// CodeInput is the field for a code; hint is a message key.
func CodeInput(l Layout, hint string) Input {
	return Input{Name: "code", Label: "field.label.code", Hint: hint, Type: "text", Autocomplete: "one-time-code",
		Required: true, Error: l.ErrorFor("code")}
}

// NewPassword is a password, twice: what one cannot see one may mistype.
func NewPassword(l Layout) []Input {
	return []Input{
		{Name: "password", Label: "field.label.new-password", Hint: "password.hint", Type: "password",
			Autocomplete: "new-password", Required: true, Error: l.ErrorFor("password")},
		{Name: "password-again", Label: "field.label.password-again", Hint: "password.again_hint", Type: "password",
			Autocomplete: "new-password", Required: true, Error: l.ErrorFor("password-again")},
	}
}

// OldPassword asks for the one that there is, in the field of a name.
func OldPassword(l Layout, name string) Input {
	return Input{Name: name, Label: "field.label." + name, Type: "password", Autocomplete: "current-password",
		Required: true, Error: l.ErrorFor(name)}
}

// LoginInputs are address and password. A password is never sent back.
func LoginInputs(l Layout, email string) []Input {
	return []Input{
		{Name: "email", Label: "field.label.email", Type: "email", Value: email, Autocomplete: "username", Required: true,
			Error: l.ErrorFor("email")},
		OldPassword(l, "password"),
	}
}

// PasskeyName is what the owner calls a new passkey.
func PasskeyName(l Layout, typed string) Input {
	return Input{Name: "name", Label: "field.label.passkey-name", Hint: "passkey.name_hint", Type: "text", Value: typed,
		Required: true, Error: l.ErrorFor("name")}
}

// InFours groups a secret so that it can be typed.
func InFours(s string) string {
	out := ""
	for i, c := range s {
		if i > 0 && i%4 == 0 {
			out += " "
		}
		out += string(c)
	}
	return out
}
