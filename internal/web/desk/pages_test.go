// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"testing"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
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

// eachPage renders every sample in every language.
func eachPage(t *testing.T, check func(t *testing.T, s sample, lang locale.Lang, html string, doc *goquery.Document)) {
	views, catalogue := viewtest.Load(t, templateFiles)
	for _, lang := range locale.Langs {
		for _, s := range (sampler{lang, catalogue.Printer(lang).T}).samples() {
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
	for _, s := range (sampler{locale.DE, catalogue.Printer(locale.DE).T}).samples() {
		seen[s.tmpl] = true
	}
	viewtest.CheckSeen(t, templateFiles, seen)
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
