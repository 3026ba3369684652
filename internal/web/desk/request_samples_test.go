// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"vorzimmer/internal/document"
	demand "vorzimmer/internal/request"
	"vorzimmer/internal/web/view"
)

// requestSamples are the pages about requests, with texts that could do harm.
func (s sampler) requestSamples() []sample {
	line := func(kind demand.Kind) requestLine {
		return requestLine{Kind: s.key("request.kind." + string(kind)), URL: "/desk/requests/1", Channel: s.key("request.channel.letter"),
			Received: made, Due: made.AddDate(0, 1, 0), State: s.key("desk.request.state.open")}
	}
	late, soon, done := line(demand.Access), line(demand.Erasure), line(demand.Objection)
	late.Late, soon.Soon, done.State = true, true, s.key("desk.request.state.refused")
	list := requestsPage{Layout: s.layout("desk.request.list"), NewURL: "/desk/requests/new"}
	full := list
	full.Open, full.Closed = []requestLine{late, soon, line(demand.Portability)}, []requestLine{done}
	field := func(name, hint, typ string, rows int, problem string) view.Input {
		return view.Input{Name: name, Label: "field.label." + name, Hint: hint, Type: typ, Rows: rows, Value: "<b>Œčak\nבבקשה", Required: typ != "", Error: problem}
	}
	form := newRequestPage{Layout: s.layout("desk.request.new"), Done: s.key("desk.request.recorded_until"), Person: "1", PersonURL: "/desk/customers/1",
		Kinds: []choice{{"access", s.key("request.kind.access"), false}, {"erasure", s.key("request.kind.erasure"), true}}, Channels: []choice{{"letter", s.key("request.channel.letter"), true}},
		Received: field(demand.FieldReceived, "", "date", 0, ""), From: field(demand.FieldFrom, "desk.request.from_known", "", 3, ""),
		Note: field(demand.FieldNote, "desk.request.note_hint", "", 4, ""), Action: "/desk/requests/new", BackURL: "/desk/requests",
		KindName: demand.FieldKind, ChanName: demand.FieldChannel}
	bad := form
	problem := s.key("field.required", "Field", s.key("field.label.request-kind"))
	bad.Layout = wrong(bad.Layout, view.FieldError{Field: demand.FieldKind, Text: problem}, view.FieldError{Field: demand.FieldChannel, Text: problem},
		view.FieldError{Field: demand.FieldFrom, Text: problem})
	bad.Done, bad.Person, bad.PersonURL, bad.BackURL, bad.KindErr, bad.ChanErr = "", "", "", "", problem, problem
	bad.From = field(demand.FieldFrom, "desk.request.from_hint", "", 3, problem)
	one := requestOnePage{Layout: s.layout("desk.request.title"), requestLine: soon, Done: s.key("desk.request.recorded"), From: "=1\nFrieda Œčak", Note: "<b>alles</b>",
		Wanted: "יעקב", PersonURL: "/desk/customers/1", LetterURL: "/desk/requests/1/letter", PDFURL: "/desk/requests/1/letter.pdf", Version: 1,
		Extend: "/desk/requests/1/extend", Close: "/desk/requests/1/close", Reason: field(demand.FieldReason, "desk.request.extend_hint", "", 3, ""),
		Result: field(demand.FieldOutcome, "desk.request.close_hint", "", 4, ""), BackURL: "/desk/requests"}
	one.DataURL, one.DataPDF = "/desk/requests/1/data", "/desk/requests/1/data.pdf"
	closed := one
	closed.requestLine, closed.Done, closed.Closed, closed.Close, closed.Extend = done, "", true, "", ""
	closed.Extended, closed.Outcome, closed.PersonURL, closed.Wanted = "viel", "<i>nichts</i>", "", ""
	unfit := one
	unfit.Layout = wrong(unfit.Layout, view.FieldError{Field: demand.FieldOutcome, Text: problem})
	unfit.Done, unfit.Result = "", field(demand.FieldOutcome, "desk.request.close_hint", "", 4, problem)
	letter := letterPage{Layout: s.layout("desk.request.letter"), PDFURL: "/desk/requests/1/letter.pdf", BackURL: "/desk/requests/1",
		Document: document.Document{Title: s.key("request.letter.title", "Kind", s.key("request.kind.access")), Lang: s.lang,
			Sections: []document.Section{{ID: "to", Title: s.key("request.letter.to"), Blocks: []document.Block{{Lines: []string{"<b>Frieda", "Weg 1"}}}}}}}
	return []sample{{"requests", "requests", list}, {"requests-full", "requests", full}, {"request-new", "request-new", form},
		{"request-new-bad", "request-new", bad}, {"request", "request", one}, {"request-closed", "request", closed}, {"request-bad", "request", unfit},
		{"request-letter", "request-letter", letter}}
}
