// SPDX-License-Identifier: EUPL-1.2

// Package paper draws what is printed: the list of a day, the slip that somebody
// takes home, and texts. It knows no appointments and no pages, only what stands
// on the paper, in the language that it is read in.
package paper

import (
	"bytes"
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/locale"

	"codeberg.org/go-pdf/fpdf"
)

// sheet is a PDF file of A4 pages that is being drawn. Lengths are millimetres,
// sizes of letters are points.
type sheet struct {
	pdf *fpdf.Fpdf
}

const (
	fontName  = "print"
	margin    = 15.0
	lineHigh  = 4.6 // of a line in a table
	textSize  = 9.5
	footSpace = 18.0
)

// ErrNoFont answers a program that was built without its assets.
var ErrNoFont = errors.New("the font for PDF files is missing: run `make build`")

func newSheet(font []byte, title string, l locale.Lang, now time.Time) (*sheet, error) {
	if len(font) == 0 {
		return nil, ErrNoFont
	}
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes(fontName, "", font)
	pdf.SetTitle(title, true)
	pdf.SetLang(string(l))
	pdf.SetCreator("Vorzimmer", true)
	pdf.SetCreationDate(now)
	pdf.SetModificationDate(now)
	pdf.SetMargins(margin, margin, margin)
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetFont(fontName, "", textSize)
	return &sheet{pdf}, pdf.Error()
}

// width is the room between the margins.
func (s *sheet) width() float64 {
	w, _ := s.pdf.GetPageSize()
	return w - 2*margin
}

// line writes a text that is cut where the room ends.
func (s *sheet) line(size float64, text string) {
	s.pdf.SetFontSize(size)
	s.pdf.CellFormat(0, size*0.5, s.fit(text, s.width())[0], "", 1, "L", false, 0, "")
	s.pdf.SetFontSize(textSize)
}

// fit breaks a text into lines of a width, between words where that is possible.
func (s *sheet) fit(text string, width float64) []string {
	width -= 2 * s.pdf.GetCellMargin()
	wide := func(t string) bool { return s.pdf.GetStringWidth(visual(t)) > width }
	var lines []string
	rest := []rune(text)
	for {
		n := len(rest)
		for n > 1 && wide(string(rest[:n])) {
			n--
		}
		if n < len(rest) {
			for at := n; at > n/2; at-- {
				if rest[at] == ' ' {
					n = at
					break
				}
			}
		}
		lines = append(lines, visual(string(rest[:n])))
		for n < len(rest) && rest[n] == ' ' {
			n++
		}
		if rest = rest[n:]; len(rest) == 0 {
			return lines
		}
	}
}

// column is one of a table.
type column struct {
	title string
	width float64 // of the whole table, as a part of 1
}

// table draws rows below a header that comes again on each page, and ends the last
// page. A row is never torn apart.
func (s *sheet) table(columns []column, rows [][]string, foot func()) {
	s.rows(columns, rows, foot)
	foot()
}

// rows is table where something may follow.
func (s *sheet) rows(columns []column, rows [][]string, foot func()) {
	titles := make([]string, len(columns))
	for i, c := range columns {
		titles[i] = c.title
	}
	header := func() {
		s.pdf.SetTextColor(80, 80, 80)
		s.row(columns, s.cells(columns, titles))
		s.pdf.SetTextColor(0, 0, 0)
	}
	header()
	_, high := s.pdf.GetPageSize()
	for _, row := range rows {
		cells := s.cells(columns, row)
		if s.pdf.GetY()+rowHigh(cells) > high-footSpace {
			foot()
			s.pdf.AddPage()
			header()
		}
		s.row(columns, cells)
	}
}

// cells are the texts of a row, broken into lines.
func (s *sheet) cells(columns []column, texts []string) [][]string {
	cells := make([][]string, len(columns))
	for i, c := range columns {
		cells[i] = s.fit(texts[i], c.width*s.width())
	}
	return cells
}

func rowHigh(cells [][]string) float64 {
	lines := 0
	for _, c := range cells {
		lines = max(lines, len(c))
	}
	return float64(lines)*lineHigh + 2
}

func (s *sheet) row(columns []column, cells [][]string) {
	x, y := margin, s.pdf.GetY()
	for i, c := range columns {
		for n, text := range cells[i] {
			s.pdf.SetXY(x, y+1+float64(n)*lineHigh)
			s.pdf.CellFormat(c.width*s.width(), lineHigh, text, "", 0, "L", false, 0, "")
		}
		x += c.width * s.width()
	}
	end := y + rowHigh(cells)
	s.pdf.SetDrawColor(160, 160, 160)
	s.pdf.Line(margin, end, margin+s.width(), end)
	s.pdf.SetXY(margin, end)
}

// foot stands at the end of each page.
func (s *sheet) foot(text string, p *locale.Printer) {
	_, high := s.pdf.GetPageSize()
	s.pdf.SetXY(margin, high-footSpace+4)
	s.pdf.CellFormat(0, lineHigh, visual(text), "", 0, "L", false, 0, "")
	s.pdf.SetX(margin)
	s.pdf.CellFormat(0, lineHigh, visual(p.T("desk.print.page", "N", s.pdf.PageNo())), "", 0, "R", false, 0, "")
}

// file is what was drawn.
func (s *sheet) file() ([]byte, error) {
	var b bytes.Buffer
	if err := s.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("draw PDF: %w", err)
	}
	return b.Bytes(), nil
}
