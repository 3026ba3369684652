// SPDX-License-Identifier: EUPL-1.2

package web

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/clock"
)

// logged is a site with plain handlers whose access log can be read.
type logged struct {
	*testing.T
	*Site
	file string
	said bytes.Buffer
}

func newLogged(t *testing.T) *logged {
	dir := t.TempDir()
	l := &logged{T: t, file: filepath.Join(dir, "kleinstadt", "2026-09-07T08.log")}
	log := slog.New(slog.NewTextHandler(&l.said, nil))
	l.Site = &Site{Hosts: map[string]Host{"termine.example.org": {Tenant: "kleinstadt"}, "dorf.example.org": {Tenant: "kleindorf"}}, Log: log,
		Access:  accesslog.New(dir, clock.NewFake(time.Date(2026, time.September, 7, 8, 0, 0, 0, time.UTC)), log),
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}}
	return l
}

// entries are the lines so far.
func (l *logged) entries() []accesslog.Entry {
	l.Helper()
	b, err := os.ReadFile(l.file)
	if err != nil {
		l.Fatal(err)
	}
	var all []accesslog.Entry
	for line := range strings.Lines(string(b)) {
		var e accesslog.Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil {
			l.Fatal(err)
		}
		all = append(all, e)
	}
	return all
}

func request(method, path string) *http.Request {
	r := httptest.NewRequest(method, path, nil)
	r.Host = "termine.example.org"
	r.RemoteAddr = "203.0.113.77:5000"
	return r
}

// However an answer ends, its line says what was sent.
func TestAccessLogOfAnswers(t *testing.T) {
	l := newLogged(t)
	handle := func(pattern string, f http.HandlerFunc) { l.Handle(pattern, f) }
	handle("GET /page/{secret}", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("twelve bytes")) })
	handle("GET /nothing", func(http.ResponseWriter, *http.Request) {})
	handle("GET /early", func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusEarlyHints)
		w.WriteHeader(http.StatusNotFound)
		w.WriteHeader(http.StatusOK)
	})
	handle("GET /moved", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusSeeOther) })
	handle("GET /panic", func(http.ResponseWriter, *http.Request) { panic("out of order") })
	handle("GET /late", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte("half"))
		panic(http.ErrAbortHandler)
	})
	handle("GET /stream", func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, _ = w.Write([]byte(":\n\n"))
			if err := http.NewResponseController(w).Flush(); err != nil {
				t.Error(err)
			}
		}
	})
	var want, got []string
	for _, c := range []struct {
		method, path, request string
		status                int
		bytes                 int64
	}{
		{"GET", "/page/geheim?q=geheim", "GET /page/{secret}", 200, 12},
		{"HEAD", "/page/geheim", "HEAD /page/{secret}", 200, 0},
		{"GET", "/nothing", "GET /nothing", 200, 0},
		{"GET", "/early", "GET /early", 404, 0},
		{"GET", "/moved", "GET /moved", 303, 37},
		{"GET", "/panic", "GET /panic", 500, 4},
		{"GET", "/late", "GET /late", 200, 4},
		{"GET", "/stream", "GET /stream", 200, 9},
	} {
		answer := httptest.NewRecorder()
		l.ServeHTTP(answer, request(c.method, c.path))
		if c.method == http.MethodGet && int64(answer.Body.Len()) != c.bytes {
			t.Errorf("%s: %d bytes sent", c.request, answer.Body.Len())
		}
		line, err := json.Marshal([]any{c.request, c.status, c.bytes})
		if err != nil {
			t.Fatal(err)
		}
		want = append(want, string(line))
	}
	for _, e := range l.entries() {
		line, err := json.Marshal([]any{e.Request, e.Status, e.Bytes})
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, string(line))
		if e.IP != "203.0.113.77" || e.Time != "2026-09-07T08:00:00" {
			t.Errorf("%+v", e)
		}
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if said := l.said.String(); strings.Count(said, "\n") != 1 || strings.Contains(said, "203.0.113.77") {
		t.Errorf("the operator reads %s", said)
	}
}

// Hosts that are not ours have no log, and each tenant has its own.
func TestAccessLogOfHosts(t *testing.T) {
	l := newLogged(t)
	l.Handle("GET /nothing", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	for _, host := range []string{"Termine.Example.org", "dorf.example.org", "geheim.example.org", ""} {
		r := request(http.MethodGet, "/nothing")
		r.Host = host
		l.ServeHTTP(httptest.NewRecorder(), r)
	}
	if n := len(l.entries()); n != 1 {
		t.Errorf("%d lines", n)
	}
	folders, err := os.ReadDir(filepath.Dir(filepath.Dir(l.file)))
	if err != nil || len(folders) != 2 {
		t.Errorf("folders %v, %v", folders, err)
	}
}

func TestRequested(t *testing.T) {
	for _, c := range []struct{ method, pattern, want string }{
		{"GET", "GET /de/{$}", "GET /de/"},
		{"POST", "POST /de/hold/{secret}", "POST /de/hold/{secret}"},
		{"GET", "/", "GET unknown"},
		{"DELETE", "/", "DELETE unknown"},
		{"OPTIONS", "", "OPTIONS unknown"},
		{"GEHEIM", "/", "other unknown"},
		{"CONNECT", "/geheim/", "other unknown"},
	} {
		if got := requested(&http.Request{Method: c.method, Pattern: c.pattern}); got != c.want {
			t.Errorf("%s %s: got %q", c.method, c.pattern, got)
		}
	}
}

func TestReferrer(t *testing.T) {
	l := newLogged(t)
	nothing := http.HandlerFunc(func(http.ResponseWriter, *http.Request) {})
	for _, pattern := range []string{"GET /de/{$}", "GET /de/hold/{secret}", "POST /de/hold/{secret}/extend"} {
		l.Handle(pattern, nothing)
	}
	for header, want := range map[string]string{
		"":                                    "",
		"https://termine.example.org":         accesslog.Unknown,
		"https://termine.example.org/de":      "/de/",
		"https://TERMINE.example.org/de/?q=1": "/de/",
		"https://termine.example.org/de/hold/geheim?geheim#geheim":  "/de/hold/{secret}",
		"https://termine.example.org/de/hold/geh%2Feim":             "/de/hold/{secret}",
		"https://termine.example.org//de/x/../hold/geheim":          "/de/hold/{secret}",
		"https://termine.example.org/de/hold/geheim/extend":         "/de/hold/{secret}/extend",
		"https://termine.example.org/geheim":                        accesslog.Unknown,
		"https://dorf.example.org/de/hold/geheim":                   "https://dorf.example.org",
		"https://www.example.org/geheim?geheim":                     "https://www.example.org",
		"https://user:geheim@www.example.org/":                      "https://www.example.org",
		"https://www.example.org/" + strings.Repeat("geheim/", 400): accesslog.Other,
		"://geheim":    accesslog.Other,
		"geheim":       accesslog.Other,
		"data:,geheim": accesslog.Other,
	} {
		if got := l.referrer(header, "kleinstadt"); got != want {
			t.Errorf("%.60s: got %q, want %q", header, got, want)
		}
	}
}

// Counting what is sent does not hide from the server that a form was too
// large: it closes the connection instead of reading on.
func TestTooLargeEndsTheConnection(t *testing.T) {
	l := newLogged(t)
	l.Handle("POST /form", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if Status(readForm(w, r)) != http.StatusRequestEntityTooLarge {
			t.Error("accepted")
		}
	}))
	server := httptest.NewServer(l)
	defer server.Close()
	res, err := http.Post(server.URL+"/form", "application/x-www-form-urlencoded", strings.NewReader("a="+strings.Repeat("a", maxBody)))
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	if !res.Close {
		t.Error("the connection stays open")
	}
}
