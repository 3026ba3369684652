// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"encoding/json"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

// The conformance suite: one test for each clause of the privacy notice, against the
// running service on both engines. `make conformance` prints it as a table, with the
// promises below. Each clause has further tests where the code is.

// eachLeaver runs a test on both engines.
func eachLeaver(t *testing.T, test func(l *leaver)) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) { test(newLeaver(t, e)) })
}

// hasAll wants facts in a text.
func (l *leaver) hasAll(what, text string, facts ...string) {
	l.Helper()
	for _, f := range facts {
		if !strings.Contains(text, f) {
			l.Errorf("%s does not say %q", what, f)
		}
	}
}

// Pages and mails say who is responsible.
func TestClause1Controller(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		c, err := l.service.Bookings.Catalogue(l.Context(), town)
		if err != nil {
			l.Fatal(err)
		}
		who := c.Tenant.Controller
		for _, path := range []string{"/de/privacy", "/en/privacy", "/de/imprint"} {
			l.hasAll(path, l.get(path).Find("main").Text(), who.Name, who.Street, who.City, who.Phone, who.Email)
		}
		l.book("ausweis")
		l.hasAll("the mail", l.send("quirin@example.org").Text, c.Tenant.Name)
	})
}

// Purposes and legal bases are published, and in the record of processing activities.
func TestClause2Purposes(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		facts := []string{"Nutzung des Dienstes", "Analyse der Nutzung des Dienstes und Verbesserung seiner Funktionen", "Art. 6 Abs. 1"}
		l.hasAll("the notice", l.get("/de/privacy").Find("main").Text(), facts...)
		b := l.login(l.hire(town, staff.Officer, "officer"))
		l.hasAll("the record", b.get("/de/desk/privacy/record").Find("main").Text(), "Termin online buchen", "Analyse und Verbesserung", "Art. 6 Abs. 1")
	})
}

// Recipients are named, and pages contact nobody else.
func TestClause3Recipients(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		c, err := l.service.Bookings.Catalogue(l.Context(), town)
		if err != nil {
			l.Fatal(err)
		}
		page := l.get("/de/privacy")
		for _, p := range c.Tenant.Processors {
			l.hasAll("the notice", page.Find("main").Text(), p.Name, p.Address)
		}
		for _, path := range []string{"/de/", "/de/times?service=ausweis", "/de/privacy", l.hold("ausweis")} {
			page := l.get(path)
			if csp := page.Header.Get("Content-Security-Policy"); !strings.HasPrefix(csp, "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:") {
				l.Errorf("%s may load: %s", path, csp)
			}
			page.Find("script[src], link[href], img[src], iframe, object").Each(func(_ int, s *goquery.Selection) {
				for _, name := range []string{"src", "href"} {
					if u := s.AttrOr(name, "/"); !strings.HasPrefix(u, "/") || strings.HasPrefix(u, "//") {
						l.Errorf("%s loads %s", path, u)
					}
				}
			})
		}
	})
}

// Who only looks leaves ten fields in the access log, and nothing in the database.
func TestClause4Informational(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		before := l.rows()
		for _, path := range []string{"/de/", "/de/times?service=ausweis", "/de/privacy", "/en/", "/de/nirgends"} {
			l.get(path)
		}
		for table, rows := range l.rows() {
			if table != "login" && len(rows) != len(before[table]) {
				l.Errorf("a look has left something in %s", table)
			}
		}
		files, err := filepath.Glob(filepath.Join(l.folder, "access-log", town, "*.log"))
		if err != nil || len(files) != 1 {
			l.Fatalf("logs: %q, %v", files, err)
		}
		content, err := os.ReadFile(files[0])
		if err != nil {
			l.Fatal(err)
		}
		lines := strings.Split(strings.TrimSpace(string(content)), "\n")
		if len(lines) != 5 {
			l.Errorf("%d lines for 5 looks", len(lines))
		}
		for _, line := range lines {
			fields := map[string]any{}
			if err := json.Unmarshal([]byte(line), &fields); err != nil {
				l.Fatal(err)
			}
			if len(fields) != 10 {
				l.Errorf("%d fields: %s", len(fields), line)
			}
			for _, key := range accesslog.Fields() {
				if _, ok := fields[key]; !ok {
					l.Errorf("%s is missing: %s", key, line)
				}
			}
		}
	})
}

// One cookie, only when there is something to remember, until the browser is closed;
// without it a booking works.
func TestClause4Cookie(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		if c := l.get("/de/times?service=ausweis").Cookies(); len(c) != 0 {
			l.Errorf("a look sets %v", c)
		}
		jar, err := cookiejar.New(nil)
		if err != nil {
			l.Fatal(err)
		}
		b := *l.visit
		b.client = &http.Client{Jar: jar, CheckRedirect: l.client.CheckRedirect}
		b.hold("ausweis")
		base, err := url.Parse(l.base)
		if err != nil {
			l.Fatal(err)
		}
		page := b.get("/de/times?service=ausweis")
		start, _ := page.Find("button[name=start]").First().Attr("value")
		held := b.post("/de/times", url.Values{"service": {"ausweis"}, "location": {"rathaus"}, "start": {start}})
		cookies := held.Cookies()
		if len(cookies) != 1 || len(jar.Cookies(base)) != 1 {
			l.Fatalf("cookies: %v", cookies)
		}
		if c := cookies[0]; c.MaxAge != 0 || !c.Expires.IsZero() || !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/" {
			l.Errorf("cookie: %+v", c)
		}
		l.hasAll("the notice", l.get("/de/privacy").Find("main").Text(), cookies[0].Name)
		l.want(l.get(l.book("ausweis")), http.StatusOK) // without a jar
	})
}

// Name, e-mail and telephone have to be given, everything else may be.
func TestClause5Details(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		form := l.hold("ausweis")
		for _, field := range []string{"last-name", "email", "phone"} {
			l.want(l.post(form, but(guest, field, "")), http.StatusUnprocessableEntity)
		}
		page := l.get(form)
		for _, field := range []string{"street", "postcode", "city", "birth-date", "note"} {
			input := page.Find("[name=" + field + "]")
			if _, must := input.Attr("required"); input.Length() != 1 || must {
				l.Errorf("%s: %d fields, required %t", field, input.Length(), must)
			}
		}
		l.want(l.post(form, guest), http.StatusSeeOther)
	})
}

// Free appointments are shown, one can be reserved, and nobody else gets it.
func TestClause5Booking(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		starts := func() []string {
			return l.get("/de/times?service=trauung").Find("button[name=start]").Map(func(_ int, s *goquery.Selection) string { return s.AttrOr("value", "") })
		}
		before := starts()
		if len(before) < 2 {
			l.Fatalf("free: %q", before)
		}
		form := chosen(l.get("/de/times?service=trauung"))
		to := l.want(l.post("/de/times", form), http.StatusSeeOther)
		if slices.Contains(starts(), before[0]) {
			l.Error("what is reserved is still offered")
		}
		form = url.Values{"service": form["service"], "location": form["location"], "start": form["start"]} // somebody else
		if again := l.post("/de/times", form); again.StatusCode == http.StatusSeeOther {
			l.Error("reserved twice")
		}
		check := l.want(l.post(to, guest), http.StatusSeeOther)
		l.want(l.get(l.want(l.post(check, url.Values{}), http.StatusSeeOther)), http.StatusOK)
	})
}

// The office has a customer database, in which it finds who booked.
func TestClause5CustomerDatabase(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		l.book("ausweis")
		b := l.login(l.hire(town, staff.Clerk, "clerk"))
		found := b.search("Beispielhuber")
		l.want(found, http.StatusOK)
		l.hasAll("the search", found.Find("main").Text(), "Beispielhuber")
	})
}

// Each login is recorded with its time, and the IP address apart from it.
func TestClause5Logins(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		l.signUp(frieda)
		l.comeBack("frieda@example.org", password, "")
		var at int64
		l.One(l.T, &at, "SELECT MAX(at) FROM login WHERE kind = 'account' AND ok")
		if at != l.Clock.Now().Unix() {
			l.Errorf("the last login was at %d", at)
		}
		if n, all := l.count("SELECT COUNT(*) FROM login_address"), l.count("SELECT COUNT(*) FROM login"); n == 0 || n != all {
			l.Errorf("%d addresses of %d logins", n, all)
		}
	})
}

// The office gets a mail for each booking with name, contact data and services.
func TestClause5OfficeMail(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		l.book("ausweis")
		l.hasAll("the mail to the office", l.send("buergerbuero@example.org").Text, "Quirin Beispielhuber", "quirin@example.org", "030 23125 123", "Personalausweis")
	})
}

// Data are deleted when the time is up that the notice prints.
func TestClause6Retention(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		l.hasAll("the notice", l.get("/de/privacy").Find("main").Text(), "30 Tage", "14 Tage", "48 Stunden", "365 Tage")
		l.book("ausweis")
		if _, err := l.service.Worker.Step(l.Context()); err != nil {
			l.Fatal(err)
		}
		l.Clock.Advance(100 * 24 * time.Hour) // the horizon is shorter
		if err := l.service.Deletion.Run(l.Context()); err != nil {
			l.Fatal(err)
		}
		for _, table := range []string{"person", "person_token", "appointment", "message", "secret"} {
			if n := l.count("SELECT COUNT(*) FROM " + table); n != 0 {
				l.Errorf("%d rows are left in %s", n, table)
			}
		}
	})
}

// The notice names the rights and the authority that hears complaints, and people use
// them by themselves: access, portability, correction, restriction, erasure.
func TestClause7Rights(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		l.hasAll("the notice", l.get("/de/privacy").Find("main").Text(), "Auskunft", "Berichtigung", "Löschung", "Einschränkung", "Widerspruch",
			"Datenübertragbarkeit", "Aufsichtsbehörde", "Landesbeauftragte")
		l.hasAll("the page for complaints", l.get("/de/rights/complaint").Find("main").Text(), "Landesbeauftragte")
		done := l.get(l.book("ausweis"))
		base := l.byLink("quirin@example.org")
		l.hasAll("access", l.get(base+"/access").Find("main").Text(), "Quirin", "Beispielhuber", "quirin@example.org", done.Find(".panel .reference").Text())
		export := l.get(base + "/export.zip")
		l.want(export, http.StatusOK)
		if !strings.HasPrefix(export.body, "PK") {
			l.Error("the export is no ZIP file")
		}
		correct := strings.TrimPrefix(l.get(base+"/correct").Find("main ul a").AttrOr("href", ""), base)
		for _, page := range []string{correct, "/restrict", "/erase"} {
			if l.get(base+page).Find("main form button").Length() == 0 {
				l.Errorf("nothing can be done at %s", page)
			}
		}
		l.want(l.press(l.get(base+"/erase"), "main form button"), http.StatusSeeOther)
		if n := l.count("SELECT COUNT(*) FROM person") + l.count("SELECT COUNT(*) FROM appointment"); n != 0 {
			l.Errorf("%d records are left", n)
		}
	})
}

// What says who somebody is cannot be read in the database, and pages with it are
// kept by nobody.
func TestClause8Security(t *testing.T) {
	eachLeaver(t, func(l *leaver) {
		done := l.get(l.book("ausweis"))
		if done.Header.Get("Cache-Control") != "no-store" || done.Header.Get("X-Content-Type-Options") != "nosniff" ||
			done.Header.Get("Referrer-Policy") != "same-origin" {
			l.Errorf("headers: %v", done.Header)
		}
		secret := strings.TrimSuffix(strings.TrimPrefix(done.Request.URL.Path, "/de/hold/"), "/done")
		for name, content := range l.content() {
			for _, word := range []string{"Beispielhuber", "quirin@example.org", secret} {
				if holds(content, []byte(word)) {
					l.Errorf("%s has %q", name, word)
				}
			}
		}
	})
}
