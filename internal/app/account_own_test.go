// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"
)

// prove gives the password again.
func (v *visit) prove() {
	v.Helper()
	v.want(v.post("/de/account/prove", url.Values{"password": {password}}), http.StatusSeeOther)
}

func TestAccountData(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.signUp(frieda)
		form := typed(b.get("/de/account/data"), "main form.form")
		if form.Has("email") || form.Get("last-name") != "Musterbach" {
			v.Fatalf("the form has %v", form)
		}
		wrong := b.post("/de/account/data", but(but(form, "last-name", ""), "city", "Kleinstadt"))
		b.want(wrong, http.StatusUnprocessableEntity)
		if wrong.Find("#last-name[aria-invalid=true]").Length() != 1 || wrong.Find("#city").AttrOr("value", "") != "Kleinstadt" {
			v.Error("it does not say what is wrong, or has lost what was typed")
		}
		form = but(but(form, "last-name", "Musterbach-Œč"), "email", "andere@example.org")
		to := b.want(b.post("/de/account/data", form), http.StatusSeeOther)
		after := b.get(to)
		if got := typed(after, "main form.form").Get("last-name"); got != "Musterbach-Œč" || strings.Contains(after.body, "andere@") {
			v.Errorf("saved %q, or another address came along", got)
		}
	})
}

// The address changes by a link in the new mailbox; both are told.
func TestAccountEmail(t *testing.T) {
	eachTown(t, func(v *visit) {
		v.signUp(frieda)
		b := v.browser()
		b.comeBack("frieda@example.org", password, "")
		to := b.want(b.get("/de/account/email"), http.StatusSeeOther)
		if to != "/de/account/prove?next=%2Faccount%2Femail" {
			v.Fatalf("without a proof it leads to %q", to)
		}
		late := b.post("/de/account/email", url.Values{"email": {"neu@example.org"}})
		b.want(late, http.StatusForbidden)
		if late.Find("#email").AttrOr("value", "") != "neu@example.org" || late.Find("main a[target=_blank][href='/de/account/prove']").Length() != 1 {
			v.Error("what was typed is lost, or nothing leads to the proof")
		}
		b.want(b.post("/de/account/prove", url.Values{"password": {"Falsch und auch noch lang"}}), http.StatusUnprocessableEntity)
		if to := b.want(b.post("/de/account/prove", url.Values{"password": {password}, "next": {"/account/email"}}), http.StatusSeeOther); to != "/de/account/email" {
			v.Errorf("the proof leads to %q", to)
		}
		b.want(b.get("/de/account/email"), http.StatusOK)
		b.want(b.post("/de/account/email", url.Values{"email": {"keine"}}), http.StatusUnprocessableEntity)
		b.want(b.get(b.want(b.post("/de/account/email", url.Values{"email": {"neu@example.org"}}), http.StatusSeeOther)), http.StatusOK)
		page := link(v.T, v.send("neu@example.org"), `/de/account/email/[\w-]+`)
		if m := v.send("frieda@example.org"); !strings.Contains(m.Text, "andere E-Mail-Adresse eingetragen") {
			v.Errorf("the old address is told %q", m.Text)
		}
		v.want(v.get(page), http.StatusOK)
		old := url.Values{"email": {"frieda@example.org"}, "password": {password}}
		v.browser().comeBack("frieda@example.org", password, "")
		done := v.press(v.get(page), "main button")
		if to := v.want(done, http.StatusSeeOther); to != "/de/account/login?email" {
			v.Errorf("the button leads to %q", to)
		}
		v.want(v.get(page), http.StatusGone)
		for _, address := range []string{"neu@example.org", "frieda@example.org"} {
			if m := v.send(address); !strings.Contains(m.Text, "hat eine neue E-Mail-Adresse") {
				v.Errorf("%s is told %q", address, m.Text)
			}
		}
		v.want(v.browser().post("/de/account/login", old), http.StatusForbidden)
		v.browser().comeBack("neu@example.org", password, "")
		if got := b.get("/de/account/data").Find("main bdi").Text(); got != "neu@example.org" {
			v.Errorf("the account shows %q", got)
		}
	})
}

func TestDeleteAccount(t *testing.T) {
	eachTown(t, func(v *visit) {
		a, b := v.signUp(frieda), v.browser()
		b.comeBack("frieda@example.org", password, "")
		b.want(b.post("/de/account/delete", url.Values{}), http.StatusSeeOther) // to the proof
		if !a.in() {
			v.Fatal("deleted without a proof")
		}
		b.prove()
		gone := b.press(b.get("/de/account/delete"), "main .actions--choice button")
		b.want(gone, http.StatusOK)
		if a.in() || b.in() || v.count("SELECT COUNT(*) FROM account")+v.count("SELECT COUNT(*) FROM session WHERE account_id IS NOT NULL") != 0 {
			v.Error("something is left")
		}
		if m := v.send("frieda@example.org"); !strings.Contains(m.Text, "Ihr Konto für die Terminbuchung ist gelöscht") {
			v.Errorf("the mail says %q", m.Text)
		}
		v.want(v.browser().post("/de/account/login", url.Values{"email": {"frieda@example.org"}, "password": {password}}), http.StatusForbidden)
		v.signUp(frieda)
	})
}

// Where somebody is logged in, and how it went.
func TestAccountSessionsAndLogins(t *testing.T) {
	eachTown(t, func(v *visit) {
		a, b := v.signUp(frieda), v.browser()
		b.want(b.post("/de/account/login", url.Values{"email": {"frieda@example.org"}, "password": {"Falsch und auch noch lang"}}), http.StatusForbidden)
		v.Clock.Advance(time.Minute)
		b.comeBack("frieda@example.org", password, "")
		page := a.get("/de/account/security")
		rows := page.Find("section[aria-labelledby=sessions-title] li")
		if rows.Length() != 2 || rows.Find("strong").Length() != 1 {
			v.Fatalf("sessions: %s", rows.Text())
		}
		logins := page.Find("section[aria-labelledby=logins-title] li")
		text := strings.Join(strings.Fields(logins.Text()), " ")
		if logins.Length() != 3 || !strings.Contains(text, "Passwort gelungen") || !strings.Contains(text, "Passwort gescheitert") || !strings.Contains(text, "Link aus der E-Mail gelungen") {
			v.Errorf("logins: %s", text)
		}
		id := rows.FilterFunction(func(i int, _ *goquery.Selection) bool { return rows.Eq(i).Find("strong").Length() == 0 }).Find("input[name=id]").AttrOr("value", "")
		a.want(a.post("/de/account/security/end", url.Values{"id": {id}}), http.StatusSeeOther)
		a.want(a.post("/de/account/security/end", url.Values{"id": {id}}), http.StatusNotFound)
		a.want(a.post("/de/account/security/end", url.Values{"id": {"\x00\xff"}}), http.StatusNotFound)
		if !a.in() || b.in() {
			v.Error("the other one must be out, this one not")
		}
		here := a.get("/de/account/security").Find("section[aria-labelledby=sessions-title] input[name=id]").AttrOr("value", "")
		a.want(a.post("/de/account/security/end", url.Values{"id": {here}}), http.StatusSeeOther)
		if a.in() {
			v.Error("ending this session did not log out")
		}
	})
}

func TestAccountSecondStep(t *testing.T) {
	eachTown(t, func(v *visit) {
		v.signUp(frieda)
		b := v.browser()
		b.comeBack("frieda@example.org", password, "")
		for _, path := range []string{"code", "code/remove", "recovery", "passkeys", "passkeys/finish", "passkeys/remove"} {
			if to := b.want(b.post("/de/account/security/"+path, url.Values{"id": {"AAAA"}, "name": {"Bund"}}), http.StatusSeeOther); to != "/de/account/prove?next=%2Faccount%2Fsecurity" {
				v.Errorf("%s leads to %s", path, to)
			}
		}
		b.prove()
		setup := b.get("/de/account/security/code")
		secret := strings.ReplaceAll(setup.Find(".secret-text").Text(), " ", "")
		wrong := b.post("/de/account/security/code", url.Values{"code": {"123"}})
		b.want(wrong, http.StatusUnprocessableEntity)
		if strings.ReplaceAll(wrong.Find(".secret-text").Text(), " ", "") != secret {
			v.Error("a mistyped code costs a new scan")
		}
		codes := b.post("/de/account/security/code", url.Values{"code": {v.code(secret)}})
		b.want(codes, http.StatusOK)
		c := v.browser()
		if to := c.comeBack("frieda@example.org", password, "/account/data"); to != "/de/account/code?next=%2Faccount%2Fdata" {
			v.Fatalf("the login leads to %q", to)
		}
		if c.in() {
			v.Fatal("the password is enough")
		}
		c.want(c.post("/de/account/code", url.Values{"code": {"000000"}}), http.StatusUnprocessableEntity)
		if to := c.want(c.post("/de/account/code", url.Values{"code": {codes.Find(".recovery li").First().Text()}, "next": {"/account/data"}}), http.StatusSeeOther); to != "/de/account/data" {
			v.Errorf("the code leads to %q", to)
		}
		b.want(b.post("/de/account/security/code/remove", url.Values{}), http.StatusSeeOther)
		b.want(b.post("/de/account/security/passkeys", url.Values{"name": {" "}}), http.StatusUnprocessableEntity)
		b.want(b.post("/de/account/security/passkeys/remove", url.Values{"id": {"AAAA"}}), http.StatusNotFound)
		better := but(twice(password+" 2"), "old", password)
		b.want(b.post("/de/account/security/password", but(better, "old", "falsch")), http.StatusUnprocessableEntity)
		b.want(b.post("/de/account/security/password", better), http.StatusSeeOther)
		if !b.in() || c.in() {
			v.Error("a new password must end the other sessions")
		}
	})
}

func TestAccountWithoutPassword(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.browser()
		b.want(b.post("/de/account/register", frieda), http.StatusSeeOther)
		page := link(v.T, v.send("frieda@example.org"), `/de/account/confirm/[\w-]+`)
		to := b.want(b.post(page, url.Values{"way": {"passkey"}}), http.StatusSeeOther)
		first := b.get(to)
		b.want(first, http.StatusOK)
		if first.Find("form[data-passkey-offer] #name").Length() != 1 || first.Find("#old").Length() != 0 {
			v.Error("the page does not offer a passkey, or asks for a password that there is not")
		}
		b.want(b.post("/de/account/security/password", twice(password)), http.StatusSeeOther)
		v.browser().comeBack("frieda@example.org", password, "")
	})
}

func TestAccountConsents(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.signUp(frieda)
		page := b.get("/de/account/consents")
		if page.Find("button[value=give]").Length() == 0 || page.Find("button[value=withdraw]").Length() != 0 || page.Find("input[type=checkbox]").Length() != 0 {
			v.Fatal("something is given, or ticked, from the beginning")
		}
		to := b.want(b.press(page, "button[value=give]"), http.StatusSeeOther)
		page = b.get(to)
		if page.Find("button[value=withdraw]").Length() != 1 {
			v.Fatal("not given")
		}
		to = b.want(b.press(page, "button[value=withdraw]"), http.StatusSeeOther)
		page = b.get(to)
		if page.Find("button[value=withdraw]").Length() != 0 || page.Find("section[aria-labelledby=before-title] li").Length() != 1 {
			v.Error("not withdrawn, or the evidence is gone")
		}
		b.want(b.post("/de/account/consents", url.Values{"purpose": {"\x00"}, "do": {"give"}}), http.StatusNotFound)
	})
}
