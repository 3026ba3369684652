// SPDX-License-Identifier: EUPL-1.2

package message

import (
	_ "embed"
	"fmt"
	"html/template"
	"strings"

	"vorzimmer/internal/locale"
)

// letter is the content of a mail before it becomes text and HTML, so that
// both parts always say the same.
type letter struct {
	Lang     locale.Lang
	Subject  string
	Greeting string
	Lead     []string // the first lines, which have to suffice
	Action   *link    // what the reader is asked to do; nil: nothing
	Sections []section
	Links    []link
	Foot     []string
}

type link struct{ Label, URL string }

// section is a heading with lines or, if List, with items.
type section struct {
	Title string
	Lines []string
	List  bool
}

//go:embed letter.html
var letterHTML string

var letterTemplate = template.Must(template.New("letter").Parse(letterHTML))

// add appends a section unless it would be empty.
func (l *letter) add(title string, lines ...string) { l.addSection(title, false, lines) }

// addList is add for items.
func (l *letter) addList(title string, items ...string) { l.addSection(title, true, items) }

func (l *letter) addSection(title string, list bool, lines []string) {
	var kept []string
	for _, line := range lines {
		if line = oneLine(line); line != "" {
			kept = append(kept, line)
		}
	}
	if len(kept) > 0 {
		l.Sections = append(l.Sections, section{title, kept, list})
	}
}

// lead appends one of the first lines unless it is empty.
func (l *letter) lead(line string) {
	if line = oneLine(line); line != "" {
		l.Lead = append(l.Lead, line)
	}
}

// link appends a link unless it leads nowhere.
func (l *letter) link(label, url string) {
	if url != "" {
		l.Links = append(l.Links, link{label, url})
	}
}

// mail makes both parts.
func (l *letter) mail(to string) (Mail, error) {
	var html strings.Builder
	if err := letterTemplate.Execute(&html, l); err != nil {
		return Mail{}, fmt.Errorf("write mail as HTML: %w", err)
	}
	return Mail{
		To: to, Lang: string(l.Lang), Subject: oneLine(l.Subject),
		Text: l.text(), HTML: html.String(),
	}, nil
}

// text is the plain part. What stands below a heading is indented, so that a
// note somebody typed cannot pass for a heading.
func (l *letter) text() string {
	var b strings.Builder
	paragraph := func(lines ...string) { b.WriteString(strings.Join(lines, "\n") + "\n\n") }
	paragraph(l.Greeting)
	paragraph(l.Lead...)
	if l.Action != nil {
		paragraph(l.Action.Label+":", l.Action.URL)
	}
	for _, s := range l.Sections {
		indent := "  "
		if s.List {
			indent = "- "
		}
		paragraph(s.Title+":", indent+strings.Join(s.Lines, "\n"+indent))
	}
	for _, k := range l.Links {
		paragraph(k.Label+":", k.URL)
	}
	b.WriteString("-- \n" + strings.Join(l.Foot, "\n") + "\n") // RFC 3676, section 4.3
	return b.String()
}
