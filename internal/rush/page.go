// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"html"
	"net/url"
	"strings"

	"vorzimmer/internal/locale"
)

// Pages are read by looking for strings, not as a tree: the visitors share the
// processors with the server that is measured.

// times are the values of the buttons that take a time, as often as the page
// has them.
func times(page string) []string {
	var all []string
	each(page, `name="start" value="`, func(value, _ string) { all = append(all, value) })
	return all
}

// hidden are the fields of the page's forms that nobody sees.
func hidden(page string) url.Values {
	form := url.Values{}
	each(page, `<input type="hidden" name="`, func(name, rest string) {
		if value, ok := strings.CutPrefix(rest, ` value="`); ok {
			value, _, _ = strings.Cut(value, `"`)
			form.Add(name, html.UnescapeString(value))
		}
	})
	return form
}

// each calls found with every value that stands between mark and the next
// quote, and with what comes after that quote.
func each(page, mark string, found func(value, rest string)) {
	for {
		_, after, ok := strings.Cut(page, mark)
		if !ok {
			return
		}
		value, rest, _ := strings.Cut(after, `"`)
		found(html.UnescapeString(value), rest)
		page = rest
	}
}

// action is where the form that has an attribute leads; empty if there is none.
func action(page, attribute string) string {
	for {
		_, after, ok := strings.Cut(page, "<form ")
		if !ok {
			return ""
		}
		tag, rest, _ := strings.Cut(after, ">")
		if strings.Contains(tag, attribute) {
			_, value, _ := strings.Cut(tag, `action="`)
			value, _, _ = strings.Cut(value, `"`)
			return html.UnescapeString(value)
		}
		page = rest
	}
}

// reference is the number on the page of a booked appointment.
func reference(page string) string {
	found := ""
	if _, after, ok := strings.Cut(page, `class="reference">`); ok {
		found, _, _ = strings.Cut(after, "<")
	}
	return strings.TrimSpace(found)
}

// sentences are what pages have to say to people, as they stand in the HTML.
type sentences struct {
	taken   string // this time is gone
	nothing string // there is nothing left
	booked  string // the appointment is yours
}

func loadSentences() (sentences, error) {
	texts, err := locale.Load()
	if err != nil {
		return sentences{}, err
	}
	p := texts.Printer(locale.DE)
	return sentences{taken: html.EscapeString(p.T("booking.taken")), nothing: html.EscapeString(p.T("times.nothing")),
		booked: html.EscapeString(p.T("done.title"))}, nil
}
