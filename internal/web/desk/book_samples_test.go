// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
)

// bookSamples are the pages on which appointments are given, moved, and their
// contact data changed.
func (s sampler) bookSamples() []sample {
	hall := locale.Text{"de": "Rathaus", "en": "Town hall"}
	places := []counterChoice{{"rathaus", hall, true}, {"nord", locale.Text{"de": "Bürgerhaus Nord"}, false}}
	title := func(key string) view.Layout {
		l := s.layout(key)
		l.Title = s.key(key, "Reference", "1234 5678")
		return l
	}
	first := bookPage{Layout: title("desk.book.title"), Action: "/desk/book", PlaceKey: "rathaus", Place: hall, PersonID: "p1",
		Lines: withEmpty(nil), Services: []serviceHint{{"pass", locale.Text{"de": "Reisepass <b>", "en": "Passport"}}}}

	vague := first
	vague.Layout = wrong(vague.Layout, view.FieldError{Field: "service-1", Text: s.key("desk.book.service_many", "Typed", "<b>")})
	vague.Places = places
	vague.Lines = withEmpty([]wantedLine{{N: 1, Typed: "<b>", Quantity: "2", Error: vague.Errors[0].Text, Choices: []serviceChoice{{"1.pass", hall}, {"1.perso", hall}}}})

	times := freeTimes{From: "2026-10-05", Later: "2026-10-09", Last: made.AddDate(0, 2, 0), Replaced: true, Focus: true, Days: []freeDay{
		{made, []freeTime{{Value: 1, Start: made, Chosen: true}, {Value: 2, Start: made.Add(time.Hour), Offline: true}}},
		{made.AddDate(0, 0, 1), []freeTime{{Value: 3, Start: made.AddDate(0, 0, 1)}}}}}
	data := person.Data{LastName: `=HYPERLINK("x") יעקב`, FirstName: "Quirin", Phone: "030 23125 123", BirthDate: "1985-11-24", Note: "<i>Zeile"}
	full := first
	full.Full, full.Times, full.Minutes, full.Shown, full.Once = true, &times, 35, "rathaus 2026-10-05 pass.1", "x"
	full.Lines = withEmpty([]wantedLine{{N: 1, Typed: "Reisepass", Quantity: "1"}})
	full.Contact = contactFormOf(full.Layout, data)
	full.Speaks = []languageChoice{{"de", "Deutsch", true}, {"en", "English", false}}

	none := full
	none.Layout = wrong(none.Layout, view.FieldError{Field: "last-name", Text: "x"}, view.FieldError{Field: "note", Text: "x"},
		view.FieldError{Field: "other-time", Text: "x"}, view.FieldError{Field: "start-other", Text: "x"}, view.FieldError{Field: "from", Text: "x"})
	none.Times = &freeTimes{From: "2026-10-05", Last: made, Error: "x"}
	input := view.Input{Name: "other-date", Label: "field.label.other-date", Type: "date", Value: "2026-10-05", Required: true}
	clock := view.Input{Name: "other-time", Label: "field.label.other-time", Type: "time", Required: true, Error: "x"}
	reason := view.Input{Name: "reason", Label: "field.label.reason", Type: "text", Value: "<b>", Required: true, Hint: "desk.book.reason_hint"}
	none.Other = &otherTime{Open: true, Chosen: true, Error: "x", Date: input, Time: clock, Reason: reason}
	none.Contact = contactFormOf(none.Layout, data)

	booked := bookedPage{Layout: title("desk.booked.title"), Name: data.LastName, Reference: "1234 5678", Date: made, End: made.Add(time.Hour), Minutes: 60,
		Place: hall, Counter: hall, Services: "2 × Reisepass", SlipAction: "/slip", PDFAction: "/slip.pdf", Secret: "x", URL: "/desk/appointment/1", AgainURL: "/desk/book"}
	extra := booked
	extra.Overbooked, extra.Mail, extra.Again, extra.SameURL = `=1+1 "Notfall"`, true, true, "/desk/book?person=1"

	row := s.sampleRows()[1]
	move := moveView{Layout: title("desk.move.title"), Row: row, Place: hall, Date: made, BackURL: "/desk/appointment/1", Action: "/move", Places: places, PlaceKey: "rathaus", Times: times}
	stale := move
	stale.Layout = wrong(stale.Layout, view.FieldError{Text: s.key("visit.stale", "Who", "Frieda", "What", "x")})
	stale.Places, stale.Times = nil, *none.Times
	contact := contactView{Layout: title("desk.contact.title"), Row: row, BackURL: "/desk/appointment/1", Action: "/contact", Version: 3, Contact: full.Contact}
	late := contact
	late.Layout, late.Now = stale.Layout, &person.Data{LastName: "<b>", Phone: "1", Email: "a@example.org"}
	return []sample{
		{"book", "book", first}, {"book-vague", "book", vague}, {"book-times", "book", full}, {"book-nothing-free", "book", none},
		{"booked", "booked", booked}, {"booked-extra", "booked", extra},
		{"move", "move", move}, {"move-stale", "move", stale}, {"contact", "contact", contact}, {"contact-stale", "contact", late},
	}
}
