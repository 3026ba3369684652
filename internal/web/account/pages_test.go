// SPDX-License-Identifier: EUPL-1.2

package account

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
			if f.Find("button").Length() == 0 || f.AttrOr("method", "") != "post" {
				t.Errorf("form to %s has no button, or does not post", f.AttrOr("action", ""))
			}
		})
		doc.Find("input[type=password]").Each(func(_ int, i *goquery.Selection) {
			if i.AttrOr("value", "") != "" || i.AttrOr("autocomplete", "") == "" {
				t.Errorf("password field %s", i.AttrOr("name", ""))
			}
		})
	})
}

// What is wrong stands in the summary, with a link to the field, and at the field.
func TestErrorsAreLinked(t *testing.T) {
	seen := 0
	eachPage(t, func(t *testing.T, s sample, lang locale.Lang, _ string, doc *goquery.Document) {
		if !strings.HasSuffix(s.name, "-wrong") {
			return
		}
		seen++
		links := doc.Find("#errors a[href^='#']")
		if links.Length() == 0 {
			t.Error("the summary links to nothing")
		}
		links.Each(func(_ int, a *goquery.Selection) {
			if doc.Find(a.AttrOr("href", "")+"[aria-invalid=true]").Length() != 1 {
				t.Errorf("field %s does not say what is wrong", a.AttrOr("href", ""))
			}
		})
	})
	if seen < 10 {
		t.Errorf("only %d samples with errors", seen)
	}
}

func TestNextStaysHere(t *testing.T) {
	for s, want := range map[string]string{
		"/account":                    "/account",
		"/account/data":               "/account/data",
		"/account/email?sent":         "/account/email?sent",
		"/appointment/abc":            "/appointment/abc",
		"/hold/abc":                   "/hold/abc",
		"":                            "",
		"/":                           "",
		"/desk":                       "",
		"/accountant":                 "",
		"/account/login":              "",
		"/account/login/passkey":      "",
		"/account/code":               "",
		"/account/confirm/abc":        "",
		"//example.org/account":       "",
		"/\\example.org/account":      "",
		"https://example.org/account": "",
		"/account/../desk":            "",
		"/account/%2e%2e/desk":        "",
		"/account//example.org":       "",
		"/account#x":                  "",
		"javascript:alert(1)":         "",
		"/account/%00":                "",
		"/account/" + strings.Repeat("x", maxNext): "",
	} {
		if got := nextOf(s); got != want {
			t.Errorf("%q leads to %q, want %q", s, got, want)
		}
	}
}
