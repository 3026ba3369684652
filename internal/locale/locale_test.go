// SPDX-License-Identifier: EUPL-1.2

package locale_test

import (
	"testing"
	"time"

	"vorzimmer/internal/locale"
)

func load(t *testing.T) *locale.Catalogue {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func TestDates(t *testing.T) {
	c := load(t)
	at := time.Date(2026, time.November, 2, 8, 5, 0, 0, time.UTC)
	for _, tc := range []struct {
		lang locale.Lang
		got  func(*locale.Printer) string
		want string
	}{
		{locale.DE, func(p *locale.Printer) string { return p.Date(at) }, "Montag, 2. November 2026"},
		{locale.EN, func(p *locale.Printer) string { return p.Date(at) }, "Monday, 2 November 2026"},
		{locale.DE, func(p *locale.Printer) string { return p.DayMonth(at) }, "Montag, 2. November"},
		{locale.DE, func(p *locale.Printer) string { return p.DateShort(at) }, "Montag, 02.11."},
		{locale.EN, func(p *locale.Printer) string { return p.DateShort(at) }, "Monday, 02/11"},
		{locale.DE, func(p *locale.Printer) string { return p.Time(at) }, "08:05 Uhr"},
		{locale.EN, func(p *locale.Printer) string { return p.Time(at) }, "08:05"},
		{locale.DE, func(p *locale.Printer) string { return p.Month(at) }, "November 2026"},
		{locale.DE, func(p *locale.Printer) string { return p.WeekdayShort(at.Weekday()) }, "Mo"},
		{locale.DE, func(p *locale.Printer) string { return p.Minutes(1) }, "1 Minute"},
		{locale.DE, func(p *locale.Printer) string { return p.Minutes(25) }, "25 Minuten"},
		{locale.EN, func(p *locale.Printer) string { return p.Minutes(1) }, "1 minute"},
		{"fr", func(p *locale.Printer) string { return p.Minutes(25) }, "25 Minuten"},
		{locale.DE, func(p *locale.Printer) string { return p.T("no.such.key") }, "‹no.such.key›"},
	} {
		if got := tc.got(c.Printer(tc.lang)); got != tc.want {
			t.Errorf("%s: got %q, want %q", tc.lang, got, tc.want)
		}
	}
}

func TestMatch(t *testing.T) {
	c := load(t)
	long := make([]byte, 300)
	for i := range long {
		long[i] = 'e'
	}
	for accept, want := range map[string]locale.Lang{
		"":                        locale.DE,
		"de":                      locale.DE,
		"en-GB,en;q=0.9,de;q=0.8": locale.EN,
		"fr,en;q=0.5":             locale.EN,
		"fr":                      locale.DE,
		"de-AT":                   locale.DE,
		";;;q=,,":                 locale.DE,
		string(long):              locale.DE,
	} {
		if got := c.Match(accept); got != want {
			t.Errorf("%.20q: got %s, want %s", accept, got, want)
		}
	}
}

func TestText(t *testing.T) {
	both := locale.Text{locale.DE: "Rathaus", locale.EN: "Town hall"}
	german := locale.Text{locale.DE: "Rathaus"}
	for _, tc := range []struct {
		text locale.Text
		lang locale.Lang
		want string
		in   locale.Lang
	}{
		{both, locale.EN, "Town hall", locale.EN},
		{german, locale.EN, "Rathaus", locale.DE},
		{locale.Text{locale.EN: "Town hall"}, locale.DE, "Town hall", locale.EN},
		{nil, locale.DE, "", locale.DE},
	} {
		if got := tc.text.In(tc.lang); got != tc.want || tc.text.LangOf(tc.lang) != tc.in {
			t.Errorf("%v in %s: %q, marked %s", tc.text, tc.lang, got, tc.text.LangOf(tc.lang))
		}
	}
	for _, broken := range []any{"{", []byte("[]"), 7} {
		var into locale.Text
		if err := into.Scan(broken); err == nil {
			t.Errorf("%v was read as a text", broken)
		}
	}
	stored, err := both.Value()
	if err != nil {
		t.Fatal(err)
	}
	var again locale.Text
	if err := again.Scan(stored); err != nil || again.In(locale.EN) != "Town hall" {
		t.Errorf("got %v, %v", again, err)
	}
}
