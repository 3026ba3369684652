// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/view/viewtest"
)

// eachPage renders every sample in every language.
func eachPage(t *testing.T, check func(t *testing.T, s sample, lang locale.Lang, html string, doc *goquery.Document)) {
	views, catalogue := viewtest.Load(t, templateFiles)
	for _, lang := range locale.Langs {
		for _, s := range samples(lang, catalogue.Printer(lang).T) {
			t.Run(string(lang)+"/"+s.name, func(t *testing.T) {
				html, doc := viewtest.Render(t, views, lang, s.tmpl, s.page)
				check(t, s, lang, html, doc)
			})
		}
	}
}

func TestEveryTemplateHasASample(t *testing.T) {
	_, catalogue := viewtest.Load(t, templateFiles)
	seen := map[string]bool{}
	for _, s := range samples(locale.DE, catalogue.Printer(locale.DE).T) {
		seen[s.tmpl] = true
	}
	viewtest.CheckSeen(t, templateFiles, seen)
}

func TestPageStructure(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, html string, doc *goquery.Document) {
		if got := doc.Find("html").AttrOr("lang", ""); got != string(lang) {
			t.Errorf("lang = %q", got)
		}
		if got := doc.Find("html").AttrOr("dir", ""); got != "ltr" {
			t.Errorf("dir = %q", got)
		}
		viewtest.Check(t, html, doc)
	})
}

func TestErrorsStandInSummaryTitleAndField(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, _ string, doc *goquery.Document) {
		title := doc.Find("title").Text()
		marked := strings.HasPrefix(title, "Fehler: ") || strings.HasPrefix(title, "Error: ")
		if wrong := s.name == "details-errors" || s.name == "times-taken" || s.name == "check-busy" || s.name == "feedback-errors" ||
			s.name == "rights-ask-wrong" || s.name == "rights-ask-busy" || s.name == "rights-guessed"; marked != wrong {
			t.Fatalf("title %q, errors %v", title, wrong)
		}
		if s.name != "details-errors" {
			return
		}
		if doc.Find("#errors[autofocus][tabindex='-1'] a").Length() != 3 {
			t.Error("the summary does not link to the three fields")
		}
		for _, id := range []string{"last-name", "email", "note"} {
			if doc.Find("#"+id+"[aria-invalid=true]").Length() != 1 || doc.Find("#"+id+"-error").Length() != 1 {
				t.Errorf("field %s does not show its error", id)
			}
		}
		if got := doc.Find("#email").AttrOr("value", ""); got != "joerg@example.org" {
			t.Errorf("what was typed is lost: %q", got)
		}
		if got := doc.Find("#note").Text(); !strings.Contains(got, "<b>klingeln</b>") {
			t.Errorf("note = %q", got)
		}
	})
}

func TestOfficeTextInAnotherLanguageIsMarked(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, _ string, doc *goquery.Document) {
		if s.name != "start" {
			return
		}
		row := doc.Find(".services li").FilterFunction(func(_ int, e *goquery.Selection) bool {
			return strings.Contains(e.Text(), "Eheschließung")
		})
		if got := row.Find("[lang=de]").Length(); row.Length() != 1 || (got == 1) != (lang == locale.EN) {
			t.Errorf("%d rows, %d marked", row.Length(), got)
		}
	})
}

func TestCalendarSaysHowMuchIsFree(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, _ string, doc *goquery.Document) {
		if s.name != "times" {
			return
		}
		if n := doc.Find("table.month thead th[scope=col]").Length(); n != 7 {
			t.Errorf("%d weekdays", n)
		}
		if n := doc.Find("table.month a").Length(); n != 6 {
			t.Errorf("%d free days", n)
		}
		want := map[locale.Lang]string{locale.DE: "Montag, 23. November, 18 Zeiten frei", locale.EN: "Monday, 23 November, 18 times free"}[lang]
		if got := doc.Find("[aria-current=date] .day__number").Text(); got != "22" {
			t.Errorf("today is %q", got)
		}
		none := map[locale.Lang]string{locale.DE: "nichts frei", locale.EN: "nothing free"}[lang]
		if got := strings.Count(doc.Find("table.month").Text(), none); got != 3 { // 22, 28 and 29
			t.Errorf("%d days without times", got)
		}
		if got := doc.Find("a[aria-current=true] .kern-sr-only").Text(); got != want {
			t.Errorf("chosen day: %q, want %q", got, want)
		}
		form := doc.Find("form#choose")
		if form.AttrOr("method", "") != "post" || form.Find("input[name=service]").Length() != 1 {
			t.Error("the form of the times is not complete")
		}
		if n := doc.Find("button[form=choose][name=start]").Length(); n != 19 {
			t.Errorf("%d buttons for times", n)
		}
	})
}

// Enter in a text field presses a form's first button: it must not be one
// that leads elsewhere.
func TestEnterSendsTheForm(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, _ locale.Lang, _ string, doc *goquery.Document) {
		doc.Find("form").Each(func(_ int, form *goquery.Selection) {
			if first := form.Find("button[type=submit]").First(); first.Is("[formaction]") {
				t.Errorf("first button is %q", strings.TrimSpace(first.Text()))
			}
		})
	})
}
