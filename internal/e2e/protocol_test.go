// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// TestEveryResponse follows the whole flow and looks at every response on the
// way: headers, the one cookie, and that nothing leads to another site.
func TestEveryResponse(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	var cookies []string // "method path" of every response that set one; only what reserves may
	n := 0
	v.seen = func(a answer) {
		n++
		checkHeaders(t, a)
		checkLinks(t, a)
		if checkCookie(t, a) {
			cookies = append(cookies, a.Method+" "+secretInPath.ReplaceAllString(a.URL.Path, "/$1/…"))
		}
	}
	for _, path := range []string{"/", "/healthz", "/de/privacy", "/de/imprint", "/de/accessibility", "/de/accessibility/feedback",
		"/de/accessibility/feedback/sent", "/.well-known/security.txt", "/de/?q=Ausweis",
		"/de/?service=nichts", "/de/nichts", "/fr/", "/demo/mail", "/assets/nichts.css", "/de/hold/nichts", "/de/appointment/nichts"} {
		v.get(path)
	}
	start := v.page("/de/")
	assets(start).Each(func(_ int, s *goquery.Selection) {
		v.page(s.AttrOr("href", s.AttrOr("src", "")))
	})
	v.submit(v.page(v.hold(v.starts(trade)[0], trade)), "form#details", nil, "") // with errors
	b := v.book(person("protocol@example.org"), 0, trade)
	m := mailsTo(t, p, b.email, 1)[0]
	v.page("/demo/mail/" + m.id)
	v.page("/demo/mail/" + m.id + "/termin.ics")
	v.mail("/demo/mail/" + m.id)
	v.page(m.link(t) + "/calendar.ics")
	free := v.starts(trade)
	v.follow(v.move(m.link(t), free[len(free)-1]))
	v.follow(v.cancel(m.link(t)))
	cookies = slices.Compact(cookies)
	if want := []string{"POST /de/times"}; !slices.Equal(cookies, want) {
		t.Errorf("a cookie was set by %q, want %q", cookies, want)
	}
	if n < 40 {
		t.Errorf("only %d responses were looked at", n)
	}
}

// assets are what a page loads besides itself.
func assets(a answer) *goquery.Selection {
	return a.doc().Find(`link[rel=stylesheet], link[rel=icon], script[src]`)
}

func checkHeaders(t *testing.T, a answer) {
	t.Helper()
	at := a.Method + " " + secretInPath.ReplaceAllString(a.URL.Path, "/$1/…")
	policy := map[string]string{}
	for directive := range strings.SplitSeq(a.Header.Get("Content-Security-Policy"), ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(directive), " ")
		policy[name] = value
	}
	for name, want := range map[string]string{"default-src": "'none'", "script-src": "'self'", "style-src": "'self'",
		"form-action": "'self'", "base-uri": "'none'", "frame-ancestors": "'none'"} {
		if policy[name] != want {
			t.Errorf("%s: content policy %s is %q, want %q", at, name, policy[name], want)
		}
	}
	for name, want := range map[string]string{
		"X-Content-Type-Options":       "^nosniff$",
		"Referrer-Policy":              "^(no-referrer|same-origin)$",
		"Permissions-Policy":           `camera=\(\).*geolocation=\(\)`,
		"Cross-Origin-Opener-Policy":   "^same-origin$",
		"Cross-Origin-Resource-Policy": "^same-origin$",
	} {
		if got := a.Header.Get(name); !regexp.MustCompile(want).MatchString(got) {
			t.Errorf("%s: %s: %q", at, name, got)
		}
	}
	if a.Status/100 != 3 && len(a.Body) > 0 && a.Header.Get("Content-Type") == "" {
		t.Errorf("%s: no content type", at)
	}
	cache := a.Header.Get("Cache-Control")
	switch {
	case secretInPath.MatchString(a.URL.Path), strings.HasPrefix(a.URL.Path, "/demo/") && a.Status == http.StatusOK, a.Method == http.MethodPost:
		if cache != "no-store" {
			t.Errorf("%s (status %d): Cache-Control %q, want no-store", at, a.Status, cache)
		}
		if a.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s: a page with a secret is compressed", at)
		}
	case strings.HasPrefix(a.URL.Path, "/assets/") && a.Status == http.StatusOK:
		if !strings.Contains(cache, "immutable") || !strings.Contains(cache, "max-age=31536000") {
			t.Errorf("%s: Cache-Control %q", at, cache)
		}
	}
}

// checkCookie looks at the cookie of a response and tells whether there is
// one. A response may also end the one there was.
func checkCookie(t *testing.T, a answer) bool {
	t.Helper()
	set := a.Header.Values("Set-Cookie")
	if len(set) == 0 {
		return false
	}
	c, err := http.ParseSetCookie(set[0])
	if err != nil || len(set) > 1 {
		t.Fatalf("%d cookies at once, %v", len(set), err)
	}
	if c.Name != "session" || c.Path != "/" || c.Domain != "" || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode {
		t.Errorf("cookie %q: path %q, domain %q, HttpOnly %t, SameSite %d", c.Name, c.Path, c.Domain, c.HttpOnly, c.SameSite)
	}
	if c.Value == "" && c.MaxAge < 0 {
		return false
	}
	if c.RawExpires != "" || c.MaxAge != 0 {
		t.Error("the cookie outlives the browser")
	}
	if len(c.Value) < 22 { // 128 bits
		t.Errorf("the cookie's secret has only %d characters", len(c.Value))
	}
	return true
}

var (
	inStyle  = regexp.MustCompile(`(?i)url\(\s*["']?([^"')]*)|@import\s+["']([^"']*)`)
	fetching = []string{"src", "href", "action", "formaction", "poster", "data", "cite", "ping", "background", "xlink:href", "manifest"}
)

// checkLinks looks for addresses of another site, in pages, style sheets and
// redirections.
func checkLinks(t *testing.T, a answer) {
	t.Helper()
	check := func(where, to string) {
		t.Helper()
		u, err := a.URL.Parse(to)
		if err != nil {
			t.Errorf("%s: %q: %v", where, to, err)
			return
		}
		if u.Host != a.URL.Host && u.Scheme != "mailto" && u.Scheme != "tel" && u.Scheme != "data" {
			t.Errorf("%s %s leads to %s", a.URL.Path, where, u.Host)
		}
	}
	style := func(where, css string) {
		t.Helper()
		for _, m := range inStyle.FindAllStringSubmatch(css, -1) {
			check(where, m[1]+m[2])
		}
	}
	if to := a.Header.Get("Location"); to != "" {
		check("Location", to)
	}
	if link := a.Header.Get("Link"); link != "" {
		t.Errorf("header Link: %s", link)
	}
	kind := a.Header.Get("Content-Type")
	if strings.HasPrefix(kind, "text/css") {
		style("style sheet", a.Body)
	}
	if !strings.HasPrefix(kind, "text/html") {
		return
	}
	d := a.doc()
	for _, name := range fetching {
		d.Find("[" + strings.ReplaceAll(name, ":", `\:`) + "]").Each(func(_ int, s *goquery.Selection) {
			if s.Is(`a[rel=external][href^="https://"]`) && name == "href" {
				return // a link that is meant to lead elsewhere fetches nothing
			}
			check(goquery.NodeName(s)+" "+name, s.AttrOr(name, ""))
		})
	}
	d.Find("[srcset]").Each(func(_ int, s *goquery.Selection) {
		for candidate := range strings.SplitSeq(s.AttrOr("srcset", ""), ",") {
			check("srcset", strings.Fields(candidate)[0])
		}
	})
	if d.Find("[style], style, script:not([src]), iframe, object, embed, meta[http-equiv]").Length() > 0 ||
		regexp.MustCompile(`(?i)<[^>]*\son[a-z]+=`).MatchString(a.Body) {
		t.Errorf("%s: something that the content policy forbids", a.URL.Path)
	}
}

// TestMadeUpCookie comes with the id of a session that somebody else invented.
// It must not become the visitor's.
func TestMadeUpCookie(t *testing.T) {
	p := startDemo(t, "")
	v := newVisitor(t, p)
	starts := v.starts(certificate)
	for i, made := range []string{unknownSecret, "x", stringOf('x', 4000)} {
		v.client.Jar = nil
		v.header.Set("Cookie", "session="+made)
		v.page("/de/")
		a := v.post("/de/times", url.Values{"service": {certificate}, "location": {"rathaus"}, "start": {starts[i]}})
		v.seeOther(a)
		if !checkCookie(t, a) || strings.HasPrefix(a.Header.Get("Set-Cookie"), "session="+made+";") {
			t.Error("the session goes by the made up id")
		}
	}
}
