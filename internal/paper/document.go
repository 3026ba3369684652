// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"time"

	"vorzimmer/internal/document"
	"vorzimmer/internal/locale"
)

// Text is a document on paper.
type Text struct {
	document.Document
	Town string
	AsOf string // what the text tells of the day, translated
	Made time.Time
}

// DrawDocument makes a PDF file of a text, with its title on each page; see DrawDay.
// The page of the same text is what a screen reader reads.
func DrawDocument(font []byte, p *locale.Printer, t Text) ([]byte, error) {
	s, err := newSheet(font, t.Title+", "+t.Town, t.Lang, t.Made)
	if err != nil {
		return nil, err
	}
	d := &draft{sheet: s, foot: func() { s.foot(t.Town+" – "+t.Title+" – "+t.AsOf, p) }}
	d.pdf.AddPage()
	d.paragraph(16, t.Title)
	d.paragraph(13, t.Town)
	d.paragraph(textSize, t.AsOf)
	for _, section := range t.Sections {
		d.pdf.Ln(4)
		d.need(4 * lineHigh)
		d.paragraph(12, section.Title)
		for _, b := range section.Blocks {
			d.block(b)
		}
	}
	d.foot()
	return s.file()
}

// draft is a text that is being drawn over pages.
type draft struct {
	*sheet
	foot func() // at the end of each page
}

// need begins a new page where there is less room than that.
func (d *draft) need(high float64) {
	if _, page := d.pdf.GetPageSize(); d.pdf.GetY()+high > page-footSpace {
		d.foot()
		d.pdf.AddPage()
	}
}

// paragraph writes a text in as many lines as it takes.
func (d *draft) paragraph(size float64, text string) {
	d.pdf.SetFontSize(size)
	lines := d.fit(text, d.width())
	d.pdf.SetFontSize(textSize)
	for _, line := range lines {
		d.need(size * 0.5)
		d.pdf.SetFontSize(size)
		d.pdf.CellFormat(0, size*0.5, line, "", 1, "L", false, 0, "")
		d.pdf.SetFontSize(textSize)
	}
}

func (d *draft) block(b document.Block) {
	switch {
	case b.Text != "":
		d.paragraph(textSize, b.Text)
	case b.Lines != nil:
		for _, line := range b.Lines {
			d.paragraph(textSize, line)
		}
	case b.List != nil:
		for _, item := range b.List {
			d.paragraph(textSize, "– "+item)
		}
	case b.Link != nil:
		d.paragraph(textSize, b.Link.Text+": "+b.Link.URL)
	case b.Table != nil:
		d.grid(b.Table)
	}
	d.pdf.Ln(1.5)
}

// grid draws a table whose columns share the width: the first, which names the
// rows, gets no more than the others.
func (d *draft) grid(t *document.Table) {
	columns := make([]column, len(t.Columns))
	for i, title := range t.Columns {
		columns[i] = column{title, 1 / float64(len(t.Columns))}
	}
	if len(columns) == 2 {
		columns[0].width, columns[1].width = 0.28, 0.72
	}
	d.need(6 * lineHigh)
	d.paragraph(textSize, t.Caption)
	d.rows(columns, t.Rows, d.foot)
}
