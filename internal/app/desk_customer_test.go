// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

const customers = "/de/desk/customers"

// bookAs books for somebody and returns the path of the card.
func (v *visit) bookAs(form url.Values) string {
	v.Helper()
	check := v.want(v.post(v.hold("meldung"), form), http.StatusSeeOther)
	v.want(v.post(check, url.Values{}), http.StatusSeeOther)
	return customers + "/" + v.first("SELECT person_id FROM appointment WHERE state = 'confirmed' ORDER BY created DESC, id DESC LIMIT 1")
}

// named is a guest of another name, with a telephone and an address of n.
func named(first, last string, n int) url.Values {
	return url.Values{"first-name": {first}, "last-name": {last}, "email": {fmt.Sprintf("gast%d@example.org", n)},
		"phone": {fmt.Sprintf("030 23125 2%02d", n)}}
}

// search asks for a customer.
func (v *visit) search(text string) answer {
	v.Helper()
	return v.post(customers, url.Values{"query": {text}})
}

// A search is answered by its own page, so that what is looked for stays out of
// addresses; the number of an appointment leads to the card.
func TestSearchForCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		card := v.bookAs(named("=Jörg", "Müller-Lüdenscheidt", 1))
		other := v.bookAs(named("יעקב", "בן דוד", 2))
		desk := v.login(v.hire(town, staff.FrontDesk, "frieda"))
		for text, want := range map[string]string{
			"mue": card, " lüd JÖRG": card, "GAST1@example.org": card, "+49 30 23125-201": card, "בן": other,
		} {
			page := desk.search(text)
			desk.want(page, http.StatusOK)
			if links := page.Find(".desk-found a"); links.Length() != 1 || links.AttrOr("href", "") != want {
				t.Errorf("%q finds %q", text, links.Text())
			}
			if strings.Contains(page.body, "gast") && text == "mue" {
				t.Error("an address is shown in full")
			}
			if got := page.Find("#query").AttrOr("value", ""); got != strings.TrimSpace(text) {
				t.Errorf("%q became %q", text, got)
			}
			page.Find("a[href], form[action]").Each(func(_ int, s *goquery.Selection) {
				if at := s.AttrOr("href", "") + s.AttrOr("action", ""); strings.ContainsAny(at, "?") && strings.HasPrefix(at, customers) {
					t.Errorf("an address with what was looked for: %s", at)
				}
			})
		}
		reference := v.first("SELECT reference FROM appointment WHERE person_id = $1", strings.TrimPrefix(card, customers+"/"))
		for _, text := range []string{reference, reference[:4] + " " + reference[4:]} {
			if to := desk.want(desk.search(text), http.StatusSeeOther); to != card {
				t.Errorf("the reference leads to %s", to)
			}
		}
		nobody := desk.search("<i>Niemand")
		desk.want(nobody, http.StatusOK)
		if text := nobody.Find("main").Text(); !strings.Contains(text, "<i>Niemand") || nobody.Find("main li").Length() < 4 {
			t.Errorf("nothing found reads %q", text)
		}
		if page := desk.get(today); page.Find(".desk-bar form[action='"+customers+"'] input[name=query]").Length() != 1 {
			t.Error("no search on other pages")
		}
	})
}

// What cannot be looked for is said at the field, and is still there.
func TestSearchForNothing(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	desk := v.login(v.hire(town, staff.Clerk, "quirin"))
	for _, text := range []string{"", "-.'", "12", "quirin@", strings.Repeat("ä", 201), "\x00"} {
		page := desk.search(text)
		desk.want(page, http.StatusUnprocessableEntity)
		if page.Find("#errors a[href='#query']").Length() != 1 || page.Find("#query[aria-invalid]").AttrOr("value", "") == "" && len(text) > 1 {
			t.Errorf("%.20q: the page says %q", text, page.Find("#errors").Text())
		}
	}
	err := v.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
		for n := range 51 {
			d := person.Data{FirstName: "Frieda", LastName: fmt.Sprintf("Musterbach %d", n), Phone: "030 23125 123"}
			if _, err := v.service.Bookings.Persons.Create(t.Context(), tx, town, d); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	page := desk.search("muster")
	desk.want(page, http.StatusOK)
	if n := page.Find(".desk-found li").Length(); n != 50 || !strings.Contains(page.Find("main").Text(), "Es gibt noch mehr.") {
		t.Errorf("%d rows, and %q", n, page.Find("h2").Text())
	}
}

// Contact data is masked until somebody asks for it; that is on record.
func TestCustomerCard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		path := v.bookAs(named("=Jörg", "Müller", 1))
		m := v.hire(town, staff.FrontDesk, "frieda")
		desk := v.login(m)
		page := desk.get(path)
		desk.want(page, http.StatusOK)
		if strings.Contains(page.body, "gast1@example.org") || strings.Contains(page.body, "23125") || strings.Contains(page.Find("title").Text(), "Müller") {
			t.Error("the card says more than it should")
		}
		if got := page.Find("h1").Text(); got != "Müller, =Jörg" {
			t.Errorf("heading %q", got)
		}
		to := page.Find(".entries a[href^='/de/desk/appointment/']").AttrOr("href", "")
		desk.want(desk.get(to), http.StatusOK)
		shown := desk.press(page, "form[action$='/reveal'] button")
		desk.want(shown, http.StatusOK)
		if text := shown.Find("main").Text(); !strings.Contains(text, "gast1@example.org") || !strings.Contains(text, "23125 201") {
			t.Errorf("shown is %q", text)
		}
		if n := v.first("SELECT COUNT(*) FROM audit WHERE action = 'person.revealed' AND role = 'front_desk' AND staff_id = $1", m.ID); n != "1" {
			t.Errorf("%s views on record", n)
		}

		note := path + "/notes"
		for text, want := range map[string]string{"": "Bitte schreiben Sie etwas", " \n": "Bitte schreiben Sie etwas",
			"zu " + strings.Repeat("lang ", 100): "höchstens 500", "un\x01sichtbar": "nicht sehen"} {
			page := desk.post(note, url.Values{"desk-note": {text}})
			desk.want(page, http.StatusUnprocessableEntity)
			if got := page.Find("#errors a[href='#desk-note']").Text(); !strings.Contains(got, want) {
				t.Errorf("%.10q: the summary says %q", text, got)
			}
			if got := strings.TrimSpace(page.Find("#desk-note").Text()); got != strings.TrimSpace(text) {
				t.Errorf("%.10q became %.10q", text, got)
			}
		}
		page = desk.get(desk.want(desk.post(note, url.Values{"desk-note": {"=Rollstuhl\n<b>בבקשה</b>"}}), http.StatusSeeOther))
		desk.want(page, http.StatusOK)
		if page.Find("[role=status]").Length() != 1 || page.Find(".desk-note__text").Text() != "=Rollstuhl\n<b>בבקשה</b>" ||
			!strings.Contains(page.Find(".desk-note").Text(), "frieda") {
			t.Errorf("the note reads %q", page.Find(".desk-note").Text())
		}
	})
}

// Two records become one and are two again. Whoever is late is told what has
// become of them.
func TestMergeCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.bookAs(guest), v.bookAs(guest)
		m := v.hire(town, staff.Clerk, "quirin")
		clerk := v.login(m)
		card := clerk.get(one)
		compare := card.Find("a[href*='/compare?']").AttrOr("href", "")
		page := clerk.get(compare)
		clerk.want(page, http.StatusOK)
		if text := page.Find("main").Text(); strings.Contains(text, "quirin@") || !strings.Contains(text, "Gleich: Name, E-Mail-Adresse, Telefonnummer") {
			t.Errorf("side by side: %q", text)
		}
		both := clerk.press(page, "form[action$='/compare'] button")
		clerk.want(both, http.StatusOK)
		if n := strings.Count(both.Find("main").Text(), "quirin@example.org"); n != 2 {
			t.Errorf("%d addresses shown, want 2", n)
		}
		clerk.want(clerk.post(one+"/merge", url.Values{"with": {strings.TrimPrefix(two, customers+"/")}, "keep": {"keinen"}}), http.StatusUnprocessableEntity)
		if to := clerk.want(clerk.press(both, "button[value='"+strings.TrimPrefix(two, customers+"/")+"']"), http.StatusSeeOther); to != two+"?merged" {
			t.Errorf("merged, and it leads to %s", to)
		}
		late := clerk.press(page, "button[name=keep]")
		clerk.want(late, http.StatusConflict)
		if late.Find("#errors").Length() != 1 || late.Find(".entries time").Length() < 2 {
			t.Errorf("too late, and the page is %q", late.Find("main").Text())
		}
		clerk.want(clerk.get(compare), http.StatusConflict)

		kept := clerk.get(one)
		clerk.want(kept, http.StatusOK)
		if !strings.Contains(kept.Find(".kern-alert--info").Text(), "zusammengeführt") || kept.Find("form[action='"+two+"/notes']").Length() != 1 {
			t.Error("the record that went does not lead to the one that was kept")
		}
		undo := "form[action$='/unmerge'] button"
		clerk.want(clerk.press(kept, undo), http.StatusSeeOther)
		again := clerk.press(kept, undo)
		clerk.want(again, http.StatusGone)
		if again.Find("#errors").Length() != 1 || again.Find(".kern-alert--info").Length() != 0 {
			t.Error("undone twice, and the page does not say so")
		}
		clerk.want(clerk.press(page, "button[name=keep]"), http.StatusSeeOther)
		kept = clerk.get(one)

		v.Env.Clock.Advance(person.UndoWithin + time.Second)
		clerk = v.login(m)
		over := clerk.press(kept, undo)
		clerk.want(over, http.StatusGone)
		if !strings.Contains(over.Find("#errors").Text(), "mehr als einen Tag") {
			t.Errorf("after a day it says %q", over.Find("#errors").Text())
		}
		if _, err := v.service.Bookings.Housekeep(v.Context()); err != nil {
			t.Fatal(err)
		}
		for _, gone := range []answer{clerk.get(two), clerk.post(two+"/reveal", url.Values{}), clerk.post(two+"/notes", url.Values{"desk-note": {"x"}}),
			clerk.get(compare), clerk.press(page, "button[name=keep]")} {
			clerk.want(gone, http.StatusNotFound)
			if gone.Find("h1").Text() != "Diesen Kundendatensatz gibt es nicht" {
				t.Errorf("deleted, and the page says %q", gone.Find("h1").Text())
			}
		}
	})
}

// What is no text is no id of anybody, whichever database looks for it.
func TestCustomersThatAreNoText(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one := v.bookAs(guest)
		clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
		for _, path := range []string{customers + "/%00", customers + "/%ff", customers + "/a%2Fb", one + "/compare?with=%00", one + "/compare?with=%ff",
			one + "/compare?with=%", one + "/compare"} {
			clerk.want(clerk.get(path), http.StatusNotFound)
		}
		for _, id := range []string{"\x00", "\xff"} {
			clerk.want(clerk.post(one+"/merge", url.Values{"with": {id}, "keep": {id}}), http.StatusNotFound)
			clerk.want(clerk.post(one+"/compare", url.Values{"with": {id}}), http.StatusNotFound)
			clerk.want(clerk.post(one+"/unmerge", url.Values{"merge": {id}}), http.StatusGone)
		}
		for _, text := range []string{"\xff", "a\x00b@example.org"} {
			clerk.want(clerk.search(text), http.StatusUnprocessableEntity)
		}
	})
}

// The pages offer what a member may do, and say why they do not.
func TestRightsOverCustomers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.bookAs(guest), v.bookAs(guest)
		desk := v.login(v.hire(town, staff.FrontDesk, "frieda"))
		card := desk.get(one)
		if card.Find(".entries a[href='"+two+"']").Length() != 1 || card.Find("a[href*='/compare?']").Length() != 0 {
			t.Error("the front desk is offered what it may not, or does not see the other record")
		}
		with := strings.TrimPrefix(two, customers+"/")
		desk.want(desk.get(one+"/compare?with="+with), http.StatusForbidden)
		desk.want(desk.post(one+"/merge", url.Values{"with": {with}, "keep": {with}}), http.StatusForbidden)

		north := v.login(v.hire(town, staff.Clerk, "nora", "nord"))
		card = north.get(one)
		north.want(card, http.StatusOK)
		text := card.Find("main").Text()
		if card.Find("form[action$='/reveal']").Length() != 0 || card.Find("a[href^='/de/desk/appointment/']").Length() != 0 ||
			strings.Contains(text, "Meldung") || !strings.Contains(text, "Standorten, für die Ihr Zugang nicht gilt") {
			t.Errorf("elsewhere the card says %q", text)
		}
		refused := north.post(one+"/reveal", url.Values{})
		north.want(refused, http.StatusForbidden)
		if refused.Find("#errors").Length() != 1 || strings.Contains(refused.body, "quirin@") {
			t.Error("contact data of another location")
		}
		compare := north.get(one + "/compare?with=" + with)
		north.want(compare, http.StatusOK)
		if compare.Find("button[name=keep]").Length() != 0 {
			t.Error("a merge of others' records is offered")
		}
		north.want(north.post(one+"/merge", url.Values{"with": {with}, "keep": {with}}), http.StatusForbidden)
		north.want(north.post(one+"/compare", url.Values{"with": {with}}), http.StatusForbidden)
		// One of their own opens no other.
		v.exec("UPDATE appointment SET location_id = (SELECT id FROM location WHERE tenant_id = $1 AND key = 'nord') WHERE person_id = $2", town, with)
		compare = north.get(one + "/compare?with=" + with)
		if compare.Find("button[name=keep]").Length() != 0 || !strings.Contains(compare.Find("main").Text(), "Mindestens einer der beiden") {
			t.Errorf("of one that is theirs and one that is not: %q", compare.Find("main").Text())
		}
		for _, keep := range []string{with, strings.TrimPrefix(one, customers+"/")} {
			north.want(north.post(one+"/merge", url.Values{"with": {with}, "keep": {keep}}), http.StatusForbidden)
		}

		v.exec("UPDATE staff SET role = 'officer' WHERE role = 'front_desk'")
		desk.want(desk.post(one+"/notes", url.Values{"desk-note": {"x"}}), http.StatusForbidden)
		if n := v.first("SELECT COUNT(*) FROM person_note"); n != "0" {
			t.Errorf("%s notes", n)
		}
	})
}
