// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"net/mail"
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"vorzimmer/internal/fault"

	"github.com/nyaruka/phonenumbers"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Names of the form's fields, as they appear in Fields of a fault.
const (
	FieldFirstName = "first-name"
	FieldLastName  = "last-name"
	FieldEmail     = "email"
	FieldPhone     = "phone"
	FieldStreet    = "street"
	FieldPostcode  = "postcode"
	FieldCity      = "city"
	FieldBirthDate = "birth-date"
	FieldNote      = "note"
)

// FieldOneName is the box that a person with a single name ticks.
const FieldOneName = "one-name"

// Texts are the fields by their names, and what each fills.
func Texts(d *Data) map[string]*string {
	return map[string]*string{FieldFirstName: &d.FirstName, FieldLastName: &d.LastName, FieldEmail: &d.Email,
		FieldPhone: &d.Phone, FieldStreet: &d.Street, FieldPostcode: &d.Postcode, FieldCity: &d.City,
		FieldBirthDate: &d.BirthDate, FieldNote: &d.Note}
}

// Typed is what a form says, unchecked; get is a field of it by its name.
func Typed(get func(name string) string) Data {
	d := Data{OneName: get(FieldOneName) != ""}
	for name, to := range Texts(&d) {
		*to = get(name)
	}
	return d
}

// MaxName is the longest name in characters. The longest names that DIN 91379
// was tried with are shorter.
const MaxName = 200

const (
	maxLine = 200
	maxNote = 500
)

// Check tidies what was typed (Unicode NFC, white space) and says what has to
// be corrected. oneName means that the person has no first name. today is the
// current instant; numbers without a country code are German ones.
//
// Names are taken in every script: DIN 91379 lists the letters that German
// offices must be able to keep, and nobody is turned away for having others.
// What no name contains, control characters and web addresses, is refused.
func Check(d Data, today time.Time) (Data, []fault.Field) {
	c := &checker{}
	d.FirstName = c.name(FieldFirstName, d.FirstName, !d.OneName)
	d.LastName = c.name(FieldLastName, d.LastName, true)
	d.Email = c.email(d.Email)
	d.Phone = c.phone(d.Phone)
	d.Street = c.line(FieldStreet, d.Street)
	d.Postcode = c.line(FieldPostcode, d.Postcode)
	d.City = c.line(FieldCity, d.City)
	d.BirthDate = c.birthDate(d.BirthDate, today)
	d.Note = c.note(d.Note)
	return d, c.problems
}

// CheckAtDesk is Check for what a clerk types for somebody: a telephone number is
// enough, or else an e-mail address.
func CheckAtDesk(d Data, today time.Time) (Data, []fault.Field) {
	d, problems := Check(d, today)
	return d, slices.DeleteFunc(problems, func(f fault.Field) bool {
		missing := f.Key == "field.required"
		return missing && (f.Name == FieldEmail || f.Name == FieldPhone && d.Email != "")
	})
}

type checker struct{ problems []fault.Field }

func (c *checker) problem(field, key string, args ...any) {
	c.problems = append(c.problems, fault.Field{Name: field, Key: key, Args: args})
}

// clean is the text in NFC with single spaces, and whether it is fit to be
// kept: valid UTF-8 without control characters and line breaks. Invisible
// formatting characters, which phones and word processors put around what is
// copied, are dropped: nobody can see what they would be asked to remove. Two
// of them join letters in some scripts and stay (U+200C, U+200D).
func clean(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return s, false
	}
	s = strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0':
			return ' '
		case unicode.Is(unicode.Cf, r) && r != '\u200c' && r != '\u200d':
			return -1
		}
		return r
	}, norm.NFC.String(s))
	s = strings.Join(strings.FieldsFunc(s, func(r rune) bool { return r == ' ' }), " ")
	return s, !strings.ContainsFunc(s, func(r rune) bool {
		return unicode.IsControl(r) || r == '\u2028' || r == '\u2029'
	})
}

func (c *checker) line(field, s string) string {
	s, ok := clean(s)
	switch {
	case !ok:
		c.problem(field, "field.control")
	case utf8.RuneCountInString(s) > maxLine:
		c.problem(field, "field.long", "Max", maxLine)
	}
	return s
}

// webAddress is what spam puts into names: a scheme, www, or a host name with
// a top-level domain that spam likes. Short endings that are also parts of
// names ("Dr.de Vries") count only before a slash or at the end.
var webAddress = regexp.MustCompile(`(?i)(://|www\.|@|` +
	`[\pL\d-]{2,}\.(com|net|org|info|biz|xyz|top|shop|online|site|link|click|app)([^\pL\pM]|$)|` +
	`[\pL\d-]{2,}\.(de|eu|ru|cn|io|ly|me|co|tk)(/|\s*$))`)

func (c *checker) name(field, s string, required bool) string {
	s, ok := clean(s)
	switch {
	case !ok:
		c.problem(field, "field.control")
	case s == "" && required:
		c.problem(field, "field.required")
	case s != "" && !strings.ContainsFunc(s, unicode.IsLetter):
		c.problem(field, "field.name_letters")
	case webAddress.MatchString(s):
		c.problem(field, "field.name_url")
	case utf8.RuneCountInString(s) > MaxName:
		c.problem(field, "field.long", "Max", MaxName)
	}
	return s
}

func (c *checker) email(s string) string {
	s, ok := clean(s)
	switch {
	case !ok:
		c.problem(FieldEmail, "field.control")
	case s == "":
		c.problem(FieldEmail, "field.required")
	case !ValidEmail(s):
		c.problem(FieldEmail, "field.email")
	}
	return s
}

// ValidEmail accepts a bare address (RFC 5321, Mailbox) with an ASCII local
// part without quotes and a domain name with a dot, which may be
// internationalised.
func ValidEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	if err != nil || a.Name != "" || a.Address != s || len(s) > 254 {
		return false
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	if len(local) > 64 || strings.ContainsAny(local, "\"\\ ") || strings.ContainsFunc(local, func(r rune) bool { return r > 127 }) {
		return false
	}
	ascii, err := idna.Lookup.ToASCII(domain)
	return err == nil && strings.Contains(ascii, ".") && !strings.HasSuffix(ascii, ".")
}

func (c *checker) phone(s string) string {
	s, ok := clean(s)
	switch {
	case !ok:
		c.problem(FieldPhone, "field.control")
	case s == "":
		c.problem(FieldPhone, "field.required")
	default:
		if _, ok := parsePhone(s); !ok {
			c.problem(FieldPhone, "field.phone")
		}
	}
	return s
}

// minDigits is what a number has at least without its country code and leading
// zero. The library's table of possible lengths knows shorter ones, on which
// nobody can be called back.
const minDigits = 5

// parsePhone accepts every number that can exist, landlines included.
func parsePhone(s string) (*phonenumbers.PhoneNumber, bool) {
	if len(s) > 40 || strings.ContainsFunc(s, unicode.IsLetter) {
		return nil, false
	}
	n, err := phonenumbers.Parse(s, "DE")
	if err != nil || !phonenumbers.IsPossibleNumber(n) || len(phonenumbers.GetNationalSignificantNumber(n)) < minDigits {
		return nil, false
	}
	return n, true
}

func (c *checker) birthDate(s string, today time.Time) string {
	s, ok := clean(s)
	if !ok {
		c.problem(FieldBirthDate, "field.control")
		return s
	}
	if s == "" {
		return ""
	}
	for _, layout := range []string{"2006-01-02", "2.1.2006", "02.01.2006"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && !t.After(today) {
			return t.Format("2006-01-02")
		}
	}
	c.problem(FieldBirthDate, "field.birthdate")
	return s
}

// CheckText tidies a text of several lines from a field that somebody filled in, and
// says what has to be corrected. The longest one has so many characters.
func CheckText(field, s string, longest int, required bool) (string, []fault.Field) {
	c := &checker{}
	s = c.text(field, s, longest)
	if s == "" && required {
		c.problem(field, "field.required")
	}
	return s, c.problems
}

// CheckReach is Check for an e-mail address and a telephone number of which neither
// has to be given.
func CheckReach(email, phone string) (string, string, []fault.Field) {
	c := &checker{}
	email, phone = c.email(email), c.phone(phone)
	return email, phone, slices.DeleteFunc(c.problems, func(f fault.Field) bool { return f.Key == "field.required" })
}

func (c *checker) note(s string) string { return c.text(FieldNote, s, maxNote) }

// text may have several lines.
func (c *checker) text(field, s string, longest int) string {
	lines := strings.Split(strings.ReplaceAll(s, "\r\n", "\n"), "\n")
	for i, l := range lines {
		l, ok := clean(strings.ReplaceAll(l, "\t", " "))
		if !ok {
			c.problem(field, "field.control")
			return s
		}
		lines[i] = l
	}
	s = strings.Trim(strings.Join(lines, "\n"), "\n")
	if utf8.RuneCountInString(s) > longest {
		c.problem(field, "field.long", "Max", longest)
	}
	return s
}
