// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"io/fs"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
	"vorzimmer/internal/web/view"
	"vorzimmer/internal/web/view/viewtest"
)

// sample is a page filled with invented data.
type sample struct {
	name string // of the case
	tmpl string
	page any
}

// sampler makes the layout of a page and looks up texts in one language.
type sampler struct {
	lang locale.Lang
	key  func(string, ...any) string
}

// samples has every page at least once, and the states that look different.
// Each part of the desk has its own function for its pages.
func (s sampler) samples() []sample {
	var all []sample
	for _, of := range sampleParts {
		all = append(all, of(s)...)
	}
	return all
}

func newViews(t *testing.T) (*view.Set, *locale.Catalogue) {
	t.Helper()
	catalogue, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	built, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	files, err := fs.Sub(templateFiles, "templates")
	if err != nil {
		t.Fatal(err)
	}
	views, err := view.New(files, catalogue, built)
	if err != nil {
		t.Fatal(err)
	}
	return views, catalogue
}

// eachPage renders every sample in every language.
func eachPage(t *testing.T, check func(t *testing.T, s sample, lang locale.Lang, html string, doc *goquery.Document)) {
	views, catalogue := newViews(t)
	for _, lang := range locale.Langs {
		for _, s := range (sampler{lang, catalogue.Printer(lang).T}).samples() {
			t.Run(string(lang)+"/"+s.name, func(t *testing.T) {
				var b bytes.Buffer
				if err := views.Render(&b, lang, s.tmpl, s.page); err != nil {
					t.Fatal(err)
				}
				html := b.String()
				doc, err := goquery.NewDocumentFromReader(&b)
				if err != nil {
					t.Fatal(err)
				}
				check(t, s, lang, html, doc)
			})
		}
	}
}

func TestEveryTemplateHasASample(t *testing.T) {
	_, catalogue := newViews(t)
	seen := map[string]bool{}
	for _, s := range (sampler{locale.DE, catalogue.Printer(locale.DE).T}).samples() {
		seen[s.tmpl+".html"] = true
	}
	names, err := fs.Glob(templateFiles, "templates/*.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		name = strings.TrimPrefix(name, "templates/")
		if !strings.HasPrefix(name, "part-") && !seen[name] {
			t.Errorf("%s is never rendered in these tests", name)
		}
	}
}

func TestPageStructure(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, html string, doc *goquery.Document) {
		if got := doc.Find("html").AttrOr("lang", ""); got != string(lang) {
			t.Errorf("lang = %q", got)
		}
		viewtest.Check(t, html, doc)
		doc.Find("form").Each(func(_ int, f *goquery.Selection) {
			if f.Find("button").Length() == 0 {
				t.Errorf("form to %s has no button", f.AttrOr("action", ""))
			}
		})
	})
}
