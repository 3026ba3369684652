// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
)

// berlin is a wall-clock time in the town, in September 2026.
func berlin(day, hour, minute int) time.Time {
	return time.Date(2026, time.September, day, hour-2, minute, 0, 0, time.UTC)
}

// What runs out, comes back, begins or is released by the clock alone does so
// on the page in that very second.
func TestTimesFollowTheClock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		start := w.firstTime("trauung")

		w.take("trauung", start)
		w.around("a hold runs out", e.Clock.Now().Add(officetest.Hold), "trauung", start, false, true)

		w.change("cooldown_minutes: 0", "cooldown_minutes: 30")
		done := w.want(w.post(w.want(w.post(w.take("trauung", start), guest), http.StatusSeeOther), url.Values{}), http.StatusSeeOther)
		manage := strings.Replace(strings.TrimSuffix(done, "/done"), "/hold/", "/appointment/", 1)
		w.want(w.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
		w.around("a cooldown ends", w.cooldown(), "trauung", start, false, true)

		w.around("the lead time passes", time.Unix(start, 0).Add(-time.Hour+time.Second), "trauung", start, true, false)
	})
}

// Midnight brings a new last day, and what is released ahead comes in its
// second.
func TestTimesFollowTheCalendar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		const last = "/de/times?service=pass&day=2026-11-09" // a Monday, sixty days after the tenth
		midnight := berlin(10, 0, 0)
		for range 2 { // once with everything remembered, and once more after the clock was set back
			e.Clock.Set(midnight.Add(-time.Second))
			w.look("before midnight")
			w.want(w.get(last), http.StatusUnprocessableEntity)
			e.Clock.Set(midnight)
			w.look("after midnight")
			if page := w.get(last); len(starts(page, "#times")) != 15 {
				t.Errorf("%d times on the new day", len(starts(page, "#times")))
			}
		}
		// Nobody has looked for a while, and nothing was ever written on these days.
		midnight = time.Date(2026, time.December, 14, 23, 0, 0, 0, time.UTC)
		e.Clock.Set(midnight.Add(-time.Second))
		w.look("months later")
		e.Clock.Set(midnight)
		w.look("months later, after midnight")

		w.change("        services: [ausweis, pass, meldung]", "        services: [ausweis, pass, meldung]\n        release: {days: 7, at: \"08:00\"}")
		e.Clock.Set(berlin(7, 10, 0))
		w.around("a release", berlin(8, 8, 0), "pass", berlin(15, 10, 0).Unix(), false, true)
		w.take("pass", berlin(15, 10, 0).Unix())
		w.around("the next release", berlin(9, 8, 0), "pass", berlin(16, 10, 0).Unix(), false, true)
	})
}

// around looks a second before an instant, in it, and when the clock was set
// back to before it once more.
func (w *watcher) around(what string, instant time.Time, service string, start int64, before, after bool) {
	w.Helper()
	w.look(what + ", long before")
	for range 2 {
		w.Clock.Set(instant.Add(-time.Second))
		w.wantOffered(what+", a second before", service, start, before)
		w.Clock.Set(instant)
		w.wantOffered(what, service, start, after)
	}
}

// cooldown is when the times that were given up come back.
func (w *watcher) cooldown() time.Time {
	w.Helper()
	var until int64
	err := w.Env.DB.Read(w.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(w.Context(), "SELECT MAX(until) FROM claim WHERE kind = 'cooldown' AND until > $1", tx.Unix()).Scan(&until)
	})
	if err != nil {
		w.Fatal(err)
	}
	return time.Unix(until, 0)
}
