// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	_ "embed" // the list of common passwords
	"regexp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MinPassword is the least number of characters of a password.
const MinPassword = 12

// maxPassword is the length of the longest, in bytes: longer ones would only
// be work.
const maxPassword = 1000

//go:embed common.txt
var commonList string

// common are the list's words, the longest first.
var common = readCommon(commonList)

func readCommon(list string) []string {
	var words []string
	for line := range strings.Lines(list) {
		if !strings.HasPrefix(line, "#") {
			words = append(words, strings.Fields(line)...)
		}
	}
	slices.SortFunc(words, func(a, b string) int { return len(b) - len(a) })
	return words
}

// rows are characters that follow each other in the alphabet, in numbers and
// on keyboards.
var rows = []string{"abcdefghijklmnopqrstuvwxyz", "01234567890", "qwertzuiopü", "qwertyuiop", "asdfghjklöä", "yxcvbnm", "zxcvbnm"}

// year is one that somebody may have been born in, or that it is.
var year = regexp.MustCompile(`(19|20)[0-9][0-9]`)

// leet are digits and signs that stand for letters.
var leet = strings.NewReplacer("@", "a", "4", "a", "3", "e", "1", "i", "!", "i", "0", "o", "$", "s", "5", "s", "7", "t")

// CheckPassword answers Invalid with the field "password" for one that is too
// short, too long, or among the first that somebody would try who knows the
// account and the town.
func CheckPassword(password string, who *Owner) error {
	key := ""
	switch {
	case utf8.RuneCountInString(norm.NFC.String(password)) < MinPassword:
		key = "login.password.short"
	case len(password) > maxPassword || !utf8.ValidString(password):
		key = "login.password.long"
	case weak(password, who):
		key = "login.password.common"
	default:
		return nil
	}
	return wrong("password", key, "Min", MinPassword)
}

// enough is how many characters must be left of a password once everything is
// taken out that can be guessed. Each counts once.
const enough = 5

func weak(password string, who *Owner) bool {
	local, domain, _ := strings.Cut(who.Email, "@")
	var known []string
	for _, text := range []string{local, domain, who.Name, who.Tenant.Name} {
		known = append(known, plain(text))
		for _, word := range strings.FieldsFunc(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
			if utf8.RuneCountInString(word) > 2 {
				known = append(known, plain(word))
			}
		}
	}
	slices.SortFunc(known, func(a, b string) int { return len(b) - len(a) })
	known = append(known, common...)
	typed := strings.ToLower(norm.NFC.String(password))
	return rest(plain(typed), known) < enough || rest(plain(leet.Replace(typed)), known) < enough
}

// plain is a text without case and signs: only letters and digits.
func plain(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, norm.NFC.String(s))
}

// rest counts what is left of a plain text without the words, years, what
// follows on each other, and what was there before.
func rest(s string, words []string) int {
	for _, w := range words {
		if w != "" {
			s = strings.ReplaceAll(s, w, " ")
		}
	}
	s = dropRuns(year.ReplaceAllString(s, " "))
	seen := map[rune]bool{}
	for _, r := range s {
		if r != ' ' {
			seen[r] = true
		}
	}
	return len(seen)
}

// dropRuns takes out three and more characters that follow each other in one
// of the rows, in either direction.
func dropRuns(s string) string {
	var out []rune
	in := []rune(s)
	for i := 0; i < len(in); {
		n := run(in[i:])
		if n < 3 {
			out, n = append(out, in[i]), 1
		}
		i += n
	}
	return string(out)
}

// run is how many characters at the beginning follow each other.
func run(s []rune) int {
	longest := 1
	for _, row := range rows {
		for _, step := range []int{1, -1} {
			order := []rune(row)
			at, n := slices.Index(order, s[0]), 1
			for at >= 0 && n < len(s) && at+step*n >= 0 && at+step*n < len(order) && order[at+step*n] == s[n] {
				n++
			}
			longest = max(longest, n)
		}
	}
	return longest
}
