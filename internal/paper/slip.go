// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"fmt"
	"time"

	"vorzimmer/internal/locale"

	"rsc.io/qr"
)

// Slip is what somebody takes home who has no mailbox: in that person's own
// language, whatever that of the page is.
type Slip struct {
	Lang  locale.Lang
	Title string
	Facts []Fact
	Bring []Fact // what to bring, for each service
	Way   string
	Link  string // with a secret that changes and cancels
	Help  string // what the link is for
}

// Fact is a label with what belongs to it.
type Fact struct {
	Label string
	Lines []string
}

// DrawSlip makes a PDF file of a slip; see DrawDay.
func DrawSlip(font []byte, t Slip, now time.Time) ([]byte, error) {
	s, err := newSheet(font, t.Title, t.Lang, now)
	if err != nil {
		return nil, err
	}
	if err := s.slip(t); err != nil {
		return nil, err
	}
	return s.file()
}

// slip draws one: facts on the left, the code on the right.
func (s *sheet) slip(t Slip) error {
	const code = 42.0
	s.pdf.AddPage()
	s.line(16, t.Title)
	s.pdf.Ln(3)
	top := s.pdf.GetY()
	if err := s.code(t.Link, margin+s.width()-code, top, code); err != nil {
		return err
	}
	for _, f := range t.Facts {
		s.fact(f, s.width()-code-5)
	}
	s.pdf.SetY(max(s.pdf.GetY(), top+code+2))
	for _, text := range s.fit(t.Help, s.width()) {
		s.pdf.CellFormat(0, lineHigh, text, "", 1, "L", false, 0, "")
	}
	for _, text := range s.fit(t.Link, s.width()) {
		s.pdf.CellFormat(0, lineHigh, text, "", 1, "L", false, 0, t.Link)
	}
	s.pdf.Ln(3)
	for _, f := range t.Bring {
		s.fact(f, s.width())
	}
	if t.Way != "" {
		s.fact(Fact{Lines: []string{t.Way}}, s.width())
	}
	return s.pdf.Error()
}

func (s *sheet) fact(f Fact, width float64) {
	if f.Label != "" {
		s.pdf.SetTextColor(80, 80, 80)
		for _, text := range s.fit(f.Label, width) {
			s.pdf.CellFormat(width, lineHigh, text, "", 1, "L", false, 0, "")
		}
		s.pdf.SetTextColor(0, 0, 0)
	}
	s.pdf.SetFontSize(textSize + 2)
	for _, line := range f.Lines {
		for _, text := range s.fit(line, width) {
			s.pdf.CellFormat(width, lineHigh+1, text, "", 1, "L", false, 0, "")
		}
	}
	s.pdf.SetFontSize(textSize)
	s.pdf.Ln(2)
}

// code draws a QR code (ISO/IEC 18004) of a size with its white border.
func (s *sheet) code(text string, x, y, size float64) error {
	c, err := qr.Encode(text, qr.M)
	if err != nil {
		return fmt.Errorf("draw QR code: %w", err)
	}
	const quiet = 4
	module := size / float64(c.Size+2*quiet)
	s.pdf.SetFillColor(0, 0, 0)
	for row := range c.Size {
		for col := 0; col < c.Size; col++ {
			from := col
			for col < c.Size && c.Black(col, row) {
				col++
			}
			if col > from {
				s.pdf.Rect(x+float64(from+quiet)*module, y+float64(row+quiet)*module, float64(col-from)*module, module, "F")
			}
		}
	}
	return nil
}
