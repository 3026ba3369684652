// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"net/url"
	"strconv"
	"testing"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/locale"
)

// TestBadChoice asks for services, places and times that cannot be.
func TestBadChoice(t *testing.T) {
	p := startDemo(t, "")
	name := locale.Text{locale.DE: "Personalausweis beantragen", locale.EN: "Apply for an ID card"}
	quantity := func(v *visitor) []any { return []any{"Max", 4, "Name", name.In(locale.Lang(v.lang))} }
	day := func(days int) string { return clock.System{}.Now().AddDate(0, 0, days).Format(time.DateOnly) }
	long := url.Values{"q": {stringOf('x', 40_000)}}.Encode()
	for _, c := range []struct {
		name   string
		query  string // of the page with the times
		status int
		key    string
		args   func(*visitor) []any
	}{
		{"no service", "", 422, "select.empty", nil},
		{"unknown service", "service=nichts", 404, "select.unknown", nil},
		{"unknown beside a known one", "service=" + idCard + "&service=nichts", 404, "select.unknown", nil},
		{"service with a NUL", "service=" + idCard + "%00", 404, "select.unknown", nil},
		{"service that is no UTF-8", "service=%ff%fe", 404, "select.unknown", nil},
		{"service with a line break", "service=" + idCard + "%0d%0a", 404, "select.unknown", nil},
		{"quantity 0", "service=" + idCard + ".0", 422, "select.quantity", quantity},
		{"quantity 99", "service=" + idCard + ".99", 422, "select.quantity", quantity},
		{"quantity -1", "service=" + idCard + ".-1", 422, "select.quantity", quantity},
		{"quantity abc", "service=" + idCard + ".abc", 422, "select.quantity", quantity},
		{"quantity too long for a number", "service=" + idCard + ".99999999999999999999", 422, "select.quantity", quantity},
		{"quantity that adds up", "service=" + idCard + ".3&service=" + idCard + ".2", 422, "select.quantity", quantity},
		{"services that do not combine", "service=" + idCard + "&service=" + trade, 422, "select.combine", nil},
		{"service that stands alone", "service=" + wedding + "&service=" + papers, 422, "select.combine", nil},
		{"unknown location", "service=" + idCard + "&location=mond", 404, "location.unknown", nil},
		{"location that is no UTF-8", "service=" + idCard + "&location=%c3%28", 404, "location.unknown", nil},
		{"yesterday", "service=" + idCard + "&day=" + day(-1), 422, "time.horizon", nil},
		{"after the horizon", "service=" + idCard + "&day=" + day(62), 422, "time.horizon", nil},
		{"month after the horizon", "service=" + idCard + "&month=" + day(120), 422, "time.horizon", nil},
		{"no date", "service=" + idCard + "&day=morgen", 422, "time.horizon", nil},
		{"30 February", "service=" + idCard + "&day=2027-02-30", 422, "time.horizon", nil},
		{"date in another form", "service=" + idCard + "&day=24.12.2026", 422, "time.horizon", nil},
		{"no month", "service=" + idCard + "&month=13", 422, "time.horizon", nil},
		{"year 99999", "service=" + idCard + "&day=99999-01-01", 422, "time.horizon", nil},
		{"huge query", "service=nichts&" + long, 404, "select.unknown", nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBoth(t, p, func(t *testing.T, v *visitor) {
				var args []any
				if c.args != nil {
					args = c.args(v)
				}
				v.refused(v.get(v.path("/times?"+c.query)), c.status, c.key, args...)
			})
		})
	}
	t.Run("what could be chosen stays chosen", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			for _, page := range []string{"/?", "/times?"} {
				a := v.get(v.path(page + "service=" + idCard + ".2&service=nichts"))
				v.refused(a, 404, "select.unknown")
				if to := a.one(`#basket a[href*="/times"]`).AttrOr("href", ""); to != v.path("/times?service="+idCard+".2") {
					t.Errorf("the way on is %s", to)
				}
			}
		})
	})
	t.Run("search finds nothing", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			for _, q := range []string{"Quastenflosser", "%00", "%ff", `"><script>`, "%e2%80%ae"} {
				a := v.page(v.path("/?q=" + url.QueryEscape(q)))
				v.refused(a, 200, "start.no_results")
			}
		})
	})
}

// TestBadTime asks for times that are not to be had.
func TestBadTime(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	starts := v.starts(trade)
	taken := starts[len(starts)-1]
	v.hold(taken, trade)
	some := starts[len(starts)/2]
	for _, c := range []struct {
		name   string
		start  string
		status int
		key    string
	}{
		{"just taken", taken, 409, "booking.taken"},
		{"overlaps what was taken", later(t, taken, -600), 409, "booking.taken"},
		{"in the evening", later(t, some, 12*3600), 409, "booking.taken"},
		{"between two times of the interval", later(t, some, 300), 409, "booking.taken"},
		{"yesterday", strconv.FormatInt(clock.System{}.Now().Unix()/300*300-86400, 10), 409, "booking.taken"},
		{"in ten minutes", strconv.FormatInt(clock.System{}.Now().Unix()/300*300+600, 10), 409, "booking.taken"},
		{"next year", later(t, some, 365*86400), 422, "time.horizon"},
		{"off the grid", later(t, some, 61), 422, "time.free"},
		{"none", "", 422, "time.free"},
		{"a word", "heute", 422, "time.free"},
		{"too large", "99999999999999999999", 422, "time.free"},
		{"largest", "9223372036854775807", 422, "time.horizon"},
		{"smallest", "-9223372036854775808", 409, "booking.taken"},
		{"with a NUL", "1\x00", 422, "time.free"},
		{"no UTF-8", "\xff", 422, "time.free"},
	} {
		t.Run(c.name, func(t *testing.T) {
			inBoth(t, p, func(t *testing.T, v *visitor) {
				a := v.post(v.path("/times"), url.Values{"service": {trade}, "location": {"rathaus"}, "start": {c.start}})
				v.refused(a, c.status, c.key)
				if len(offered(a)) < 3 {
					t.Error("no other times are offered")
				}
				if got := a.one("form#choose [name=service]").AttrOr("value", ""); got != trade {
					t.Errorf("service %q was chosen", got)
				}
				again := v.submit(a, "form#choose", url.Values{"start": {other(a)}}, "")
				if again.Status != http.StatusSeeOther {
					t.Errorf("one of the offered times: status %d: %s", again.Status, again.text())
				}
				v.submit(v.page(again.location()), "form#details", nil, again.location()+"/release")
			})
		})
	}
	t.Run("unknown service or place in the form", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			v.refused(v.post(v.path("/times"), url.Values{"service": {"nichts"}, "start": {some}}), 404, "select.unknown")
			v.refused(v.post(v.path("/times"), url.Values{"service": {trade + ".99"}, "start": {some}}), 422, "select.quantity",
				"Max", 2, "Name", locale.Text{locale.DE: "Gewerbe anmelden", locale.EN: "Register a business"}.In(locale.Lang(v.lang)))
			v.refused(v.post(v.path("/times"), url.Values{"service": {trade}, "location": {"mond"}, "start": {some}}), 404, "location.unknown")
			v.refused(v.post(v.path("/times"), url.Values{}), 422, "select.empty")
		})
	})
}
