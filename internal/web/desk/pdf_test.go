// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"net/http/httptest"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/web/assets"
)

// pdfTexts are the texts of a PDF file that this package drew, in the order in
// which they were drawn, one string for each.
func pdfTexts(t *testing.T, file []byte) []string {
	t.Helper()
	var texts []string
	for _, at := range regexp.MustCompile(`/Length (\d+)>>\nstream\n`).FindAllSubmatchIndex(file, -1) {
		n, err := strconv.Atoi(string(file[at[2]:at[3]]))
		if err != nil {
			t.Fatal(err)
		}
		z, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+n]))
		if err != nil {
			continue // not compressed: no page
		}
		content, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		for _, show := range regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) ?Tj`).FindAllSubmatch(content, -1) {
			texts = append(texts, utf16Text(unescaped(show[1])))
		}
	}
	return texts
}

// unescaped reads a literal string (ISO 32000-1, 7.3.4.2).
func unescaped(b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
			if b[i] == 'r' {
				out = append(out, '\r')
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func utf16Text(b []byte) string {
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}

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

// draw is the PDF of a list.
func draw(t *testing.T, rows []*dayRow) []byte {
	t.Helper()
	doc, err := newSheet(font(t), "Liste", locale.DE, made)
	if err != nil {
		t.Fatal(err)
	}
	doc.day(dayHead{Place: locale.Text{"de": "Rathaus"}, Date: made, AsOf: made, Rows: rows}, printer(t, locale.DE))
	w := httptest.NewRecorder()
	if err := doc.send(w, "liste.pdf"); err != nil {
		t.Fatal(err)
	}
	if got := w.Header().Get("Content-Type"); got != "application/pdf" {
		t.Errorf("type %q", got)
	}
	return w.Body.Bytes()
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
		texts := pdfTexts(t, draw(t, []*dayRow{{Name: c.name, State: "confirmed", Start: made}}))
		if drawn := strings.Join(texts, "\n"); !strings.Contains(strings.ReplaceAll(drawn, "\n", " "), strings.ReplaceAll(c.want, "\n", " ")) {
			t.Errorf("%q is not on the paper", c.name)
		}
	}
}

// However many come and however long they are called, each is on the paper once
// and no line runs over the edge.
func TestLongLists(t *testing.T) {
	var rows []*dayRow
	for i := range 500 {
		rows = append(rows, &dayRow{Start: made, State: "confirmed", Reference: fmt.Sprintf("%04d 0000", i), Counter: "Schalter 1",
			Name: strings.Repeat("W", i%200+1), Services: "Ausweis beantragen, Reisepass beantragen", Marks: []string{"desk.mark.unfit"}})
	}
	file := draw(t, rows)
	texts := pdfTexts(t, file)
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
	if texts := pdfTexts(t, draw(t, nil)); !strings.Contains(strings.Join(texts, "\n"), "niemand") {
		t.Errorf("the empty list says %q", texts)
	}
	if _, err := newSheet(nil, "x", locale.DE, made); err == nil {
		t.Error("a PDF without a font")
	}
}
