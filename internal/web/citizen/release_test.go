// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
)

// The next release stands once on every page of times that knows one, whatever
// its view, and also when nothing is free.
func TestReleaseIsAnnounced(t *testing.T) {
	want := map[locale.Lang]string{
		locale.DE: "Neue Termine werden am Montag, 30. November, um 08:00 Uhr freigeschaltet.",
		locale.EN: "New appointments will be released on Monday, 30 November, at 08:00.",
	}
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, _ string, doc *goquery.Document) {
		text := ""
		switch s.name {
		case "times", "times-list", "times-move", "times-nothing":
			text = want[lang]
		}
		if got := doc.Find(".release").Text(); got != text {
			t.Errorf("announced %q, want %q", got, text)
		}
	})
}
