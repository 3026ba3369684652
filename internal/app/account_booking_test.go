// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"

	"github.com/PuerkitoBio/goquery"
)

// appointments are the references on the page of an account.
func (v *visit) appointments() []string {
	v.Helper()
	page := v.get("/de/account")
	v.want(page, http.StatusOK)
	return page.Find(".entries .reference").Map(func(_ int, s *goquery.Selection) string { return s.Text() })
}

// A guest gets an account on the page that follows the booking, without typing
// anything again, and finds the appointment there.
func TestGuestGetsAnAccount(t *testing.T) {
	eachTown(t, func(v *visit) {
		done := v.get(v.book("ausweis"))
		if to := v.want(v.press(done, "form[action*='/account/from/'] button"), http.StatusSeeOther); to != "/de/account/register/sent" {
			v.Fatalf("the button leads to %q", to)
		}
		b := v.browser()
		b.want(b.post(link(v.T, v.send("quirin@example.org"), `/de/account/confirm/[\w-]+`), twice(password)), http.StatusSeeOther)
		if got := b.appointments(); len(got) != 1 || got[0] != done.Find(".panel .reference").Text() {
			v.Fatalf("appointments: %q", got)
		}
		if got := typed(b.get("/de/account/data"), "main form.form").Get("last-name"); got != "Beispielhuber" {
			v.Errorf("the name is %q", got)
		}
		manage := b.want(b.press(b.get("/de/account"), ".entries button"), http.StatusSeeOther)
		page := b.get(manage)
		if page.Find("a[href$='/move']").Length() != 1 || page.Find("form[action*='/account/adopt/']").Length() != 0 {
			v.Error("it cannot be moved there, or can be added again")
		}
		b.want(b.post(manage+"/cancel", url.Values{}), http.StatusSeeOther)
		if text := b.get("/de/account").Find("section[aria-labelledby=past-title]").Text(); !strings.Contains(text, "abgesagt") {
			v.Errorf("after that there is %q", text)
		}
		b.want(b.post("/de/account/appointments/nie", url.Values{}), http.StatusNotFound)
		other := v.signUp(frieda)
		action := b.get("/de/account").Find(".entries form").AttrOr("action", "")
		other.want(other.post(action, url.Values{}), http.StatusNotFound)
		v.browser().want(v.browser().post(action, url.Values{}), http.StatusForbidden)
	})
}

// Who is logged in has the form filled in, and the appointment in the account.
func TestBookingWhileLoggedIn(t *testing.T) {
	eachTown(t, func(v *visit) {
		b := v.signUp(frieda)
		form := b.hold("ausweis")
		page := b.get(form)
		fields := typed(page, "#details")
		for name, want := range frieda {
			if fields.Get(name) != want[0] {
				v.Errorf("%s is %q", name, fields.Get(name))
			}
		}
		check := b.want(b.post(form, fields), http.StatusSeeOther)
		if len(b.appointments()) != 0 {
			v.Error("a reservation is listed")
		}
		done := b.get(b.want(b.post(check, url.Values{}), http.StatusSeeOther))
		if done.Find("main a[href='/de/account']").Length() != 1 || done.Find("form[action*='/account/from/']").Length() != 0 {
			v.Error("the last page does not say that it is in the account")
		}
		if got := b.appointments(); len(got) != 1 || got[0] != done.Find(".panel .reference").Text() {
			v.Errorf("appointments: %q", got)
		}
		if !b.in() {
			v.Error("booking has ended the login")
		}
		guest := v.get(v.hold("ausweis"))
		if guest.Find("#first-name").AttrOr("value", "") != "" || guest.Find("main a[href*='/account/login?next=']").Length() != 1 {
			v.Error("a guest's form is filled in, or does not lead to the login")
		}
	})
}

// Logging in keeps the reservation, and leads back to its form.
func TestLoginWithAReservation(t *testing.T) {
	eachTown(t, func(v *visit) {
		v.signUp(frieda)
		b := v.browser()
		form := b.hold("ausweis")
		login := b.get(b.get(form).Find("main a[href*='/account/login?next=']").AttrOr("href", ""))
		next := login.Find("input[name=next]").First().AttrOr("value", "")
		if to := b.comeBack("frieda@example.org", password, next); to != form {
			v.Fatalf("the login leads to %q", to)
		}
		if got := b.get(form).Find("#email").AttrOr("value", ""); got != "frieda@example.org" {
			v.Errorf("the address is %q", got)
		}
		if b.get("/de/").Find("main a[href='"+form+"']").Length() != 1 {
			v.Error("the start page has forgotten the reservation")
		}
	})
}

// A guest's appointment joins an account by a link that reached its mailbox only.
func TestAdopt(t *testing.T) {
	eachTown(t, func(v *visit) {
		other := v.signUp(but(frieda, "email", "andere@example.org"))
		v.signUp(frieda)
		shown := v.get(v.book("ausweis")).Find("main a.kern-btn--secondary").AttrOr("href", "")
		mailed := link(v.T, v.send("quirin@example.org"), `/de/appointment/[\w-]+`)
		adopt := strings.Replace(mailed[strings.Index(mailed, "/de/"):], "/appointment/", "/account/adopt/", 1)
		if v.get(shown).Find("form[action*='/adopt/']").Length() != 0 {
			v.Error("the page of the browser that booked offers it")
		}
		b := v.browser()
		to := b.want(b.press(b.get(mailed), "form[action*='/adopt/'] button"), http.StatusSeeOther)
		back := b.comeBack("frieda@example.org", password, b.get(to).Find("input[name=next]").First().AttrOr("value", ""))
		if !strings.HasSuffix(mailed, back) {
			v.Fatalf("the login leads to %q", back)
		}
		b.want(b.post(strings.Replace(shown, "/appointment/", "/account/adopt/", 1), url.Values{}), http.StatusForbidden)
		if len(b.appointments()) != 0 {
			v.Fatal("the link of the page was enough")
		}
		for range 2 {
			b.want(b.post(adopt, url.Values{}), http.StatusSeeOther)
		}
		if n := len(b.appointments()); n != 1 {
			v.Errorf("%d appointments", n)
		}
		if b.get(mailed).Find("form[action*='/adopt/']").Length() != 0 {
			v.Error("it is offered again")
		}
		other.want(other.post(adopt, url.Values{}), http.StatusConflict)
		other.want(other.post("/de/account/adopt/nie", url.Values{}), http.StatusNotFound)
	})
}

// Another tenant's account is none here, and its session is nobody's.
func TestAccountOfAnotherTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		d := person.Data{FirstName: "Frieda", LastName: "Musterbach", Email: "frieda@example.org", Phone: "030 23125 456"}
		cookie := seal.NewSecret()
		visit := credential.Visit{TenantID: village, Network: "192.0.2.1", Address: "192.0.2.1", Remember: func(ctx context.Context, tx *db.Tx, d session.Data) error {
			return v.service.Site.Sessions.Replace(ctx, tx, village, "", cookie, d)
		}}
		if err := v.service.Citizens.Register(t.Context(), village, d, locale.DE, "192.0.2.1"); err != nil {
			t.Fatal(err)
		}
		found := regexp.MustCompile(`/account/confirm/([\w-]+)`).FindStringSubmatch(v.send(d.Email).Text)
		if found == nil {
			t.Fatal("no link in the mail")
		}
		v.want(v.get("/de/account/confirm/"+found[1]), http.StatusGone)
		v.want(v.post("/de/account/confirm/"+found[1], twice(password)), http.StatusGone)
		if err := v.service.Citizens.Complete(t.Context(), visit, seal.Secret(found[1]), password); err != nil {
			t.Fatal(err)
		}
		v.want(v.browser().post("/de/account/login", url.Values{"email": {d.Email}, "password": {password}}), http.StatusForbidden)
		b := v.browser()
		jar, err := cookiejar.New(nil)
		if err != nil {
			t.Fatal(err)
		}
		at, err := url.Parse(v.base)
		if err != nil {
			t.Fatal(err)
		}
		jar.SetCookies(at, []*http.Cookie{{Name: "session", Value: cookie.Reveal()}})
		b.client.Jar = jar
		if b.in() {
			t.Error("another tenant's session is logged in")
		}
	})
}
