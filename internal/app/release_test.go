// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
)

// Every counter of the town hall is released a week ahead at eight: the page
// says when there will be more, and no form gets a time before.
func TestReleaseOnPages(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		staged := strings.ReplaceAll(string(officetest.Town), "        services: [ausweis, pass, meldung]",
			"        services: [ausweis, pass, meldung]\n        release: {days: 7, at: \"08:00\"}")
		officetest.ImportFile(t, e, v.key, []byte(staged))
		const sentence = "Neue Termine werden am Dienstag, 8. September, um 08:00 Uhr freigeschaltet."
		for _, view := range []string{"", "&view=list", "&month=2026-10-01"} {
			if got := v.get("/de/times?service=pass" + view).Find(".release").Text(); got != sentence {
				t.Errorf("with %q: %q", view, got)
			}
		}
		start := time.Date(2026, time.September, 15, 8, 0, 0, 0, time.UTC) // ten o'clock
		button := fmt.Sprintf("button[value='%d']", start.Unix())
		form := url.Values{"service": {"pass"}, "location": {"rathaus"}, "start": {fmt.Sprint(start.Unix())}}
		if v.get("/de/times?service=pass&day=2026-09-15").Find(button).Length() != 0 {
			t.Error("shown before its release")
		}
		v.want(v.post("/de/times", form), http.StatusConflict)

		released := url.Values{"service": {"pass"}, "location": {"rathaus"}, "start": {fmt.Sprint(start.AddDate(0, 0, -1).Unix())}}
		held := v.want(v.post("/de/times", released), http.StatusSeeOther)
		v.want(v.post(v.want(v.post(held, guest), http.StatusSeeOther), url.Values{}), http.StatusSeeOther)
		manage := strings.Replace(held, "/hold/", "/appointment/", 1)
		if got := v.get(manage + "/move").Find(".release").Text(); got != sentence {
			t.Errorf("when moving: %q", got)
		}
		v.want(v.post(manage+"/move", form), http.StatusConflict)

		e.Clock.Set(start.AddDate(0, 0, -7).Add(-2 * time.Hour)) // Tuesday at eight
		if v.get("/de/times?service=pass&day=2026-09-15").Find(button).Length() != 1 {
			t.Error("not shown at its release")
		}
		v.want(v.post(manage+"/move", form), http.StatusSeeOther)
	})
}

// Where nothing is free the page still says when there will be more.
func TestReleaseWhenNothingIsFree(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		same := strings.NewReplacer(`from: "14:00", to: "18:00", interval: 15}`, `from: "14:00", to: "18:00", interval: 15, release: {days: 0, at: "08:00"}}`,
			`from: "08:00", to: "12:00", interval: 15}`, `from: "08:00", to: "12:00", interval: 15, release: {days: 0, at: "06:00"}}`).Replace(string(officetest.Town))
		officetest.ImportFile(t, e, v.key, []byte(same))
		e.Clock.Set(dbtest.Start.Add(2 * time.Hour)) // noon
		page := v.get("/en/times?service=trauung")
		if page.Find("button[name=start]").Length() != 0 {
			t.Fatal("something is free")
		}
		if got := page.Find(".release").Text(); got != "New appointments will be released on Tuesday, 8 September, at 06:00." {
			t.Errorf("announced %q", got)
		}
	})
}
