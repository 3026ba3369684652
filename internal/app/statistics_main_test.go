// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/slot"
)

const (
	iphone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36"
)

// headers are what a browser sends with each request.
type headers map[string]string

// sender sends them on the line of somebody else.
type sender struct {
	headers
	line http.RoundTripper
}

func (s sender) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	for name, value := range s.headers {
		r.Header.Set(name, value)
	}
	return s.line.RoundTrip(r)
}

// newCounted is newOffice with one line for all who look at pages: whoever comes
// next on it knows that everything before has been counted.
func newCounted(t *testing.T, e *dbtest.Env) *visit {
	t.Helper()
	v := newOffice(t, e)
	v.client.Transport = &http.Transport{MaxConnsPerHost: 1}
	return v
}

// sending is another visitor, whose browser sends headers.
func (v *visit) sending(h headers) *visit {
	v.Helper()
	b := v.browser()
	b.client.Transport = sender{h, v.client.Transport}
	return b
}

// counted is all that has been counted, as "2026-09-07 rathaus asked ausweis".
func (v *visit) counted() map[string]int {
	v.Helper()
	v.want(v.get("/healthz"), http.StatusOK) // whose turn comes last
	if err := v.service.Counter.Write(v.Context()); err != nil {
		v.Fatal(err)
	}
	all := map[string]int{}
	err := v.Env.DB.Read(v.Context(), func(tx *db.Tx) error {
		_, err := db.Collect(v.Context(), tx, func(scan db.Scan) (bool, error) {
			var day int
			var place, measure, part string
			var n int
			err := scan(&day, &place, &measure, &part, &n)
			all[strings.Join(strings.Fields(slot.Date(day).String()+" "+place+" "+measure+" "+part), " ")] = n
			return true, err
		}, `SELECT s.day, COALESCE(l.key, s.location_id), s.measure, COALESCE(v.key, s.part), s.n FROM statistic s
			LEFT JOIN location l ON l.id = s.location_id LEFT JOIN service v ON v.id = s.part WHERE s.tenant_id = $1`, town)
		return err
	})
	if err != nil {
		v.Fatal(err)
	}
	return all
}

// wantCounted compares what has been counted since the last time.
func (v *visit) wantCounted(want map[string]int) {
	v.Helper()
	if got := v.counted(); !maps.Equal(got, want) {
		v.Errorf("counted\n%v, want\n%v", got, want)
	}
	v.exec("DELETE FROM statistic")
}

// take holds a time for services.
func (v *visit) take(service string, start int64) string {
	v.Helper()
	return v.want(v.post("/de/times", url.Values{"service": {service}, "location": {"rathaus"}, "start": {strconv.FormatInt(start, 10)}}), http.StatusSeeOther)
}

// finish books what is held, and returns the path of the appointment's page.
func (v *visit) finish(form string) string {
	v.Helper()
	done := v.want(v.post(v.want(v.post(form, guest), http.StatusSeeOther), url.Values{}), http.StatusSeeOther)
	return strings.Replace(strings.TrimSuffix(done, "/done"), "/hold/", "/appointment/", 1)
}
