// SPDX-License-Identifier: EUPL-1.2

package mine

import (
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/web/view"
	"vorzimmer/internal/web/view/viewtest"
)

// sample is a page filled with invented data.
type sample struct {
	name, tmpl string
	page       any
}

type sampler struct {
	lang locale.Lang
	key  func(string, ...any) string
}

func (s sampler) layout(title string, problems ...view.FieldError) view.Layout {
	return view.Layout{Lang: s.lang, Title: s.key(title), Town: "Stadt Kleinstadt", HomeURL: "/de/", AccountURL: "/de/account", NoIndex: true,
		PrivacyURL: "/privacy", ImprintURL: "/imprint", AccessibilityURL: "/accessibility", Errors: problems,
		Languages: []view.LangLink{{Lang: locale.DE, Name: "Deutsch", URL: "/de/rights/x", Current: s.lang == locale.DE},
			{Lang: locale.EN, Name: "English", URL: "/en/rights/x", Current: s.lang == locale.EN}}}
}

// samples has every page, and the states that look different.
func (s sampler) samples() []sample {
	made := time.Date(2026, 10, 5, 9, 30, 0, 0, time.FixedZone("CEST", 7200))
	erase := erasePage{Layout: s.layout("mine.erase.title"), Coming: []coming{{made, locale.Text{"de": "Rathaus", "en": "Town hall"}, "1234 5678"}}, Over: 1,
		Held: []held{{"8765 4321", "<b>Klage</b> בבקשה", made}}, Closed: 1, Owner: true, SMS: "<i>LOX", AuditDays: 365, Action: "/rights/x/erase", BackURL: "/rights/x"}
	guest := erasePage{Layout: s.layout("mine.erase.title"), Over: 3, AuditDays: 1, Action: "/rights/x/erase", BackURL: "/rights/x"}
	none := erasePage{Layout: s.layout("mine.erase.title"), Nothing: true, BackURL: "/rights/x"}
	done := none
	done.Done = true
	refused := none
	refused.Layout, refused.Held = s.layout("mine.erase.title", view.FieldError{Text: s.key("rights.erase.held")}), erase.Held
	restrict := restrictPage{Layout: s.layout("mine.restrict.title"), Off: true, Action: "/rights/x/restrict", BackURL: "/rights/x"}
	restricted := restrict
	restricted.On, restricted.Off, restricted.Done = true, false, s.key("mine.restrict.done")
	list := correctPage{Layout: s.layout("mine.correct.title"), Records: []recordLine{{"<b>Œčak", "1234 5678", "/rights/x/correct/1"}, {"יעקב", "", "/rights/x/correct/2"}},
		Closed: 2, DataURL: "/account/data", BackURL: "/account"}
	nobody := correctPage{Layout: s.layout("mine.correct.title"), BackURL: "/rights/x"}
	record := recordPage{Layout: s.layout("mine.record.title"), Done: s.key("mine.record.saved"), References: "1234 5678", Email: "quirin@example.org",
		NameFixed: true, Action: "/rights/x/correct/1", BackURL: "/rights/x/correct"}
	record.Form = s.form(record.Layout)
	unfit := record
	unfit.Layout = s.layout("mine.record.title", view.FieldError{Field: person.FieldPhone, Text: s.key("field.required", "Field", s.key("field.label.phone"))})
	unfit.Form, unfit.Done, unfit.Notice = s.form(unfit.Layout), "", s.key("mine.record.left")
	frozen := record
	frozen.Restricted, frozen.Email = true, ""
	return []sample{{"erase", "erase", erase}, {"erase-guest", "erase", guest}, {"erase-none", "erase", none}, {"erase-done", "erase", done},
		{"erase-refused", "erase", refused}, {"erased", "erased", erasedPage{s.layout("mine.erased.title"), "/de/"}},
		{"restrict", "restrict", restrict}, {"restricted", "restrict", restricted}, {"correct", "correct", list}, {"correct-nobody", "correct", nobody},
		{"record", "record", record}, {"record-unfit", "record", unfit}, {"record-frozen", "record", frozen}}
}

func (s sampler) form(l view.Layout) view.PersonForm {
	f := view.NewPersonForm(person.Data{FirstName: "Quirin", LastName: "<b>Œčak", Phone: "030 23125 123", Note: "=1"}, l)
	f.Who, f.Why, f.WithNote = "details.who", "mine.record.why", true
	return f
}

func TestEveryTemplateHasASample(t *testing.T) {
	_, catalogue := viewtest.Load(t, templateFiles)
	seen := map[string]bool{}
	for _, s := range (sampler{locale.DE, catalogue.Printer(locale.DE).T}).samples() {
		seen[s.tmpl] = true
	}
	viewtest.CheckSeen(t, templateFiles, seen)
}

// Every page in every language holds what all pages do, and its forms post.
func TestPages(t *testing.T) {
	views, catalogue := viewtest.Load(t, templateFiles)
	for _, lang := range locale.Langs {
		for _, s := range (sampler{lang, catalogue.Printer(lang).T}).samples() {
			t.Run(string(lang)+"/"+s.name, func(t *testing.T) {
				html, doc := viewtest.Render(t, views, lang, s.tmpl, s.page)
				viewtest.Check(t, html, doc)
				doc.Find("main form").Each(func(_ int, f *goquery.Selection) {
					if f.Find("button").Length() == 0 || f.AttrOr("method", "") != "post" {
						t.Errorf("form to %s has no button, or does not post", f.AttrOr("action", ""))
					}
				})
			})
		}
	}
}
