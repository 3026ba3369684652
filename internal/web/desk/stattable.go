// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"cmp"
	"slices"
	"strconv"

	"vorzimmer/internal/office"
	"vorzimmer/internal/statistics"
)

// statTable is one measure.
type statTable struct {
	Key   string // of its texts: "desk.statistics.measure." with it
	Rows  []statRow
	Sum   string // of the rows, as it is shown; empty: it would mean nothing
	Chart statChart
}

// statRow is a part of a measure. N is a multiple of five: what is below stands
// in none of these numbers, so no sum of them leads back to it.
type statRow struct {
	Name string // translated
	N    int
	Text string // N as it is shown
}

// summed are the measures whose parts add up to something.
var summed = []statistics.Measure{statistics.Full, statistics.Asked, statistics.Lead, statistics.Cancelled, statistics.Missed}

// statTables makes a table of each measure.
func statTables(r *request, q statQuery, totals []statistics.Total) []statTable {
	var tables []statTable
	for _, m := range statistics.Measures {
		var own []statistics.Total
		for _, t := range totals {
			if t.Measure == m {
				own = append(own, t)
			}
		}
		tables = append(tables, statTableOf(r.Printer.T, m, statRows(r, q, m, own)))
	}
	return tables
}

// statTableOf writes the numbers of rows, and draws them.
func statTableOf(key texts, m statistics.Measure, rows []statRow) statTable {
	t := statTable{Key: string(m), Rows: rows}
	sum := 0
	for i := range rows {
		rows[i].Text = amount(key, rows[i].N)
		sum += rows[i].N
	}
	if slices.Contains(summed, m) {
		t.Sum = amount(key, sum)
	}
	t.Chart = chartOf(key, t)
	return t
}

// amount is a number as it is shown.
func amount(key texts, n int) string {
	if n < statistics.Group {
		return key("desk.statistics.few", "N", statistics.Group)
	}
	return strconv.Itoa(n)
}

// statRows are the parts of a measure: a fixed list, the services, or, for one
// without parts, the locations.
func statRows(r *request, q statQuery, m statistics.Measure, totals []statistics.Total) []statRow {
	switch {
	case m == statistics.Asked:
		return serviceRows(r, totals)
	case m.Parts() == nil:
		return placeRows(r, q, totals)
	}
	sums := sumBy(totals, func(t statistics.Total) string { return t.Part })
	var rows []statRow
	for _, part := range m.Parts() {
		rows = append(rows, statRow{Name: partName(r, m, part), N: sums[part]})
	}
	return rows
}

// serviceRows has the services that were asked for often enough, the most wanted
// first, and one row for all others: a row of its own would tell that somebody
// asked.
func serviceRows(r *request, totals []statistics.Total) []statRow {
	var rows []statRow
	for id, n := range sumBy(totals, func(t statistics.Total) string { return t.Part }) {
		rows = append(rows, statRow{Name: partName(r, statistics.Asked, id), N: n})
	}
	slices.SortFunc(rows, func(a, b statRow) int { return cmp.Or(cmp.Compare(b.N, a.N), cmp.Compare(a.Name, b.Name)) })
	return append(rows, statRow{Name: r.Printer.T("desk.statistics.others")})
}

// placeRows has the locations that somebody may see; those that are no longer
// there only with what happened there.
func placeRows(r *request, q statQuery, totals []statistics.Total) []statRow {
	sums := sumBy(totals, func(t statistics.Total) string { return t.LocationID })
	var rows []statRow
	for i := range r.Catalogue.Locations {
		l := &r.Catalogue.Locations[i]
		if sums[l.ID] > 0 || !l.Retired && r.by.At(l.ID) && (q.place == nil || q.place == l) {
			rows = append(rows, statRow{Name: l.Name.In(r.Lang()), N: sums[l.ID]})
		}
	}
	return rows
}

func sumBy(totals []statistics.Total, key func(statistics.Total) string) map[string]int {
	sums := map[string]int{}
	for _, t := range totals {
		sums[key(t)] += t.N
	}
	return sums
}

// partName is what a part is called.
func partName(r *request, m statistics.Measure, part string) string {
	switch {
	case part == "":
		return ""
	case m == statistics.Asked:
		return serviceName(r.Catalogue, r, part)
	}
	return r.Printer.T("desk.statistics.part." + string(m) + "." + part)
}

func serviceName(c *office.Catalogue, r *request, id string) string {
	if s, ok := c.ServiceByID(id); ok {
		return s.Name.In(r.Lang())
	}
	return r.Printer.T("desk.statistics.gone")
}
