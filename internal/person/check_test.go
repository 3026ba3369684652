// SPDX-License-Identifier: EUPL-1.2

package person_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/person"
)

var today = time.Date(2026, time.September, 7, 8, 0, 0, 0, time.UTC)

func TestCheckNames(t *testing.T) {
	for _, name := range []string{
		"A", "Ö", "d'Àvila", "O’Neill", "Jean-Luc", "von der Ähre", "Dr. h. c. Nuñez", "Ťhǔḿb", "Ḩassan", "Ž̦iga",
		"M̂arko", "Ñ̄andu", "Łukasz", "Þórdís", "İpek", "Nguyễn Thị", "ʻOkina", "محمد", "יעל", "Мария", "李小龙",
		"Joao da Silva 3.", strings.Repeat("ä", person.MaxName), "St. Clair", "J.R.R. Muster", "Dr.de Vries", "Meyer-St.de Witt",
	} {
		d := quirin
		d.LastName = name
		got, fields := person.Check(d, today)
		if len(fields) != 0 {
			t.Errorf("%q refused: %s", name, fields[0].Key)
		}
		if got.LastName == "" {
			t.Errorf("%q lost", name)
		}
	}
}

// Decomposed letters are kept composed, so that equal names are equal.
func TestCheckNormalises(t *testing.T) {
	d := quirin
	d.FirstName, d.LastName = "  Rene\u0301 \u00a0 Maria ", "Mu\u0308ller"
	got, fields := person.Check(d, today)
	if len(fields) != 0 || got.FirstName != "René Maria" || got.LastName != "Müller" {
		t.Errorf("got %q %q %v", got.FirstName, got.LastName, fields)
	}
}

// What nobody can see is dropped: marks around a copied number, soft hyphens,
// and what would turn the direction of a line.
func TestCheckDropsInvisible(t *testing.T) {
	d := quirin
	d.LastName, d.Phone = "Bei\u00adspiel\u202ehuber\u200e\ufeff", "\u202a030 23125 123\u202c"
	got, fields := person.Check(d, today)
	if len(fields) != 0 || got.LastName != "Beispielhuber" || got.Phone != "030 23125 123" {
		t.Errorf("got %q, %q, %v", got.LastName, got.Phone, fields)
	}
}

func TestOneName(t *testing.T) {
	d := quirin
	d.FirstName = ""
	if _, fields := person.Check(d, today); len(fields) != 1 || fields[0].Name != person.FieldFirstName {
		t.Errorf("got %v", fields)
	}
	d.OneName = true
	if _, fields := person.Check(d, today); len(fields) != 0 {
		t.Errorf("one name refused: %v", fields)
	}
}

func TestCheckRefuses(t *testing.T) {
	set := map[string]func(*person.Data, string){
		person.FieldFirstName: func(d *person.Data, s string) { d.FirstName = s },
		person.FieldLastName:  func(d *person.Data, s string) { d.LastName = s },
		person.FieldEmail:     func(d *person.Data, s string) { d.Email = s },
		person.FieldPhone:     func(d *person.Data, s string) { d.Phone = s },
		person.FieldStreet:    func(d *person.Data, s string) { d.Street = s },
		person.FieldPostcode:  func(d *person.Data, s string) { d.Postcode = s },
		person.FieldCity:      func(d *person.Data, s string) { d.City = s },
		person.FieldBirthDate: func(d *person.Data, s string) { d.BirthDate = s },
		person.FieldNote:      func(d *person.Data, s string) { d.Note = s },
	}
	for field, put := range set {
		for _, s := range []string{"a\x00b", "a\x1bb", "a\xffb", "a\u2028b"} {
			check(t, put, field, s, "field.control")
		}
		if field != person.FieldNote {
			check(t, put, field, "a\r\nBcc: b@example.org", "field.control")
		}
	}
	for _, s := range []string{"https://example.org", "Besuch www.example.org", "gewinn.com", "Hans bit.ly/x", "Hans beispiel.de", "beispiel.org gewinnt", "a@example.org"} {
		check(t, set[person.FieldLastName], person.FieldLastName, s, "field.name_url")
	}
	check(t, set[person.FieldFirstName], person.FieldFirstName, "  ", "field.required")
	check(t, set[person.FieldLastName], person.FieldLastName, "12 34", "field.name_letters")
	check(t, set[person.FieldLastName], person.FieldLastName, strings.Repeat("a", person.MaxName+1), "field.long")
	check(t, set[person.FieldStreet], person.FieldStreet, strings.Repeat("a", 201), "field.long")
	check(t, set[person.FieldNote], person.FieldNote, strings.Repeat("a", 501), "field.long")
	for _, s := range []string{"quirin", "quirin@", "@example.org", "quirin@example", "a b@example.org", "Quirin <q@example.org>",
		`"q q"@example.org`, "q@example..org", "quirín@example.org", "q@[127.0.0.1]", "q@exa_mple.org", strings.Repeat("q", 65) + "@example.org"} {
		check(t, set[person.FieldEmail], person.FieldEmail, s, "field.email")
	}
	for _, s := range []string{"12", "anrufen", "0800-RUFMICHAN", "+49", "030 23125 123 45678 90123", strings.Repeat("1", 60)} {
		check(t, set[person.FieldPhone], person.FieldPhone, s, "field.phone")
	}
	for _, s := range []string{"gestern", "31.02.1990", "1890-01-01", "2027-01-01", "1.1.90"} {
		check(t, set[person.FieldBirthDate], person.FieldBirthDate, s, "field.birthdate")
	}
}

func check(t *testing.T, put func(*person.Data, string), field, value, key string) {
	t.Helper()
	d := quirin
	put(&d, value)
	_, fields := person.Check(d, today)
	if len(fields) != 1 || fields[0].Name != field || fields[0].Key != key {
		t.Errorf("%s %.20q: got %v, want %s", field, value, fields, key)
	}
}

func TestCheckAccepts(t *testing.T) {
	for _, email := range []string{"q@example.org", "q.b+amt@example.org", "q@müller.example.org", "q'b@example.org"} {
		d := quirin
		d.Email = email
		if _, fields := person.Check(d, today); len(fields) != 0 {
			t.Errorf("%s refused", email)
		}
	}
	for _, phone := range []string{"030 23125 123", "02368/691-0", "+49 171 3920000", "0171 39 200 00", "(030) 23125-123", "+48 22 555 01 23"} {
		d := quirin
		d.Phone = phone
		if _, fields := person.Check(d, today); len(fields) != 0 {
			t.Errorf("%s refused", phone)
		}
	}
	d := quirin
	d.BirthDate, d.Note = "1.2.1990", "Zeile eins\r\n\r\nZeile\tzwei\n"
	got, fields := person.Check(d, today)
	if len(fields) != 0 || got.BirthDate != "1990-02-01" || got.Note != "Zeile eins\n\nZeile zwei" {
		t.Errorf("got %q, %q, %v", got.BirthDate, got.Note, fields)
	}
}
