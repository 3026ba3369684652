// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"net/mail"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
)

// maxText is the longest text of a file, in characters.
const maxText = 1000

// keyPattern fits into a part of a host name (RFC 1035, section 2.3.1) and, with a dot as
// separator, into a URL.
var keyPattern = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// str is one line of text.
func (o *object) str(key string, n need) string {
	v := o.get(key, n)
	if v == nil {
		return ""
	}
	return o.r.text(v, strconv.Quote(key))
}

func (r *reader) text(v *yaml.Node, what string) string {
	if v.Kind != yaml.ScalarNode {
		r.fail(v.Line, "%s must be text", what)
		return ""
	}
	if v.ShortTag() != "!!str" {
		r.fail(v.Line, "%s must be text: put it in quotes", what)
		return ""
	}
	s := strings.TrimSpace(v.Value)
	switch {
	case s == "":
		r.fail(v.Line, "%s is empty: give it a value or remove it", what)
	case utf8.RuneCountInString(s) > maxText:
		r.fail(v.Line, "%s is longer than %d characters: shorten it", what, maxText)
	case strings.ContainsFunc(s, breaksLine):
		r.fail(v.Line, "%s has a line break or control character: write it as one line", what)
	}
	return s
}

func breaksLine(c rune) bool { return unicode.In(c, unicode.Cc, unicode.Zl, unicode.Zp) }

// local is a text in several languages, or one that is the same in all.
func (o *object) local(key string, n need) locale.Text {
	v := o.get(key, n)
	if v == nil {
		return locale.Text{}
	}
	return o.r.local(v, strconv.Quote(key))
}

func (r *reader) local(v *yaml.Node, what string) locale.Text {
	t := locale.Text{}
	if v.Kind != yaml.MappingNode {
		s := r.text(v, what)
		for _, l := range locale.Langs {
			t[l] = s
		}
		return t
	}
	r.object(v, what, func(o *object) {
		for _, l := range locale.Langs {
			// German is what every other language falls back to.
			if s := o.str(string(l), l == locale.DE); s != "" {
				t[l] = s
			}
		}
	})
	return t
}

// locals is a list of local texts.
func (o *object) locals(key string) []locale.Text {
	var list []locale.Text
	o.list(key, optional, func(e *yaml.Node) { list = append(list, o.r.local(e, "an element of "+strconv.Quote(key))) })
	return list
}

// key reads the key of a thing, which nothing else of its kind may have.
func (o *object) key(kind string) string {
	v := o.get("key", required)
	if v == nil {
		return ""
	}
	key := o.r.slug(v, `"key"`)
	o.r.define(kind, key, v.Line)
	return key
}

func (r *reader) slug(v *yaml.Node, what string) string {
	key := r.text(v, what)
	if key != "" && !keyPattern.MatchString(key) {
		r.fail(v.Line, "%s may only have a-z, 0-9 and hyphens inside, at most 63 characters: change %q", what, key)
	}
	return key
}

// refer reads the key of a thing that is defined elsewhere in the file.
func (o *object) refer(key, kind string, n need) string {
	v := o.get(key, n)
	if v == nil {
		return ""
	}
	return o.r.refer(v, kind)
}

func (r *reader) refer(v *yaml.Node, kind string) string {
	key := r.text(v, "a key of a "+kind)
	if key != "" {
		r.refs = append(r.refs, reference{kind, key, v.Line})
	}
	return key
}

// mail is a bare e-mail address (RFC 5322, section 3.4.1).
func (o *object) mail(key string, n need) string {
	s := o.str(key, n)
	if s == "" {
		return ""
	}
	a, err := mail.ParseAddress(s)
	_, domain, _ := strings.Cut(s, "@")
	if err != nil || a.Address != s || !strings.Contains(strings.Trim(domain, "."), ".") {
		o.r.fail(o.values[key].Line, "%q must be one e-mail address: write it as name@example.org", key)
	}
	return s
}

// oneOf is one of a few words.
func (o *object) oneOf(key string, n need, words ...string) string {
	s := o.str(key, n)
	if s != "" && !slices.Contains(words, s) {
		o.r.fail(o.values[key].Line, "unknown %s %q: use one of %s", key, s, strings.Join(words, ", "))
	}
	return s
}

// plain is a scalar that YAML may take for a date.
func (o *object) plain(key string, n need) string {
	v := o.get(key, n)
	if v == nil {
		return ""
	}
	if v.Kind == yaml.ScalarNode && v.ShortTag() == "!!timestamp" {
		return v.Value
	}
	return o.r.text(v, strconv.Quote(key))
}

// date is a calendar date, 0 when the key is absent.
func (o *object) date(key string) slot.Date {
	s := o.plain(key, optional)
	if s == "" {
		return 0
	}
	return o.r.date(o.values[key].Line, s)
}

func (r *reader) date(line int, s string) slot.Date {
	d, err := slot.ParseDate(s)
	if err != nil {
		r.fail(line, "%q is not a date that exists: write it as YYYY-MM-DD", s)
		return 0
	}
	if y, _, _ := d.Civil(); y < 2000 || y > 2999 {
		r.fail(line, "the year of %s is not between 2000 and 2999: correct it", s)
		return 0
	}
	return d
}

// clock is a time of day in minutes after midnight.
func (o *object) clock(key string, n need) int {
	s := o.str(key, n)
	if s == "" {
		return 0
	}
	return o.r.clock(o.values[key].Line, s)
}

var clockPattern = regexp.MustCompile(`^([0-9]{2}):([0-9]{2})$`)

func (r *reader) clock(line int, s string) int {
	m := clockPattern.FindStringSubmatch(s)
	if m == nil {
		r.fail(line, "%q is not a time of day: write it as \"HH:MM\"", s)
		return 0
	}
	hour, _ := strconv.Atoi(m[1]) // two digits each, by the pattern
	minute, _ := strconv.Atoi(m[2])
	switch {
	case hour > 24 || minute > 59 || hour == 24 && minute > 0:
		r.fail(line, "the time %s does not exist: use 00:00 to 24:00", s)
		return 0
	case minute%slot.TickMinutes != 0:
		r.fail(line, "the time %s is off the grid: use a multiple of %d minutes", s, slot.TickMinutes)
	}
	return hour*60 + minute
}
