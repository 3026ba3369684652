// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/PuerkitoBio/goquery"
)

// visitor uses the pages without a browser. Each has a network of its own, so
// that the limits per network of one test are not those of another.
type visitor struct {
	t      testing.TB
	base   string
	lang   string
	client *http.Client
	host   string       // asked for; empty: the one of base
	header http.Header  // sent with every request
	seen   func(answer) // called for every answer; may be nil
}

// answer is a response whose body was read.
type answer struct {
	t      testing.TB
	Method string
	URL    *url.URL
	Status int
	Header http.Header
	Body   string
}

var networks atomic.Uint32

func newVisitor(t testing.TB, p *process) *visitor {
	t.Helper()
	n := networks.Add(1)
	own := &net.Dialer{LocalAddr: &net.TCPAddr{IP: net.IPv4(127, 77, byte(n>>8), byte(n))}}
	transport := &http.Transport{DisableCompression: true,
		DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
			return own.DialContext(ctx, network, address)
		}}
	t.Cleanup(transport.CloseIdleConnections)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	return &visitor{t: t, base: p.base, lang: "de", header: http.Header{},
		client: &http.Client{Transport: transport, Jar: jar, Timeout: patience,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}}
}

// english is a new visitor who reads English.
func newEnglish(t testing.TB, p *process) *visitor {
	t.Helper()
	v := newVisitor(t, p)
	v.lang = "en"
	return v
}

// path is a page in the visitor's language.
func (v *visitor) path(p string) string { return "/" + v.lang + p }

// send makes one request and follows nothing.
func (v *visitor) send(r *http.Request) answer {
	v.t.Helper()
	for name, values := range v.header {
		if _, own := r.Header[name]; !own {
			r.Header[name] = values
		}
	}
	if v.host != "" {
		r.Host = v.host
	}
	res, err := v.client.Do(r)
	if err != nil {
		v.t.Fatalf("%s: %v", r.Method, err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.t.Fatalf("%s: read answer: %v", r.Method, err)
	}
	a := answer{t: v.t, Method: r.Method, URL: r.URL, Status: res.StatusCode, Header: res.Header, Body: string(body)}
	if v.seen != nil {
		v.seen(a)
	}
	return a
}

// request makes a request for a path or an address of the site.
func (v *visitor) request(method, to string, body io.Reader) *http.Request {
	v.t.Helper()
	if strings.HasPrefix(to, "/") {
		to = v.base + to
	}
	r, err := http.NewRequestWithContext(v.t.Context(), method, to, body)
	if err != nil {
		v.t.Fatal(err)
	}
	return r
}

func (v *visitor) get(to string) answer {
	v.t.Helper()
	return v.send(v.request(http.MethodGet, to, nil))
}

// page gets a page, following redirections, which has to be there.
func (v *visitor) page(to string) answer {
	v.t.Helper()
	a := v.follow(v.get(to))
	if a.Status != http.StatusOK {
		v.t.Fatalf("GET: status %d, want 200: %s", a.Status, a.text())
	}
	return a
}

func (v *visitor) post(to string, form url.Values) answer {
	v.t.Helper()
	return v.postRaw(to, form.Encode())
}

func (v *visitor) postRaw(to, body string) answer {
	v.t.Helper()
	r := v.request(http.MethodPost, to, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return v.send(r)
}

// follow goes where a redirection leads.
func (v *visitor) follow(a answer) answer {
	v.t.Helper()
	for range 5 {
		if a.Status != http.StatusSeeOther && a.Status != http.StatusFound {
			return a
		}
		to, err := a.URL.Parse(a.Header.Get("Location"))
		if err != nil {
			v.t.Fatalf("redirection: %v", err)
		}
		a = v.get(to.String())
	}
	v.t.Fatal("redirected for ever")
	return a
}

// submit sends the form of a page that selector matches, with all that is in
// it, changed by what the visitor enters. action replaces the form's address,
// as a button with an address of its own does; it may be empty.
func (v *visitor) submit(a answer, selector string, enter url.Values, action string) answer {
	v.t.Helper()
	form := a.one(selector)
	values := url.Values{}
	form.Find("input[name], textarea[name]").Each(func(_ int, s *goquery.Selection) {
		name, _ := s.Attr("name")
		value := s.AttrOr("value", "")
		if s.Is("textarea") {
			value = s.Text()
		}
		_, checked := s.Attr("checked")
		if !s.Is("[type=checkbox]") || checked {
			values.Add(name, value)
		}
	})
	for name, list := range enter {
		values[name] = list
	}
	if action == "" {
		action = form.AttrOr("action", "")
	}
	to, err := a.URL.Parse(action)
	if err != nil {
		v.t.Fatal(err)
	}
	return v.post(to.String(), values)
}

// doc is the page as a tree.
func (a answer) doc() *goquery.Document {
	a.t.Helper()
	d, err := goquery.NewDocumentFromReader(bytes.NewBufferString(a.Body))
	if err != nil {
		a.t.Fatalf("parse page: %v", err)
	}
	return d
}

// one is the first element that matches; there has to be one.
func (a answer) one(selector string) *goquery.Selection {
	a.t.Helper()
	s := a.doc().Find(selector).First()
	if s.Length() == 0 {
		a.t.Fatalf("%s (status %d): no %s in: %s", a.Method, a.Status, selector, a.text())
	}
	return s
}

// text is what the page says, without its frame.
func (a answer) text() string {
	a.t.Helper()
	return oneLine(a.doc().Find("main").Text())
}

// oneLine makes texts comparable whatever their white space.
func oneLine(s string) string {
	return strings.Join(strings.Fields(strings.ReplaceAll(s, "\u00a0", " ")), " ")
}

// location is where an answer leads, without the host.
func (a answer) location() string {
	a.t.Helper()
	to, err := a.URL.Parse(a.Header.Get("Location"))
	if err != nil || a.Header.Get("Location") == "" {
		a.t.Fatalf("%s: status %d without a place to go to: %s", a.Method, a.Status, a.text())
	}
	return to.RequestURI()
}

func (a answer) String() string { return fmt.Sprintf("%s %d", a.Method, a.Status) }
