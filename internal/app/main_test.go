// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/app"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"

	"github.com/PuerkitoBio/goquery"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// visit is a visitor of a service over the test town, without cookies.
type visit struct {
	*testing.T
	*dbtest.Env
	service *app.Service
	key     *seal.Key
	mails   *capture.Transport
	tenants map[string]*url.URL
	base    string
	client  *http.Client
}

func newVisit(t *testing.T, e *dbtest.Env, limits config.Limits) *visit {
	t.Helper()
	key, tenant := officetest.Import(t, e)
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	base := &url.URL{Scheme: "http", Host: server.Listener.Addr().String()}
	tenants := map[string]*url.URL{tenant: base}
	s, err := app.NewService(app.Options{DB: e.DB, Key: key, Clock: e.Clock, Log: slog.New(slog.NewTextHandler(t.Output(), nil)),
		Texts: texts, Tenants: tenants, Transport: mails, From: "termine@example.org", Limits: limits,
		AccessLog: filepath.Join(t.TempDir(), "access-log")})
	if err != nil {
		t.Fatal(err)
	}
	server.Config.Handler = s.Site
	server.Start()
	t.Cleanup(server.Close)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &visit{T: t, Env: e, service: s, key: key, mails: mails, tenants: tenants, base: base.String(), client: &http.Client{CheckRedirect: stay}}
}

// answer is a response with its body read.
type answer struct {
	*http.Response
	*goquery.Document
	body string
}

func (v *visit) get(path string) answer {
	v.Helper()
	return v.do(http.MethodGet, path, nil)
}

func (v *visit) post(path string, form url.Values) answer {
	v.Helper()
	return v.do(http.MethodPost, path, form)
}

func (v *visit) do(method, path string, form url.Values) answer {
	v.Helper()
	r, err := http.NewRequestWithContext(v.Context(), method, v.base+strings.TrimPrefix(path, v.base), strings.NewReader(form.Encode()))
	if err != nil {
		v.Fatal(err)
	}
	if form != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.client.Do(r)
	if err != nil {
		v.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		v.Fatal(err)
	}
	doc, err := goquery.NewDocumentFromReader(strings.NewReader(string(body)))
	if err != nil {
		v.Fatal(err)
	}
	return answer{Response: res, Document: doc, body: string(body)}
}

// want checks status and, after a form, where it leads.
func (v *visit) want(a answer, status int) string {
	v.Helper()
	if a.StatusCode != status {
		v.Fatalf("status %d, want %d: %s", a.StatusCode, status, a.Find("main").Text())
	}
	return a.Header.Get("Location")
}

var guest = url.Values{"first-name": {"Quirin"}, "last-name": {"Beispielhuber"}, "email": {"quirin@example.org"},
	"phone": {"030 23125 123"}}

// hold reserves the first time offered for a service and returns the path of
// its form.
func (v *visit) hold(service string) string {
	v.Helper()
	page := v.get("/de/times?service=" + service)
	start, _ := page.Find("button[name=start]").First().Attr("value")
	return v.want(v.post("/de/times", url.Values{"service": {service}, "location": {"rathaus"}, "start": {start}}), http.StatusSeeOther)
}

// book goes the whole way and returns the path of the last page.
func (v *visit) book(service string) string {
	v.Helper()
	form := v.hold(service)
	check := v.want(v.post(form, guest), http.StatusSeeOther)
	return v.want(v.post(check, url.Values{}), http.StatusSeeOther)
}

// send delivers the mails and returns the newest one to an address.
func (v *visit) send(to string) capture.Captured {
	v.Helper()
	if _, err := v.service.Worker.Step(v.Context()); err != nil {
		v.Fatal(err)
	}
	for _, m := range v.mails.List() {
		if m.To == to {
			return m
		}
	}
	v.Fatalf("no mail to %s", to)
	return capture.Captured{}
}

func (v *visit) exec(query string, args ...any) {
	v.Helper()
	v.Exec(v.T, query, args...)
}

// link is the first address in a mail that ends in a suffix.
func link(t *testing.T, m capture.Captured, suffix string) string {
	t.Helper()
	found := regexp.MustCompile(`http://\S+` + suffix + `\b`).FindString(m.Text)
	if found == "" {
		t.Fatalf("no link %q in the mail", suffix)
	}
	return found
}
