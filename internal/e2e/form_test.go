// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
)

// stringOf is a text of one character.
func stringOf(r rune, n int) string { return strings.Repeat(string(r), n) }

// TestBadForm fills the form with what cannot be booked. Nothing that was
// typed may get lost.
func TestBadForm(t *testing.T) {
	p := startDemo(t, "")
	type typed map[string]string
	good := typed{"first-name": "Zerbina", "last-name": "Quastenflosser", "email": "bad@example.org", "phone": "030 23125123",
		"street": "Am Teich 1", "postcode": "45739", "city": "Oer-Erkenschwick", "birth-date": "24.11.1985", "note": "Eins\nzwei"}
	for _, c := range []struct {
		name  string
		typed typed
		key   string
		args  []any
	}{
		{"no first name", typed{"first-name": ""}, "field.required", nil},
		{"first name of blanks", typed{"first-name": " \u00a0 "}, "field.required", nil},
		{"no last name", typed{"last-name": ""}, "field.required", nil},
		{"name without a letter", typed{"last-name": "-'-"}, "field.name_letters", nil},
		{"201 characters", typed{"last-name": stringOf('ö', 201)}, "field.long", []any{"Max", 200}},
		{"web address", typed{"last-name": "https://spam.example.org"}, "field.name_url", nil},
		{"host name", typed{"first-name": "www.spam.example"}, "field.name_url", nil},
		{"bare domain", typed{"last-name": "Gewinn auf spam.com"}, "field.name_url", nil},
		{"mail address as name", typed{"first-name": "z@example.org"}, "field.name_url", nil},
		{"no e-mail", typed{"email": ""}, "field.required", nil},
		{"e-mail without a host", typed{"email": "zerbina"}, "field.email", nil},
		{"e-mail without a dot", typed{"email": "zerbina@localhost"}, "field.email", nil},
		{"two e-mails", typed{"email": "a@example.org, b@example.org"}, "field.email", nil},
		{"e-mail with a name", typed{"email": "Z <z@example.org>"}, "field.email", nil},
		{"no phone", typed{"phone": ""}, "field.required", nil},
		{"phone of letters", typed{"phone": "ruf mich an"}, "field.phone", nil},
		{"phone too short", typed{"phone": "12"}, "field.phone", nil},
		{"phone too long", typed{"phone": stringOf('9', 30)}, "field.phone", nil},
		{"birthday in the future", typed{"birth-date": "01.01.2999"}, "field.birthdate", nil},
		{"birthday that is none", typed{"birth-date": "31.02.1985"}, "field.birthdate", nil},
		{"long street", typed{"street": stringOf('x', 201)}, "field.long", []any{"Max", 200}},
		{"long note", typed{"note": stringOf('x', 501)}, "field.long", []any{"Max", 500}},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBoth(t, p, func(t *testing.T, v *visitor) {
				hold := v.hold(v.starts(idCard)[0], idCard)
				form := url.Values{}
				for name, value := range good {
					form.Set(name, value)
				}
				var wrong string
				for name, value := range c.typed {
					wrong = name
					form.Set(name, value)
				}
				args := append([]any{"Field", v.sentence("field.label." + wrong)}, c.args...)
				a := v.submit(v.page(hold), "form#details", form, "")
				v.refused(a, http.StatusUnprocessableEntity, c.key, args...)
				for name := range form {
					shown(t, a, name, form.Get(name))
				}
				if marked := a.doc().Find("[aria-invalid=true]"); marked.Length() != 1 || marked.AttrOr("name", "") != wrong {
					t.Errorf("%d fields are marked", marked.Length())
				}
				if to := a.one(`#errors a`).AttrOr("href", ""); to != "#"+wrong {
					t.Errorf("the message leads to %s", to)
				}
				if check := v.get(hold + "/check"); check.Status != http.StatusSeeOther {
					t.Errorf("the check page answers %d", check.Status)
				}
				if booked := v.follow(v.post(hold+"/check", nil)); strings.HasSuffix(booked.URL.Path, "/done") {
					t.Error("it could be booked")
				}
			})
		})
	}
}

// TestControlCharacters puts what no field takes into each of them.
func TestControlCharacters(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	hold := v.hold(v.starts(idCard)[0], idCard)
	fields := []string{"first-name", "last-name", "email", "phone", "street", "postcode", "city", "birth-date", "note"}
	for _, field := range fields {
		for _, bad := range []string{"\x00", "\x01", "\x1b[31m", "\x7f", "\u0085", "\r\nBcc: x@example.org", "\n", "\t", "\u2028", "\xff", "\xc3\x28"} {
			if field == "note" && strings.Trim(bad, "\r\n\t") != bad {
				continue // a message may have lines
			}
			form := person("control@example.org")
			form.Set(field, form.Get(field)+"12"+bad+"34")
			a := v.submit(v.page(hold), "form#details", form, "")
			if a.Status != http.StatusUnprocessableEntity {
				t.Errorf("%q in %s: status %d", bad, field, a.Status)
				continue
			}
			v.refused(a, http.StatusUnprocessableEntity, "field.control", "Field", v.sentence("field.label."+field))
			for other := range person("") {
				if other != field {
					shown(t, a, other, form.Get(other))
				}
			}
		}
	}
	t.Run("field twice", func(t *testing.T) {
		form := person("twice-a@example.org")
		form.Add("email", "twice-b@example.org")
		if a := v.fill(hold, form); strings.Contains(a.text(), "twice-b@") {
			t.Error("the second value was taken")
		}
	})
}

// TestUnusualPeople books for people whose forms other offices refuse.
func TestUnusualPeople(t *testing.T) {
	p := startDemo(t, "")
	for i, c := range []struct{ name, first, last, email, phone, shown string }{
		{"names of one letter", "Q", "Y", "", "", "Q Y"},
		{"apostrophes", "D’Zer", "O'Quasten", "", "", "D’Zer O'Quasten"},
		{"umlauts", "Zörbinä", "Quästenflößer", "", "", "Zörbinä Quästenflößer"},
		{"combining marks", "Zo\u0308rbina", "C\u0306uasten", "", "", "Zörbina C\u0306uasten"},
		{"letters of DIN 91379", "Ḏ̣ák͟h", "Ŋǥħʼňæł Č̕·ʰ", "", "", "Ḏ̣ák͟h Ŋǥħʼňæł Č̕·ʰ"},
		{"Arabic", "زربينة", "ذيل السمكة", "", "", "زربينة ذيل السمكة"},
		{"Hebrew", "זרבינה", "דג־קדום", "", "", "זרבינה דג־קדום"},
		{"Chinese", "才比", "腔棘", "", "", "才比 腔棘"},
		{"joiners", "Zer\u200cbina", "Quasten", "", "", "Zer\u200cbina Quasten"},
		{"direction override, which is dropped", "Zer\u202ebina", "Quasten\u2066flosser\u2069", "", "", "Zerbina Quastenflosser"},
		{"invisible characters, which are dropped", "\ufeffZer\u00adbina", "Quasten\u200bflosser", "\u200ezerbina@example.org", "", "Zerbina Quastenflosser"},
		{"200 characters", stringOf('Ö', 200), "Quasten", "", "", stringOf('Ö', 200) + " Quasten"},
		{"markup", "Zer<b>bina", "Quasten & \"Söhne\"", "", "", `Zer<b>bina Quasten & "Söhne"`},
		{"dots and initials", "Z. B.", "St. Quasten jr.", "", "", "Z. B. St. Quasten jr."},
		{"blanks around", "  Zerbina ", "Quasten\u00a0 Flosser", "", "", "Zerbina Quasten Flosser"},
		{"plus in the address", "Zerbina", "Quasten", "zerbina+termin@example.org", "", ""},
		{"odd but valid address", "Zerbina", "Quasten", "z'er!#$%&*/=?^`{|}~@example.org", "", ""},
		{"domain with umlauts", "Zerbina", "Quasten", "zerbina@quästen.example.org", "", ""},
		{"longest address", "Zerbina", "Quasten", stringOf('z', 64) + "@" + strings.Repeat(stringOf('q', 58)+".", 3) + "example.org", "", ""},
		{"landline", "Zerbina", "Quasten", "", "02368 / 691-0", "02368 / 691-0"},
		{"mobile", "Zerbina", "Quasten", "", "+49 (151) 23456789", "+49 (151) 23456789"},
		{"abroad", "Zerbina", "Quasten", "", "0044 20 7946 0000", "0044 20 7946 0000"},
	} {
		t.Run(c.name, func(t *testing.T) {
			v := newVisitor(t, p)
			form := person(fmt.Sprintf("unusual%d@example.org", i))
			form.Set("first-name", c.first)
			form.Set("last-name", c.last)
			if c.email != "" {
				form.Set("email", c.email)
			}
			if c.phone != "" {
				form.Set("phone", c.phone)
			}
			hold := v.hold(v.starts(certificate)[0], certificate)
			check := v.fill(hold, form)
			if c.shown != "" && !strings.Contains(check.text(), c.shown) {
				t.Errorf("the check page does not show %q: %s", c.shown, check.text())
			}
			done := v.follow(v.submit(check, checkForm, nil, ""))
			b := appointment{email: form.Get("email"), reference: done.one(".reference").Text()}
			var office []captured
			eventually(t, "the mail to the office", func() bool {
				office = officeMails(mails(t, p), b)
				return len(office) > 0
			})
			for _, fact := range []string{c.shown, strings.TrimPrefix(form.Get("email"), "\u200e")} {
				if !strings.Contains(oneLine(office[0].text), fact) {
					t.Errorf("the office does not read %q: %s", fact, office[0].text)
				}
			}
			settleOne(t, p, b)
		})
	}
	t.Run("one name only", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			hold := v.hold(v.starts(certificate)[0], certificate)
			form := person("one@example.org")
			form.Set("first-name", "")
			v.refused(v.submit(v.page(hold), "form#details", form, ""), 422, "field.required", "Field", v.sentence("field.label.first-name"))
			form.Set("one-name", "yes")
			if check := v.fill(hold, form); !strings.Contains(check.text(), "Quastenflosser") {
				t.Error("the check page does not show the name")
			}
		})
	})
}

// settleOne waits until the citizen has a mail about an appointment.
func settleOne(t *testing.T, p *process, b appointment) {
	t.Helper()
	eventually(t, "the mail to the citizen", func() bool {
		for _, m := range mails(t, p) {
			if strings.Contains(m.text, b.reference) && strings.Contains(m.text, "/appointment/") && m.entry.uid != "" {
				return true
			}
		}
		return false
	})
}
