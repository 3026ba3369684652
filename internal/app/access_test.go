// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"encoding/json"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/app"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
)

const firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"

// behindProxy is a visit through a proxy that the service trusts, whose
// requests reach the log in their order.
type behindProxy struct {
	*visit
	folder string
	server *httptest.Server
	said   bytes.Buffer // what the operator reads; complete when the server is closed
	want   []accesslog.Entry
}

func newBehindProxy(t *testing.T, e *dbtest.Env) *behindProxy {
	t.Helper()
	p := &behindProxy{visit: newVisit(t, e, config.Defaults), folder: filepath.Join(t.TempDir(), "access-log")}
	p.server = httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: p.server.Listener.Addr().String()}
	p.tenants[town], p.base = base, base.String()
	p.service = p.serve()
	p.server.Config.Handler = p.service.Site
	p.server.Start()
	t.Cleanup(p.server.Close)
	p.client.Transport = &http.Transport{MaxConnsPerHost: 1, DisableCompression: true}
	return p
}

// serve makes the service of a process.
func (p *behindProxy) serve() *app.Service {
	p.Helper()
	texts, err := locale.Load()
	if err != nil {
		p.Fatal(err)
	}
	s, err := app.NewService(app.Options{DB: p.Env.DB, Key: p.key, Clock: p.Clock, Log: slog.New(slog.NewTextHandler(&p.said, nil)),
		Texts: texts, Tenants: p.tenants, Transport: p.mails, From: "termine@example.org", Limits: config.Defaults,
		Proxies: []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}, AccessLog: p.folder})
	if err != nil {
		p.Fatal(err)
	}
	return s
}

// ask makes a request with name and value pairs as headers, and notes the line
// that it should leave: what differs from a visitor with Firefox is in line.
func (p *behindProxy) ask(method, path string, status int, line accesslog.Entry, headers ...string) {
	p.Helper()
	r, err := http.NewRequestWithContext(p.Context(), method, p.base+path, nil)
	if err != nil {
		p.Fatal(err)
	}
	line.IP, line.Browser, line.System, line.Language = "203.0.113.77", "Firefox", "Windows", "de-DE 145.0"
	r.Header.Set("X-Forwarded-For", "198.51.100.9, 203.0.113.77") // the first is made up by the visitor
	r.Header.Set("User-Agent", firefox)
	r.Header.Set("Accept-Language", "de-DE,de;q=0.9")
	for pair := range slices.Chunk(headers, 2) {
		switch r.Header.Set(pair[0], pair[1]); pair[0] {
		case "X-Forwarded-For":
			line.IP = pair[1]
		case "User-Agent":
			line.Browser, line.System, line.Language = "other", "other", ""
		}
	}
	res, err := p.client.Do(r)
	if err != nil {
		p.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil || res.StatusCode != status {
		p.Fatalf("%s: status %d, want %d; %v", line.Request, res.StatusCode, status, err)
	}
	line.Time, line.Zone, line.Status, line.Bytes = "2026-09-07T08:00:00", "+00:00", status, int64(len(body))
	p.want = append(p.want, line)
}

// lines are those of a file of the town's log.
func (p *behindProxy) lines(name string) []string {
	p.Helper()
	b, err := os.ReadFile(filepath.Join(p.folder, town, name))
	if err != nil {
		p.Fatal(err)
	}
	return strings.Split(strings.TrimSuffix(string(b), "\n"), "\n")
}

// everything is all that lies in the folder of the log, with names of files.
func (p *behindProxy) everything() string {
	p.Helper()
	var all strings.Builder
	err := fs.WalkDir(os.DirFS(p.folder), ".", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		b, err := os.ReadFile(filepath.Join(p.folder, path))
		all.WriteString(path + "\n" + string(b))
		return err
	})
	if err != nil {
		p.Fatal(err)
	}
	return all.String()
}

// keepHouse is one run of the deletion job, in a new process.
func (p *behindProxy) keepHouse() {
	p.Helper()
	if err := p.serve().Deletion.Run(p.Context()); err != nil {
		p.Fatal(err)
	}
}

// The log holds ten fields of each request and nothing that a visitor typed,
// looked for or must keep secret.
func TestAccessLog(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newBehindProxy(t, e)
		form := p.hold("ausweis")
		secret := strings.TrimPrefix(form, "/de/hold/")
		style, _ := p.get("/de/").Find("link[rel=stylesheet]").Attr("href")
		before := 3 // requests so far
		p.wander(form, style)
		takeAway(t, e)
		p.ask("GET", "/de/times?service=ausweis", 500, accesslog.Entry{Request: "GET /de/times"})
		p.server.Close() // every line is written

		lines := p.lines("2026-09-07T08.log")
		if len(lines) != before+len(p.want) {
			t.Fatalf("%d lines, want %d", len(lines), before+len(p.want))
		}
		for i, line := range lines {
			var keys map[string]any
			var got accesslog.Entry
			if err := json.Unmarshal([]byte(line), &keys); err != nil {
				t.Fatal(err)
			}
			if err := json.Unmarshal([]byte(line), &got); err != nil {
				t.Fatal(err)
			}
			for _, key := range accesslog.Fields() {
				delete(keys, key)
			}
			if strings.Count(line, `":`) != 10 || len(keys) != 0 {
				t.Errorf("not the ten fields: %s", line)
			}
			if i >= before && got != p.want[i-before] {
				t.Errorf("line %d:\ngot  %+v\nwant %+v", i, got, p.want[i-before])
			}
		}
		for place, text := range map[string]string{"the log": p.everything(), "what the operator reads": p.said.String()} {
			for _, never := range []string{secret, "geheim", "ausweis", "Mozilla", "rv:145", style, "198.51.100.9"} {
				if strings.Contains(text, never) {
					t.Errorf("%q is in %s:\n%s", never, place, text)
				}
			}
		}
		for _, never := range []string{"203.0.113.77", "2001:db8", "127.0.0.1", "/de/times?", "Firefox"} {
			if strings.Contains(p.said.String(), never) {
				t.Errorf("the operator reads %q:\n%s", never, &p.said)
			}
		}
	})
}

// wander asks for pages of all sorts, as visitors of all sorts would.
func (p *behindProxy) wander(form, style string) {
	p.Helper()
	own := p.base
	p.ask("GET", "/de/", 200, accesslog.Entry{Request: "GET /de/"})
	p.ask("HEAD", "/de/", 200, accesslog.Entry{Request: "HEAD /de/"})
	p.ask("GET", "/de/times?service=ausweis&note=geheim", 200, accesslog.Entry{Request: "GET /de/times", Referrer: "https://www.example.org"},
		"Referer", "https://user:geheim@www.example.org/geheim?geheim=geheim#geheim")
	p.ask("GET", "/de/times?service=ausweis", 200, accesslog.Entry{Request: "GET /de/times", Referrer: "/de/times"},
		"Referer", own+"/de/times?service=geheim", "Accept-Encoding", "gzip")
	p.ask("GET", form, 200, accesslog.Entry{Request: "GET /de/hold/{secret}"}, "X-Forwarded-For", "2001:db8:1:2:3::9")
	p.ask("GET", style, 200, accesslog.Entry{Request: "GET /assets/{file}", Referrer: "/de/hold/{secret}"}, "Referer", own+form)
	p.ask("GET", "/de/hold/geheim", 404, accesslog.Entry{Request: "GET /de/hold/{secret}"})
	p.ask("GET", "/de/geheim?geheim=1", 404, accesslog.Entry{Request: "GET unknown", Referrer: "unknown"}, "Referer", own+"/geheim")
	p.ask("GET", "/", 302, accesslog.Entry{Request: "GET /"})
	p.ask("GET", "/de//times?service=geheim", 307, accesslog.Entry{Request: "GET /de/times"})
	p.ask("POST", form, 415, accesslog.Entry{Request: "POST /de/hold/{secret}"})
	p.ask("GEHEIM", "/de/", 405, accesslog.Entry{Request: "other unknown"})
	p.ask("GET", "/healthz", 200, accesslog.Entry{Request: "GET /healthz"})
	p.ask("GET", "/de/privacy", 200, accesslog.Entry{Request: "GET /de/privacy", Referrer: "other"},
		"User-Agent", `geheim/1.0 (geheim; geheim) "geheim`, "Accept-Language", "x-geheim, de", "Referer", "geheim:geheim")
}

// A day later nobody's address is in the log, a week later nothing is, without
// anything that somebody had to set up.
func TestAccessLogEnds(t *testing.T) {
	p := newBehindProxy(t, dbtest.New(t, "sqlite"))
	p.ask("GET", "/de/", 200, accesslog.Entry{})
	p.ask("GET", "/de/", 200, accesslog.Entry{}, "X-Forwarded-For", "2001:db8:1:2:3::9")
	p.server.Close()
	elsewhere := filepath.Join(p.folder, "grossstadt") // a tenant that is not served
	if err := os.MkdirAll(elsewhere, 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(elsewhere, "2026-09-07T08.log"), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	p.keepHouse()
	if all := p.everything(); !strings.Contains(all, "203.0.113.77") {
		t.Fatalf("too early: %s", all)
	}
	p.Clock.Advance(24 * time.Hour)
	p.keepHouse()
	all := p.everything()
	if strings.Contains(all, "113.77") || strings.Contains(all, "db8:1:2") {
		t.Errorf("after a day: %s", all)
	}
	if n := len(p.lines("2026-09-07T08.short.log")); n != 2 || !strings.Contains(all, `"203.0.113.0"`) || !strings.Contains(all, `"2001:db8:1::"`) {
		t.Errorf("after a day there are %d lines: %s", n, all)
	}
	p.Clock.Advance(6 * 24 * time.Hour)
	p.keepHouse()
	if all := p.everything(); all != "grossstadt/2026-09-07T08.log\n" {
		t.Errorf("after a week: %s", all)
	}
}
