// SPDX-License-Identifier: EUPL-1.2

package desk

import "vorzimmer/internal/web/view/viewtest"

func (s sampler) privacySamples() []sample {
	record := paperLinks{Name: "record", Title: s.key("record.title"), Text: s.key("desk.privacy.record"), PageURL: "/desk/privacy/record",
		PDFURL: "/desk/privacy/record.pdf", JSONURL: "/desk/privacy/record.json"}
	measures := paperLinks{Name: "measures", Title: s.key("measures.title"), Text: s.key("desk.privacy.measures"), PageURL: "/desk/privacy/measures",
		PDFURL: "/desk/privacy/measures.pdf", JSONURL: "/desk/privacy/measures.json"}
	deletion := paperLinks{Name: "deletion", Title: s.key("deletion.title"), Text: s.key("desk.privacy.deletion"), PageURL: "/desk/privacy/deletion",
		PDFURL: "/desk/privacy/deletion.pdf", JSONURL: "/desk/privacy/deletion.json"}
	return []sample{
		{"privacy", "privacy", privacyPage{Layout: s.layout("desk.privacy.title"), Papers: []paperLinks{record, measures, deletion}, Version: 2,
			Since: "2. November 2026", NoticeURL: "/privacy", VersionsURL: "/privacy/versions"}},
		{"paper", "paper", paperPage{Layout: s.layout("record.title"), Document: viewtest.Document(s.lang), AsOf: s.key("desk.privacy.as_of", "Date", "2. November 2026"),
			PDFURL: record.PDFURL, JSONURL: record.JSONURL, BackURL: "/desk/privacy"}},
	}
}
