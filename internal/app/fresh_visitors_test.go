// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
)

// take reserves a start and returns the path of the form.
func (w *watcher) take(service string, start int64) string {
	w.Helper()
	form := url.Values{"service": {service}, "location": {"rathaus"}, "start": {fmt.Sprint(start)}}
	return w.want(w.post("/de/times", form), http.StatusSeeOther)
}

// firstTime is the first time that is offered on the next day.
func (w *watcher) firstTime(service string) int64 {
	w.Helper()
	day := w.Clock.Now().AddDate(0, 0, 1).Format(time.DateOnly)
	all := starts(w.get("/de/times?service="+service+"&day="+day), "#times")
	if len(all) < 9 {
		w.Fatalf("%d times on %s", len(all), day)
	}
	return all[0]
}

// Whatever a visitor does, the next page of times shows it, in the same second.
func TestTimesFollowVisitors(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		w.look("at first")
		start := w.firstTime("trauung")
		form := w.take("trauung", start)
		w.wantOffered("held", "trauung", start, false)
		w.want(w.post(form+"/release", url.Values{}), http.StatusSeeOther)
		w.wantOffered("given back", "trauung", start, true)

		form = w.take("trauung", start)
		e.Clock.Advance(officetest.Hold)
		w.wantOffered("run out", "trauung", start, true)
		w.want(w.post(form+"/extend", guest), http.StatusSeeOther)
		w.wantOffered("extended after that", "trauung", start, false)
		w.want(w.post(w.want(w.post(form, guest), http.StatusSeeOther), url.Values{}), http.StatusSeeOther)
		e.Clock.Advance(officetest.Hold)
		w.wantOffered("booked", "trauung", start, false)

		manage := strings.Replace(form, "/hold/", "/appointment/", 1)
		later := url.Values{"location": {"rathaus"}, "start": {fmt.Sprint(start + 1800)}} // overlaps
		w.want(w.post(manage+"/move", later), http.StatusSeeOther)
		w.wantOffered("moved here", "trauung", start+1800, false)
		w.wantOffered("too little room left", "trauung", start, false)
		later.Set("start", fmt.Sprint(start+7200))
		w.want(w.post(manage+"/move", later), http.StatusSeeOther)
		w.wantOffered("moved away", "trauung", start, true)
		w.want(w.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
		w.wantOffered("cancelled", "trauung", start+7200, true)

		w.want(w.post("/de/times", chosen(w.get("/de/times?service=ausweis&location=nord"))), http.StatusSeeOther)
		w.look("held at the other location")
	})
}

// change imports the town with pairs of texts replaced; a pattern begins with
// a slash.
func (w *watcher) change(oldnew ...string) {
	w.Helper()
	town := string(officetest.Town)
	for i := 0; i < len(oldnew); i += 2 {
		before := town
		if pattern, ok := strings.CutPrefix(oldnew[i], "/"); ok {
			town = regexp.MustCompile(pattern).ReplaceAllString(town, oldnew[i+1])
		} else {
			town = strings.ReplaceAll(town, oldnew[i], oldnew[i+1])
		}
		if town == before {
			w.Fatalf("the town has no %q", oldnew[i])
		}
	}
	officetest.ImportFile(w.T, w.Env, w.key, []byte(town))
}

// What the office changes is on the next page, in the same second.
func TestTimesFollowTheOffice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		w.look("at first")
		eight, noon := berlin(9, 8, 0).Unix(), berlin(9, 12, 0).Unix()
		w.change(`days: [mo, tu, we, th, fr], from: "08:00", to: "12:00"`, `days: [mo, tu, we, th, fr], from: "09:00", to: "13:00"`)
		w.wantOffered("later hours", "ausweis", eight, false)
		w.wantOffered("later hours", "ausweis", noon, true)
		w.change()
		w.wantOffered("the old hours", "ausweis", eight, true)
		w.change("\ngroups:", "\nclosures:\n  - {from: 2026-09-09, until: 2026-09-09, reason: {de: zu, en: shut}}\ngroups:")
		w.wantOffered("a closure", "ausweis", eight, false)
		w.change("/(?s)  - key: meldung.*?  - key: trauung", "  - key: trauung", ", meldung]", "]")
		w.wantOffered("without a service", "ausweis", eight, true)
		if page := w.get("/de/times?service=meldung"); page.StatusCode == http.StatusOK {
			t.Error("a service that is gone has a page of times")
		}
		w.change("/(?s)  - key: nord\n.*", "")
		w.wantOffered("without a location", "meldung", eight, true)
		w.change("minutes: 15\n", "minutes: 55\n")
		w.wantOffered("a longer service", "ausweis", berlin(9, 11, 15).Unix(), false)
		w.change("horizon_days: 60", "horizon_days: 1")
		w.look("a near horizon")
		w.change("lead_minutes: 60", "lead_minutes: 2880")
		w.wantOffered("a long lead time", "ausweis", eight, false)
		w.change("name: {de: Schalter 2, en: Counter 2}\n        services: [ausweis, pass, meldung]",
			"name: {de: Schalter 2, en: Counter 2}\n        services: [pass]")
		w.look("a counter does less")
	})
}
