// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

const bookFor = "/de/desk/book?location=rathaus&service="

// entered is what a browser would send of the form in the page: what is chosen,
// ticked and typed.
func (v *visit) entered(page answer) url.Values {
	v.Helper()
	form := page.Find("main form")
	if form.Length() != 1 {
		v.Fatalf("%d forms: %s", form.Length(), page.Find("main").Text())
	}
	out := url.Values{}
	form.Find("input[name], textarea[name]").Each(func(_ int, f *goquery.Selection) {
		_, checked := f.Attr("checked")
		if kind := f.AttrOr("type", ""); (kind == "radio" || kind == "checkbox") && !checked {
			return
		}
		value := f.AttrOr("value", "")
		if goquery.NodeName(f) == "textarea" {
			value = strings.TrimPrefix(f.Text(), "\n")
		}
		out.Add(f.AttrOr("name", ""), value)
	})
	form.Find("select").Each(func(_ int, s *goquery.Selection) {
		out.Add(s.AttrOr("name", ""), s.Find("option[selected]").AttrOr("value", ""))
	})
	return out
}

// with is a form with other values for some fields.
func with(form url.Values, pairs ...string) url.Values {
	out := url.Values{}
	for name, values := range form {
		out[name] = values
	}
	for i := 0; i < len(pairs); i += 2 {
		out.Set(pairs[i], pairs[i+1])
	}
	return out
}

// chosenTime is the text of the time that is chosen.
func chosenTime(page answer) string {
	id := page.Find("input[name=start][checked]").AttrOr("id", "")
	return strings.TrimSpace(page.Find("label[for='" + id + "']").Text())
}

var caller = []string{"last-name", "Anrufer", "first-name", "Alma", "phone", "030 23125 777"}

// Somebody calls: two pages with a form, then the number to read out and the
// slip. The form books once, also with another name in it, and says so.
func TestBookAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		desk := v.login(v.hire(town, staff.FrontDesk, "ella"))
		first := desk.get("/de/desk/book")
		desk.want(first, http.StatusOK)
		if first.Find("main form[method=get] datalist option").Length() != 4 || first.Find("[name=last-name]").Length() > 0 {
			t.Error("the first page is not about services alone")
		}
		page := desk.get(bookFor + "perso&quantity=2&service=&quantity=1&service=reise&quantity=")
		desk.want(page, http.StatusOK)
		if got := chosenTime(page); got != "10:00 nicht online" {
			t.Errorf("%q is chosen", got)
		}
		if got := page.Find("#service-1, #service-2").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") }); strings.Join(got, "|") != "Personalausweis beantragen|Reisepass beantragen" {
			t.Errorf("understood as %q", got)
		}
		if page.Find("main form").AttrOr("method", "") != "post" || !strings.Contains(page.Find("main").Text(), "50 Minuten") {
			t.Error("no form for personal data, or the wrong duration")
		}
		form := with(desk.entered(page), caller...)
		done := desk.post("/de/desk/book", form)
		desk.want(done, http.StatusOK)
		reference := done.Find(".desk-booked strong").Text()
		for _, part := range []string{"Montag, 7. September 2026", "10:00 Uhr", "Anrufer, Alma", "Rathaus, Schalter", "keine E-Mail-Adresse"} {
			if !strings.Contains(strings.ReplaceAll(done.Find("main").Text(), "\u00a0", " "), part) {
				t.Errorf("the page does not say %q", part)
			}
		}
		if again := desk.post("/de/desk/book", form); again.Find(".desk-booked strong").Text() != reference || reference == "" {
			t.Errorf("a second click: %s", again.Find("main").Text())
		}
		const before = "schon gebucht"
		other := desk.post("/de/desk/book", with(form, "first-name", "Bela"))
		desk.want(other, http.StatusOK)
		if text := other.Find("main").Text(); other.Find(".desk-booked strong").Text() != reference || !strings.Contains(text, before) ||
			!strings.Contains(text, "Anrufer, Alma") || strings.Contains(done.Find("main").Text(), before) {
			t.Errorf("the form with another name is answered by %q", text)
		}
		if n := v.first("SELECT CAST(COUNT(*) AS TEXT) FROM appointment"); n != "1" {
			t.Errorf("%s appointments", n)
		}
		desk.want(desk.press(done, "form[action$='/slip'] button"), http.StatusOK)
		if pdf := desk.press(done, "form[action$='/slip.pdf'] button"); pdf.StatusCode != http.StatusOK || !strings.HasPrefix(pdf.body, "%PDF-") {
			t.Error("no slip as PDF")
		}
		path := done.Find(".plain-list a").First().AttrOr("href", "")
		desk.want(desk.press(desk.get(path), "button[formaction$='/arrive']"), http.StatusSeeOther)
		if to := desk.want(desk.post("/de/desk/book", form), http.StatusSeeOther); to != path {
			t.Errorf("once somebody is here the form leads to %s", to)
		}
	})
}

// What one types finds the service, or says what it may mean.
func TestServicesByKey(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	desk := v.login(v.hire(town, staff.Clerk, "siggi"))
	for _, c := range []struct {
		typed, quantity string
		status          int
		want            string // in the first line, or of the error
	}{
		{"ausweis", "4", http.StatusOK, "Personalausweis beantragen"},
		{"PASS", "1", http.StatusOK, "Reisepass beantragen"},
		{"umzug", "1", http.StatusOK, "Wohnsitz anmelden"},
		{"Eheschließung", "1", http.StatusOK, "Eheschließung anmelden"},
		{"anmelden", "1", http.StatusUnprocessableEntity, "kann mehreres heißen"},
		{"<b>angeln", "1", http.StatusUnprocessableEntity, "„<b>angeln“"},
		{"ausweis", "5", http.StatusUnprocessableEntity, "1 bis 4"},
		{"ausweis", "zwei", http.StatusUnprocessableEntity, "1 bis 4"},
		{"ausweis", "-1", http.StatusUnprocessableEntity, "1 bis 4"},
	} {
		page := desk.get(bookFor + url.QueryEscape(c.typed) + "&quantity=" + c.quantity)
		desk.want(page, c.status)
		got := page.Find("#service-1").AttrOr("value", "")
		if c.status != http.StatusOK {
			got = page.Find("#errors").Text()
		}
		if !strings.Contains(got, c.want) || page.Find("#quantity-1").AttrOr("value", "") != c.quantity {
			t.Errorf("%s × %s: %q", c.quantity, c.typed, got)
		}
	}
	vague := desk.get(bookFor + "ausweis&service=anmelden")
	form := desk.entered(vague)
	page := desk.get("/de/desk/book?" + with(form, "choose", vague.Find("button[name=choose]").First().AttrOr("value", "")).Encode())
	desk.want(page, http.StatusOK)
	if got := page.Find("#service-2").AttrOr("value", ""); got != "Wohnsitz anmelden" {
		t.Errorf("chosen is %q", got)
	}
	full := desk.entered(desk.get(bookFor + "ausweis"))
	full["service"] = []string{"ausweis", "anmelden"}
	again := desk.post("/de/desk/book", with(full, "search", "services"))
	desk.want(again, http.StatusUnprocessableEntity)
	choices := again.Find("button[name=choose]").Map(func(_ int, b *goquery.Selection) string { return b.AttrOr("value", "") })
	if once := slices.Compact(slices.Sorted(slices.Values(choices))); len(once) < 2 || len(choices) != len(once) {
		t.Errorf("after looking again the choices are %v", choices)
	}
	elsewhere := desk.get("/de/desk/book?location=nord&service=trauung")
	desk.want(elsewhere, http.StatusUnprocessableEntity)
	if text := elsewhere.Find("#errors").Text(); !strings.Contains(text, "Rathaus") {
		t.Errorf("where else is not said: %q", text)
	}
}

// Whatever is wrong, what was typed stays, and nothing is booked.
func TestNothingTypedIsLostAtTheDesk(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	desk := v.login(v.hire(town, staff.Admin, "lore"))
	good := with(desk.entered(desk.get(bookFor+"ausweis")), append(caller, "email", "alma@example.org", "street", "Am Teich 1",
		"postcode", "12345", "city", "Kleinstadt", "birth-date", "24.11.1985", "note", "Eins\nzwei", "language", "en")...)
	for _, c := range []struct {
		name   string
		change []string
		status int
		field  string // that the summary leads to; empty: none
	}{
		{"no name", []string{"last-name", " "}, 422, "last-name"},
		{"no first name", []string{"first-name", ""}, 422, "first-name"},
		{"no way to reach them", []string{"phone", "", "email", ""}, 422, "phone"},
		{"bad number", []string{"phone", "morgen"}, 422, "phone"},
		{"bad address", []string{"email", "alma"}, 422, "email"},
		{"born tomorrow", []string{"birth-date", "01.01.2999"}, 422, "birth-date"},
		{"long note", []string{"note", strings.Repeat("ä", 501)}, 422, "note"},
		{"no time", []string{"start", ""}, 422, ""},
		{"off the grid", []string{"start", "1788768001"}, 422, ""},
		{"years ahead", []string{"start", "1999999800"}, 422, ""},
		{"past", []string{"start", "1788760800"}, 409, ""},
		{"reason without its time", []string{"reason", "Notfall"}, 422, "start-other"},
		{"other time without a reason", []string{"start", "other", "other-time", "10:30"}, 422, "reason"},
		{"no other time", []string{"start", "other", "reason", "Notfall"}, 422, "other-time"},
		{"at night", []string{"start", "other", "reason", "Notfall", "other-time", "22:00"}, 422, "other-time"},
		{"a long reason", []string{"start", "other", "reason", strings.Repeat("ä", 201), "other-time", "10:30"}, 422, "reason"},
		{"services that do not combine", []string{"service", "trauung"}, 200, ""}, // other times
		{"a service that is none", []string{"service", "angeln"}, 422, "service-1"},
		{"no service", []string{"service", ""}, 422, ""},
		{"another day", []string{"from", "2026-09-21"}, 200, ""},
		{"no day", []string{"from", "gestern"}, 422, "from"},
		{"later", []string{"later", "2026-09-10"}, 200, ""},
		{"another place", []string{"location", "nord"}, 200, ""},
	} {
		typed := with(good, c.change...)
		page := desk.post("/de/desk/book", typed)
		if page.StatusCode != c.status || page.Find(".desk-booked").Length() > 0 {
			t.Errorf("%s: status %d, want %d: %s", c.name, page.StatusCode, c.status, page.Find("#errors").Text())
			continue
		}
		if link := page.Find("#errors a").First().AttrOr("href", ""); link != strings.TrimSuffix("#"+c.field, "#") {
			t.Errorf("%s: the summary leads to %q", c.name, link)
		}
		now := desk.entered(page)
		for _, name := range []string{"last-name", "first-name", "phone", "email", "street", "postcode", "city", "birth-date", "note", "language",
			"location", "reason", "other-time", "once"} {
			if now.Get(name) != typed.Get(name) {
				t.Errorf("%s: %s is %.20q, was %.20q", c.name, name, now.Get(name), typed.Get(name))
			}
		}
	}
	if n := v.first("SELECT CAST(COUNT(*) AS TEXT) FROM appointment"); n != "0" {
		t.Errorf("%s appointments", n)
	}
	desk.want(desk.post("/de/desk/book", with(good, "email", "")), http.StatusOK)
	if lang := v.first("SELECT lang FROM appointment"); lang != "en" {
		t.Errorf("the mails are in %q", lang)
	}
}

// Two clerks offer the same time. The slower one keeps what was typed, and the
// next free time is chosen, which the page says.
func TestTakenWhileTyping(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.login(v.hire(town, staff.Clerk, "siggi")), v.login(v.hire(town, staff.Clerk, "frieda"))
		page := two.get(bookFor + "trauung")
		desk := with(two.entered(page), caller...)
		one.want(one.post("/de/desk/book", with(one.entered(one.get(bookFor+"trauung")), append(caller, "first-name", "Zoe")...)), http.StatusOK)
		late := two.post("/de/desk/book", desk)
		two.want(late, http.StatusConflict)
		if got := two.entered(late); got.Get("last-name") != "Anrufer" || got.Get("start") == desk.Get("start") || chosenTime(late) != "11:00" {
			t.Errorf("%s is chosen for %s", chosenTime(late), got.Get("last-name"))
		}
		if !strings.Contains(late.Find("#times").Text(), "nächste freie Zeit") {
			t.Error("nothing says that the time is another one")
		}
		two.want(two.post("/de/desk/book", two.entered(late)), http.StatusOK)
	})
}

// Beyond capacity only by who may, with a reason, and marked.
func TestOverbookAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		boss, clerk := v.login(v.hire(town, staff.Admin, "lore")), v.login(v.hire(town, staff.Clerk, "siggi"))
		clerk.want(clerk.post("/de/desk/book", with(clerk.entered(clerk.get(bookFor+"trauung")), caller...)), http.StatusOK)
		extra := []string{"start", "other", "other-date", "2026-09-07", "other-time", "10:00", "reason", `=1+1 "Notfall"`}
		page := clerk.get(bookFor + "trauung")
		if page.Find("#start-other").Length() > 0 {
			t.Error("a clerk is offered what is refused")
		}
		clerk.want(clerk.post("/de/desk/book", with(with(clerk.entered(page), caller...), extra...)), http.StatusForbidden)
		done := boss.post("/de/desk/book", with(with(boss.entered(boss.get(bookFor+"trauung")), caller...), extra...))
		boss.want(done, http.StatusOK)
		if text := done.Find("main").Text(); done.Find(".desk-mark").Length() != 1 || !strings.Contains(text, `=1+1 "Notfall"`) || !strings.Contains(text, "Zusatz 1") {
			t.Errorf("the result says %q", text)
		}
		if marks := boss.get(today).Find(".desk-mark").Text(); marks != "zusätzlich vergeben" {
			t.Errorf("the day marks %q", marks)
		}
		nothing := boss.get(bookFor + "trauung&from=2027-01-01")
		boss.want(nothing, http.StatusOK)
		if nothing.Find("details[open] #start-other[checked]").Length() != 1 || !strings.Contains(nothing.Find("#times").Text(), "keine Zeit frei") {
			t.Error("where nothing is free, to book anyway is not what is offered")
		}
	})
}

// Somebody from the customer database: nothing is shown before there is a form
// for it, and the look is recorded. The address has an id and no name.
func TestBookForACustomer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		desk := v.login(v.hire(town, staff.FrontDesk, "ella"))
		v.book("ausweis")
		id := v.first("SELECT person_id FROM appointment")
		looks := func() string {
			return v.first("SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE action = 'person.revealed' AND person_id = $1", id)
		}
		first := desk.get("/de/desk/book?person=" + id)
		desk.want(first, http.StatusOK)
		if looks() != "0" || strings.Contains(first.body, "23125") {
			t.Error("contact data are shown too early")
		}
		page := desk.get("/de/desk/book?" + with(desk.entered(first), "service", "pass").Encode())
		desk.want(page, http.StatusOK)
		got := desk.entered(page)
		for name := range guest {
			if got.Get(name) != guest.Get(name) {
				t.Errorf("%s is %q", name, got.Get(name))
			}
		}
		if looks() != "1" || strings.Contains(page.Find(".languages a").AttrOr("href", ""), "Beispielhuber") {
			t.Errorf("%s looks are recorded", looks())
		}
		done := desk.post("/de/desk/book", got)
		desk.want(done, http.StatusOK)
		if !strings.Contains(done.Find("main").Text(), "Bestätigung geht an") {
			t.Error("no word about the mail")
		}
		of := func() string {
			return v.first("SELECT CAST(COUNT(*) AS TEXT) FROM appointment WHERE person_id = $1", id)
		}
		if of() != "2" {
			t.Errorf("%s appointments are theirs, want 2", of())
		}
		sister := desk.entered(desk.get("/de/desk/book?" + with(desk.entered(first), "service", "pass").Encode()))
		sister.Set("first-name", "Quirina")
		desk.want(desk.post("/de/desk/book", sister), http.StatusOK)
		if of() != "2" {
			t.Error("another name is taken for the same person")
		}
		for _, wrong := range []string{"nobody", v.belongings(village).person} {
			desk.want(desk.get(bookFor+"pass&person="+wrong), http.StatusNotFound)
		}
	})
}
