// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
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

// One person may have so many coming appointments for a service. Whoever is
// refused reads what to do, keeps time and form, and may go on when one of
// the others was cancelled.
func TestLimitPerPersonOnTheForm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		v.exec("UPDATE tenant SET active_per_person = 2, revision = revision + 1")
		first := v.book("meldung")
		v.book("meldung")
		other := maps.Clone(guest) // somebody with the same telephone
		other.Set("first-name", "Frieda")
		other.Set("email", "Frieda@example.org")
		other.Set("phone", "+49 (0)30 / 23125-123")
		form := v.hold("meldung")
		check := v.want(v.post(form, other), http.StatusSeeOther)
		refused := v.post(check, url.Values{})
		v.want(refused, http.StatusTooManyRequests)
		text := strings.Join(strings.Fields(refused.Find("main").Text()), " ")
		for _, part := range []string{"für dieselbe Leistung schon so viele Termine gebucht, wie möglich sind (höchstens 2).",
			"Sagen Sie einen davon mit dem Link in der E-Mail ab, oder rufen Sie uns an."} {
			if !strings.Contains(text, part) {
				t.Errorf("the page does not say %q", part)
			}
		}
		if refused.Find("main a[href^='tel:']").Length() == 0 {
			t.Error("no number to call")
		}
		for name := range other {
			if got := refused.Find("[name="+name+"]").AttrOr("value", ""); got != other.Get(name) {
				t.Errorf("%s is %q, typed was %q", name, got, other.Get(name))
			}
		}
		manage := strings.Replace(strings.TrimSuffix(first, "/done"), "/hold/", "/appointment/", 1)
		v.want(v.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
		v.want(v.post(check, url.Values{}), http.StatusSeeOther)
	})
}

// A visitor with the cookie has one reservation: the next one replaces it,
// also when it was made from a page that knows nothing of the first.
func TestOneHoldPerSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		v.client.Jar = jar
		early := chosen(v.get("/de/times?service=trauung")) // another tab
		v.want(v.post("/de/times", early), http.StatusSeeOther)
		for range 3 {
			v.hold("trauung")
			if got := v.held(); got != 1 {
				t.Fatalf("%d reservations", got)
			}
		}
		if start := chosen(v.get("/de/times?service=trauung")).Get("start"); start != early.Get("start") {
			t.Error("the first time is not free again")
		}
		v.client.Jar = nil
		v.hold("trauung")
		if got := v.held(); got != 2 {
			t.Errorf("%d reservations of two visitors", got)
		}
	})
}

// held is how many reservations keep a time from others.
func (v *visit) held() int {
	v.Helper()
	var n int
	err := v.Env.DB.Read(v.Context(), func(tx *db.Tx) error {
		return tx.QueryRow(v.Context(), "SELECT COUNT(DISTINCT owner) FROM claim WHERE kind = 'hold' AND until > $1", tx.Unix()).Scan(&n)
	})
	if err != nil {
		v.Fatal(err)
	}
	return n
}

// A page of an older reservation replaces the newer one as well.
func TestOneHoldInTwoTabs(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar = jar
	older := chosen(v.get(v.hold("trauung") + "/times?service=trauung&location=rathaus"))
	v.hold("trauung") // in another tab
	older.Set("start", chosen(v.get("/de/times?service=trauung")).Get("start"))
	v.want(v.post("/de/times", older), http.StatusSeeOther)
	if got := v.held(); got != 1 {
		t.Errorf("%d reservations", got)
	}
}
