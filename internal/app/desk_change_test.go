// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// appointment books for the guest and returns the path of the desk's page.
func (v *visit) appointment() string {
	v.Helper()
	v.book("ausweis")
	return "/de/desk/appointment/" + v.first("SELECT id FROM appointment ORDER BY id DESC LIMIT 1")
}

// An appointment moves to a time that only the office gives. Who was slower is
// told by whom, and what was chosen stays.
func TestMoveAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.Clerk, "frieda"))
		path := v.appointment()
		move := one.get(path).Find("a[href='"+path+"/move']").AttrOr("href", "")
		page := one.get(move)
		one.want(page, http.StatusOK)
		if text := page.Find("main").Text(); !strings.Contains(text, "11:00") || chosenTime(page) != "10:00 nicht online" {
			t.Errorf("the page says %q", text)
		}
		old := two.entered(two.get(move))
		later := one.post(move, with(one.entered(page), "from", "2026-09-09"))
		one.want(later, http.StatusOK)
		afternoon := later.Find("label:contains('14:00')").First().AttrOr("for", "")
		form := with(one.entered(later), "start", strings.TrimPrefix(afternoon, "t-"))
		if to := one.want(one.post(move, form), http.StatusSeeOther); to != path {
			t.Errorf("it leads to %s", to)
		}
		one.want(one.post(move, form), http.StatusSeeOther) // a second click
		if text := one.get(path).Find("main").Text(); !strings.Contains(text, "9. September") || !strings.Contains(text, "14:00") {
			t.Errorf("moved to %q", text)
		}

		late := two.post(move, old)
		two.want(late, http.StatusConflict)
		if text := late.Find("#errors").Text(); !strings.Contains(text, "quirin") || !strings.Contains(text, "Verschoben") {
			t.Errorf("who was late reads %q", text)
		}
		now := two.entered(late)
		if now.Get("start") != old.Get("start") || now.Get("version") == old.Get("version") {
			t.Error("the choice is lost, or the page is as old as before")
		}
		later = two.post(move, with(now, "later", "2026-09-10"))
		two.want(later, http.StatusOK)
		two.want(two.post(move, two.entered(later)), http.StatusSeeOther)

		nord := two.post(move, with(two.entered(two.get(move)), "location", "nord", "from", "2026-09-10"))
		two.want(nord, http.StatusOK)
		two.want(two.post(move, two.entered(nord)), http.StatusSeeOther)
		if text := two.get(path).Find("main").Text(); !strings.Contains(text, "Bürgerbüro Nord") {
			t.Errorf("moved to %q", text)
		}
		// Somebody else takes the time meanwhile; somebody cancels.
		page = two.get(move)
		two.want(two.post(move, with(two.entered(page), "start", "")), http.StatusUnprocessableEntity)
		two.want(two.post(move, with(two.entered(page), "version", "x")), http.StatusUnprocessableEntity)
		one.want(one.press(one.get(path), "form[action$='/cancel'] button"), http.StatusSeeOther)
		over := two.post(move, two.entered(page))
		two.want(over, http.StatusConflict)
		if over.Find("input[name=start]").Length() > 0 || !strings.Contains(over.Find("#errors").Text(), "Abgesagt") {
			t.Error("what is cancelled can still be moved")
		}
		if to := two.want(two.get(move), http.StatusSeeOther); to != path {
			t.Errorf("the page of what is cancelled leads to %s", to)
		}
		begun := v.appointment() + "/move"
		page = two.get(begun)
		for range 2 { // nobody stays logged in for longer without a page
			v.Clock.Advance(50 * time.Minute)
			two.get("/de/desk/account")
		}
		two.want(two.get(begun), http.StatusGone)
		two.want(two.post(begun, two.entered(page)), http.StatusGone)
	})
}

// Contact data are shown and changed, each look recorded. Two who share a
// telephone stay two.
func TestContactAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.FrontDesk, "ella"))
		other, path := v.appointment(), v.appointment()
		contact := one.get(path).Find("a[href='"+path+"/contact']").AttrOr("href", "")
		page := one.get(contact)
		one.want(page, http.StatusOK)
		form := one.entered(page)
		for name := range guest {
			if form.Get(name) != guest.Get(name) {
				t.Errorf("%s is %q", name, form.Get(name))
			}
		}
		bad := one.post(contact, with(form, "last-name", "", "email", "x@", "note", "bleibt"))
		one.want(bad, http.StatusUnprocessableEntity)
		if got := one.entered(bad); got.Get("email") != "x@" || got.Get("note") != "bleibt" || bad.Find("#errors a").First().AttrOr("href", "") != "#last-name" {
			t.Errorf("the form says %v", got)
		}
		if to := one.want(one.post(contact, with(form, "last-name", "Neuhuber", "street", "Am Teich 1")), http.StatusSeeOther); to != path {
			t.Errorf("it leads to %s", to)
		}
		late := two.post(contact, with(form, "phone", "030 23125 999"))
		two.want(late, http.StatusConflict)
		got := two.entered(late)
		if got.Get("phone") != "030 23125 999" || got.Get("last-name") != "Beispielhuber" || !strings.Contains(late.Find("dl").Text(), "Neuhuber") {
			t.Errorf("what was typed, or what is kept, is not there: %v", got)
		}
		if text := late.Find("#errors").Text(); !strings.Contains(text, "quirin") || !strings.Contains(text, "Kontaktdaten geändert") {
			t.Errorf("who was late reads %q", text)
		}
		two.want(two.post(contact, with(got, "last-name", "Neuhuber")), http.StatusSeeOther)
		if got := two.entered(two.get(contact)); got.Get("last-name") != "Neuhuber" || got.Get("phone") != "030 23125 999" {
			t.Errorf("kept is %v", got)
		}
		if got := two.entered(two.get(other + "/contact")); got.Get("last-name") != "Beispielhuber" || got.Get("phone") != "030 23125 123" {
			t.Errorf("somebody with the same telephone became %v", got)
		}
		if n := v.first("SELECT CAST(COUNT(*) AS TEXT) FROM audit WHERE action = 'person.revealed'"); n != "4" {
			t.Errorf("%s looks are recorded, want 4", n)
		}
		one.want(one.press(one.get(path), "form[action$='/cancel'] button"), http.StatusSeeOther)
		if to := one.want(one.get(contact), http.StatusSeeOther); to != path {
			t.Errorf("the page of what is cancelled leads to %s", to)
		}
		two.want(two.post(contact, form), http.StatusConflict)
	})
}
