// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// stream reads the events of a list.
type stream struct {
	t   *testing.T
	in  *bufio.Reader
	end func() error
}

// follow opens the stream of a page, at a server that is its own or another one.
func (v *visit) follow(page answer, server string) *stream {
	v.Helper()
	live := page.Find("[data-live]").AttrOr("data-live", "")
	r, err := http.NewRequestWithContext(v.Context(), http.MethodGet, server+live, nil)
	if err != nil {
		v.Fatal(err)
	}
	r.Host = strings.TrimPrefix(v.base, "http://")
	here, err := url.Parse(v.base)
	if err != nil {
		v.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(here) {
		r.AddCookie(c)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		v.Fatalf("status %d, headers %v", res.StatusCode, res.Header)
	}
	return &stream{v.T, bufio.NewReader(res.Body), res.Body.Close}
}

// next is the name of the next event; "end" when there is none any more and
// "comment" for a sign of life.
func (s *stream) next() string {
	s.t.Helper()
	for {
		line, err := s.in.ReadString('\n')
		switch {
		case err == io.EOF:
			return "end"
		case err != nil:
			s.t.Fatalf("the stream was cut off: %v", err)
		case strings.HasPrefix(line, ":"):
			return "comment"
		case strings.HasPrefix(line, "event: "):
			return strings.TrimSpace(strings.TrimPrefix(line, "event: "))
		}
	}
}

// event is the next one that is no sign of life.
func (s *stream) event() string {
	s.t.Helper()
	for {
		if e := s.next(); e != "comment" {
			return e
		}
	}
}

// A list is told of changes by others, also of those between the list and the
// stream, and no longer after logout. No person stands in what is sent.
func TestLiveList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.FrontDesk, "frieda"))
		page := one.get(today)
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self'") {
			t.Errorf("the page may not follow: %s", policy)
		}
		v.book("ausweis") // before anybody follows
		s := one.follow(page, v.base)
		if got := s.event(); got != "changed" {
			t.Fatalf("first event %q", got)
		}
		s = one.follow(one.get(today), v.base)
		if got := s.next(); got != "comment" {
			t.Fatalf("nothing has changed: %q", got)
		}
		two.want(two.press(two.get(today), row("1")+"button[formaction$='/arrive']"), http.StatusSeeOther)
		if got := s.event(); got != "changed" {
			t.Fatalf("somebody arrived: %q", got)
		}
		one.want(one.post("/de/desk/logout", url.Values{}), http.StatusSeeOther)
		if got := s.event(); got != "over" {
			t.Errorf("after the logout: %q", got)
		}
		if got := s.next(); got != "end" {
			t.Errorf("and then: %q", got)
		}
	})
}

// A stream lives longer than other answers may, and ends when the program is
// asked to stop, which waits for answers that are being written.
func TestStreamEndsWithTheProgram(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- v.service.Run(ctx, l) }()
	s := clerk.follow(clerk.get(today), "http://"+l.Addr().String())
	if got := s.next(); got != "comment" {
		t.Fatalf("first: %q", got)
	}
	stop()
	for got := s.next(); got != "end"; got = s.next() { // a connection that is cut off is no end
		if got != "comment" {
			t.Fatalf("at the end: %q", got)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// The server's limits for reading and writing do not cut a stream off.
func TestStreamOutlivesLimits(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: v.service.Site, ReadTimeout: 300 * time.Millisecond, WriteTimeout: 300 * time.Millisecond}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	s := clerk.follow(clerk.get(today), "http://"+l.Addr().String())
	for range 2 { // seconds apart
		if got := s.next(); got != "comment" {
			t.Fatalf("%q instead of a sign of life", got)
		}
	}
}

// A list that keeps itself up to date keeps nobody logged in: neither its stream
// nor what its script fetches counts as somebody being there.
func TestLiveListKeepsNobodyLoggedIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk, idle := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.Clerk, "frieda"))
		s := idle.follow(idle.get(today), v.base)
		script := *idle
		script.client = &http.Client{CheckRedirect: idle.client.CheckRedirect, Jar: idle.client.Jar, Transport: asScript{}}
		for range 2 {
			v.Clock.Advance(session.StaffIdle / 2)
			clerk.want(clerk.get(today), http.StatusOK)
			if script.get(today).StatusCode != http.StatusOK {
				break
			}
		}
		clerk.want(clerk.get(today), http.StatusOK)
		idle.want(idle.get(today), http.StatusSeeOther)
		if got := s.event(); got != "over" {
			t.Errorf("the stream says %q", got)
		}
	})
}

// asScript sends requests as a browser does for a script.
type asScript struct{}

func (asScript) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Sec-Fetch-Dest", "empty")
	return http.DefaultTransport.RoundTrip(r)
}
