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

// What has begun can no longer be cancelled: that is not offered, and whoever
// still has the button reads why beside the appointment.
func TestCancelTooLate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
		path := v.appointment()
		page := clerk.get(path)
		if page.Find("form[action$='/cancel']").Length() != 1 {
			t.Fatal("what is to come cannot be cancelled")
		}
		for range 2 { // nobody stays logged in for longer without a page
			v.Clock.Advance(50 * time.Minute)
			clerk.get("/de/desk/account")
		}
		now := clerk.get(path)
		clerk.want(now, http.StatusOK)
		if now.Find("form[action$='/cancel'], a[href$='/move']").Length() != 0 || now.Find("form[action$='/slip']").Length() != 1 {
			t.Error("offered is what is refused, or no slip")
		}
		late := clerk.press(page, "form[action$='/cancel'] button")
		clerk.want(late, http.StatusGone)
		if late.Find("#errors").Length() != 1 || late.Find("h1").Text() != page.Find("h1").Text() {
			t.Errorf("who is late reads %q", late.Find("main").Text())
		}
	})
}

// The front desk takes back that somebody did not appear, but puts nobody at a
// counter.
func TestBackToTheCounterAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		v.book("ausweis")
		clerk, desk := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.FrontDesk, "ella"))
		at := today + "&counter=schalter-1"
		const back = "button[formaction$='/back']"
		step := func(by *visit, name string) {
			t.Helper()
			by.want(by.press(by.get(at), row("1")+"button[formaction$='/"+name+"']"), http.StatusSeeOther)
		}
		step(desk, "arrive")
		step(desk, "missed")
		step(desk, "back")
		step(clerk, "call")
		step(desk, "missed")
		desk.wantStates(desk.get(at), "no_show")
		if desk.get(at).Find(back).Length() != 0 {
			t.Error("the front desk is offered what it may not")
		}
		page := clerk.get(at)
		desk.want(desk.press(page, row("1")+back), http.StatusForbidden)
		clerk.want(clerk.press(page, row("1")+back), http.StatusSeeOther)
		clerk.wantStates(clerk.get(at), "called")
		if strings.Contains(desk.get(at).Find("tbody").Text(), "nicht erschienen") {
			t.Error("still missed")
		}
	})
}
