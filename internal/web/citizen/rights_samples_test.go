// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"vorzimmer/internal/document"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/web/view"
)

// rightsSamples are the pages on which guests use their rights.
func rightsSamples(lay func(string, int) view.Layout, key func(string, ...any) string) []sample {
	plain := func(title string) view.Layout { return lay(title, 0) }
	ask := askRightsPage{Layout: plain("rights.ask.title"), Action: "/rights", ComplaintURL: "/rights/complaint"}
	wrong, busy := ask, ask
	wrong.Typed = "joerg"
	wrong.Errors = []view.FieldError{{Field: "email", Text: key("field.email")}}
	busy.Phone = "02368 000000"
	busy.Errors = []view.FieldError{{Text: key("rights.ask.many"), Call: true}}
	list := []view.Right{{Text: key("rights.of.access"), URL: "/rights/sample/access"}, {Text: key("rights.of.restrict")}, {Text: key("rights.of.complaint"), URL: "/rights/complaint"}}
	open := rightsPage{Layout: plain("rights.title"), Open: 1, Rights: list}
	shared := rightsPage{Layout: plain("rights.title"), Closed: 2, Action: "/rights/sample/all"}
	shared.Phone = "02368 000000"
	guessed := rightsPage{Layout: plain("rights.title"), Open: 1, Closed: 1, Action: "/rights/sample/all", Rights: list}
	guessed.Errors = []view.FieldError{{Field: rights.FieldReference, Text: key("rights.reference.wrong")}}
	section := document.Section{ID: "record", Title: key("rights.section.record")}
	section.AddList(key("rights.fact.first_name")+": Jörg", key("rights.fact.note")+": Bitte <b>klingeln</b>.")
	section.AddTable(document.Table{Caption: key("rights.access.audit"), Columns: []string{key("rights.fact.when"), key("rights.fact.who")}, Rows: [][]string{{"24.11.2026", key("rights.who.citizen")}}})
	held := view.Held{Document: document.Document{Sections: []document.Section{section}}, PDFURL: "/a.pdf", JSONURL: "/a.json", BackURL: "/rights/sample/all"}
	return []sample{
		{"rights-ask", "rights-ask", ask},
		{"rights-ask-wrong", "rights-ask", wrong},
		{"rights-ask-busy", "rights-ask", busy},
		{"rights-sent", "rights-sent", rightsSentPage{plain("rights.sent.title"), "/rights"}},
		{"rights-link", "rights-link", rightsLinkPage{plain("rights.link.title"), "/rights/sample"}},
		{"rights", "rights", open},
		{"rights-shared", "rights", shared},
		{"rights-guessed", "rights", guessed},
		{"rights-nothing", "rights", rightsPage{Layout: plain("rights.title")}},
		{"access", "access", accessPage{plain("rights.access.title"), held}},
		{"export", "export", exportPage{plain("rights.export.title"), view.Export{FileURL: "/e.zip", SchemaURL: "/s.json", BackURL: "/rights/sample/all"}}},
		{"complaint", "complaint", complaintOf(plain("rights.complaint.title"), "NW")},
		{"complaint-by", "complaint", complaintOf(plain("rights.complaint.title"), "BY")},
	}
}
