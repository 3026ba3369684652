// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// Names are compared by words in one form, in which all of these are equal:
// capitals and small letters, ä and ae and a, ß and ss, letters with and
// without marks. The form is made from left to right, so that the form of a
// beginning is the beginning of the form: that is what lets a clerk who has
// typed "mue" find Müller, Mueller and Muller.

// maxWords bounds what one record writes; the longest names have fewer. A form
// that was not checked yet may hold anything.
const maxWords = 24

// joiners stand inside of names: what they join counts as words and as one word.
const joiners = "-'’‘ʼʻ`‐‑‒–—′"

// silent are marks of transliterations, which hardly anybody types.
const silent = "ʾʿʹʺˈ"

// plain are letters that Unicode does not take apart.
var plain = map[rune]string{
	'æ': "ae", 'œ': "oe", 'ø': "o", 'đ': "d", 'ð': "d", 'ħ': "h", 'ı': "i", 'ĸ': "k", 'ł': "l", 'ŋ': "n", 'þ': "th",
	'ŧ': "t", 'ə': "e", 'ǝ': "e",
}

// split takes a text apart into groups of words that something joins: "Anna
// Müller-Lüdenscheidt" is two groups, the second of two words. Letters are
// small and without marks.
func split(text string) [][]string {
	// The acute accent that stands alone would come apart into a space and a mark.
	text = strings.ReplaceAll(text, "´", "'")
	text = norm.NFKD.String(cases.Fold().String(norm.NFKD.String(text)))
	var groups [][]string
	var group []string
	var word strings.Builder
	endWord := func() {
		if word.Len() > 0 {
			group = append(group, word.String())
			word.Reset()
		}
	}
	endGroup := func() {
		endWord()
		if len(group) > 0 {
			groups = append(groups, group)
			group = nil
		}
	}
	for _, r := range text {
		switch {
		case strings.ContainsRune(joiners, r):
			endWord()
		case unicode.Is(unicode.M, r), unicode.Is(unicode.Cf, r), strings.ContainsRune(silent, r):
		case plain[r] != "":
			word.WriteString(plain[r])
		case unicode.IsLetter(r), unicode.IsDigit(r):
			word.WriteRune(r)
		default:
			endGroup()
		}
	}
	endGroup()
	return groups
}

// blur leaves out every e behind a, o and u, in whatever way it got there.
func blur(word string) string {
	var b strings.Builder
	var last rune
	for _, r := range word {
		if r == 'e' && (last == 'a' || last == 'o' || last == 'u') {
			continue
		}
		b.WriteRune(r)
		last = r
	}
	return b.String()
}

// nameWords are the words by which a name is found: each one, and those that
// something joins also together.
func nameWords(d Data) []string {
	var words []string
	for _, group := range split(d.FirstName + " " + d.LastName) {
		for _, w := range group {
			words = append(words, blur(w))
		}
		if len(group) > 1 {
			words = append(words, blur(strings.Join(group, "")))
		}
		if len(words) > maxWords {
			words = words[:maxWords]
			break
		}
	}
	slices.Sort(words)
	return slices.Compact(words)
}

// fullName is equal for equal names, in whatever order their words are.
func fullName(d Data) string {
	var words []string
	for _, group := range split(d.FirstName + " " + d.LastName) {
		for _, w := range group {
			words = append(words, blur(w))
		}
	}
	slices.Sort(words)
	return strings.Join(words, " ")
}

// SameName tells whether two names differ at most in spelling and order.
func SameName(a, b Data) bool { return fullName(a) == fullName(b) }

// prefixes are the lengths, in letters, of the beginnings of a word that are
// stored. In between, the next shorter one finds a few records too many, whose
// names are compared when they are opened: that costs less than more rows, and
// gives less away.
var prefixes = []int{3, 4, 6, 8}

// shortest is how many letters have to be typed of a longer word.
const shortest = 3

// beginnings are what is stored of a word: its prefixes, or all of it when it
// is shorter than those.
func beginnings(word string) []string {
	letters := []rune(word)
	if len(letters) < shortest {
		return []string{word}
	}
	var list []string
	for _, n := range prefixes {
		if n <= len(letters) {
			list = append(list, string(letters[:n]))
		}
	}
	return list
}

// letters is the length of a word.
func letters(word string) int { return utf8.RuneCountInString(word) }

// ListName is a name with the family name first, as lists are sorted and read.
func ListName(first, last string) string {
	if first == "" {
		return last
	}
	return last + ", " + first
}
