// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strconv"
	"strings"
)

// statisticsCSV is what the page adds up, as a file (RFC 4180, with semicolons and
// a byte order mark, since the spreadsheets of most offices want them). What the
// page calls few is not in it.
func (p *pages) statisticsCSV(w http.ResponseWriter, r *request) error {
	q, err := p.statQuery(r)
	if err != nil {
		return err
	}
	totals, err := p.bookings.Totals(r.Context(), r.by, q.first, q.last, q.locationID())
	if err != nil {
		return err
	}
	var b strings.Builder
	b.WriteString("\ufeff")
	writeCSV(&b, r.Printer.T("desk.statistics.csv.month"), r.Printer.T("desk.statistics.csv.location"),
		r.Printer.T("desk.statistics.csv.measure"), r.Printer.T("desk.statistics.csv.part"), r.Printer.T("desk.statistics.csv.n"))
	for _, t := range totals {
		place := r.Printer.T("desk.statistics.all")
		if l, ok := r.Catalogue.LocationByID(t.LocationID); ok {
			place = l.Name.In(r.Lang())
		}
		writeCSV(&b, monthKey(t.Month), place, r.Printer.T("desk.statistics.measure."+string(t.Measure)),
			partName(r, t.Measure, t.Part), strconv.Itoa(t.N))
	}
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="`+r.Printer.T("desk.statistics.csv.file")+"-"+monthKey(q.first)+"-"+monthKey(q.last)+`.csv"`)
	h.Set("Content-Length", strconv.Itoa(b.Len()))
	_, _ = w.Write([]byte(b.String())) // a reader who is gone is no error
	return nil
}

// writeCSV writes a line. Every cell stands in quotes, so that a spreadsheet that
// expects other separators does not make new cells out of a part of one.
func writeCSV(b *strings.Builder, cells ...string) {
	for i, c := range cells {
		if i > 0 {
			b.WriteByte(';')
		}
		b.WriteString(`"` + strings.ReplaceAll(harmless(c), `"`, `""`) + `"`)
	}
	b.WriteString("\r\n")
}

// harmless keeps a spreadsheet from taking a cell for a formula: those begin with
// one of these characters, and with an apostrophe before it no longer do.
func harmless(cell string) string {
	if cell != "" && strings.ContainsAny(cell[:1], "=+-@\t\r\n") {
		return "'" + cell
	}
	return cell
}
