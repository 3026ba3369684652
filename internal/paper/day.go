// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"time"

	"vorzimmer/internal/locale"
)

// Day is the list of those who come to a place on a day.
type Day struct {
	Place string
	Date  time.Time
	AsOf  time.Time // in the zone of the place
	Rows  []Row
}

// Row is somebody who comes.
type Row struct{ Time, Reference, Name, Services, Counter, State string }

// DrawDay makes a PDF file of a list, drawn with a TrueType font. It answers
// ErrNoFont without one.
func DrawDay(font []byte, p *locale.Printer, d Day) ([]byte, error) {
	s, err := newSheet(font, p.T("desk.print.title"), p.Lang(), d.AsOf)
	if err != nil {
		return nil, err
	}
	s.day(d, p)
	return s.file()
}

func (s *sheet) day(d Day, p *locale.Printer) {
	s.pdf.AddPage()
	s.line(16, d.Place)
	s.line(13, p.Date(d.Date))
	s.line(textSize, p.T("desk.day.as_of", "Date", p.DateShort(d.AsOf), "Time", p.Time(d.AsOf)))
	s.pdf.Ln(4)
	columns := []column{{p.T("desk.day.time"), 0.075}, {p.T("desk.day.reference"), 0.15}, {p.T("desk.day.name"), 0.24},
		{p.T("desk.day.services"), 0.24}, {p.T("desk.day.counter"), 0.13}, {p.T("desk.day.state"), 0.165}}
	rows := make([][]string, len(d.Rows))
	for i, r := range d.Rows {
		rows[i] = []string{r.Time, r.Reference, r.Name, r.Services, r.Counter, r.State}
	}
	if len(rows) == 0 {
		s.line(textSize, p.T("desk.day.nobody"))
	}
	s.table(columns, rows, func() { s.foot(p.T("desk.print.secret"), p) })
}
