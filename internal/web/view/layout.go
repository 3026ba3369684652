// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"fmt"
	"slices"
	"time"

	"golang.org/x/text/language"

	"vorzimmer/internal/locale"
)

// Layout is what every page has. A page's struct embeds it.
type Layout struct {
	Lang             locale.Lang
	Title            string // translated; the page's heading and the window's title
	Town             string // the tenant's name
	Step             int    // of booking, 1 to Steps; 0 shows no progress
	Languages        []LangLink
	HomeURL          string
	AccountURL       string // of citizens' accounts; empty where there is no link to them
	PrivacyURL       string
	ImprintURL       string
	AccessibilityURL string
	Example          bool         // say on the page that the data is invented
	DemoMailURL      string       // where captured mail can be read; empty outside the demo
	Errors           []FieldError // what has to be corrected, in the order of the page
	Resume           *Resume      // a reservation that is still running
	NoIndex          bool         // keep search engines away
	Phone            string       // of the office, for when a page cannot help; empty when there is none
	PhoneHours       locale.Text  // when somebody answers
	Nav              *Nav         // of those who work here; nil for the public
}

// Steps is how many steps a booking has.
const Steps = 4

// LangLink is one choice of the language switch.
type LangLink struct {
	Lang    locale.Lang
	Name    string // in that language: "English"
	URL     string // this page in that language
	Current bool
}

// FieldError is one sentence about one field. Field is the id of the input,
// empty when the sentence is about the whole page.
type FieldError struct {
	Field string
	Text  string // translated
	Call  bool   // only the office can help: its number stands below
}

// Resume points to a reservation that runs in another tab or was left.
type Resume struct {
	Until time.Time // in the location's zone
	URL   string
}

// Link is a link with its translated text.
type Link struct{ Text, URL string }

// ErrorPage is the page of template "error": what happened and how to go on.
type ErrorPage struct {
	Layout
	Status  int    // of the answer (RFC 9110, section 15)
	Heading string // translated
	Text    string // translated
	Links   []Link
}

// Top says all that template "top" shows. Pages that hold a secret are not
// remembered by it: it may be in the address.
func (l Layout) Top() string {
	return fmt.Sprint(l.Lang, "\n", l.Title, "\n", l.Town, "\n", len(l.Errors) > 0, l.Example, l.DemoMailURL, "\n", l.HomeURL, "\n", l.AccountURL,
		"\n", l.Languages)
}

// Bottom says all that template "bottom" shows.
func (l Layout) Bottom() string {
	return l.PrivacyURL + "\n" + l.ImprintURL + "\n" + l.AccessibilityURL
}

// Dir is the direction of the page's script: "ltr" or "rtl".
func (l Layout) Dir() string {
	script, _ := language.Make(string(l.Lang)).Script()
	switch script.String() {
	case "Arab", "Hebr", "Thaa", "Syrc":
		return "rtl"
	}
	return "ltr"
}

// FieldErrors tells whether any of the errors is about a field, so that there
// is something to correct.
func (l Layout) FieldErrors() bool {
	for _, e := range l.Errors {
		if e.Field != "" {
			return true
		}
	}
	return false
}

// CallUs tells whether the number of the office belongs below the errors.
func (l Layout) CallUs() bool {
	return l.Phone != "" && slices.ContainsFunc(l.Errors, func(e FieldError) bool { return e.Call })
}

// ErrorFor is the first sentence about a field, empty when it is all right.
func (l Layout) ErrorFor(field string) string {
	for _, e := range l.Errors {
		if e.Field == field {
			return e.Text
		}
	}
	return ""
}
