// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
)

// Where the tenant wants it, an appointment waits for a sign from the mailbox:
// the link shows a page with a button, and only the button confirms.
func TestUnconfirmed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		v.exec("UPDATE tenant SET confirm_email = $1, revision = revision + 1", true)
		done := v.get(v.book("trauung"))
		if got := done.Find("h1").Text(); strings.Contains(got, "ist gebucht") {
			t.Errorf("the page says it is booked: %q", got)
		}
		verify := link(t, v.send("quirin@example.org"), "/verify")
		for range 2 { // a mail scanner looks at links
			page := v.get(verify)
			v.want(page, http.StatusOK)
			if page.Find("form[method=post] button").Length() != 1 {
				t.Fatal("no button")
			}
		}
		if state := v.get(strings.TrimSuffix(verify, "/verify")); !strings.Contains(state.Find("main").Text(), "bestätig") {
			t.Error("the appointment does not say that it waits")
		}
		v.want(v.post(strings.TrimSuffix(done.Request.URL.Path, "/done")+"/verify", url.Values{}), http.StatusNotFound)
		appointment := v.want(v.post(verify, url.Values{}), http.StatusSeeOther)
		v.want(v.get(appointment), http.StatusOK)
		v.send("standesamt@example.org")
		e.Clock.Advance(2 * time.Hour)
		v.keepHouse()
		if text := v.get(appointment).Find("h1").Text(); strings.Contains(text, "abgelaufen") {
			t.Errorf("a confirmed appointment ran out: %q", text)
		}
	})
}

// What nobody confirms in time is free again, the mail says so, and the late
// link says what happened.
func TestUnconfirmedRunsOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		v.exec("UPDATE tenant SET confirm_email = $1, revision = revision + 1", true)
		e.Clock.Set(dbtest.Start.Add(-24 * time.Hour)) // the first time offered is far from the lead time
		offered := func() string {
			start, _ := v.get("/de/times?service=trauung").Find("button[name=start]").First().Attr("value")
			return start
		}
		first := offered()
		v.book("trauung")
		verify := link(t, v.send("quirin@example.org"), "/verify")
		if offered() == first {
			t.Fatal("the time is offered while it waits")
		}
		e.Clock.Advance(31 * time.Minute)
		if offered() != first {
			t.Error("the time is not offered again")
		}
		v.keepHouse()
		if m := v.send("quirin@example.org"); len(m.ICS) != 0 || !strings.Contains(m.Text, "bestätig") {
			t.Error("no mail says that the time was given back")
		}
		other := v.hold("trauung")
		late := v.post(verify, url.Values{})
		v.want(late, http.StatusConflict)
		if late.Find("button[name=start]").Length() == 0 {
			t.Error("no other times are offered")
		}
		v.want(v.post(other+"/release", url.Values{}), http.StatusSeeOther)
		v.want(v.get(v.want(v.post(verify, url.Values{}), http.StatusSeeOther)), http.StatusOK)
	})
}

func (v *visit) keepHouse() {
	v.Helper()
	if _, err := v.service.Bookings.Housekeep(v.Context()); err != nil {
		v.Fatal(err)
	}
}
