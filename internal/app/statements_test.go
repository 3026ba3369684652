// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
)

const feedbackForm = "/de/accessibility/feedback"

var barrier = url.Values{"barrier": {"Der Kalender\r\nspricht nicht."}, "barrier-page": {"Termin wählen"}, "email": {"quirin@example.org"}, "phone": {""}}

// Who reports a barrier reads what happens next; the controller gets one mail, and
// nothing of it stays in the database.
func TestFeedbackReachesTheController(t *testing.T) {
	eachTown(t, func(v *visit) {
		if err := office.ClaimKey(v.Context(), v.Env.DB, v.key); err != nil {
			v.Fatal(err)
		}
		if v.get("/de/accessibility").Find("main a[href='"+feedbackForm+"']").Length() != 1 {
			v.Error("the statement does not lead to the form")
		}
		page := v.get(feedbackForm)
		v.want(page, http.StatusOK)
		if form := page.Find("main form"); form.AttrOr("action", "") != feedbackForm || form.Find("[name=barrier]").Length() != 1 {
			v.Error("no form")
		}
		var sent string
		for range 2 { // pressed twice
			sent = v.want(v.post(feedbackForm, barrier), http.StatusSeeOther)
		}
		if got := v.get(sent).Find("main").Text(); !strings.Contains(got, "innerhalb eines Monats") {
			v.Errorf("the last page says %q", got)
		}
		v.checked("before it is sent")
		m := v.send("rathaus@example.org")
		for _, want := range []string{"Der Kalender", "  spricht nicht.", "Termin wählen", "quirin@example.org"} {
			if !strings.Contains(m.Text, want) {
				v.Errorf("the mail does not say %q", want)
			}
		}
		if n := len(v.mails.List()); n != 1 {
			v.Errorf("%d mails", n)
		}
		var left int
		v.One(v.T, &left, "SELECT COUNT(*) FROM message WHERE recipient = 'controller' AND (sealed IS NOT NULL OR state <> 'sent')")
		if left != 0 {
			v.Error("the row has content, or is not sent")
		}
		v.checked("after it was sent")
	})
}

// checked makes sure that nothing is wrong with the database.
func (v *visit) checked(when string) {
	v.Helper()
	n, err := booking.Check(v.Context(), v.Env.DB, v.key, func(f booking.Finding) { v.Errorf("%s: %s: %s", when, f.Row, f.Key) })
	if err != nil || n.Messages == 0 {
		v.Errorf("%s: %d messages checked, %v", when, n.Messages, err)
	}
}

// What is missing or too long is said, and nothing that was typed is lost.
func TestFeedbackHasToBeCorrected(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	long := strings.Repeat("lang ", 401)
	for _, c := range []struct {
		name, value, says string
	}{
		{"barrier", " \r\n", "Beschreibung der Barriere fehlt noch."},
		{"barrier", long, "Bitte höchstens 2000 Zeichen."},
		{"barrier", "a\x00b", "Zeichen, die man nicht sehen kann"},
		{"barrier-page", strings.Repeat("s", 501), "Bitte höchstens 500 Zeichen."},
		{"email", "quirin@", "Bitte prüfen Sie die E-Mail-Adresse."},
		{"phone", "12", "Bitte prüfen Sie die Telefonnummer."},
	} {
		form := but(barrier, c.name, c.value)
		a := v.post(feedbackForm, form)
		v.want(a, http.StatusUnprocessableEntity)
		if got := a.Find("#errors a[href='#" + c.name + "']").Text(); !strings.Contains(got, c.says) || a.Find("#"+c.name+"[aria-invalid]").Length() != 1 {
			t.Errorf("%s: %q", c.name, got)
		}
		for name := range form {
			field := a.Find("#" + name)
			if got := field.AttrOr("value", strings.TrimPrefix(field.Text(), "\n")); name != c.name && !strings.Contains(got, strings.TrimSpace(strings.Split(form.Get(name), "\r")[0])) {
				t.Errorf("%s wrong: %s is %q", c.name, name, got)
			}
		}
		if a.Header.Get("Cache-Control") != "no-store" || a.Header.Get("Content-Encoding") != "" {
			t.Error("a page with what was typed may be stored, or is compressed")
		}
	}
	hostile := but(barrier, "barrier", `</textarea><script>alert(1)</script>`)
	a := v.post(feedbackForm, but(hostile, "email", `"><img src=x>`))
	if a.Find("main script, main img").Length() > 0 || a.Find("#barrier").Text() == "" {
		t.Error("what was typed became a part of the page")
	}
	var rows int
	v.One(t, &rows, "SELECT COUNT(*) FROM message")
	if rows != 0 {
		t.Errorf("%d mails of forms that were refused", rows)
	}
}

// A network has five reports an hour; who has to wait reads how else to reach the
// office, and keeps what was typed.
func TestFeedbackLimit(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	for range 8 {
		v.want(v.post(feedbackForm, but(barrier, "barrier", "")), http.StatusUnprocessableEntity) // counts for nothing
	}
	for _, n := range strings.Fields("eins zwei drei vier fünf") {
		v.want(v.post(feedbackForm, but(barrier, "barrier", n)), http.StatusSeeOther)
	}
	refused := v.post(feedbackForm, barrier)
	v.want(refused, http.StatusTooManyRequests)
	if text := refused.Find("#errors").Text(); !strings.Contains(text, "in der letzten Stunde schon mehrere Meldungen") || refused.Find("#errors a[href^='tel:']").Length() != 1 {
		t.Errorf("the answer is %q", text)
	}
	if !strings.Contains(refused.Find("#barrier").Text(), "spricht nicht.") {
		t.Error("what was typed is lost")
	}
	v.Clock.Advance(12 * time.Minute)
	v.want(v.post(feedbackForm, barrier), http.StatusSeeOther)
}

// securityTxt reads the fields of security.txt of a host (RFC 9116, section 2): a
// name, a colon, a space and the value.
func securityTxt(t *testing.T, s *app.Service, host string) map[string][]string {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/.well-known/security.txt", nil)
	r.Host = host
	a := httptest.NewRecorder()
	s.Site.ServeHTTP(a, r)
	if got := a.Header().Get("Content-Type"); a.Code != http.StatusOK || got != "text/plain; charset=utf-8" {
		t.Fatalf("%s: status %d, %s", host, a.Code, got)
	}
	fields := map[string][]string{}
	for line := range strings.Lines(a.Body.String()) {
		name, value, ok := strings.Cut(strings.TrimSuffix(line, "\n"), ": ")
		if !ok || value == "" {
			t.Fatalf("%q is no field", line)
		}
		fields[name] = append(fields[name], value)
	}
	return fields
}

func TestSecurityTxt(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	read := func() (map[string][]string, time.Time) {
		f := securityTxt(t, v.service, strings.TrimPrefix(v.base, "http://"))
		expires, err := time.Parse(time.RFC3339, strings.Join(f["Expires"], ""))
		if err != nil {
			t.Fatal(err)
		}
		if ahead := expires.Sub(v.Clock.Now()); ahead < 30*24*time.Hour || ahead > 365*24*time.Hour {
			t.Errorf("%s ahead", ahead)
		}
		return f, expires
	}
	f, first := read()
	if got := strings.Join(f["Contact"], ""); got != "mailto:rathaus@example.org" {
		t.Errorf("Contact: %s", got)
	}
	if got := strings.Join(f["Preferred-Languages"], ""); got != "de, en" {
		t.Errorf("Preferred-Languages: %s", got)
	}
	if len(f) != 3 { // Canonical has to begin with https
		t.Errorf("fields: %v", f)
	}
	v.Clock.Set(time.Date(2026, time.September, 7, 23, 59, 59, 0, time.UTC))
	if _, same := read(); !same.Equal(first) {
		t.Error("another text on the same day")
	}
	v.Clock.Advance(time.Second)
	if _, next := read(); !next.After(first) {
		t.Error("the same text on the next day")
	}
}

// The operator's contact goes first, and each tenant has a text of its own.
func TestSecurityTxtBehindTLS(t *testing.T) {
	e := dbtest.New(t, "sqlite")
	v := newVisit(t, e, config.Defaults)
	officetest.ImportFile(t, e, v.key, []byte(strings.Replace(string(officetest.Town), "tenant: kleinstadt", "tenant: nachbarort", 1)))
	base := map[string]*url.URL{"kleinstadt": {Scheme: "https", Host: "termine.example.org"}, "nachbarort": {Scheme: "https", Host: "andere.example.org"}}
	s, err := app.NewService(app.Options{DB: e.DB, Key: v.key, Clock: e.Clock, Log: v.service.Site.Log, Texts: v.service.Site.Texts, Tenants: base,
		Transport: v.mails, From: "termine@example.org", Limits: config.Defaults, SecurityContact: "https://example.org/sicherheit"})
	if err != nil {
		t.Fatal(err)
	}
	for _, u := range base {
		f := securityTxt(t, s, u.Host)
		if got := strings.Join(f["Canonical"], ""); got != "https://"+u.Host+"/.well-known/security.txt" {
			t.Errorf("Canonical: %s", got)
		}
		if got := strings.Join(f["Contact"], ""); got != "https://example.org/sicherheit" {
			t.Errorf("Contact: %s", got)
		}
	}
}

// Imprint and statement of the town, in its own and in another language.
func TestStatementPages(t *testing.T) {
	eachTown(t, func(v *visit) {
		officetest.ImportFile(v.T, v.Env, v.key, []byte(strings.Replace(string(officetest.Town), "zone:",
			"imprint: {represented_by: {de: die Bürgermeisterin, en: the mayor}}\naccessibility: {status: fully, prepared: 2026-09-01, email: zugang@example.org}\nzone:", 1)))
		for path, says := range map[string][]string{
			"/de/imprint":       {"§ 5", "Marktplatz 1", "Vertreten durch: die Bürgermeisterin", "Muster Software GmbH, Musterweg 1"},
			"/en/imprint":       {"section 5", "Represented by: the mayor", "Muster Software GmbH"},
			"/de/accessibility": {"vollständig vereinbar", "Dienstag, 1. September 2026", "zugang@example.org", strings.TrimPrefix(v.base, "http://"), "BITVNRW"},
			"/en/accessibility": {"fully complies", "Tuesday, 1 September 2026", "zugang@example.org"},
			"/en" + strings.TrimPrefix(feedbackForm, "/de"): {"Report a barrier", "zugang@example.org"},
		} {
			a := v.get(path)
			v.want(a, http.StatusOK)
			text := strings.Join(strings.Fields(a.Find("main").Text()), " ")
			for _, want := range says {
				if !strings.Contains(text, want) {
					v.Errorf("%s does not say %q", path, want)
				}
			}
			if strings.Contains(text, "Muster Nachrichten") {
				v.Errorf("%s names who does not run the service", path)
			}
		}
		v.want(v.post("/en"+strings.TrimPrefix(feedbackForm, "/de"), barrier), http.StatusSeeOther)
		if m := v.send("zugang@example.org"); !strings.Contains(m.Text, "English") {
			v.Error("the mail does not say in which language the page was")
		}
	})
}
