// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
	"github.com/pquerna/otp/totp"
)

// TestFromInvitationToWork goes the way of somebody new: invited by the
// administrator, a password by the link in the mail, the second step, the
// recovery codes, and the page that they wanted to see.
func TestFromInvitationToWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		admin := v.login(v.hire(town, staff.Admin, "amtsleitung"))
		invitation := url.Values{"name": {"Frieda Musterbach"}, "email": {"frieda@example.org"}, "role": {"clerk"}, "locations": {"nord"}}
		admin.want(admin.post("/de/desk/members/new", invitation), http.StatusSeeOther)
		v.secondFactor(true)

		b := v.browser()
		page := link(t, v.send("frieda@example.org"), `/desk/invitation/[\w-]+`)
		b.want(b.get(page), http.StatusOK)
		short := b.post(page, url.Values{"password": {"kurz"}, "password-again": {"kurz"}})
		b.want(short, http.StatusUnprocessableEntity)
		differ := b.post(page, url.Values{"password": {password}, "password-again": {password + "x"}})
		b.want(differ, http.StatusUnprocessableEntity)
		if differ.Find("#password-again[aria-invalid=true]").Length() != 1 || strings.Contains(differ.body, password) {
			t.Error("the form does not say what is wrong, or sends a password back")
		}
		b.want(b.post(page, url.Values{"password": {password}, "password-again": {password}}), http.StatusSeeOther)
		b.want(b.post(page, url.Values{"password": {password}, "password-again": {password}}), http.StatusGone)

		wanted := "/de/desk/account?x=1"
		login := b.want(b.get(wanted), http.StatusSeeOther)
		form := credentials(&staff.Member{Email: "frieda@example.org"})
		form.Set("next", b.get(login).Find("input[name=next]").First().AttrOr("value", ""))
		factor := b.want(b.post("/de/desk/login", form), http.StatusSeeOther)
		if to := b.want(b.get(wanted), http.StatusSeeOther); !strings.HasPrefix(to, "/de/desk/factor?") {
			t.Errorf("with the password alone the page leads to %q", to)
		}
		b.setUp(factor, wanted)
	})
}

// setUp sets up the second step and ends on the page that was wanted.
func (v *visit) setUp(factor, wanted string) {
	v.Helper()
	setup := v.get(factor)
	v.want(setup, http.StatusOK)
	secret := strings.ReplaceAll(setup.Find(".secret-text").Text(), " ", "")
	next := setup.Find("input[name=next]").First().AttrOr("value", "")
	wrong := v.post("/de/desk/factor/setup", url.Values{"code": {"123"}, "next": {next}})
	v.want(wrong, http.StatusUnprocessableEntity)
	if again := strings.ReplaceAll(wrong.Find(".secret-text").Text(), " ", ""); again != secret {
		v.Error("a mistyped code costs a new scan")
	}
	codes := v.post("/de/desk/factor/setup", url.Values{"code": {v.code(secret)}, "next": {next}})
	v.want(codes, http.StatusOK)
	if n := codes.Find(".recovery li").Length(); n != 10 {
		v.Errorf("%d recovery codes", n)
	}
	if to, _ := codes.Find("main a.kern-btn--primary").Attr("href"); to != wanted {
		v.Errorf("it goes on to %q, want %q", to, wanted)
	}
	v.want(v.get(wanted), http.StatusOK)

	other := v.browser() // logs in with a recovery code, once
	form := credentials(&staff.Member{Email: "frieda@example.org"})
	for _, status := range []int{http.StatusSeeOther, http.StatusUnprocessableEntity} {
		other.want(other.post("/de/desk/login", form), http.StatusSeeOther)
		other.want(other.post("/de/desk/factor", url.Values{"code": {codes.Find(".recovery li").First().Text()}}), status)
		other = v.browser()
	}
}

func (v *visit) code(secret string) string {
	v.Helper()
	code, err := totp.GenerateCode(secret, v.Clock.Now())
	if err != nil {
		v.Fatal(err)
	}
	return code
}

// What is wrong with a login is never told apart, and the address stays.
func TestWrongLogin(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	m := v.hire(town, staff.Clerk, "quirin")
	said := map[string]bool{}
	for _, form := range []url.Values{
		{"email": {m.Email}, "password": {"Falsch und auch noch lang"}},
		{"email": {"niemand@example.org"}, "password": {password}},
		{"email": {"keine Adresse"}, "password": {""}},
	} {
		a := v.browser().post("/de/desk/login", form)
		v.want(a, http.StatusForbidden)
		said[a.Find("#errors").Text()] = true
		if got := a.Find("#email").AttrOr("value", ""); got != form.Get("email") {
			t.Errorf("the address is lost: %q", got)
		}
		if a.Find("#password").AttrOr("value", "") != "" || a.Header.Get("Set-Cookie") != "" {
			t.Error("the password is sent back, or there is a session")
		}
	}
	if len(said) != 1 {
		t.Errorf("%d different answers", len(said))
	}
	known, unknown := v.post("/de/desk/forgotten", url.Values{"email": {m.Email}}), v.post("/de/desk/forgotten", url.Values{"email": {"niemand@example.org"}})
	if a, b := v.want(known, http.StatusSeeOther), v.want(unknown, http.StatusSeeOther); a != b {
		t.Errorf("forgotten passwords are told apart: %q and %q", a, b)
	}
	again := link(t, v.send(m.Email), `/desk/invitation/[\w-]+`)
	v.want(v.post(again, url.Values{"password": {password + " 2"}, "password-again": {password + " 2"}}), http.StatusSeeOther)
	v.want(v.browser().post("/de/desk/login", credentials(m)), http.StatusForbidden)
}

// Each login has a new session, and none outlives the logout.
func TestSessionIsNew(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	m := v.hire(town, staff.Clerk, "quirin")
	b := v.login(m)
	at, err := url.Parse(v.base)
	if err != nil {
		t.Fatal(err)
	}
	first := b.client.Jar.Cookies(at)
	b.want(b.post("/de/desk/login", credentials(m)), http.StatusSeeOther)
	if second := b.client.Jar.Cookies(at); len(first) != 1 || len(second) != 1 || first[0].Value == second[0].Value {
		t.Fatal("the login did not make a new session, or more than one cookie")
	}
	stolen := v.browser()
	stolen.client.Jar.SetCookies(at, b.client.Jar.Cookies(at))
	stolen.want(stolen.get("/de/desk/account"), http.StatusOK)
	planted := v.browser()
	planted.client.Jar.SetCookies(at, first)
	planted.want(planted.get("/de/desk/account"), http.StatusSeeOther)

	if to := b.want(b.post("/de/desk/logout", url.Values{}), http.StatusSeeOther); to != "/de/desk/login?out" {
		t.Errorf("the logout leads to %q", to)
	}
	if left := b.client.Jar.Cookies(at); len(left) != 0 {
		t.Error("a cookie is left")
	}
	stolen.want(stolen.get("/de/desk/account"), http.StatusSeeOther)
}

// After an hour without a request one logs in again and is where one was. A
// form that was sent too late can be sent again.
func TestAfterTheIdleLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		m := v.hire(town, staff.Admin, "amtsleitung")
		b := v.login(m)
		for range 3 {
			v.Clock.Advance(session.StaffIdle - time.Minute)
			b.want(b.get("/de/desk/members"), http.StatusOK)
		}
		v.Clock.Advance(session.StaffIdle)
		to := b.want(b.get("/de/desk/audit?member=x"), http.StatusSeeOther)
		form := credentials(m)
		form.Set("next", b.get(to).Find("input[name=next]").First().AttrOr("value", ""))

		invitation := url.Values{"name": {"Frieda Musterbach"}, "email": {"frieda@example.org"}, "role": {"clerk"}, "everywhere": {"yes"}}
		late := b.post("/de/desk/members/new", invitation)
		b.want(late, http.StatusForbidden)
		if late.Find("a[target=_blank]").AttrOr("href", "") != "/de/desk/login" {
			t.Error("the page does not lead to the login in another tab")
		}
		if back := b.want(b.post("/de/desk/login", form), http.StatusSeeOther); back != "/de/desk/audit?member=x" {
			t.Errorf("after the login it goes on at %q", back)
		}
		b.want(b.post("/de/desk/members/new", invitation), http.StatusSeeOther) // the page is loaded anew
		v.Clock.Advance(session.StaffAbsolute)
		b.want(b.get("/de/desk"), http.StatusSeeOther)
	})
}

// A role that is lost in mid-session is lost at the next request. The page
// says so, and leads to what is left.
func TestRoleLostInMidSession(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		chief, other := v.hire(town, staff.Admin, "amtsleitung"), v.hire(town, staff.Admin, "zweite")
		a, b := v.login(chief), v.login(other)
		path := "/de/desk/members/" + other.ID
		b.want(b.get("/de/desk/members"), http.StatusOK)
		a.want(a.post(path, changeOf(a.get(path), url.Values{"role": {"front_desk"}, "locations": {"nord"}})), http.StatusSeeOther)

		refused := b.get("/de/desk/members")
		b.want(refused, http.StatusForbidden)
		if text := refused.Find("main").Text(); !strings.Contains(text, "Ihre Rolle ist: Empfang") {
			t.Errorf("the page says %q", text)
		}
		if refused.Find(".desk-nav a[href='/de/desk/day']").Length() != 1 || refused.Find(".desk-nav a[href='/de/desk/members']").Length() != 0 {
			t.Error("the bar is not that of the new role")
		}
		b.want(b.get("/de/desk/day?location=rathaus"), http.StatusForbidden)
		b.want(b.get("/de/desk/day"), http.StatusOK)
		if got := strings.Join(strings.Fields(b.get("/de/desk/day").Find(".desk-place").Text()), " "); !strings.HasPrefix(got, "Standort: ") || b.get("/de/desk/day").Find("select#nav-location").Length() != 0 {
			t.Errorf("one location is a choice: %q", got)
		}

		a.want(a.post(path+"/disable", changeOf(a.get(path), nil)), http.StatusSeeOther)
		b.want(b.get("/de/desk/day"), http.StatusSeeOther)
		b.want(b.post("/de/desk/login", credentials(other)), http.StatusForbidden)
	})
}

// changeOf is the form of an account with some fields changed.
func changeOf(page answer, changes url.Values) url.Values {
	form := url.Values{}
	page.Find("main form").First().Find("input").Each(func(_ int, i *goquery.Selection) {
		kind := i.AttrOr("type", "")
		if _, checked := i.Attr("checked"); checked || kind != "radio" && kind != "checkbox" {
			form.Add(i.AttrOr("name", ""), i.AttrOr("value", ""))
		}
	})
	if changes.Has("locations") {
		form.Del("everywhere")
	}
	for name, values := range changes {
		form[name] = values
	}
	return form
}

// Of two who change an account at the same time the second one reads what
// holds, and loses nothing of what was typed.
func TestStaleAccount(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	b := v.login(v.hire(town, staff.Admin, "amtsleitung"))
	path := "/de/desk/members/" + v.hire(town, staff.Clerk, "quirin").ID
	first, second := b.get(path), b.get(path)
	b.want(b.post(path, changeOf(first, url.Values{"role": {"front_desk"}})), http.StatusSeeOther)
	late := b.post(path, changeOf(second, url.Values{"role": {"officer"}, "name": {"Quirin Neu"}}))
	b.want(late, http.StatusConflict)
	if got := late.Find("main .kern-alert--info").Text(); !strings.Contains(got, "Empfang") {
		t.Errorf("it does not say what holds: %q", got)
	}
	if late.Find("#role-officer[checked]").Length() != 1 || late.Find("#name").AttrOr("value", "") != "Quirin Neu" {
		t.Error("what was typed is lost")
	}
	b.want(b.post(path, changeOf(late, nil)), http.StatusSeeOther)
	if got := b.get(path).Find("h1").Text(); got != "Quirin Neu" {
		t.Errorf("the name is %q", got)
	}
}

// The officer reads who did what at the own tenant, and finds it by account.
func TestAuditPage(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		admin, officer := v.hire(town, staff.Admin, "amtsleitung"), v.hire(town, staff.Officer, "beauftragte")
		v.hire(village, staff.Admin, "dorfamt")
		a, b := v.login(admin), v.login(officer)
		a.want(a.get("/de/desk/audit"), http.StatusForbidden)
		all := b.get("/de/desk/audit")
		b.want(all, http.StatusOK)
		text := all.Find("tbody").Text()
		for _, part := range []string{"amtsleitung", "Leitung", "Angemeldet", "Befehlszeile"} {
			if !strings.Contains(text, part) {
				t.Errorf("the page does not say %q", part)
			}
		}
		if strings.Contains(all.body, "dorfamt") {
			t.Error("another tenant's entries")
		}
		own := b.get("/de/desk/audit?member=" + officer.ID)
		if rows := own.Find("tbody tr"); rows.Length() == 0 || strings.Contains(rows.Text(), "amtsleitung") {
			t.Errorf("entries of one account: %q", rows.Text())
		}
		b.want(b.get("/de/desk/audit?appointment=0000+0000"), http.StatusUnprocessableEntity)
		if _, err := v.service.Bookings.Record(v.Context(), admin, booking.RecordFilter{}); fault.Of(err) != fault.Forbidden {
			t.Errorf("the domain lets an administrator read: %v", err)
		}
		older := all.Find("a:contains('Ältere')")
		if older.Length() != 0 {
			t.Error("older entries although there are few")
		}
		for range 100 {
			v.exec(`INSERT INTO audit (id, tenant_id, at, actor, role, action, detail)
				SELECT $1 || CAST(COUNT(*) AS TEXT), $2, 0, 'system', '', 'staff.forgotten', '' FROM audit`, "0", town)
		}
		page := b.get("/de/desk/audit")
		to, _ := page.Find("main a.target").Last().Attr("href")
		rest := b.get(to)
		b.want(rest, http.StatusOK)
		if page.Find("tbody tr").Length() != 100 || rest.Find("tbody tr").Length() == 0 {
			t.Errorf("%d entries, then %d", page.Find("tbody tr").Length(), rest.Find("tbody tr").Length())
		}
	})
}

// The own account: the password, and the other devices.
func TestOwnAccount(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	m := v.hire(town, staff.Clerk, "quirin")
	here, there := v.login(m), v.login(m)
	better := password + " 2"
	form := url.Values{"old": {"Falsch und auch noch lang"}, "password": {better}, "password-again": {better}}
	wrong := here.post("/de/desk/account/password", form)
	here.want(wrong, http.StatusUnprocessableEntity)
	if wrong.Find("#old[aria-invalid=true]").Length() != 1 {
		t.Error("the old password is not marked")
	}
	form.Set("old", password)
	here.want(here.post("/de/desk/account/password", form), http.StatusSeeOther)
	here.want(here.get("/de/desk/account"), http.StatusOK)
	there.want(there.get("/de/desk/account"), http.StatusSeeOther)

	there.want(there.post("/de/desk/login", url.Values{"email": {m.Email}, "password": {better}}), http.StatusSeeOther)
	here.want(here.post("/de/desk/account/elsewhere", url.Values{}), http.StatusSeeOther)
	here.want(here.get("/de/desk/account"), http.StatusOK)
	there.want(there.get("/de/desk/account"), http.StatusSeeOther)

	closed := here.get("/de/desk/account")
	if closed.Find(`main a[href="/de/desk/account/prove"]`).Length() != 2 || closed.Find(`form[action$="/passkeys"], a[href$="/account/factor"]`).Length() != 0 {
		t.Error("the page offers what needs the password")
	}
	for _, path := range []string{"factor", "factor/remove", "recovery", "passkeys", "passkeys/finish", "passkeys/remove"} {
		refused := here.post("/de/desk/account/"+path, url.Values{"id": {"AAAA"}, "name": {"Bund"}})
		here.want(refused, http.StatusSeeOther)
		if at := refused.Header.Get("Location"); at != "/de/desk/account/prove" {
			t.Errorf("%s leads to %s", path, at)
		}
	}
	here.want(here.post("/de/desk/account/prove", url.Values{"password": {password}}), http.StatusUnprocessableEntity)
	here.want(here.post("/de/desk/account/prove", url.Values{"password": {better}}), http.StatusSeeOther)
	setup := here.get("/de/desk/account/factor")
	code := here.code(strings.ReplaceAll(setup.Find(".secret-text").Text(), " ", ""))
	codes := here.post("/de/desk/account/factor", url.Values{"code": {code}})
	here.want(codes, http.StatusOK)
	fresh := here.post("/de/desk/account/recovery", url.Values{})
	here.want(fresh, http.StatusOK)
	if a, b := codes.Find(".recovery").Text(), fresh.Find(".recovery").Text(); a == "" || a == b {
		t.Error("the codes are not new")
	}
	here.want(here.post("/de/desk/account/factor/remove", url.Values{}), http.StatusSeeOther)
	here.want(here.post("/de/desk/account/passkeys/remove", url.Values{"id": {"AAAA"}}), http.StatusNotFound)
	here.want(here.post("/de/desk/account/passkeys/remove", url.Values{"id": {"\x00\xff"}}), http.StatusNotFound)
	here.want(here.post("/de/desk/account/passkeys", url.Values{"name": {" "}}), http.StatusUnprocessableEntity)
	here.want(here.post("/de/desk/account/passkeys/finish", url.Values{"name": {"Bund"}, "credential": {"{}"}}), http.StatusGone)
}
