// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office/officetest"
)

// another is the same town served by another process, as far as there is one
// in a test: with its own connections, and nothing remembered.
func (w *watcher) another() *watcher {
	w.Helper()
	d, err := db.Open(w.Context(), w.Location, w.Clock)
	if err != nil {
		w.Fatal(err)
	}
	w.Cleanup(func() {
		if err := d.Close(); err != nil {
			w.Error(err)
		}
	})
	texts, err := locale.Load()
	if err != nil {
		w.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}
	s, err := app.NewService(app.Options{DB: d, Key: w.key, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(w.Output(), nil)),
		Texts: texts, Tenants: map[string]*url.URL{"kleinstadt": base}, Transport: w.mails, From: "termine@example.org",
		Limits: config.Limits{Holds: 10_000, Bookings: 10_000}})
	if err != nil {
		w.Fatal(err)
	}
	server.Config.Handler = s.Site
	server.Start()
	w.Cleanup(server.Close)
	o := *w.visit
	o.service, o.base = s, base.String()
	return &watcher{&o, w.once}
}

// What another process did is on the next page of this one, and the other way
// round.
func TestTimesFollowOtherProcesses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		both := []*watcher{w, w.another()}
		start := w.firstTime("trauung")
		for i := range both {
			here, there := both[i], both[1-i]
			here.look("at first")
			form := there.take("trauung", start)
			here.wantOffered("held there", "trauung", start, false)
			there.want(there.post(form+"/release", url.Values{}), http.StatusSeeOther)
			here.wantOffered("given back there", "trauung", start, true)
			there.take("trauung", start)
			e.Clock.Advance(officetest.Hold - time.Second)
			here.wantOffered("almost run out", "trauung", start, false)
			e.Clock.Advance(time.Second)
			here.wantOffered("run out", "trauung", start, true)
		}
	})
}

// While many look at the times, whoever has just changed something sees it.
func TestTimesInARush(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		start := w.firstTime("trauung")
		stop := make(chan struct{})
		var crowd sync.WaitGroup
		for i := range 4 {
			address := fmt.Sprintf("%s/de/times?service=trauung&x=%d", w.base, i%2)
			crowd.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					res, err := http.Get(address)
					if err != nil {
						t.Error(err)
						return
					}
					if _, err := io.Copy(io.Discard, res.Body); err != nil || res.StatusCode != http.StatusOK {
						t.Error(res.StatusCode, err)
					}
					res.Body.Close()
				}
			})
		}
		for range 12 {
			form := w.take("trauung", start)
			if w.offers("trauung", start) {
				t.Error("held, and still offered")
			}
			w.want(w.post(form+"/release", url.Values{}), http.StatusSeeOther)
			if !w.offers("trauung", start) {
				t.Error("given back, and not offered")
			}
		}
		close(stop)
		crowd.Wait()
	})
}

// Two copies of one drawn page are two people: each gets a hold, and the
// double click of each leads to its own.
func TestTwoCopiesOfAPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		const address = "/en/times?service=ausweis"
		var forms []url.Values
		for range 3 {
			page := w.get(address)
			w.ownSecret(page.body)
			forms = append(forms, chosen(page))
		}
		var held []string
		for _, form := range forms[:2] {
			held = append(held, w.want(w.post("/en/times", form), http.StatusSeeOther))
		}
		if held[0] == held[1] || w.held() != 2 {
			t.Errorf("%d holds", w.held())
		}
		refused := w.post("/en/times", forms[2]) // there are two counters
		w.want(refused, http.StatusConflict)
		w.ownSecret(refused.body)
		for i, form := range forms[:2] {
			if again := w.want(w.post("/en/times", form), http.StatusSeeOther); again != held[i] {
				t.Error("a second click leads elsewhere")
			}
		}
	})
}

// Whoever has a reservation is led back to it from a page of their own, and
// nobody else sees anything of that.
func TestTimesWithASession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newWatcher(t, e)
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		const address = "/de/times?service=ausweis"
		look := func(j http.CookieJar) answer {
			t.Helper()
			w.client.Jar = j
			page := w.get(address)
			w.want(page, http.StatusOK)
			w.ownSecret(page.body)
			return page
		}
		look(nil) // drawn for everybody
		w.client.Jar = jar
		form := w.take("trauung", w.firstTime("trauung"))
		base, err := url.Parse(w.base)
		if err != nil {
			t.Fatal(err)
		}
		secrets := []string{strings.TrimPrefix(form, "/de/hold/")}
		for _, c := range jar.Cookies(base) {
			secrets = append(secrets, c.Value)
		}
		if len(secrets) != 2 {
			t.Fatal("no cookie")
		}
		for range 2 {
			own := look(jar)
			if own.Find("a[href='"+form+"']").Length() == 0 || own.Header.Get("Cache-Control") != "no-store" || own.Uncompressed {
				t.Error("the visitor's own page does not lead back, or may be stored, or is compressed")
			}
			public := look(nil)
			if public.Header.Get("Cache-Control") != "no-cache" || !public.Uncompressed {
				t.Error("the public page is treated like a personal one")
			}
			for _, s := range secrets {
				if strings.Contains(public.body, s) {
					t.Error("the public page has a visitor's secret")
				}
			}
			if public.Find("a[href*='/hold/']").Length() > 0 {
				t.Error("the public page leads to a reservation")
			}
		}
		e.Clock.Advance(officetest.Hold)
		if over := look(jar); over.Find("a[href*='/hold/']").Length() > 0 {
			t.Error("leads to what has run out")
		}
	})
}

// Addresses that nobody expected, too long to be kept, and more than are kept:
// all of them show what is true.
func TestUnusualAddresses(t *testing.T) {
	w := newWatcher(t, dbtest.New(t, "sqlite"))
	start := w.firstTime("trauung")
	address := "/de/times?service=trauung&day=" + time.Unix(start, 0).UTC().Format(time.DateOnly)
	unusual := []string{"&utm_source=mail&x=%3Cscript%3E&x=2", "&x=" + strings.Repeat("lang", 300), "&once=abc&hold=abc",
		"&", "&service=", "&%zz"}
	for n := range 500 {
		unusual = append(unusual, fmt.Sprint("&n=", n))
	}
	check := func(offered bool) {
		t.Helper()
		for _, more := range unusual {
			status, body := w.raw(address + more)
			w.ownSecret(body)
			if status != http.StatusOK || strings.Contains(body, fmt.Sprintf(`name="start" value="%d"`, start)) != offered {
				t.Errorf("with %.30q: %d, want offered %v", more, status, offered)
			}
			if strings.Contains(body, "<script>") {
				t.Errorf("with %.30q: what the address says is not escaped", more)
			}
		}
	}
	check(true)
	form := w.take("trauung", start)
	check(false)
	w.want(w.post(form+"/release", url.Values{}), http.StatusSeeOther)
	check(true)
}
