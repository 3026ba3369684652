// SPDX-License-Identifier: EUPL-1.2

package person_test

import (
	"strings"
	"testing"
	"unicode/utf8"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
)

// names are people as they write themselves, what finds them and what does
// not.
var names = []struct {
	first, last string
	finds       []string
	misses      []string
}{
	{"Jörg", "Müller", []string{"mul", "mül", "mue", "muel", "müller", "Mueller", "MULLER", "jörg müller", "Müller, Jörg",
		"joe mue", "J Müller", "Mu\u0308ller"}, []string{"moller", "mullers", "jürgen müller", "üller", "j"}},
	{"Joerg", "Mueller", []string{"müller", "muller", "mueller", "jörg", "jorg"}, []string{"miller"}},
	{"Jorg", "Muller", []string{"müller", "mueller", "jörg", "mül"}, nil},
	{"Groß", "Weiß", []string{"gross", "groß", "weis", "weiss", "WEISS", "weiß groß"}, []string{"weisz"}},
	{"Anna-Lena", "Müller-Lüdenscheidt", []string{"lüdenscheidt", "müllerlüd", "Müller-Lüd", "Müller Lüdenscheidt", "annalena",
		"anna", "lena", "lena müll", "Luedenscheidt, Anna-Lena", "lüdenscheidt-müller", "mullerluedenscheidt"}, []string{"scheidt", "annalüd"}},
	{"Hanspeter", "Vogt", []string{"hans", "Hans-Peter", "hanspeter vogt"}, []string{"peter"}},
	{"Hans Peter", "Vogt", []string{"hans", "peter", "Hans-Peter", "vogt peter"}, nil},
	{"Ana", "d'Àvila", []string{"avila", "davila", "d'avila", "d’Avila", "D´Ávila", "Ávila, Ana"}, []string{"vila"}},
	{"Zoë", "O’Neill", []string{"oneill", "neill", "o'neill", "zoe", "zo"}, nil},
	{"Eva", "von der Ähre", []string{"ähre", "aehre", "ahre", "von der ähre", "eva von"}, []string{"vonder"}},
	{"Joost", "van den Berg", []string{"berg", "van den berg", "joost berg", "Berg, Joost van den"}, nil},
	{"", "Suharti", []string{"suh", "suharti"}, []string{"suharti a"}},
	{"Li", "Wu", []string{"li", "wu", "Wu Li", "LI WU"}, []string{"l", "lin", "wun"}},
	{"", "A", []string{"a", "Á"}, []string{"ab"}},
	{"Łukasz", "Żółć", []string{"lukasz", "zolc", "ŻÓŁĆ", "luk"}, nil},
	{"Þórdís", "Guðmundsdóttir", []string{"thordis", "gudmund", "þór"}, nil},
	{"İpek", "Yıldırım", []string{"ipek", "yildirim", "YILDIRIM", "ıpek"}, nil},
	{"Søren", "Æbelø", []string{"soren", "soeren", "sören", "aebelo", "äbel", "abeloe"}, nil},
	{"Ŋiŋga", "Đorđević", []string{"ninga", "dordevic", "ĐORĐ"}, nil},
	{"Saʿd", "Ḥasan", []string{"sad", "hasan", "Saʿd Ḥas"}, []string{"saad"}},
	{"Nguyễn", "Thị Minh", []string{"nguyen", "minh thi", "ngu min"}, nil},
	{"Michael", "Bauer", []string{"michael", "mich", "bauer", "bau", "micha baue"}, []string{"michelle"}},
	{"Mária", "Ž̦iga-M̂arko", []string{"maria", "ziga", "zigamarko", "marko"}, nil},
	{"Dr. h. c. J.R.R.", "Muster", []string{"muster", "dr muster", "J. Muster"}, []string{"drhc"}},
	{"محمد", "علي", []string{"محمد", "علي محمد"}, []string{"علا"}},
	{"小龙", "李", []string{"李", "小龙", "李 小龙"}, nil},
	{"Мария", "Ёлкина", []string{"мария", "МАР", "елк"}, nil},
}

// What finds a name finds it in the comparison of names and through the hashes,
// and nobody else comes along.
func TestSearchByName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		v := person.NewVault(kek)
		for _, n := range names {
			d := person.Data{FirstName: n.first, LastName: n.last, OneName: n.first == ""}
			id := create(t, e, v, tenant, d).ID
			for _, q := range n.finds {
				if !found(t, e, v, tenant, q, id) {
					t.Errorf("%q does not find %s %s", q, n.first, n.last)
				}
			}
			for _, q := range n.misses {
				if found(t, e, v, tenant, q, id) {
					t.Errorf("%q finds %s %s", q, n.first, n.last)
				}
			}
		}
	})
}

// found tells whether a query finds a record, and fails the test when the hashes
// leave out what the comparison of names would let through.
func found(t *testing.T, e *dbtest.Env, v *person.Vault, tenant, query, id string) bool {
	t.Helper()
	q, ok := person.ParseName(query)
	if !ok {
		t.Fatalf("%q is no query", query)
	}
	hit := false
	write(t, e, func(tx *db.Tx) error {
		l, err := v.ByName(t.Context(), tx, tenant, q)
		if err != nil {
			return err
		}
		ids, err := db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
			var s string
			return s, scan(&s)
		}, l.SQL, l.Args...)
		if err != nil {
			return err
		}
		p, err := v.Load(t.Context(), tx, tenant, id)
		if err != nil {
			return err
		}
		among := false
		for _, other := range ids {
			among = among || other == id
		}
		hit = q.Matches(p.Data)
		if hit && !among {
			t.Errorf("%q matches, and the hashes do not find it", query)
		}
		return nil
	})
	return hit
}

// Every spelling of a name finds every other.
func TestSpellings(t *testing.T) {
	for _, same := range [][]string{
		{"Jörg Müller", "Joerg Mueller", "Jorg Muller", "MÜLLER, JÖRG", "müller jörg", "Mu\u0308ller Jo\u0308rg"},
		{"Groß", "Gross", "GROẞ", "GROSS"},
		{"Bäcker", "Baecker", "Backer", "Baeecker"},
		{"Anna-Lena Weiß", "Anna‑Lena Weiss", "Weiß, Anna Lena"},
		{"d'Avila", "D’Ávila", "d´Àvila", "D Avila"},
	} {
		for _, a := range same {
			for _, b := range same {
				q, _ := person.ParseName(a)
				if !q.Matches(person.Data{LastName: b}) {
					t.Errorf("%q does not find %q", a, b)
				}
				if !person.SameName(person.Data{LastName: a}, person.Data{LastName: b}) {
					t.Errorf("%q and %q are not the same", a, b)
				}
			}
		}
	}
	if person.SameName(person.Data{LastName: "Müller"}, person.Data{LastName: "Müllers"}) {
		t.Error("a beginning is the same as the whole")
	}
}

func TestNothingToSearch(t *testing.T) {
	for _, s := range []string{"", " ", "-", "'´", ".,;", "\u0301", "\xff\xfe"} {
		if _, ok := person.ParseName(s); ok {
			t.Errorf("%q is a query", s)
		}
	}
}

// Whatever a name is, each of its words is found by all of it and by all of its
// beginnings of three letters and more, with the rest of the name or alone.
func FuzzName(f *testing.F) {
	for _, n := range names {
		f.Add(n.first, n.last)
	}
	f.Add("aee", "uee\u00b4-\u0149")
	f.Add(strings.Repeat("a-", 400), "ﬃ")
	f.Fuzz(func(t *testing.T, first, last string) {
		d := person.Data{FirstName: first, LastName: last}
		whole, ok := person.ParseName(last + ", " + first)
		if utf8.RuneCountInString(first+last) > 40 { // more words than count
			whole.Matches(d)
			return
		}
		if !ok {
			return
		}
		if !whole.Matches(d) {
			t.Errorf("%q, %q is not found by itself", last, first)
		}
		for i := range last {
			if q, ok := person.ParseName(last[:i]); ok && utf8.RuneCountInString(last[:i]) >= 3 && !strings.ContainsFunc(last[:i], notLatin) && !q.Matches(d) {
				t.Errorf("%q is not found by %q", last, last[:i])
			}
		}
	})
}

// notLatin is what the test of beginnings leaves out: what stands at the end of
// a beginning must be a whole letter of a single word.
func notLatin(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || strings.ContainsRune("äöüßéøæłñ", r))
}
