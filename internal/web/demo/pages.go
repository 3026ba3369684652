// SPDX-License-Identifier: EUPL-1.2

// Package demo shows the mail that a demonstration captured instead of
// sending it. It is not part of a production server.
package demo

import (
	"embed"
	"strings"
	"time"

	"vorzimmer/internal/web/view"
)

// templateFiles holds one template for each page struct.
//
//go:embed templates/*.html
var templateFiles embed.FS

// mailsPage lists what was captured, newest first (template mails).
type mailsPage struct {
	view.Layout
	Mails []mailRow
}

type mailRow struct {
	At      time.Time // in the zone of the visitor's town
	To      string
	Subject string
	URL     string
}

// mailPage is one captured mail (template mail).
type mailPage struct {
	view.Layout
	ListURL     string
	Headers     []header
	Text        []textPart
	HTML        string // source; empty when there is none
	RawURL      string
	CalendarURL string // empty when there is no calendar entry
	Files       []fileLink
}

// fileLink is something attached.
type fileLink struct{ Name, URL string }

type header struct{ Name, Value string }

// textPart is a piece of a plain text; with a URL it is a link.
type textPart struct{ Text, URL string }

// split cuts a plain text into parts so that the addresses below base, such
// as "http://127.0.0.1:8080", become links. Other addresses stay text: the
// demonstration leads nowhere else.
func split(text, base string) []textPart {
	var parts []textPart
	for {
		i := strings.Index(text, base+"/")
		if base == "" || i < 0 {
			break
		}
		end := len(text)
		if j := strings.IndexAny(text[i:], " \t\r\n<>\"'"); j >= 0 {
			end = i + j
		}
		url := strings.TrimRight(text[i:end], ".,;:)")
		if i > 0 {
			parts = append(parts, textPart{Text: text[:i]})
		}
		parts = append(parts, textPart{Text: url, URL: url})
		text = text[i+len(url):]
	}
	if text != "" {
		parts = append(parts, textPart{Text: text})
	}
	return parts
}
