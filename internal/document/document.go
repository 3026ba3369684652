// SPDX-License-Identifier: EUPL-1.2

// Package document is the shape of a text that the program writes once and shows
// in several forms: as a page, as PDF, as JSON, and as a version that is kept.
//
// It knows how a text is divided and nothing of what it says or how it looks.
package document

import (
	"strings"

	"vorzimmer/internal/locale"
)

// Document is a text in one language.
type Document struct {
	Title    string      `json:"title"`
	Lang     locale.Lang `json:"lang"`
	Sections []Section   `json:"sections"`
}

// Section is what stands below one heading.
type Section struct {
	ID     string  `json:"id"` // within the document: letters, digits, hyphens
	Title  string  `json:"title"`
	Blocks []Block `json:"blocks"`
}

// Block is a part of a section. One of its fields is set.
type Block struct {
	Text  string   `json:"text,omitempty"`  // a paragraph
	Lines []string `json:"lines,omitempty"` // an address: each on a line of its own
	List  []string `json:"list,omitempty"`
	Table *Table   `json:"table,omitempty"`
	Link  *Link    `json:"link,omitempty"`
}

// Table has a caption, which says what it shows, and as many cells in each row as
// it has columns. The first cell names its row.
type Table struct {
	Caption string     `json:"caption"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

// Link leads to a page of this site, or to another one's.
type Link struct {
	Text string `json:"text"`
	URL  string `json:"url"`
}

// External tells whether the link leads to another site.
func (l Link) External() bool { return strings.HasPrefix(l.URL, "https://") }

// Add appends a paragraph unless it is empty.
func (s *Section) Add(text string) {
	if text != "" {
		s.Blocks = append(s.Blocks, Block{Text: text})
	}
}

// AddLines appends an address without the lines that are empty.
func (s *Section) AddLines(lines ...string) {
	if kept := notEmpty(lines); len(kept) > 0 {
		s.Blocks = append(s.Blocks, Block{Lines: kept})
	}
}

// AddList appends a list without the items that are empty.
func (s *Section) AddList(items ...string) {
	if kept := notEmpty(items); len(kept) > 0 {
		s.Blocks = append(s.Blocks, Block{List: kept})
	}
}

// AddTable appends a table.
func (s *Section) AddTable(t Table) { s.Blocks = append(s.Blocks, Block{Table: &t}) }

// AddLink appends a link.
func (s *Section) AddLink(text, url string) {
	s.Blocks = append(s.Blocks, Block{Link: &Link{text, url}})
}

func notEmpty(in []string) []string {
	var out []string
	for _, s := range in {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}
