// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// loopback is from where everybody in these tests comes.
const loopback = "127.0.0.1"

// From where logins came is seen by few, for a reason, and each look is in the
// audit.
func TestRecordOfLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk, officer := v.hire(town, staff.Clerk, "quirin"), v.hire(town, staff.Officer, "beauftragte")
		v.hire(village, staff.Admin, "dorfamt")
		v.signUp(frieda)
		wrong := url.Values{"email": frieda["email"], "password": {"Falsch und auch noch lang"}}
		v.want(v.browser().post("/de/account/login", wrong), http.StatusForbidden)
		v.want(v.browser().post("/de/account/login", but(wrong, "email", "niemand@example.org")), http.StatusForbidden)
		a, b := v.login(clerk), v.login(officer)

		a.want(a.get("/de/desk/logins"), http.StatusForbidden)
		a.want(a.post("/de/desk/logins", url.Values{"reason": {"abuse"}}), http.StatusForbidden)
		ask := b.get("/de/desk/logins")
		b.want(ask, http.StatusOK)
		if ask.Find("input[name=reason]").Length() != 2 || ask.Find("input[name=reason][checked]").Length() != 0 {
			t.Error("the form has not the two reasons, or one is chosen already")
		}
		for _, form := range []url.Values{{}, {"reason": {""}}, {"reason": {"Neugier"}}, {"reason": {"\x00"}}} {
			refused := b.post("/de/desk/logins", form)
			b.want(refused, http.StatusUnprocessableEntity)
			if strings.Contains(refused.body, loopback) || refused.Find("table").Length() != 0 || refused.Find("#reason").Length() != 1 {
				t.Errorf("%v: logins are shown, or the question is not marked", form)
			}
		}
		if strings.Contains(ask.body, loopback) || v.count("SELECT COUNT(*) FROM audit WHERE action = 'logins.viewed'") != 0 {
			t.Error("an address is shown without a reason, or a look recorded that saw nothing")
		}

		seen := b.post("/de/desk/logins", url.Values{"reason": {"abuse"}})
		b.want(seen, http.StatusOK)
		if seen.Header.Get("Cache-Control") != "no-store" {
			t.Error("the list may be kept")
		}
		account := v.first("SELECT id FROM account")
		rows := seen.Find("tbody tr")
		for i, want := range [][]string{ // the newest first
			{"beauftragte", "Passwort", "richtig", loopback},
			{"quirin", "Passwort", "richtig", loopback},
			{"ohne Konto", "Passwort", "falsch", loopback},
			{"Konto einer Bürgerin", account, "Passwort", "falsch", loopback},
			{"Konto einer Bürgerin", account, "Link aus der E-Mail", "richtig", loopback},
		} {
			for _, part := range want {
				if !strings.Contains(rows.Eq(i).Text(), part) {
					t.Errorf("line %d is %q, it lacks %q", i, rows.Eq(i).Text(), part)
				}
			}
		}
		if rows.Length() != 5 || strings.Contains(seen.body, "example.org") {
			t.Errorf("%d lines, or an e-mail address among them", rows.Length())
		}
		entry := b.get("/de/desk/audit").Find("tbody tr").First().Text()
		for _, part := range []string{"beauftragte", "Anmeldungen mit IP-Adressen angesehen", "abuse"} {
			if !strings.Contains(entry, part) {
				t.Errorf("the audit says %q, it lacks %q", entry, part)
			}
		}
	})
}

// Older logins come with a button, with the same reason, and are looked at anew.
// Where an address is kept no longer the list says so.
func TestOlderLogins(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		b := v.login(v.hire(town, staff.Admin, "amtsleitung"))
		for range 100 {
			v.exec(`INSERT INTO login (id, tenant_id, at, kind, owner_id, method, ok)
				SELECT $1 || CAST(COUNT(*) AS TEXT), $2, 0, 'staff', 'weg', 'password, recovery code', $3 FROM login`, "0", town, true)
		}
		v.exec(`INSERT INTO login (id, tenant_id, at, kind, method, ok) VALUES ($1, $2, 0, 'staff', 'passkey', $3)`, "0-village", village, false)
		first := b.post("/en/desk/logins", url.Values{"reason": {"fault"}})
		b.want(first, http.StatusOK)
		if n := first.Find("tbody tr").Length(); n != 100 {
			t.Fatalf("%d lines", n)
		}
		if line := first.Find("tbody tr").Last().Text(); !strings.Contains(line, "no longer exists") || !strings.Contains(line, "Password, Recovery code") || !strings.Contains(line, "deleted") {
			t.Errorf("a line is %q", line)
		}
		rest := b.press(first, "main form button")
		b.want(rest, http.StatusOK)
		if n := rest.Find("tbody tr").Length(); n != 1 || rest.Find("main form").Length() != 0 {
			t.Errorf("%d older ones, or a button for more", n)
		}
		if n := v.count("SELECT COUNT(*) FROM audit WHERE action = 'logins.viewed' AND detail = 'fault'"); n != 2 {
			t.Errorf("%d looks are recorded", n)
		}
		b.want(b.post("/en/desk/logins", url.Values{"reason": {"fault"}, "before": {"\x00"}}), http.StatusOK)
	})
}
