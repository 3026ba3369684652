// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/statistics"
	"vorzimmer/internal/web/view"

	"github.com/PuerkitoBio/goquery"
)

func (s sampler) statisticsSamples() []sample {
	month := func(name, label, problem string) monthChoice {
		return monthChoice{Name: name, Label: label, Error: problem, Months: []monthOption{{"2026-10", made, false}, {"2026-09", made.AddDate(0, -1, 0), true}}}
	}
	hall := locale.Text{"de": "Rathaus", "en": "Town hall"}
	page := statisticsPage{Layout: s.layout("desk.statistics.title"), Action: statisticsPath, First: month("from", "field.label.from", ""),
		Last: month("until", "field.label.until", ""), Places: []placeOption{{"rathaus", hall, true}, {"nord", locale.Text{"de": "Bürgerhaus Nord"}, false}},
		CSVURL: "/desk/statistics.csv?from=2026-09", From: made.AddDate(0, -1, 0), Until: made}
	for i, m := range statistics.Measures {
		rows := []statRow{{Name: "<b>Œčakowski</b> & Söhne", N: 5 * i}, {Name: strings.Repeat("Personalausweis ", 5), N: 1000}, {Name: s.key("desk.statistics.others")}}
		page.Tables = append(page.Tables, statTableOf(s.key, m, rows))
	}
	many := page
	many.Place = hall
	many.Tables = []statTable{statTableOf(s.key, statistics.Asked, slices.Repeat([]statRow{{Name: "Pass", N: 45}}, 2*maxBars))}
	problem := view.FieldError{Field: "until", Text: s.key("desk.statistics.order", "Field", s.key("field.label.until"))}
	late := page
	late.Layout, late.Last = wrong(late.Layout, problem), month("until", "field.label.until", problem.Text)
	late.Tables = []statTable{statTableOf(s.key, statistics.Full, nil)}
	return []sample{{"statistics", "statistics", page}, {"statistics-place", "statistics", many}, {"statistics-wrong", "statistics", late}}
}

// A chart shows the same numbers as the table beside it, as text too, and bars in
// proportion; what is below five has no bar that one could measure.
func TestChartsShowTheNumbersOfTheTable(t *testing.T) {
	eachPage(t, func(t *testing.T, s sample, _ locale.Lang, _ string, doc *goquery.Document) {
		p, ok := s.page.(statisticsPage)
		if !ok {
			return
		}
		if n := doc.Find("svg.desk-chart[role=img]").Length(); n != len(p.Tables) {
			t.Errorf("%d charts of %d tables", n, len(p.Tables))
		}
		doc.Find(".desk-figure").Each(func(i int, figure *goquery.Selection) {
			chart := figure.Find("svg")
			shown, words := chart.Find("text"), chart.AttrOr("aria-label", "")
			rows := figure.Find("tbody tr")
			if bars := min(rows.Length(), maxBars); shown.Length() != 2*bars || chart.Find("rect").Length() != bars {
				t.Errorf("%d texts and %d bars for %d rows", shown.Length(), chart.Find("rect").Length(), rows.Length())
			}
			rows.Each(func(n int, row *goquery.Selection) {
				name, number := row.Find("th").Text(), row.Find("td").Text()
				if n >= maxBars {
					return
				}
				if got := shown.Eq(2*n + 1).Text(); got != number || number == "" {
					t.Errorf("the chart says %q, the table %q", got, number)
				}
				if !strings.Contains(words, name+": "+number) {
					t.Errorf("%q with %q is not in words: %s", name, number, words)
				}
				want := p.Tables[i].Rows[n].N * barLength / most(p.Tables[i].Rows)
				if got := p.Tables[i].Chart.Bars[n].BarWidth; got != want {
					t.Errorf("bar of %d, want %d", got, want)
				}
			})
		})
	})
}

func most(rows []statRow) int {
	n := 1
	for _, r := range rows {
		n = max(n, r.N)
	}
	return n
}

func TestCellsAreNoFormulas(t *testing.T) {
	for cell, want := range map[string]string{
		"":                   `""`,
		"Pass":               `"Pass"`,
		`=HYPERLINK("x")`:    `"'=HYPERLINK(""x"")"`,
		"+49":                `"'+49"`,
		"-1":                 `"'-1"`,
		"@SUM(A1)":           `"'@SUM(A1)"`,
		"\t=1":               "\"'\t=1\"",
		"\r=1":               "\"'\r=1\"",
		"\n=1":               "\"'\n=1\"",
		"a;b,=1":             `"a;b,=1"`,
		`"=1`:                `"""=1"`,
		"Œčakowski =1 Söhne": `"Œčakowski =1 Söhne"`,
	} {
		var b strings.Builder
		writeCSV(&b, cell)
		if got := b.String(); got != want+"\r\n" {
			t.Errorf("%q became %q", cell, got)
		}
	}
}
