// SPDX-License-Identifier: EUPL-1.2

package paper

import (
	"strings"
	"sync"
	"unicode"

	"golang.org/x/text/unicode/bidi"
	"golang.org/x/text/unicode/norm"
)

// visual is a text in the order in which its letters stand on paper, for a
// library that puts one glyph after the other: what is written from right to
// left is turned round (Unicode Standard Annex 9), Arabic letters get the forms
// in which they join. What the font cannot have is a replacement character.
func visual(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r > 0xFFFF:
			return unicode.ReplacementChar // the library knows two bytes
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, norm.NFC.String(text))
	if !strings.ContainsFunc(text, rightToLeft) {
		return text
	}
	var p bidi.Paragraph
	if _, err := p.SetString(text, bidi.DefaultDirection(bidi.LeftToRight)); err != nil {
		return text
	}
	order, err := p.Order()
	if err != nil {
		return text
	}
	var b strings.Builder
	for i := range order.NumRuns() {
		run := order.Run(i)
		if run.Direction() == bidi.RightToLeft {
			b.WriteString(bidi.ReverseString(joined(run.String())))
		} else {
			b.WriteString(run.String())
		}
	}
	return b.String()
}

func rightToLeft(r rune) bool {
	p, _ := bidi.LookupRune(r)
	return p.Class() == bidi.R || p.Class() == bidi.AL
}

// forms are the glyphs of an Arabic letter: alone, at the end, at the beginning
// and in the middle of what is joined; 0 where there is none.
type forms [4]rune

// arabic finds the forms by what Unicode says that they stand for, and the
// ligatures of two letters likewise.
var arabic = sync.OnceValues(func() (map[rune]*forms, map[[2]rune]*forms) {
	letters, pairs := map[rune]*forms{}, map[[2]rune]*forms{}
	add := func(r rune) {
		of := []rune(norm.NFC.String(norm.NFKC.String(string(r))))
		var f *forms
		switch len(of) {
		case 1:
			if letters[of[0]] == nil {
				letters[of[0]] = &forms{}
			}
			f = letters[of[0]]
		case 2:
			pair := [2]rune{of[0], of[1]}
			if pairs[pair] == nil {
				pairs[pair] = &forms{}
			}
			f = pairs[pair]
		default:
			return
		}
		for i := range f { // Unicode lists them in this order
			if f[i] == 0 {
				f[i] = r
				return
			}
		}
	}
	for r := rune(0xFE80); r <= 0xFEFC; r++ { // the Arabic alphabet
		add(r)
	}
	for _, span := range [][2]rune{{0xFB56, 0xFB59}, {0xFB7A, 0xFB7D}, {0xFB8A, 0xFB95}, {0xFBFC, 0xFBFF}} { // Persian
		for r := span[0]; r <= span[1]; r++ {
			add(r)
		}
	}
	return letters, pairs
})

// joined gives Arabic letters the forms in which they join their neighbours, in
// the order in which they are spoken.
func joined(text string) string {
	letters, pairs := arabic()
	in := []rune(text)
	var out []rune
	before := false // whether the letter before reaches out to this one
	for i := 0; i < len(in); i++ {
		f := letters[in[i]]
		if f == nil {
			out = append(out, in[i])
			before = before && unicode.Is(unicode.Mn, in[i])
			continue
		}
		if i+1 < len(in) {
			if pair := pairs[[2]rune{in[i], in[i+1]}]; pair != nil {
				f = pair
				i++
			}
		}
		after := f[2] != 0 && i+1 < len(in) && letters[in[i+1]] != nil && letters[in[i+1]][1] != 0
		at := 0
		switch {
		case before && after:
			at = 3
		case after:
			at = 2
		case before:
			at = 1
		}
		if f[at] == 0 {
			at = 0
		}
		out = append(out, f[at])
		before = after
	}
	return string(out)
}
