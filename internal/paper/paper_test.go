// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/paper/papertest"
	"vorzimmer/internal/web/assets"
)

func printer(t *testing.T, l locale.Lang) *locale.Printer {
	t.Helper()
	c, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	return c.Printer(l)
}

func font(t *testing.T) []byte {
	t.Helper()
	set, err := assets.Load()
	if err != nil {
		t.Fatal(err)
	}
	if len(set.Font()) == 0 {
		t.Fatal("the font is missing: run `make build`")
	}
	return set.Font()
}

// made is when the test's papers were drawn.
var made = time.Date(2026, time.October, 5, 8, 0, 0, 0, time.UTC)

// draw is the PDF of a list.
func draw(t *testing.T, rows []Row) []byte {
	t.Helper()
	file, err := DrawDay(font(t), printer(t, locale.DE), Day{Place: "Rathaus", Date: made, AsOf: made, Rows: rows})
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// Names of every kind come out as letters, each in its place, and nothing in
// them is taken for anything but a name.
func TestNamesOnPaper(t *testing.T) {
	for _, c := range []struct{ name, want string }{
		{"Beispiel, Quirin", "Beispiel, Quirin"},
		{"=HYPERLINK(\"x\")", "=HYPERLINK(\"x\")"},
		{`A\) Tj (B`, `A\) Tj (B`},
		{"Œčakowski-Ḩȩḑ", "Œčakowski-Ḩȩḑ"},
		{"C\u0304h\u0331r", "C\u0304ẖr"}, // the first has no letter of its own
		{"יעקב", "בקעי"},
		{"Frieda יעקב", "Frieda בקעי"},
		{"محمد", "\uFEAA\uFEE4\uFEA4\uFEE3"},   // final, middle, middle, beginning: from the left
		{"علاء", "\uFE80\uFEFC\uFECB"},         // lam and alef are one
		{"پگاه", "\uFEE9\uFE8E\uFB95\uFB58"},   // Persian letters; alef does not join to the left
		{"Quirin \U0001F600", "Quirin \uFFFD"}, // no letter: a sign that something stood here
		{"zeilen\numbruch", "zeilen umbruch"},
	} {
		if got := visual(c.name); got != c.want {
			t.Errorf("%q: %q (%+q), want %q", c.name, got, got, c.want)
		}
		texts := papertest.Texts(t, draw(t, []Row{{Name: c.name}}))
		if drawn := strings.Join(texts, "\n"); !strings.Contains(strings.ReplaceAll(drawn, "\n", " "), strings.ReplaceAll(c.want, "\n", " ")) {
			t.Errorf("%q is not on the paper", c.name)
		}
	}
}

// However many come and however long they are called, each is on the paper once
// and no line runs over the edge.
func TestLongLists(t *testing.T) {
	var rows []Row
	for i := range 500 {
		rows = append(rows, Row{Time: "08:00", State: "gebucht, passt nicht mehr", Reference: fmt.Sprintf("%04d 0000", i), Counter: "Schalter 1",
			Name: strings.Repeat("W", i%200+1), Services: "Ausweis beantragen, Reisepass beantragen"})
	}
	file := draw(t, rows)
	texts := papertest.Texts(t, file)
	seen := map[string]int{}
	letters := 0
	for _, text := range texts {
		seen[text]++
		if strings.Trim(text, "W") == "" {
			letters += len(text)
		}
	}
	want := 0
	for _, r := range rows {
		if seen[r.Reference] != 1 {
			t.Fatalf("%s is there %d times", r.Reference, seen[r.Reference])
		}
		want += len(r.Name)
	}
	if letters != want {
		t.Errorf("%d letters of the names, want %d", letters, want)
	}
	pages := bytes.Count(file, []byte("/Type /Page\n"))
	if head := seen["Uhrzeit"]; pages < 10 || head != pages {
		t.Errorf("%d pages with %d heads", pages, head)
	}
	doc, err := newSheet(font(t), "Liste", locale.DE, made)
	if err != nil {
		t.Fatal(err)
	}
	for _, text := range texts {
		if doc.pdf.GetStringWidth(text) > doc.width() {
			t.Errorf("%q is wider than the paper", text)
		}
	}
}

func TestEmptyListAndMissingFont(t *testing.T) {
	if texts := papertest.Texts(t, draw(t, nil)); !strings.Contains(strings.Join(texts, "\n"), "niemand") {
		t.Errorf("the empty list says %q", texts)
	}
	if _, err := DrawDay(nil, printer(t, locale.DE), Day{}); !errors.Is(err, ErrNoFont) {
		t.Errorf("a list without a font: %v", err)
	}
	if _, err := DrawSlip(nil, Slip{}, made); !errors.Is(err, ErrNoFont) {
		t.Errorf("a slip without a font: %v", err)
	}
}

// A text is on paper with all that it says, on numbered pages, and no line of it
// runs over the edge.
func TestTexts(t *testing.T) {
	section := document.Section{ID: "one", Title: "1. Abschnitt"}
	for range 10 {
		section.Add(strings.Repeat("Donaudampfschiff ", 30))
	}
	section.AddLines("Stadt Kleinstadt", "Marktplatz 1")
	section.AddList("erstens", "zweitens")
	section.AddLink("Zur Behörde", "https://example.org/behörde")
	table := document.Table{Caption: "Fristen", Columns: []string{"Was", "Wie lange", "Ab wann"}}
	for i := range 150 {
		table.Rows = append(table.Rows, []string{fmt.Sprintf("Zeile-%03d", i), strings.Repeat("W", i), "ab dem Tag"})
	}
	section.AddTable(table)
	last := document.Section{ID: "two", Title: "2. Schluss"}
	last.AddTable(document.Table{Caption: "Zwei", Columns: []string{"Angabe", "Inhalt"}, Rows: [][]string{{"Zweck", "das Ende"}}})
	text := Text{Document: document.Document{Title: "Verzeichnis", Lang: locale.DE, Sections: []document.Section{section, last}},
		Town: "Stadt Kleinstadt", AsOf: "Stand: heute", Made: made}
	file, err := DrawDocument(font(t), printer(t, locale.DE), text)
	if err != nil {
		t.Fatal(err)
	}
	again, err := DrawDocument(font(t), printer(t, locale.DE), text)
	if err != nil || !bytes.Equal(file, again) {
		t.Errorf("the same text is another file: %v", err)
	}
	texts := papertest.Texts(t, file)
	all := strings.Join(texts, "\n")
	if n := strings.Count(all, "Donaudampfschiff"); n != 300 {
		t.Errorf("%d of 300 words", n)
	}
	if n := strings.Count(all, "Zeile-"); n != 150 {
		t.Errorf("%d of 150 rows", n)
	}
	for _, want := range []string{"1. Abschnitt", "Marktplatz 1", "– zweitens", "https://example.org/behörde", "Fristen", "2. Schluss", "das Ende"} {
		if strings.Count(all, want) != 1 {
			t.Errorf("%q is there %d times", want, strings.Count(all, want))
		}
	}
	pages := bytes.Count(file, []byte("/Type /Page\n"))
	foot := strings.Count(all, "Stadt Kleinstadt – Verzeichnis – Stand: heute")
	if pages < 3 || foot != pages || !strings.Contains(all, fmt.Sprintf("Seite %d", pages)) {
		t.Errorf("%d pages, %d with a foot", pages, foot)
	}
	doc, err := newSheet(font(t), "", locale.DE, made)
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range texts {
		if doc.pdf.GetStringWidth(line) > doc.width() {
			t.Errorf("%q is wider than the paper", line)
		}
	}
	if _, err := DrawDocument(nil, printer(t, locale.DE), text); !errors.Is(err, ErrNoFont) {
		t.Errorf("a text without a font: %v", err)
	}
}
