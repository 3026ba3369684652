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

// One network may hold and book so many times; who is refused is told what to
// do, keeps what was typed, and may go on a little later.
func TestLimitsPerNetwork(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Limits{Holds: 3, Bookings: 1})
	v.book("ausweis")
	form := v.hold("ausweis")
	check := v.want(v.post(form, guest), http.StatusSeeOther)
	refused := v.post(check, url.Values{})
	v.want(refused, http.StatusTooManyRequests)
	if text := refused.Find("main").Text(); len(strings.Fields(text)) < 8 {
		t.Errorf("the answer is short: %q", text)
	}
	if got, _ := v.get(form).Find("[name=last-name]").Attr("value"); got != "Beispielhuber" {
		t.Errorf("what was typed is lost: %q", got)
	}
	v.hold("ausweis")
	start, _ := v.get("/de/times?service=ausweis").Find("button[name=start]").First().Attr("value")
	again := url.Values{"service": {"ausweis"}, "location": {"rathaus"}, "start": {start}}
	v.want(v.post("/de/times", again), http.StatusTooManyRequests)
	v.Clock.Advance(9 * time.Minute)
	start, _ = v.get("/de/times?service=ausweis").Find("button[name=start]").First().Attr("value")
	again.Set("start", start)
	v.want(v.post("/de/times", again), http.StatusSeeOther)
}
