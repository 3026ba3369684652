// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"vorzimmer/internal/locale"
)

// maxQuery is how many characters of a query count.
const maxQuery = 100

// entry is a service as the search sees it: folded words.
type entry struct {
	service *Service
	names   map[locale.Lang][]string
	words   []string
	group   []string
}

// newIndex folds the texts of all services that are offered, once per catalogue.
func newIndex(c *Catalogue) []entry {
	groups := map[string][]string{}
	for _, g := range c.Groups {
		for _, name := range g.Name {
			groups[g.Key] = append(groups[g.Key], foldWords(name)...)
		}
	}
	var index []entry
	for i := range c.Services {
		s := &c.Services[i]
		if s.Retired {
			continue
		}
		names := map[locale.Lang][]string{}
		for lang, name := range s.Name {
			names[lang] = foldWords(name)
		}
		index = append(index, entry{s, names, foldWords(s.Words), groups[s.Group]})
	}
	return index
}

// Search finds the services in which every word of the query occurs: in the
// name in any language, the search words or the name of the group. Capitals,
// umlauts (ü, u, ue) and ß do not matter. Where words begin with what was typed
// comes before where they only contain it, and names in lang come before all
// else. Only the first 100 characters of the query count; a query without
// words finds nothing.
func (c *Catalogue) Search(lang locale.Lang, query string) []*Service {
	runes := []rune(query)
	var asked [][]string // by word, its spellings
	for _, word := range strings.FieldsFunc(string(runes[:min(len(runes), maxQuery)]), isNoWord) {
		if spellings := fold(word); spellings[0] != "" { // marks alone are no word
			asked = append(asked, spellings)
		}
	}
	if len(asked) == 0 {
		return nil
	}
	type hit struct {
		service *Service
		rank    int
	}
	var hits []hit
	for i := range c.index {
		if rank, ok := c.index[i].rank(lang, asked); ok {
			hits = append(hits, hit{c.index[i].service, rank})
		}
	}
	slices.SortStableFunc(hits, func(a, b hit) int { return cmp.Compare(a.rank, b.rank) })
	var found []*Service
	for _, h := range hits {
		found = append(found, h.service)
	}
	return found
}

// rank is 0 for the best match. It is false if one of the words is nowhere.
func (e *entry) rank(lang locale.Lang, asked [][]string) (int, bool) {
	sum := 0
	for _, spellings := range asked {
		best := -1
		consider := func(words []string, rank int) {
			for _, w := range words {
				for _, s := range spellings {
					if found, ok := match(w, s, rank); ok && (best < 0 || found < best) {
						best = found
					}
				}
			}
		}
		for l, name := range e.names {
			if l == lang {
				consider(name, 0)
			} else {
				consider(name, 2)
			}
		}
		consider(e.words, 1)
		consider(e.group, 3)
		if best < 0 {
			return 0, false
		}
		sum += best
	}
	return sum, true
}

// insideOnly is worse than any rank of words that begin with what was typed.
const insideOnly = 10

func match(word, asked string, rank int) (int, bool) {
	switch {
	case strings.HasPrefix(word, asked):
		return rank, true
	case strings.Contains(word, asked):
		return rank + insideOnly, true
	}
	return 0, false
}

// foldWords are the words of a text, in all spellings by which they are found.
func foldWords(s string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(s, isNoWord) {
		words = append(words, fold(w)...)
	}
	return words
}

// isNoWord keeps combining marks, which belong to the letter before them.
func isNoWord(c rune) bool { return !unicode.In(c, unicode.L, unicode.N, unicode.M) }

var umlauts = strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue")

// fold writes a word without capitals, ß and marks, and a second time with
// umlauts as people type them without the key if that differs.
func fold(word string) []string {
	word = strings.ReplaceAll(strings.ToLower(norm.NFKC.String(word)), "ß", "ss")
	bare := withoutMarks(word)
	if long := withoutMarks(umlauts.Replace(word)); long != bare {
		return []string{bare, long}
	}
	return []string{bare}
}

func withoutMarks(s string) string {
	return strings.Map(func(c rune) rune {
		if unicode.Is(unicode.M, c) {
			return -1
		}
		return c
	}, norm.NFKD.String(s))
}
