// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Whoever objects is not counted from that request on: neither what they look at
// nor what they book and cancel. What the office does is its own.
func TestStatisticsObjection(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		desk := v.login(v.hire(town, staff.Clerk, "quirin"))
		desk.client.Transport = sender{headers{"DNT": "1"}, v.client.Transport} // the clerk's, not the citizen's
		for name, value := range map[string]string{"Sec-GPC": "1", "DNT": "1"} {
			b := v.sending(headers{name: value, "User-Agent": firefox})
			b.get("/de/")
			b.get("/de/times?service=ausweis")
			form := b.take("ausweis", nextMorning)
			b.get(form)
			check := b.want(b.post(form, guest), http.StatusSeeOther)
			b.get(check)
			b.get(b.want(b.post(check, url.Values{}), http.StatusSeeOther))
			manage := strings.Replace(form, "/hold/", "/appointment/", 1)
			b.want(b.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
			other := b.appointment()
			v.wantCounted(map[string]int{})
			desk.want(desk.press(desk.get(other), "form[action$='/cancel'] button"), http.StatusSeeOther)
			v.wantCounted(map[string]int{"2026-09-07 rathaus cancelled office": 1})
		}
		for _, no := range []headers{{"Sec-GPC": "0"}, {"DNT": "0"}, {"DNT": "unspecified"}} {
			v.sending(no).get("/de/")
		}
		if n := v.counted()["2026-09-07 views services"]; n != 3 {
			t.Errorf("%d of three who do not object", n)
		}
	})
}

// What one visitor does and what two do is the same afterwards, whoever they are:
// there is nothing by which one could be told from the other.
func TestStatisticsTellNobodyApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		path := func(b *visit, start int64, with url.Values) {
			b.get("/de/")
			form := b.take("ausweis", start)
			b.get(form)
			b.get(b.want(b.post(form, with), http.StatusSeeOther))
			b.want(b.post(form+"/check", url.Values{}), http.StatusSeeOther)
		}
		dump := func() string {
			v.Helper()
			v.counted()
			defer v.exec("DELETE FROM statistic")
			var all []string
			err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
				var err error
				all, err = db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
					var c [6]string
					err := scan(&c[0], &c[1], &c[2], &c[3], &c[4], &c[5])
					return fmt.Sprintf("%q", c), err
				}, "SELECT tenant_id, CAST(day AS TEXT), location_id, measure, part, CAST(n AS TEXT) FROM statistic ORDER BY 1, 2, 3, 4, 5")
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return strings.Join(all, "\n")
		}
		one := v.sending(headers{"User-Agent": firefox, "Accept-Language": "de"})
		path(one, nextMorning, guest)
		path(one, nextMorning+3600, guest)
		alone := dump()

		two := v.sending(headers{"User-Agent": chrome, "Accept-Language": "fr-CA", "Referer": "https://www.example.org/geheim"})
		e.Clock.Advance(time.Hour)
		path(two, nextMorning+1800, but(guest, "email", "andere@example.org"))
		path(v.sending(headers{"User-Agent": firefox, "X-Forwarded-For": "203.0.113.77"}), nextMorning, guest)
		if together := dump(); together != alone || strings.Count(alone, "\n") < 6 {
			t.Errorf("one visitor:\n%s\ntwo:\n%s", alone, together)
		}
		for _, never := range []string{"quirin", "beispielhuber", "23125", "127.0.0.1", "firefox", "mozilla", "schalter", "counter"} {
			if strings.Contains(strings.ToLower(alone), never) {
				t.Errorf("%q was counted:\n%s", never, alone)
			}
		}
	})
}

// Two processes count into the same totals; one that stops writes what it has; a
// database that does not take it holds up nobody.
func TestStatisticsOfProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newBehindProxy(t, e)
		first := p.service
		second := p.serve()
		p.get("/de/")
		p.exec("ALTER TABLE statistic RENAME TO away")
		p.get("/de/")
		p.finish(p.take("ausweis", nextMorning))
		if err := first.Counter.Write(t.Context()); err == nil {
			t.Error("written into nothing")
		}
		p.exec("ALTER TABLE away RENAME TO statistic")
		p.get("/de/")
		p.lookAt(second)
		for _, s := range []*app.Service{first, second} {
			l, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			stop()
			if err := s.Run(ctx, l); err != nil {
				t.Fatal(err)
			}
		}
		for query, want := range map[string]int{"measure = 'views'": 4, "measure = 'asked'": 1, "measure = 'device'": 4} {
			if n := p.count("SELECT CAST(COALESCE(SUM(n), 0) AS BIGINT) FROM statistic WHERE " + query); n != want {
				t.Errorf("%s: %d, want %d", query, n, want)
			}
		}
		p.exec("UPDATE statistic SET day = $1 WHERE part = 'services'", int64(slot.DateOf(2021, time.July, 31)))
		p.houseUntilGone("SELECT COUNT(*) FROM statistic WHERE part = 'services'")
	})
}

// lookAt looks at the first page of another process.
func (p *behindProxy) lookAt(s *app.Service) {
	p.Helper()
	r := httptest.NewRequestWithContext(p.Context(), http.MethodGet, p.base+"/de/", nil)
	w := httptest.NewRecorder()
	if s.Site.ServeHTTP(w, r); w.Code != http.StatusOK {
		p.Fatalf("status %d", w.Code)
	}
}

// houseUntilGone runs a new process until there is nothing left of what a query
// counts.
func (p *behindProxy) houseUntilGone(query string) {
	p.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		p.Fatal(err)
	}
	ctx, stop := context.WithTimeout(p.Context(), time.Minute)
	ended := make(chan error)
	s := p.serve()
	go func() { ended <- s.Run(ctx, l) }()
	for p.count(query) > 0 && ctx.Err() == nil {
	}
	stop()
	if err := <-ended; err != nil {
		p.Fatal(err)
	}
	if n := p.count(query); n > 0 {
		p.Errorf("%d are still there", n)
	}
}
