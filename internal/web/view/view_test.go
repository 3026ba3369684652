// SPDX-License-Identifier: EUPL-1.2

package view

import (
	"bytes"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
)

// page is what the templates of these tests are given.
type page struct {
	Layout
	Name  locale.Text
	Input Input
}

func newSet(t *testing.T, files map[string]string) (*Set, error) {
	t.Helper()
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	fsys := fstest.MapFS{}
	for name, text := range files {
		fsys[name] = &fstest.MapFile{Data: []byte(text)}
	}
	return New(fsys, catalogue, &assets.Set{})
}

func render(t *testing.T, template string, p page) *goquery.Document {
	t.Helper()
	s, err := newSet(t, map[string]string{"page.html": `{{define "main"}}` + template + `{{end}}`})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := s.Render(&b, p.Lang, "page", p); err != nil {
		t.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func TestNewRefusesBrokenTemplates(t *testing.T) {
	for name, text := range map[string]string{
		"unclosed":         `{{define "main"}}{{if .Title}}{{end}}`,
		"unknown function": `{{define "main"}}{{shout "x"}}{{end}}`,
	} {
		for _, file := range []string{"page.html", "part-x.html"} {
			if _, err := newSet(t, map[string]string{file: text}); err == nil {
				t.Errorf("%s in %s: no error", name, file)
			}
		}
	}
}

func TestRenderWritesNothingOnError(t *testing.T) {
	s, err := newSet(t, map[string]string{"page.html": `{{define "main"}}<h1>x</h1>{{.Missing}}{{end}}`})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"page", "other", "part-x", "layout"} {
		var b bytes.Buffer
		if err := s.Render(&b, locale.DE, name, page{}); err == nil {
			t.Errorf("%s: no error", name)
		}
		if b.Len() > 0 {
			t.Errorf("%s: wrote %q", name, b.String())
		}
	}
}

func TestUnknownLanguageIsGerman(t *testing.T) {
	doc := render(t, `<h1>{{t "layout.privacy"}}</h1>`, page{Layout: Layout{Lang: "xx"}})
	if got := doc.Find("h1").Text(); got != "Datenschutz" {
		t.Errorf("h1 %q", got)
	}
}

func TestLayout(t *testing.T) {
	doc := render(t, `<h1>x</h1>`, page{Layout: Layout{Lang: locale.EN, Title: "Check", Town: "Kleinstadt", Step: 3,
		HomeURL: "/en/", PrivacyURL: "/en/privacy", NoIndex: true,
		Resume:    &Resume{Until: time.Date(2026, 11, 23, 8, 42, 0, 0, time.UTC), URL: "/en/hold"},
		Languages: []LangLink{{Lang: locale.DE, Name: "Deutsch", URL: "/de/"}, {Lang: locale.EN, Name: "English", URL: "/en/", Current: true}}}})
	for selector, want := range map[string]string{
		"title":                              "Check – Book an appointment – Kleinstadt",
		".languages a[lang=de][hreflang=de]": "Deutsch",
		".languages a[aria-current=true]":    "English",
		"label[for=step]":                    "Step 3 of 4",
		`a[href="/en/hold"]`:                 "Continue with this appointment",
		"footer a":                           "Privacy",
		"header .kern-kopfzeile__label":      "Official website – Kleinstadt",
	} {
		if got := doc.Find(selector).Text(); got != want {
			t.Errorf("%s: %q, want %q", selector, got, want)
		}
	}
	if doc.Find(`meta[name=robots][content=noindex]`).Length() != 1 {
		t.Error("may be indexed")
	}
	if doc.Find(`a.skip-link[href="#main"]`).Length() != 1 || doc.Find("main#main").Length() != 1 {
		t.Error("skip link leads nowhere")
	}
}

func TestExampleIsNotCalledOfficial(t *testing.T) {
	doc := render(t, `<h1>x</h1>`, page{Layout: Layout{Lang: locale.DE, Town: "Kleinstadt", Example: true, DemoMailURL: "/demo/mail"}})
	if doc.Find(".kern-kopfzeile").Length() != 0 {
		t.Error("calls itself official")
	}
	if !strings.HasPrefix(doc.Find("header .example").Text(), "Beispieldaten") || doc.Find(`.example a[href="/demo/mail"]`).Length() != 1 {
		t.Errorf("banner: %q", doc.Find("header").Text())
	}
}

func TestMissingAssetsAreNamedOnThePage(t *testing.T) {
	doc := render(t, `<h1>x</h1>`, page{Layout: Layout{Lang: locale.DE}})
	if !strings.Contains(doc.Find(".assets-missing").Text(), "make build") {
		t.Error("does not say how to build them")
	}
	if n := doc.Find("link[rel=stylesheet], script").Length(); n != 0 {
		t.Errorf("%d references to what is not there", n)
	}
}

func TestErrorOfThePageStandsAlone(t *testing.T) {
	doc := render(t, `<h1>x</h1>`, page{Layout: Layout{Lang: locale.DE, Title: "Termin", Errors: []FieldError{{Text: "Schon vergeben."}}}})
	if got := strings.TrimSpace(doc.Find("#errors").Text()); got != "Schon vergeben." {
		t.Errorf("summary: %q", got)
	}
	if got := doc.Find("#errors[role=group][aria-labelledby=errors-title] #errors-title").Text(); got != "Schon vergeben." {
		t.Errorf("title of the summary: %q", got)
	}
	if got := doc.Find("title").Text(); got != "Fehler: Termin – Termin buchen" {
		t.Errorf("title: %q", got)
	}
}

func TestNumberStandsWhereThePageCannotHelp(t *testing.T) {
	for _, tt := range []struct {
		phone string
		call  bool
		want  string
	}{
		{"02368 000000", true, "Telefon: 02368 000000 (vormittags)"},
		{"02368 000000", false, ""},
		{"", true, ""},
	} {
		doc := render(t, `<h1>x</h1>`, page{Layout: Layout{Lang: locale.DE, Phone: tt.phone, PhoneHours: locale.Text{"de": "vormittags"},
			Errors: []FieldError{{Text: "Zu viele.", Call: tt.call}}}})
		if got := doc.Find("#errors .kern-alert__body").Text(); got != tt.want {
			t.Errorf("%q, %v: %q, want %q", tt.phone, tt.call, got, tt.want)
		}
	}
}

func TestErrorPageNamesTheNumber(t *testing.T) {
	s, err := newSet(t, nil)
	if err != nil {
		t.Fatal(err)
	}
	for phone, links := range map[string]int{"": 0, "02368 000000": 1} {
		var b bytes.Buffer
		if err := s.Render(&b, locale.EN, "error", ErrorPage{Layout: Layout{Lang: locale.EN, Phone: phone}, Heading: "x", Text: "y"}); err != nil {
			t.Fatal(err)
		}
		doc, err := goquery.NewDocumentFromReader(&b)
		if err != nil {
			t.Fatal(err)
		}
		if n := doc.Find(`main a[href="tel:+492368000000"]`).Length(); n != links {
			t.Errorf("%q: %d links", phone, n)
		}
	}
}

func TestOfficeText(t *testing.T) {
	for _, tt := range []struct {
		lang locale.Lang
		name locale.Text
		want string
	}{
		{locale.DE, locale.Text{"de": "Pass & <b>Bild</b>"}, `Pass &amp; &lt;b&gt;Bild&lt;/b&gt;`},
		{locale.EN, locale.Text{"de": "Reisepass", "en": "Passport"}, `Passport`},
		{locale.EN, locale.Text{"de": "Reise<pass"}, `<span lang="de">Reise&lt;pass</span>`},
	} {
		doc := render(t, `<h1>{{text .Name}}</h1><a title="{{plain .Name}}" href="/">x</a>`, page{Layout: Layout{Lang: tt.lang}, Name: tt.name})
		got, err := doc.Find("h1").Html()
		if err != nil {
			t.Fatal(err)
		}
		if got != tt.want {
			t.Errorf("%s %v: %q, want %q", tt.lang, tt.name, got, tt.want)
		}
		if got := doc.Find("main a").AttrOr("title", ""); got != tt.name.In(tt.lang) {
			t.Errorf("attribute: %q", got)
		}
	}
}

func TestInput(t *testing.T) {
	in := Input{Name: "email", Label: "field.label.email", Hint: "details.email_hint", Value: `"><script>`, Type: "email",
		Autocomplete: "email", Required: true, Error: "Bitte prüfen."}
	doc := render(t, `<h1>x</h1>{{template "input" .Input}}`, page{Layout: Layout{Lang: locale.DE}, Input: in})
	field := doc.Find("input#email[name=email][type=email][autocomplete=email][required][aria-invalid=true]")
	if field.Length() != 1 || field.AttrOr("value", "") != in.Value {
		t.Error("field is not complete")
	}
	if got := field.AttrOr("aria-describedby", ""); got != "email-error email-hint" {
		t.Errorf("described by %q", got)
	}
	if doc.Find("#email-error").Length() != 1 || doc.Find("#email-hint").Length() != 1 || doc.Find("label[for=email]").Length() != 1 {
		t.Error("label, hint or error is missing")
	}
	in.Hint, in.Error, in.Required = "", "", false
	doc = render(t, `<h1>x</h1>{{template "input" .Input}}`, page{Layout: Layout{Lang: locale.DE}, Input: in})
	if doc.Find("#email[required], #email[aria-invalid], #email[aria-describedby], .kern-error").Length() != 0 {
		t.Error("a field that is all right and voluntary is marked")
	}
	if got := doc.Find("label .kern-label__optional").Text(); got != "(freiwillig)" {
		t.Errorf("voluntary field is called %q", got)
	}
}

func TestDir(t *testing.T) {
	for lang, want := range map[locale.Lang]string{"de": "ltr", "en": "ltr", "ar": "rtl", "fa": "rtl", "he": "rtl", "": "ltr"} {
		if got := (Layout{Lang: lang}).Dir(); got != want {
			t.Errorf("%q: %s, want %s", lang, got, want)
		}
	}
}
