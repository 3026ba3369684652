// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"strings"
	"unicode/utf8"
)

// statChart is a chart of bars, drawn as SVG in units of about a pixel. Its colours
// are those of the text around it, so it can be read wherever that can.
type statChart struct {
	Width, Height int
	Bars          []statBar
	Text          string // what it shows, in words
}

// statBar is a line of text and below it a bar with its number.
type statBar struct {
	Name, Text  string
	NameY, NumY int // base lines of both
	NumX        int
	BarY        int
	BarWidth    int
	BarHeight   int
}

// texts looks up a text of the catalogue.
type texts func(key string, args ...any) string

const (
	chartWidth = 320
	barLength  = 240 // of the longest; the rest is for its number
	barHeight  = 16
	lineHeight = 46 // of a name and its bar
	maxBars    = 12 // more are in the table alone
	maxLabel   = 42 // characters that fit
)

// chartOf draws the first rows of a table.
func chartOf(key texts, t statTable) statChart {
	rows := t.Rows[:min(len(t.Rows), maxBars)]
	most := 1
	for _, row := range rows {
		most = max(most, row.N)
	}
	c := statChart{Width: chartWidth, Height: len(rows) * lineHeight}
	var words []string
	for i, row := range rows {
		y, length := i*lineHeight, row.N*barLength/most
		c.Bars = append(c.Bars, statBar{Name: label(row.Name), Text: row.Text, NameY: y + 16, BarY: y + 22, BarHeight: barHeight,
			BarWidth: length, NumX: length + 6, NumY: y + 22 + barHeight - 3})
		words = append(words, row.Name+": "+row.Text)
	}
	c.Text = key("desk.statistics.chart", "Title", key("desk.statistics.measure."+t.Key), "Rows", strings.Join(words, "; "))
	return c
}

// label cuts a name that is too long; the table beside the chart has all of it.
func label(s string) string {
	if utf8.RuneCountInString(s) <= maxLabel {
		return s
	}
	return strings.TrimSpace(string([]rune(s)[:maxLabel-1])) + "…"
}
