// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/url"
	"slices"
	"strconv"
	"strings"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/web/view"
)

// wantedLine is a service that is wanted, and how many times.
type wantedLine struct {
	N        int // of the line, from 1 on
	Typed    string
	Quantity string
	Error    string          // translated
	Choices  []serviceChoice // what may be meant
}

// serviceChoice is a button that says which service is meant.
type serviceChoice struct {
	Value string // number of the line, a dot and the key
	Name  locale.Text
}

// maxLines bounds the work that one form can ask for.
const maxLines = 12

// wantedIn are the lines of a form that say something. A pressed choice takes
// the place of what was typed in its line.
func wantedIn(q url.Values) []wantedLine {
	var lines []wantedLine
	n, chosen, _ := strings.Cut(q.Get("choose"), ".")
	quantities := q["quantity"]
	for i, typed := range q["service"][:min(len(q["service"]), maxLines)] {
		if n == strconv.Itoa(i+1) {
			typed = chosen
		}
		line := wantedLine{Typed: strings.TrimSpace(typed), Quantity: "1"}
		if i < len(quantities) && quantities[i] != "" {
			line.Quantity = quantities[i]
		}
		if line.Typed != "" {
			lines = append(lines, line)
		}
	}
	for i := range lines {
		lines[i].N = i + 1
	}
	return lines
}

// withEmpty adds lines to write in: one more than are filled in, and two at
// least.
func withEmpty(lines []wantedLine) []wantedLine {
	out := slices.Clone(lines)
	for len(out) < min(max(len(lines)+1, 2), maxLines) {
		out = append(out, wantedLine{N: len(out) + 1, Quantity: "1"})
	}
	return out
}

// meant are the services that somebody may mean, in the order of how likely it
// is: by key, by the beginning of the name or key, by all words that the public
// finds it with. What the location offers is preferred.
func meant(c *office.Catalogue, lang locale.Lang, l *office.Location, typed string) []*office.Service {
	text := strings.ToLower(strings.TrimSpace(typed))
	is := func(fits func(name string) bool) []*office.Service {
		var found []*office.Service
		for i := range c.Services {
			s := &c.Services[i]
			names := []string{strings.ToLower(s.Key), strings.ToLower(s.Name.In(lang)), strings.ToLower(s.Name.In(locale.DE))}
			if !s.Retired && slices.ContainsFunc(names, fits) {
				found = append(found, s)
			}
		}
		return found
	}
	for _, look := range []func() []*office.Service{
		func() []*office.Service { return is(func(name string) bool { return name == text }) },
		func() []*office.Service { return is(func(name string) bool { return strings.HasPrefix(name, text) }) },
		func() []*office.Service { return c.Search(lang, typed) },
	} {
		found := look()
		here := slices.DeleteFunc(slices.Clone(found), func(s *office.Service) bool { return !l.Offers(s.ID) })
		if len(here) > 0 {
			return here
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// selection finds out what the lines mean and writes it into them. The errors
// are about lines, or about the selection as a whole.
func (r *request) selection(l *office.Location, lines []wantedLine) (office.Selection, []view.FieldError) {
	var wanted []office.Wanted
	var wrong []view.FieldError
	for i := range lines {
		line := &lines[i]
		found := meant(r.Catalogue, r.Lang(), l, line.Typed)
		switch len(found) {
		case 0:
			line.Error = r.Printer.T("desk.book.service_unknown", "Typed", line.Typed)
		case 1:
			line.Typed = found[0].Name.In(r.Lang())
			quantity, _ := strconv.Atoi(strings.TrimSpace(line.Quantity)) // 0, which no service accepts, for what is no number
			wanted = append(wanted, office.Wanted{Key: found[0].Key, Quantity: quantity})
		default:
			line.Error = r.Printer.T("desk.book.service_many", "Typed", line.Typed)
			for _, s := range found {
				line.Choices = append(line.Choices, serviceChoice{strconv.Itoa(line.N) + "." + s.Key, s.Name})
			}
		}
		if line.Error != "" {
			wrong = append(wrong, view.FieldError{Field: "service-" + strconv.Itoa(line.N), Text: line.Error})
		}
	}
	if len(wrong) > 0 {
		return nil, wrong
	}
	sel, err := r.Catalogue.Select(wanted)
	if err != nil {
		return nil, r.Errors(err)
	}
	if !slices.Contains(r.Catalogue.LocationsFor(sel), l) {
		var names []string
		for _, other := range r.Catalogue.LocationsFor(sel) {
			names = append(names, other.Name.In(r.Lang()))
		}
		return nil, r.Errors(fault.New(fault.Invalid, "desk.book.elsewhere", "Here", l.Name, "Places", strings.Join(names, ", ")))
	}
	return sel, nil
}
