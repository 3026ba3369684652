// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/clock"
)

// startChanged is a demonstration of a town that is not quite the example.
func startChanged(t *testing.T, old, now string) *process {
	t.Helper()
	dir, _ := installed(t, "http", "vorzimmer.db", func(town string) string {
		if !strings.Contains(town, old) {
			t.Fatalf("the example has no %q", old)
		}
		return strings.Replace(town, old, now, 1)
	})
	return startDemo(t, dir)
}

// confirming is a town that wants every address confirmed.
func confirming(t *testing.T) *process {
	t.Helper()
	return startChanged(t, "confirm_email: false", "confirm_email: true")
}

// closed is a town that is closed for years.
func closed(t *testing.T) *process {
	t.Helper()
	return startChanged(t, "\nclosures:\n", "\nclosures:\n  - {from: 2020-01-01, until: 2045-12-31, reason: {de: Umbau, en: Works}}\n")
}

// TestNothingFree looks for a time where there is none.
func TestNothingFree(t *testing.T) {
	p := closed(t)
	inBoth(t, p, func(t *testing.T, v *visitor) {
		for _, query := range []string{"", "&view=list", "&month=" + clock.System{}.Now().Format(time.DateOnly)} {
			a := v.get(v.path("/times?service=" + idCard + query))
			v.refused(a, http.StatusOK, "times.nothing")
			if n := len(offered(a)); n != 0 {
				t.Errorf("%d times are offered", n)
			}
		}
		start := strconv.FormatInt(clock.System{}.Now().Unix()/86400*86400+7*86400+9*3600, 10)
		a := v.post(v.path("/times"), url.Values{"service": {idCard}, "location": {"rathaus"}, "start": {start}})
		v.refused(a, http.StatusConflict, "booking.taken")
	})
}

// TestConfirmAddress books where the address has to be confirmed.
func TestConfirmAddress(t *testing.T) {
	p := confirming(t)
	v := newVisitor(t, p)
	const email = "confirm@example.org"
	start := v.starts(trade)[0]
	hold := v.hold(start, trade)
	done := v.follow(v.submit(v.fill(hold, person(email)), checkForm, nil, ""))
	v.refused(done, http.StatusOK, "done.confirm_title")
	page := strings.Replace(hold, "/hold/", "/appointment/", 1)
	v.refused(v.post(page+"/verify", nil), http.StatusForbidden, "booking.verify_by_mail")

	link := mailsTo(t, p, email, 1)[0].link(t)
	for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodGet} {
		if a := v.send(v.request(method, link+"/verify", nil)); a.Status != http.StatusOK {
			t.Fatalf("%s: status %d", method, a.Status)
		}
	}
	v.refused(v.page(link), http.StatusOK, "manage.title.unconfirmed")
	if slices.Contains(v.starts(trade), start) {
		t.Error("the time is offered while it waits")
	}
	button := v.page(link + "/verify")
	for range 2 { // the second time from a page that is still open
		if to := v.seeOther(v.submit(button, `form[action$="/verify"]`, nil, "")); to != link {
			t.Errorf("confirming leads to %s", to)
		}
		v.refused(v.page(link), http.StatusOK, "manage.title.confirmed")
	}
	if to := v.seeOther(v.get(link + "/verify")); to != link {
		t.Errorf("the page to confirm leads to %s", to)
	}
	mailsTo(t, p, email, 2) // the link to confirm, and that it is booked
}
