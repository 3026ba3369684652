// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"html/template"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/paper"
	"vorzimmer/internal/web/view"
)

// daySamples are the pages of the day.
func (s sampler) daySamples() []sample {
	hall := locale.Text{"de": "Rathaus", "en": "Town hall"}
	title := func(key string, args ...any) view.Layout {
		l := s.layout(key)
		l.Title = s.key(key, args...)
		return l
	}
	stale := title("desk.day.title", "Date", "Montag")
	stale.Errors = []view.FieldError{{Text: s.key("desk.day.no_date")}}
	head := dayHead{Place: hall, Date: made, AsOf: made, Totals: []total{{"expected", 3}, {"arrived", 1}, {"called", 1},
		{"served", 1}, {"no_show", 0}, {"cancelled", 1}}, Rows: s.sampleRows()}
	counters := []counterChoice{{"schalter-1", locale.Text{"de": "Schalter 1"}, true}, {"schalter-2", locale.Text{"de": "Schalter 2"}, false}}
	page := dayPage{Layout: title("desk.day.title", "Date", "Montag"), dayHead: head, Keys: true, KeysURL: "?keys=off", PrevURL: "?1",
		NextURL: "?2", TodayURL: "?3", RefreshURL: "?", PrintURL: "?4", PDFURL: "?5", TomorrowURL: "?6", LiveURL: "/desk/day/events?since=1",
		Action: "/desk/day", LocationKey: "rathaus", CounterKey: "schalter-1", Counters: counters}
	empty := page
	empty.Layout, empty.Rows, empty.Counters, empty.Keys = stale, nil, nil, false
	rows := s.sampleRows()
	qr := template.HTML(`<svg role="img" aria-label="` + template.HTMLEscapeString(s.key("qr.label")) + `" viewBox="0 0 9 9"><path d="M1 1h3v3H1z"/></svg>`)
	closed := closuresPage{Layout: title("desk.closing.title"), Place: hall, Action: "/desk/closures/preview", Counters: counters,
		List: []closedLine{{From: "1", Until: "2", Reason: hall}, {Counter: hall, From: "1", Until: "2", Reason: hall, Reopen: "/desk/closures/1/reopen"}}}
	closed.Form = closingForm{LocationKey: "rathaus", FromDate: "2026-11-24", Reason: "Wartung"}
	bad := closed
	bad.Layout, bad.List = wrong(bad.Layout, view.FieldError{Field: "from-date", Text: s.key("desk.closing.date", "Field", "x")}), nil
	closed.Inputs, bad.Inputs = closed.Form.inputs(closed.Layout), bad.Form.inputs(bad.Layout)
	preview := previewPage{Layout: title("desk.closing.preview"), Place: hall, Counter: hall, From: "1", Until: "2", Form: closed.Form,
		Action: "/desk/closures", BackAction: "/desk/closures/preview", Rows: []hitRow{{rows[0], made}}}
	nobody := preview
	nobody.Rows, nobody.Counter = nil, nil
	full := appointmentPage{Layout: title("desk.appointment.title", "Reference", "1234 5678"), Row: rows[1], Place: hall, Date: made,
		End: made.Add(time.Hour), Minutes: 60, Booked: "Schalter 2", Origin: "desk", Overbooked: "Rollstuhl", Unfit: "visit.unfit.hours",
		Past: []visited{{"desk.appointment.arrived", made}}, LocationKey: "rathaus", Counters: counters, DayURL: "/desk/day",
		MoveURL: "/move", ContactURL: "/contact", PersonURL: "/desk/customers/1", CancelAction: "/cancel", SlipAction: "/slip"}
	week := calendarPage{Layout: title("desk.calendar.title"), Place: hall, Week: true, Date: made, PrevURL: "?1", NextURL: "?2", TodayURL: "?3",
		OtherURL: "?4", Action: "/desk/calendar", LocationKey: "rathaus", Days: []weekDay{{made, "?5", true}, {made.AddDate(0, 0, 1), "?6", false}},
		Lines: []weekLine{{hall, []weekCell{{"?5", 3, 1, []span{{"free", 65}, {"closed", 120}}}, {}}}}}
	day := week
	day.Week, day.Counters = false, []locale.Text{hall, hall}
	day.Rows = []calendarRow{
		{made, []calendarCell{{"booked", made, made.Add(time.Hour), 2, rows[0]}, {"free", made, made.Add(time.Minute * 30), 1, nil}}},
		{made.Add(time.Minute * 30), []calendarCell{{"internal", made.Add(time.Minute * 30), made.Add(time.Hour), 1, nil}}}}
	nothing := day
	nothing.Rows = nil
	return []sample{
		{"day", "day", page}, {"day-empty", "day", empty},
		{"day-print", "dayprint", printPage{Layout: title("desk.print.title"), dayHead: head, DayURL: "/desk/day", PDFURL: "/desk/day.pdf"}},
		{"appointment", "appointment", full},
		{"appointment-over", "appointment", appointmentPage{Layout: full.Layout, Row: rows[3], Place: hall, Date: made, End: made, Origin: "online", DayURL: "/desk/day"}},
		{"slip", "slip", slipPage{Layout: title("desk.slip.title"), QR: qr, BackURL: "/desk", PDFAction: "/slip.pdf", Secret: "x",
			Slip: paper.Slip{Lang: locale.EN, Title: "Your appointment", Facts: []paper.Fact{{Label: "When", Lines: []string{"Monday", "08:00"}}},
				Bring: []paper.Fact{{Label: "ID card", Lines: []string{"photo"}}}, Way: "left", Link: "https://example.org/x", Help: "Help:"}}},
		{"calendar-day", "calendar", day}, {"calendar-week", "calendar", week}, {"calendar-nothing", "calendar", nothing},
		{"closures", "closures", closed}, {"closures-wrong", "closures", bad},
		{"closing", "closing", preview}, {"closing-nobody", "closing", nobody},
	}
}

// sampleRows are people in every state, with names that could do harm.
func (s sampler) sampleRows() []*dayRow {
	step := func(id, name string, first bool) stepButton {
		return stepButton{Name: name, Action: "/desk/appointment/" + id + "/" + name, Key: "desk.step." + name, Letter: letters[name], Primary: first}
	}
	where := step("4", "call", true)
	where.Link, where.Key = true, "desk.step.call_where"
	rows := []*dayRow{
		{ID: "1", Version: 1, Start: made, State: "confirmed", Name: "=HYPERLINK(1), <b>Œčak", Reference: "1234 5678", Services: "2 × Ausweis",
			Counter: "Schalter 1", URL: "/desk/appointment/1", Steps: []stepButton{step("1", "arrive", true), step("1", "missed", false)}},
		{ID: "2", Version: 2, Start: made, State: "called", Since: made, Name: "יעקב", Marks: []string{"desk.mark.overbooked", "desk.mark.unfit"},
			Services: "Reisepass", Counter: "Schalter 2", URL: "/desk/appointment/2", Steps: []stepButton{step("2", "finish", true), step("2", "back", false)}},
		{ID: "3", State: "unconfirmed", Reference: "1234 0000", Marks: []string{"desk.mark.unconfirmed"}, Start: made, URL: "/desk/appointment/3"},
		{ID: "4", State: "no_show", Name: "Beispiel, Quirin", Start: made, URL: "/desk/appointment/4"},
		{ID: "5", State: "arrived", Name: "Beispiel, Frieda", Start: made, Since: made, URL: "/desk/appointment/5", Steps: []stepButton{where}},
	}
	return rows
}
