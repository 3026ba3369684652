// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/paper/papertest"
	"vorzimmer/internal/staff"
)

// requestForm is what a clerk types about a letter.
var requestForm = url.Values{"request-kind": {"erasure"}, "request-channel": {"letter"}, "request-received": {"2026-09-01"},
	"request-from": {"Frieda Musterbach\r\nWeg 1"}, "request-note": {"Bitte <b>alles</b> löschen"}}

// A clerk records a letter, the management sees by when it has to be answered, takes
// more time for a reason, and closes it. The letter says each of that.
func TestRequestByLetter(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		card := v.bookAs(guest)
		clerk, admin := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.Admin, "leitung"))
		form := clerk.get(clerk.get(card).Find("a[href*='/desk/requests/new']").AttrOr("href", ""))
		clerk.want(form, http.StatusOK)
		if form.Find("input[name=person]").Length() != 1 {
			t.Error("the form is about no record")
		}
		for _, field := range []string{"request-received", "request-from", "request-kind", "request-channel"} {
			page := clerk.post("/de/desk/requests/new", but(requestForm, field, ""))
			clerk.want(page, http.StatusUnprocessableEntity)
			if page.Find("#errors a[href='#"+field+"']").Length() != 1 || page.Find("#"+field+"[aria-invalid]").Length() != 1 {
				t.Errorf("without %s: %s", field, page.Find("#errors").Text())
			}
		}
		clerk.want(clerk.post("/de/desk/requests/new", but(requestForm, "request-received", "2026-09-08")), http.StatusUnprocessableEntity)
		about := but(requestForm, "request-from", "")
		about.Set("person", strings.TrimPrefix(card, customers+"/"))
		for range 2 {
			clerk.want(clerk.post("/de/desk/requests/new", requestForm), http.StatusSeeOther)
		}
		if to := clerk.want(clerk.post("/de/desk/requests/new", about), http.StatusSeeOther); clerk.get(to).Find("[role=status]").Length() != 1 {
			t.Error("the card does not say that it is recorded")
		}
		clerk.want(clerk.get("/de/desk/requests"), http.StatusForbidden)

		list := admin.get("/de/desk/requests")
		rows := list.Find("tbody tr")
		if rows.Length() != 2 || !strings.Contains(rows.Text(), "1. Oktober 2026") || strings.Contains(list.body, "Musterbach") {
			t.Fatalf("the list says %q", rows.Text())
		}
		path := rows.First().Find("a").AttrOr("href", "")
		one := admin.get(path)
		if text := one.Find("main").Text(); !strings.Contains(text, "Bitte <b>alles</b> löschen") || !strings.Contains(text, "per Brief") {
			t.Errorf("the request says %q", text)
		}
		admin.want(admin.get(path+"/data"), http.StatusNotFound) // it is about another right
		id := v.requested(admin, card)
		data := admin.get("/de/desk/requests/" + id + "/data")
		admin.want(data, http.StatusOK)
		if text := data.Find("main").Text(); !strings.Contains(text, "Beispielhuber") || !strings.Contains(text, "quirin@example.org") || !strings.Contains(text, "Um alles bitte") {
			t.Errorf("the answer says %q", text)
		}
		admin.want(admin.get("/de/desk/requests/"+id+"/data.pdf"), http.StatusOK)
		clerk.want(clerk.get("/de/desk/requests/"+id+"/data"), http.StatusForbidden)
		if letter := admin.get(path + "/letter"); !strings.Contains(letter.Find("main").Text(), "spätestens am Donnerstag, 1. Oktober 2026") {
			t.Errorf("the letter says %q", letter.Find("main").Text())
		}
		admin.want(admin.post(path+"/extend", url.Values{"version": {"1"}}), http.StatusUnprocessableEntity)
		admin.want(admin.post(path+"/extend", url.Values{"version": {"1"}, "request-reason": {"Viele Akten"}}), http.StatusSeeOther)
		admin.want(admin.post(path+"/extend", url.Values{"version": {"1"}, "request-reason": {"Viele Akten"}}), http.StatusConflict)
		admin.want(admin.post(path+"/extend", url.Values{"version": {"2"}, "request-reason": {"Noch mehr"}}), http.StatusConflict)
		if letter := admin.get(path + "/letter").Find("main").Text(); !strings.Contains(letter, "Viele Akten") || !strings.Contains(letter, "1. Dezember 2026") {
			t.Errorf("the letter says %q", letter)
		}
		close := url.Values{"version": {"2"}, "request-outcome": {"Es ist nichts mehr gespeichert"}, "result": {"done"}}
		admin.want(admin.post(path+"/close", but(close, "request-outcome", "")), http.StatusUnprocessableEntity)
		admin.want(admin.post(path+"/close", close), http.StatusSeeOther)
		admin.want(admin.post(path+"/close", but(close, "version", "3")), http.StatusConflict)
		if closed := admin.get(path); closed.Find("main form").Length() != 0 {
			t.Error("a closed request can be closed")
		}
		paper := strings.Join(papertest.Texts(t, []byte(admin.get(path+"/letter.pdf").body)), "")
		for _, want := range []string{"Es ist nichts mehr gespeichert", "Frieda Musterbach", "Aufsichtsbehörde", "Löschung"} {
			if !strings.Contains(paper, want) {
				t.Errorf("the PDF file has not %q", want)
			}
		}
		if strings.Contains(v.first("SELECT CAST(sealed AS TEXT) FROM request LIMIT 1"), "Musterbach") && e.DB.Engine() == "sqlite" {
			t.Error("a name can be read in the database")
		}
		for action, n := range map[string]int{"request.recorded": 3, "request.extended": 1, "request.done": 1, "request.answered": 6} {
			if got := v.count("SELECT COUNT(*) FROM audit WHERE action = $1", action); got != n {
				t.Errorf("%s is recorded %d times, want %d", action, got, n)
			}
		}
	})
}

// requested is the id of a request for access to the record of a card.
func (v *visit) requested(by *visit, card string) string {
	v.Helper()
	form := url.Values{"request-kind": {"access"}, "request-channel": {"phone"}, "request-received": {"2026-09-07"}, "request-note": {"Um alles bitte"},
		"person": {strings.TrimPrefix(card, customers+"/")}}
	path, _, _ := strings.Cut(by.want(by.post("/de/desk/requests/new", form), http.StatusSeeOther), "?")
	return strings.TrimPrefix(path, "/de/desk/requests/")
}

// The bar says what is urgent, to those who answer. What was answered is deleted
// when its time comes, what is open is not.
func TestRequestsAreUrgentAndEnd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		officer := v.hire(town, staff.Officer, "beauftragte")
		bar := func() string {
			return v.login(officer).get("/de/desk/requests").Find(".desk-nav a[href='/de/desk/requests']").Text()
		}
		b := v.login(officer)
		b.want(b.post("/de/desk/requests/new", requestForm), http.StatusSeeOther)
		to := b.want(b.post("/de/desk/requests/new", but(requestForm, "request-kind", "access")), http.StatusSeeOther)
		path, _, _ := strings.Cut(to, "?")
		b.want(b.post(path+"/close", url.Values{"version": {"1"}, "request-outcome": {"Steht nicht zu"}, "result": {"refused"}}), http.StatusSeeOther)
		if text := b.get(path + "/letter").Find("main").Text(); !strings.Contains(text, "abgelehnt") || !strings.Contains(text, "bei Gericht") {
			t.Errorf("the letter says %q", text)
		}
		if got := bar(); got != "Anträge" {
			t.Errorf("the bar says %q", got)
		}
		v.Env.Clock.Advance(18 * 24 * time.Hour) // 25 September
		if got := bar(); got != "Anträge (1 bald fällig)" {
			t.Errorf("the bar says %q", got)
		}
		v.Env.Clock.Advance(7 * 24 * time.Hour)
		if got := bar(); got != "Anträge (1 überfällig)" {
			t.Errorf("the bar says %q", got)
		}
		v.Env.Clock.Advance(1094 * 24 * time.Hour)
		if err := v.service.Deletion.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		if n := v.count("SELECT COUNT(*) FROM request"); n != 1 || v.count("SELECT COUNT(*) FROM request WHERE state = 'open'") != 1 {
			t.Errorf("%d requests are left", n)
		}
	})
}
