// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"net"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/examples"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/session"
)

// A change makes a version; the page says which is in force since when, and the old
// ones can be read.
func TestVersionsOfTheNoticePage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		r := newReaders(t, e)
		doc, _ := r.read("/de/privacy", "", http.StatusOK)
		if text := doc.Find("main").Text(); !strings.Contains(text, "Version 1, gilt seit Montag, 7. September 2026.") {
			t.Error("the page does not say its version and date")
		}
		e.Clock.Advance(48 * time.Hour)
		officetest.ImportFile(t, e, r.key, []byte(strings.Replace(string(examples.OerErkenschwick), "appointment_days: 30", "appointment_days: 20", 1)))
		doc, _ = r.read("/de/privacy", "", http.StatusOK)
		if text := doc.Find("main").Text(); !strings.Contains(text, "Version 2, gilt seit Mittwoch, 9. September 2026.") || !strings.Contains(text, "20 Tage") {
			t.Error("the change is no new version")
		}
		doc, _ = r.read("/en/privacy/versions", "", http.StatusOK)
		links := doc.Find("main li a")
		if links.Length() != 2 || links.Eq(1).AttrOr("href", "") != "/en/privacy/version/1" || !strings.Contains(links.Eq(1).Text(), "Monday, 7 September 2026") {
			t.Errorf("versions: %s", links.Text())
		}
		doc, _ = r.read("/de/privacy/version/1", "", http.StatusOK)
		if text := doc.Find("main").Text(); !strings.Contains(text, "gilt nicht mehr") || !strings.Contains(text, "30 Tage") ||
			doc.Find("main a[href='/de/privacy']").Length() != 1 {
			t.Error("the old version is not there, or does not say that it is old")
		}
		doc, _ = r.read("/de/privacy/version/2", "", http.StatusOK)
		if strings.Contains(doc.Find("main").Text(), "gilt nicht mehr") {
			t.Error("the version in force is called old")
		}
		for _, n := range []string{"0", "3", "-1", "01", "x", "99999999999999999999"} {
			r.read("/de/privacy/version/"+n, "", http.StatusNotFound)
		}
	})
}

// Addresses that stand on paper lead to the page in the visitor's language.
func TestShortAddresses(t *testing.T) {
	r := newReaders(t, dbtest.New(t, "sqlite"))
	for path, to := range map[string]string{"/datenschutz": "/privacy", "/impressum": "/imprint", "/barrierefreiheit": "/accessibility"} {
		for accept, lang := range map[string]string{"de": "/de", "en-GB,en;q=0.9": "/en"} {
			_, h := r.read(path, accept, http.StatusSeeOther)
			if h.Get("Location") != lang+to || h.Get("Vary") != "Accept-Language" {
				t.Errorf("%s leads to %s, varies by %q", path, h.Get("Location"), h.Get("Vary"))
			}
			r.read(lang+to, accept, http.StatusOK)
		}
	}
}

// A start publishes what a change of program or file has made of the notice, before
// anybody reads it.
func TestAStartPublishesTheNotice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		r := newReaders(t, e)
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			t.Fatal(err)
		}
		ctx, stop := context.WithCancel(t.Context())
		stop() // it stops when it has begun
		if err := r.service.Run(ctx, l); err != nil {
			t.Fatal(err)
		}
		var version, created int64
		e.One(t, &version, "SELECT COUNT(*) FROM notice WHERE tenant_id = $1", exampleTown)
		e.One(t, &created, "SELECT created FROM notice WHERE tenant_id = $1", exampleTown)
		if version != 1 || created != e.Clock.Now().Unix() {
			t.Errorf("%d versions, the first of %d", version, created)
		}
	})
}

// What is set is what the notice prints: the same name and attributes, and no end.
func TestTheCookieIsTheOneOfTheNotice(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	page := v.get("/de/times?service=ausweis")
	start, _ := page.Find("button[name=start]").First().Attr("value")
	a := v.post("/de/times", url.Values{"service": {"ausweis"}, "location": {"rathaus"}, "start": {start}})
	v.want(a, http.StatusSeeOther)
	set := a.Header.Values("Set-Cookie")
	if len(set) != 1 || page.Header.Get("Set-Cookie") != "" {
		t.Fatalf("%d cookies, or one before there is something to remember", len(set))
	}
	parts := strings.Split(set[0], "; ")
	name, _, _ := strings.Cut(parts[0], "=")
	printed := v.get("/de/privacy").Find("main").Text()
	if name != session.Cookie.Name(false) || !strings.Contains(printed, "„"+name+"“") {
		t.Errorf("the cookie is called %q", name)
	}
	want := session.Cookie.Attributes(false)
	slices.Sort(want)
	got := parts[1:]
	slices.Sort(got)
	if !slices.Equal(got, want) || !strings.Contains(printed, strings.Join(session.Cookie.Attributes(false), ", ")) {
		t.Errorf("attributes %q, the facts are %q", got, want)
	}
}
