// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bufio"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// TestBadRequest sends what no browser would.
func TestBadRequest(t *testing.T) {
	p := startDemo(t, "")
	inBoth(t, p, func(t *testing.T, v *visitor) {
		hold := v.hold(v.starts(idCard)[0], idCard)
		form := person("http@example.org").Encode()
		post := func(to, body string, header ...string) answer {
			r := v.request(http.MethodPost, to, strings.NewReader(body))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			for i := 0; i < len(header); i += 2 {
				r.Header.Set(header[i], header[i+1])
			}
			return v.send(r)
		}
		t.Run("too large", func(t *testing.T) {
			v.refused(post(hold, form+"&note="+stringOf('x', 64<<10)), 413, "error.toolarge")
			v.refused(post(v.path("/times"), "service="+stringOf('x', 70_000)), 413, "error.toolarge")
			shown(t, v.page(hold), "email", "")
		})
		t.Run("content type", func(t *testing.T) {
			for _, kind := range []string{"application/json", "multipart/form-data; boundary=x", "text/plain", "", "x"} {
				v.refused(post(hold, form, "Content-Type", kind), 415, "error.type")
			}
		})
		t.Run("broken form", func(t *testing.T) {
			v.refused(post(hold, "email=%zz"), 422, "error.form")
			v.refused(post(hold, "a;b"), 422, "error.form")
		})
		t.Run("another site", func(t *testing.T) {
			for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"},
				{"Origin", "https://evil.example"}, {"Origin", "null"}} {
				for _, to := range []string{hold, hold + "/check", hold + "/release", v.path("/times")} {
					v.refused(post(to, form, header...), 403, "error.crossorigin")
				}
			}
		})
		t.Run("own site", func(t *testing.T) {
			if a := post(hold, form, "Sec-Fetch-Site", "same-origin", "Origin", p.base); a.Status != http.StatusSeeOther {
				t.Errorf("status %d: %s", a.Status, a.text())
			}
		})
		t.Run("no such page", func(t *testing.T) {
			for _, path := range []string{"/nichts", "/hold", "/appointment/", "/times/1", "/hold/x/nichts"} {
				v.refused(v.get(v.path(path)), 404, "error.notfound.text")
			}
			for _, path := range []string{"/fr/", "/fr/times?service=" + idCard, "/DE/", "/d", "/wp-login.php", "/%00", "/%ff"} {
				v.refused(v.get(path), 404, "error.notfound.text")
			}
		})
		t.Run("headers", func(t *testing.T) {
			r := v.request(http.MethodGet, "/", nil)
			r.Header = http.Header{"Accept-Language": {strings.Repeat("xx,", 5000)}, "Cookie": {"session=" + stringOf('x', 5000)},
				"Accept-Encoding": {";;;q=x,gzip;q=0"}, "X-Forwarded-Host": {"evil.example"}, "X-Forwarded-For": {"1, 2, 3"}}
			if a := v.follow(v.send(r)); a.Status != 200 || strings.Contains(a.Body, "evil.example") {
				t.Errorf("status %d", a.Status)
			}
		})
	})
}

// TestMethods asks for pages and forms in the wrong way.
func TestMethods(t *testing.T) {
	p := startDemo(t, "")
	inBoth(t, p, func(t *testing.T, v *visitor) {
		for _, c := range []struct {
			method, path string
			allow        []string
		}{
			{"DELETE", "/", []string{"GET", "HEAD"}},
			{"POST", "/", []string{"GET", "HEAD"}},
			{"PUT", "/times", []string{"GET", "HEAD", "POST"}},
			{"DELETE", "/hold/" + unknownSecret, []string{"GET", "HEAD", "POST"}},
			{"GET", "/hold/" + unknownSecret + "/extend", []string{"POST"}},
			{"GET", "/hold/" + unknownSecret + "/release", []string{"POST"}},
			{"POST", "/hold/" + unknownSecret + "/done", []string{"GET", "HEAD"}},
			{"PATCH", "/appointment/" + unknownSecret + "/cancel", []string{"GET", "HEAD", "POST"}},
			{"OPTIONS", "/privacy", []string{"GET", "HEAD"}},
		} {
			r := v.request(c.method, v.path(c.path), nil)
			if c.method == http.MethodPost {
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			}
			a := v.send(r)
			v.refused(a, 405, "error.method")
			allow := strings.FieldsFunc(a.Header.Get("Allow"), func(r rune) bool { return r == ',' || r == ' ' })
			for _, method := range c.allow {
				if !slices.Contains(allow, method) {
					t.Errorf("%s %s: Allow: %q lacks %s", c.method, secretInPath.ReplaceAllString(c.path, "/$1/…"), allow, method)
				}
			}
		}
	})
}

// TestHostileHost asks for hosts that are not served here.
func TestHostileHost(t *testing.T) {
	p := startDemo(t, "")
	inBoth(t, p, func(t *testing.T, v *visitor) {
		for _, host := range []string{"evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example",
			strings.TrimPrefix(p.base, "http://") + ".evil.example"} {
			for _, path := range []string{"/", "/de/", "/en/times?service=" + idCard, "/nichts", "/demo/mail"} {
				r := v.request(http.MethodGet, path, nil)
				r.Host = host
				r.Header.Set("X-Forwarded-Host", "evil.example")
				a := v.send(r)
				if a.Status != http.StatusMisdirectedRequest {
					t.Errorf("%s %s: status %d", host, path, a.Status)
				}
				if strings.Contains(a.Body+fmt.Sprint(a.Header), "evil") {
					t.Errorf("%s %s: the host comes back", host, path)
				}
			}
			r := v.request(http.MethodGet, v.path("/"), nil)
			r.Host = host
			v.refused(v.send(r), http.StatusMisdirectedRequest, "error.host")
		}
	})
}

// TestRawRequests writes requests that no client library would send.
func TestRawRequests(t *testing.T) {
	p := startDemo(t, "")
	host := strings.TrimPrefix(p.base, "http://")
	for _, c := range []struct {
		target string
		status []int
	}{
		{"/assets/../../../../etc/passwd", []int{301, 307, 404}},
		{"/assets/..%2f..%2f..%2fetc%2fpasswd", []int{404}},
		{"/assets/%2e%2e/%2e%2e/etc/passwd", []int{301, 307, 404}},
		{"/assets/..\\..\\etc\\passwd", []int{404}},
		{"/assets/manifest.json", []int{404}},
		{"/assets/", []int{404}},
		{"/assets/%00", []int{404}},
		{"//evil.example/", []int{301, 307, 404}},
		{"//evil.example/..", []int{301, 302, 307, 404}},
		{"/\\evil.example/", []int{404}},
		{"/de//evil.example", []int{301, 307, 404}},
		{"http://evil.example/de/", []int{421}},
		{"/de/?" + stringOf('x', 70_000), []int{431}},
		{"/%", []int{400}},
	} {
		conn, err := net.Dial("tcp", host)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", c.target, host); err != nil {
			t.Fatal(err)
		}
		r, err := http.ReadResponse(bufio.NewReader(conn), nil)
		if err != nil {
			t.Fatalf("%.60s: %v", c.target, err)
		}
		body, _ := io.ReadAll(r.Body) // a refused request may break off
		conn.Close()
		if !slices.Contains(c.status, r.StatusCode) {
			t.Errorf("%.60s: status %d, want one of %d", c.target, r.StatusCode, c.status)
		}
		if strings.Contains(string(body), "root:") || strings.Contains(string(body), "site.css\":") {
			t.Errorf("%.60s: a file comes back", c.target)
		}
		if to := r.Header.Get("Location"); to != "" {
			u, err := url.Parse(to)
			if err != nil || u.Host != "" || strings.HasPrefix(to, "//") || strings.HasPrefix(to, "/\\") {
				t.Errorf("%.60s: leads to %q", c.target, to)
			}
		}
	}
}

// TestLimits books more than one person would.
func TestLimits(t *testing.T) {
	p := startDemo(t, "")
	t.Run("one network", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			form := url.Values{"service": {certificate}, "location": {"rathaus"}, "start": {v.starts(certificate)[0]}}
			for range 40 {
				if a := v.post(v.path("/times"), form); a.Status != http.StatusSeeOther && a.Status != http.StatusConflict {
					t.Fatalf("status %d: %s", a.Status, a.text())
				}
			}
			v.refused(v.post(v.path("/times"), form), 429, "limit.network")
			if a := newVisitor(t, p).post(v.path("/times"), form); a.Status == 429 {
				t.Error("another network is limited too")
			}
		})
	})
	t.Run("one address", func(t *testing.T) {
		inBoth(t, p, func(t *testing.T, v *visitor) {
			form := person("many-" + v.lang + "@example.org")
			for _, service := range []string{idCard, certificate, idCard, certificate, idCard} {
				v.book(form, 0, service)
			}
			form.Set("email", strings.ToUpper(form.Get("email"))) // the same mailbox, as far as anyone can tell
			hold := v.hold(v.starts(idCard)[0], idCard)
			v.refused(v.submit(v.fill(hold, form), checkForm, nil, ""), 429, "limit.person", "Max", 3)
			shown(t, v.page(hold), "email", form.Get("email"))
			hold = v.hold(v.starts(certificate)[0], certificate)
			v.refused(v.submit(v.fill(hold, form), checkForm, nil, ""), 429, "limit.address")
		})
	})
}
