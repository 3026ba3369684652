// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"vorzimmer/internal/document"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/web/view"
)

// rightsSamples are the pages on which owners of accounts use their rights.
func (s sampler) rightsSamples() []sample {
	section := document.Section{ID: "account", Title: s.key("rights.section.account")}
	section.AddList(s.key("rights.fact.first_name") + ": Quirin")
	held := view.Held{Document: document.Document{Sections: []document.Section{section}}, PDFURL: "/a.pdf", JSONURL: "/a.json", BackURL: rightsPath}
	list := []view.Right{{Text: s.key("rights.of.access"), URL: "/account/access"}, {Text: s.key("rights.of.object")}}
	preview := previewPage{frame: s.frame("rights.preview.title"), Action: "/account/data", EmailNow: quirin.Email, BackURL: importPath}
	preview.Form = formOf(quirin, preview.Layout)
	preview.Form.Open = true
	wrong := preview
	wrong.frame = s.frame("rights.preview.title", "last-name", "phone")
	wrong.Form = formOf(quirin, wrong.Layout)
	foreign := importPage{frame: s.frame("rights.import.title"), Action: importPath}
	foreign.Errors = []view.FieldError{{Field: rights.FieldFile, Text: s.key("rights.import.foreign")}}
	return []sample{
		{"rights", "rights", rightsPage{frame: s.frame("rights.title"), Open: 2, Closed: 1, Rights: list}},
		{"rights-empty", "rights", rightsPage{frame: s.frame("rights.title"), Rights: list}},
		{"access", "access", accessPage{s.frame("rights.access.title"), held}},
		{"export", "export", exportPage{s.frame("rights.export.title"), view.Export{FileURL: "/e.zip", SchemaURL: "/s.json", BackURL: rightsPath}}},
		{"import", "import", importPage{frame: s.frame("rights.import.title"), Action: importPath}},
		{"import-wrong", "import", foreign},
		{"preview", "preview", preview},
		{"preview-wrong", "preview", wrong},
	}
}
