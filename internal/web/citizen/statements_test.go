// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"vorzimmer/internal/feedback"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	registers "vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/web/view"
	"vorzimmer/internal/web/view/viewtest"

	"github.com/PuerkitoBio/goquery"
)

// stating is a town that says all that it may say.
func stating(land string) *office.Tenant {
	return &office.Tenant{Name: "Stadt Kleinstadt", Land: land,
		Controller: office.Controller{Name: "Stadt Kleinstadt", Street: "Marktplatz 1", Postcode: "12345", City: "Kleinstadt", Phone: "01234 / 56-0", Email: "rathaus@example.org"},
		Processors: []office.Processor{{Role: "hosting", Name: "Rechenhaus AG", Address: "Weg 2"}, {Role: "operator", Name: "Betrieb GmbH", Address: "Weg 1"}},
		Statements: office.Statements{RepresentedBy: both("die Bürgermeisterin", "the mayor"), VATID: "DE000000000", Accessibility: office.Accessibility{
			Status: "not", Prepared: slot.DateOf(2026, 11, 2), Email: "zugang@example.org", Barriers: []locale.Text{both("Pläne der Gebäude sind Bilder.", "")}}},
	}
}

// silent says nothing of its own.
func silent(land string) *office.Tenant {
	t := stating(land)
	t.Processors, t.Statements = nil, office.Statements{}
	return t
}

func statementSamples(lay func(string, int) view.Layout, key func(string, ...any) string) []sample {
	imprint := func(t *office.Tenant) imprintPage {
		page := imprintOf(t)
		page.Layout = lay("imprint.title", 0)
		return page
	}
	statement := func(t *office.Tenant) accessibilityPage {
		page := accessibilityOf(t, "termine.example.org")
		page.Layout, page.FeedbackURL = lay("accessibility.title", 0), "/feedback"
		return page
	}
	fully := stating("NW")
	fully.Statements.Accessibility.Status = "fully"
	form := feedbackPage{Layout: lay("feedback.title", 0), Contact: contactParty(silent("NW")), Action: "/feedback"}
	wrong := form
	wrong.Errors = []view.FieldError{
		{Field: "barrier", Text: key("field.long", "Field", key("field.label.barrier"), "Max", feedback.MaxBarrier)},
		{Field: "email", Text: key("field.email")}}
	wrong.Report = feedback.Report{Barrier: "Der Kalender\n<b>spricht</b> nicht.", Page: "Termin wählen", Email: "quirin@", Phone: "030 23125123"}
	return []sample{
		{"imprint", "imprint", imprint(stating("NW"))},
		{"imprint-short", "imprint", imprint(silent("NW"))},
		{"accessibility", "accessibility", statement(stating("NW"))},
		{"accessibility-fully", "accessibility", statement(fully)},
		{"accessibility-short", "accessibility", statement(silent("SL"))},
		{"accessibility-both", "accessibility", statement(silent("BY"))},
		{"feedback", "feedback", form},
		{"feedback-errors", "feedback", wrong},
		{"feedback-sent", "feedback-sent", feedbackSentPage{Layout: lay("feedback.sent_title", 0), StatementURL: "/accessibility"}},
	}
}

// statementPage is one sample in a language, its text with single spaces.
func statementPage(t *testing.T, lang locale.Lang, tmpl string, page any) (*goquery.Document, string) {
	t.Helper()
	views, _ := viewtest.Load(t, templateFiles)
	html, doc := viewtest.Render(t, views, lang, tmpl, page)
	viewtest.Check(t, html, doc)
	return doc, strings.Join(strings.Fields(doc.Find("main").Text()), " ")
}

func has(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if !strings.Contains(text, want) {
			t.Errorf("%q is not said", want)
		}
	}
}

func hasNot(t *testing.T, text string, wants ...string) {
	t.Helper()
	for _, want := range wants {
		if strings.Contains(text, want) {
			t.Errorf("%q is said", want)
		}
	}
}

func TestImprintSaysWhatIsKnown(t *testing.T) {
	page := imprintOf(stating("NW"))
	page.Layout = sampleLayout(locale.DE, "Impressum", 0)
	_, text := statementPage(t, locale.DE, "imprint", page)
	has(t, text, "§ 5", "DDG", "Marktplatz 1", "12345 Kleinstadt", "01234 / 56-0", "rathaus@example.org", "Vertreten durch: die Bürgermeisterin",
		"Umsatzsteuer-Identifikationsnummer: DE000000000", "Betrieb GmbH, Weg 1")
	hasNot(t, text, "Rechenhaus")
	page = imprintOf(silent("NW"))
	page.Layout = sampleLayout(locale.DE, "Impressum", 0)
	_, text = statementPage(t, locale.DE, "imprint", page)
	hasNot(t, text, "Vertreten", "Umsatzsteuer", "Technischer Betrieb")
}

// The statement has all parts of the model: site, law, standard, state, what is not
// accessible and why, date and way of its preparation, contact, enforcement.
func TestStatementIsComplete(t *testing.T) {
	for lang, want := range map[locale.Lang][]string{
		locale.DE: {"termine.example.org", "Richtlinie (EU) 2016/2102", "EN 301 549", "BITV 2.0", "WCAG) 2.2, Stufe AA", "nicht vereinbar",
			"PDF-Dateien", "Pläne der Gebäude sind Bilder.", "Montag, 2. November 2026", "Selbstbewertung", "axe-core", "innerhalb eines Monats", "01234 / 56-0", "zugang@example.org"},
		locale.EN: {"termine.example.org", "Directive (EU) 2016/2102", "EN 301 549", "BITV 2.0", "WCAG) 2.2, level AA", "does not comply",
			"PDF files", "Pläne der Gebäude sind Bilder.", "Monday, 2 November 2026", "self-assessment", "axe-core", "within a month", "01234 / 56-0", "zugang@example.org"},
	} {
		page := accessibilityOf(stating("NW"), "termine.example.org")
		page.Layout, page.FeedbackURL = sampleLayout(lang, "Erklärung", 0), "/feedback"
		doc, text := statementPage(t, lang, "accessibility", page)
		has(t, text, want...)
		if doc.Find(`main a[href="/feedback"]`).Length() != 1 {
			t.Errorf("%s: no link to the form", lang)
		}
		if marked := doc.Find("address span[lang=de]").Length() > 0; marked != (lang == locale.EN) {
			t.Errorf("%s: names marked as German: %v", lang, marked)
		}
	}
}

// A town that has published no check gets no date and no praise.
func TestStatementWithoutACheck(t *testing.T) {
	page := accessibilityOf(silent("NW"), "termine.example.org")
	page.Layout = sampleLayout(locale.DE, "Erklärung", 0)
	_, text := statementPage(t, locale.DE, "accessibility", page)
	has(t, text, "teilweise vereinbar", "noch keine eigene Prüfung", "Hersteller", "rathaus@example.org")
	hasNot(t, text, "Selbstbewertung", "vollständig")
}

// In every Land the statement names its laws and the body for disputes with all that
// is known, and the monitoring body where there is one.
func TestStatementOfEveryLand(t *testing.T) {
	without := []string{}
	for _, code := range slot.Lands() {
		land, ok := registers.LandOf(code)
		if !ok {
			t.Fatalf("%s is not in the table", code)
		}
		for _, lang := range locale.Langs {
			page := accessibilityOf(silent(code), "termine.example.org")
			page.Layout = sampleLayout(lang, "Erklärung", 0)
			doc, text := statementPage(t, lang, "accessibility", page)
			has(t, text, land.Access.Laws...)
			for _, a := range []registers.Authority{land.Access.Disputes, land.Access.Monitoring} {
				has(t, text, a.Name, a.Street, a.Postcode, a.City, a.Phone, a.Email)
				if a.URL != "" && doc.Find(`a[rel=external][href="`+a.URL+`"]`).Length() == 0 {
					t.Errorf("%s, %s: no link to %s", code, lang, a.URL)
				}
			}
			addresses := 3
			if !page.Both && page.Monitoring.Name == nil {
				without = append(without, code)
			}
			if page.Monitoring.Name == nil {
				addresses = 2
			}
			if n := doc.Find("main address").Length(); n != addresses {
				t.Errorf("%s, %s: %d addresses, want %d", code, lang, n, addresses)
			}
		}
	}
	if want := []string{"SL"}; !slices.Equal(slices.Compact(without), want) {
		t.Errorf("without a monitoring body: %v, want %v", without, want)
	}
}

// What was typed stays, and each field shows what is wrong with it.
func TestFeedbackFormKeepsWhatWasTyped(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, _ locale.Lang, _ string, doc *goquery.Document) {
		switch s.name {
		case "feedback":
			has(t, doc.Find("#barrier-hint").Text(), strconv.Itoa(feedback.MaxBarrier))
			if doc.Find("#barrier[required]").Length() != 1 || doc.Find("form [required]").Length() != 1 {
				t.Error("not just the description is required")
			}
		case "feedback-errors":
			has(t, doc.Find("#barrier").Text(), "<b>spricht</b>")
			for id, want := range map[string]string{"barrier-page": "Termin wählen", "email": "quirin@", "phone": "030 23125123"} {
				if got := doc.Find("#"+id).AttrOr("value", ""); got != want {
					t.Errorf("%s = %q", id, got)
				}
			}
			if doc.Find("[aria-invalid=true]").Length() != 2 || doc.Find("#errors a").Length() != 2 {
				t.Error("the two fields with errors are not marked")
			}
		}
	})
}
