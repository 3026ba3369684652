// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"strings"

	"vorzimmer/internal/document"
	"vorzimmer/internal/privacy"
)

// requests are what the person asked of the office about their data, and what came
// of it.
func (w *writer) requests() []document.Section {
	if len(w.Data.requests) == 0 {
		return nil
	}
	s := document.Section{ID: "requests", Title: w.T("privacy.class." + privacy.Request.Key)}
	for _, r := range w.Data.requests {
		s.Add(w.T("request.letter.asked_text", "Date", w.Date(r.Received.UTC()), "Channel", w.T("request.channel."+string(r.Channel)),
			"Kind", w.T("request.kind."+string(r.Kind))))
		s.AddLines(strings.Split(r.From, "\n")...)
		s.AddList(strings.TrimSpace(r.FirstName+" "+r.LastName), r.Note, r.Extended, r.Outcome)
	}
	s.Add(w.N("rights.requests.kept", w.requestDays))
	return []document.Section{s}
}
