// SPDX-License-Identifier: EUPL-1.2

package demo

import (
	"bytes"
	"io/fs"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/view"
)

func render(t *testing.T, lang locale.Lang, name string, page any) *goquery.Document {
	t.Helper()
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		t.Fatal(err)
	}
	views, err := view.New(files, catalogue, &assets.Set{})
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	if err := views.Render(&b, lang, name, page); err != nil {
		t.Fatal(err)
	}
	if strings.Contains(b.String(), "‹") {
		t.Error("a text is missing")
	}
	doc, err := goquery.NewDocumentFromReader(&b)
	if err != nil {
		t.Fatal(err)
	}
	if doc.Find("h1").Length() != 1 || doc.Find("[style], style, script, iframe").Length() != 0 {
		t.Error("not one heading, or something that the policy forbids")
	}
	return doc
}

func TestMails(t *testing.T) {
	for _, lang := range locale.Langs {
		layout := view.Layout{Lang: lang, Title: "x", HomeURL: "/", Example: true}
		doc := render(t, lang, "mails", mailsPage{Layout: layout, Mails: []mailRow{
			{At: time.Date(2026, 11, 23, 8, 42, 0, 0, time.UTC), To: "kim@example.org", Subject: "Ihr <Termin>", URL: "/demo/mail/1"}}})
		if got := doc.Find(`a[href="/demo/mail/1"]`).Text(); got != "Ihr <Termin>" {
			t.Errorf("%s: subject %q", lang, got)
		}
		if !strings.Contains(doc.Find(".mails").Text(), "kim@example.org") {
			t.Errorf("%s: no address", lang)
		}
		empty := render(t, lang, "mails", mailsPage{Layout: layout})
		if empty.Find(".mails").Length() != 0 || empty.Find(`a[href="/"]`).Length() == 0 {
			t.Errorf("%s: the empty list does not lead on", lang)
		}
	}
}

func TestMail(t *testing.T) {
	for _, lang := range locale.Langs {
		doc := render(t, lang, "mail", mailPage{Layout: view.Layout{Lang: lang, Title: "x"}, ListURL: "/demo/mail",
			Headers: []header{{"Subject", "Ihr Termin"}}, Text: []textPart{{Text: "Absagen:\n"}, {Text: "http://h/de/x", URL: "http://h/de/x"}},
			HTML: "<p>Guten Tag</p>", RawURL: "/raw", CalendarURL: "/ics",
			Files: []fileLink{{"liste.pdf", "/file/0"}}})
		if got := doc.Find("pre").First().Text(); got != "Absagen:\nhttp://h/de/x" {
			t.Errorf("%s: text %q", lang, got)
		}
		for _, url := range []string{"http://h/de/x", "/raw", "/ics", "/demo/mail"} {
			if doc.Find(`main a[href="`+url+`"]`).Length() != 1 {
				t.Errorf("%s: no link to %s", lang, url)
			}
		}
		if got := doc.Find("details pre").Text(); got != "<p>Guten Tag</p>" {
			t.Errorf("%s: HTML part %q", lang, got)
		}
	}
}

func TestSplit(t *testing.T) {
	const base = "http://127.0.0.1:8080"
	tests := []struct {
		name, text string
		want       []textPart
	}{
		{"empty", "", nil},
		{"no link", "Guten Tag", []textPart{{"Guten Tag", ""}}},
		{"link only", base + "/de/a", []textPart{{base + "/de/a", base + "/de/a"}}},
		{"two links", "A " + base + "/a\nB " + base + "/b.", []textPart{{"A ", ""}, {base + "/a", base + "/a"}, {"\nB ", ""}, {base + "/b", base + "/b"}, {".", ""}}},
		{"in brackets", "(" + base + "/a)", []textPart{{"(", ""}, {base + "/a", base + "/a"}, {")", ""}}},
		{"another host", "http://example.org/a", []textPart{{"http://example.org/a", ""}}},
		{"longer port", base + "1/a", []textPart{{base + "1/a", ""}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			if got := split(tt.text, base); !slices.Equal(got, tt.want) {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
	if got := split("http://x/", ""); !slices.Equal(got, []textPart{{"http://x/", ""}}) {
		t.Errorf("without a base: %q", got)
	}
}
