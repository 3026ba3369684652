// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/internal/session"
)

// An account is made by a link in a mail, not before, and not by looking.
func TestRegister(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.browser()
		b.want(b.get("/de/account/register"), http.StatusOK)
		wrong := b.post("/de/account/register", but(frieda, "phone", "12"))
		b.want(wrong, http.StatusUnprocessableEntity)
		if wrong.Find("#phone[aria-invalid=true]").Length() != 1 || wrong.Find("#first-name").AttrOr("value", "") != "Frieda" {
			v.Error("the form does not say what is wrong, or has lost what was typed")
		}
		if to := b.want(b.post("/de/account/register", frieda), http.StatusSeeOther); to != "/de/account/register/sent" {
			v.Errorf("it leads to %q", to)
		}
		page := link(v.T, v.send("frieda@example.org"), `/de/account/confirm/[\w-]+`)
		for range 2 {
			b.want(b.get(page), http.StatusOK)
		}
		for _, bad := range []url.Values{{"way": {"password"}}, {}, twice("kurz"), {"way": {"password"}, "password": {password}, "password-again": {"anders"}}} {
			a := b.post(page, bad)
			b.want(a, http.StatusUnprocessableEntity)
			if strings.Contains(a.body, password) || a.Find("input[aria-invalid=true]").Length() != 1 {
				v.Error("a password is sent back, or no field is marked")
			}
		}
		if n := v.count("SELECT COUNT(*) FROM account"); n != 0 {
			v.Fatalf("%d accounts before the button", n)
		}
		to := b.want(b.post(page, twice(password)), http.StatusSeeOther)
		if first := b.get(to); first.StatusCode != http.StatusOK || !strings.Contains(first.Find("main").Text(), "Ihr Konto ist angelegt") {
			v.Errorf("%s: %s", to, first.Find("main").Text())
		}
		b.want(b.post(page, twice(password)), http.StatusGone)
		b.want(b.get(page), http.StatusGone)
		b.want(b.get("/de/account/confirm/nie"), http.StatusGone)
	})
}

// Who registers cannot find out whether an address has an account: its mailbox is
// told, and the page is the same.
func TestRegisterKnownAddress(t *testing.T) {
	eachTown(t, func(v *visit) {
		v.signUp(frieda)
		var said []string
		for _, address := range []string{"frieda@example.org", "FRIEDA@Example.ORG", "niemand@example.org"} {
			b := v.browser()
			a := b.post("/de/account/register", but(frieda, "email", address))
			to := b.want(a, http.StatusSeeOther)
			said = append(said, to+a.Header.Get("Set-Cookie")+b.get(to).body)
		}
		if said[0] != said[1] || said[0] != said[2] {
			v.Error("known and unknown addresses get different answers")
		}
		m := v.send("frieda@example.org")
		if strings.Contains(m.Text, "/account/confirm/") {
			v.Error("the known address gets a link that makes an account")
		}
		link(v.T, m, "/de/account/login")
		link(v.T, v.send("niemand@example.org"), `/de/account/confirm/[\w-]+`)
		if n := v.count("SELECT COUNT(*) FROM account"); n != 1 {
			v.Errorf("%d accounts", n)
		}
	})
}

// What is wrong with a login is never told apart, and the address stays.
func TestAccountLogin(t *testing.T) {
	eachTown(t, func(v *visit) {
		v.signUp(frieda)
		said := map[string]bool{}
		for _, form := range []url.Values{
			{"email": {"frieda@example.org"}, "password": {"Falsch und auch noch lang"}},
			{"email": {"niemand@example.org"}, "password": {password}},
			{"email": {"\x00"}, "password": {""}},
		} {
			a := v.browser().post("/de/account/login", form)
			v.want(a, http.StatusForbidden)
			said[a.Find("#errors").Text()] = true
			if a.Find("#password").AttrOr("value", "") != "" || a.Header.Get("Set-Cookie") != "" || a.Header.Get("Cache-Control") != "no-store" {
				v.Error("the password is sent back, or there is a session, or the page is kept")
			}
		}
		if len(said) != 1 {
			v.Errorf("%d different answers", len(said))
		}
		b := v.browser()
		to := b.want(b.get("/de/account/data?x=1"), http.StatusSeeOther)
		login := b.get(to)
		if login.Header.Get("Set-Cookie") != "" {
			v.Error("a cookie before there is anything to remember")
		}
		next := login.Find("input[name=next]").First().AttrOr("value", "")
		if to := b.comeBack("Frieda@example.org", password, next); to != "/de/account/data?x=1" {
			v.Errorf("after the login it goes on at %q", to)
		}
		if to := b.want(b.get(login.Request.URL.Path), http.StatusSeeOther); to != "/de/account" {
			v.Errorf("who is logged in gets to %q", to)
		}
		for _, evil := range []string{"//example.org", "https://example.org/account", "/\\example.org", "/desk", "/account/../desk"} {
			if to := v.browser().comeBack("frieda@example.org", password, evil); to != "/de/account" {
				v.Errorf("%q leads to %q", evil, to)
			}
		}
		if to := b.want(b.post("/de/account/logout", url.Values{}), http.StatusSeeOther); to != "/de/account/login?out" {
			v.Errorf("the logout leads to %q", to)
		}
		if at, _ := url.Parse(v.base); len(b.client.Jar.Cookies(at)) != 0 || b.in() {
			v.Error("the session is still there")
		}
	})
}

// A form that comes too late can be sent again; nothing of it is kept here.
func TestAccountSessionEnds(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.signUp(frieda)
		v.Clock.Advance(session.AccountIdle)
		late := b.post("/de/account/data", frieda)
		b.want(late, http.StatusForbidden)
		if late.Find("a[target=_blank][href='/de/account/login']").Length() != 1 {
			v.Error("the page does not lead to the login in another tab")
		}
		b.comeBack("frieda@example.org", password, "")
		b.want(b.post("/de/account/data", frieda), http.StatusSeeOther)
	})
}

func TestLogoutEverywhere(t *testing.T) {
	eachTown(t, func(v *visit) {
		a, b, c := v.signUp(frieda), v.browser(), v.browser()
		b.comeBack("frieda@example.org", password, "")
		c.comeBack("frieda@example.org", password, "")
		a.want(a.post("/de/account/security/elsewhere", url.Values{}), http.StatusSeeOther)
		if !a.in() || b.in() || c.in() {
			v.Fatal("everywhere else: the others must be out, this one not")
		}
		b.comeBack("frieda@example.org", password, "")
		b.want(b.post("/de/account/logout-everywhere", url.Values{}), http.StatusSeeOther)
		if a.in() || b.in() {
			v.Error("somebody is still logged in")
		}
		if n := v.count("SELECT COUNT(*) FROM session WHERE account_id IS NOT NULL"); n != 0 {
			v.Errorf("%d sessions are left", n)
		}
	})
}

func TestAccountPasswordForgotten(t *testing.T) {
	eachTown(t, func(v *visit) {
		here := v.signUp(frieda)
		b := v.browser()
		known := b.post("/de/account/forgotten", url.Values{"email": {"frieda@example.org"}})
		unknown := b.post("/de/account/forgotten", url.Values{"email": {"niemand@example.org"}})
		to := b.want(known, http.StatusSeeOther)
		if to != b.want(unknown, http.StatusSeeOther) || !strings.Contains(b.get(to).Find("main").Text(), "Wenn es zu dieser Adresse ein Konto gibt") {
			v.Error("known and unknown addresses get different answers")
		}
		page := link(v.T, v.send("frieda@example.org"), `/de/account/password/[\w-]+`)
		b.want(b.get(page), http.StatusOK)
		if !here.in() {
			v.Fatal("looking at the link changes something")
		}
		b.want(b.post(page, twice("kurz")), http.StatusUnprocessableEntity)
		b.want(b.post(page, twice(password+" 2")), http.StatusSeeOther)
		b.want(b.get(page), http.StatusGone)
		b.want(b.post("/de/account/login", url.Values{"email": {"frieda@example.org"}, "password": {password}}), http.StatusForbidden)
		if here.in() {
			v.Error("a session of before is still there")
		}
		b.comeBack("frieda@example.org", password+" 2", "")
	})
}
