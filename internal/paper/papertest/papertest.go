// SPDX-License-Identifier: EUPL-1.2

// Package papertest reads what is written in PDF files of this program, for
// tests. It reads no others.
package papertest

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
	"testing"
	"unicode/utf16"
)

var (
	streams = regexp.MustCompile(`/Length (\d+)>>\nstream\n`)
	shown   = regexp.MustCompile(`(?s)\(((?:\\.|[^\\)])*)\) ?Tj`)
)

// Texts are the texts of a file, in the order in which they were drawn, one
// string for each.
func Texts(tb testing.TB, file []byte) []string {
	tb.Helper()
	var texts []string
	for _, at := range streams.FindAllSubmatchIndex(file, -1) {
		n, err := strconv.Atoi(string(file[at[2]:at[3]]))
		if err != nil {
			tb.Fatal(err)
		}
		z, err := zlib.NewReader(bytes.NewReader(file[at[1] : at[1]+n]))
		if err != nil {
			continue // not compressed: no page
		}
		content, err := io.ReadAll(z)
		if err != nil {
			tb.Fatal(err)
		}
		for _, show := range shown.FindAllSubmatch(content, -1) {
			texts = append(texts, utf16Text(unescaped(show[1])))
		}
	}
	return texts
}

// unescaped reads a literal string (ISO 32000-1, 7.3.4.2).
func unescaped(b []byte) []byte {
	var out []byte
	for i := 0; i < len(b); i++ {
		if b[i] == '\\' && i+1 < len(b) {
			i++
			if b[i] == 'r' {
				out = append(out, '\r')
				continue
			}
		}
		out = append(out, b[i])
	}
	return out
}

func utf16Text(b []byte) string {
	var units []uint16
	for i := 0; i+1 < len(b); i += 2 {
		units = append(units, uint16(b[i])<<8|uint16(b[i+1]))
	}
	return string(utf16.Decode(units))
}
