// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"maps"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"

	"github.com/PuerkitoBio/goquery"
)

// chosen is the form of the times page with its first time chosen.
func chosen(page answer) url.Values {
	form := url.Values{}
	page.Find("form#choose input[type=hidden]").Each(func(_ int, i *goquery.Selection) {
		form.Add(i.AttrOr("name", ""), i.AttrOr("value", ""))
	})
	form.Set("start", page.Find("button[name=start]").First().AttrOr("value", ""))
	return form
}

// A double click without cookies and scripts: both answers lead to one hold.
func TestDoubleClickOnATime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		form := chosen(v.get("/de/times?service=trauung"))
		first := v.want(v.post("/de/times", form), http.StatusSeeOther)
		second := v.want(v.post("/de/times", form), http.StatusSeeOther)
		if first != second {
			t.Error("two holds")
		}
	})
}

// What was typed goes along to another time: by the button that gives the slot
// back, and when the slot was lost.
func TestTypedGoesAlong(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		e.Clock.Set(dbtest.Start.Add(-24 * time.Hour)) // the first time offered is far from the lead time
		typed := maps.Clone(guest)
		typed.Set("phone", "unfertig")
		form := v.hold("trauung")
		times := v.get(v.want(v.post(form+"/release", typed), http.StatusSeeOther))
		v.want(times, http.StatusOK)
		next := v.want(v.post("/de/times", chosen(times)), http.StatusSeeOther)
		v.wantTyped(next, "unfertig")

		e.Clock.Advance(officetest.Hold)
		v.hold("trauung") // somebody else takes it
		lost := v.post(next+"/extend", typed)
		v.want(lost, http.StatusConflict)
		v.wantTyped(v.want(v.post("/de/times", chosen(lost)), http.StatusSeeOther), "unfertig")
	})
}

func (v *visit) wantTyped(form, phone string) {
	v.Helper()
	if got := v.get(form).Find("[name=phone]").AttrOr("value", ""); got != phone {
		v.Errorf("the form says %q, want %q", got, phone)
	}
}

// At a shared computer the next visitor sees nothing of what the last one left
// behind, once the reservation has run out.
func TestSharedComputer(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar = jar
	v.want(v.post(v.hold("ausweis"), guest), http.StatusSeeOther)
	v.Clock.Advance(officetest.Hold)
	if v.get("/de/").Find("a[href*='/hold/']").Length() > 0 {
		t.Error("the start page leads to a reservation that has run out")
	}
	if got := v.get(v.hold("ausweis")).Find("[name=email]").AttrOr("value", ""); got != "" {
		t.Error("the next visitor's form has the last one's address")
	}
}

// A form that was left in a session is found again, and forgotten after the
// booking.
func TestResume(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	v.client.Jar = jar
	form := v.hold("ausweis")
	page := v.get("/de/")
	if page.Find("a[href='"+form+"']").Length() == 0 {
		t.Fatal("the start page does not lead back to the reservation")
	}
	if page.Header.Get("Cache-Control") != "no-store" || page.Header.Get("Content-Encoding") != "" {
		t.Error("a page with a secret is stored or compressed")
	}
	v.want(v.post(v.want(v.post(form, guest), http.StatusSeeOther), url.Values{}), http.StatusSeeOther)
	if v.get("/de/").Find("a[href*='/hold/']").Length() > 0 {
		t.Error("the reservation became an appointment and is still offered")
	}
}

// Limits answer on the form, where another address can be typed.
func TestLimitPerAddressOnTheForm(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	for range 5 {
		v.book("meldung")
	}
	form := v.hold("meldung")
	refused := v.post(v.want(v.post(form, guest), http.StatusSeeOther), url.Values{})
	v.want(refused, http.StatusTooManyRequests)
	if refused.Find("[name=email]").AttrOr("value", "") != "quirin@example.org" {
		t.Error("no form to correct")
	}
	other := maps.Clone(guest)
	other.Set("email", "andere@example.org")
	v.want(v.post(v.want(v.post(form, other), http.StatusSeeOther), url.Values{}), http.StatusSeeOther)
}

// An appointment whose location's key was changed can still be moved.
func TestMoveFromARetiredLocation(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	manage := strings.Replace(strings.TrimSuffix(v.book("ausweis"), "/done"), "/hold/", "/appointment/", 1)
	renamed := bytes.Replace(officetest.Town, []byte("- key: rathaus\n"), []byte("- key: stadthaus\n"), 1)
	f, err := office.Parse("town.yaml", bytes.NewReader(renamed))
	if err != nil {
		t.Fatal(err)
	}
	if err := v.Env.DB.Write(t.Context(), func(tx *db.Tx) error { return office.Import(t.Context(), tx, v.key, f) }); err != nil {
		t.Fatal(err)
	}
	page := v.get(manage + "/move")
	v.want(page, http.StatusOK)
	v.want(v.post(manage+"/move", chosen(page)), http.StatusSeeOther)
}

// Whatever the path, an answer below a secret is not kept by anybody, and says
// which methods there are.
func TestErrorsBelowSecrets(t *testing.T) {
	v := newVisit(t, dbtest.New(t, "sqlite"), config.Defaults)
	form := v.hold("ausweis")
	for path, status := range map[string]int{"/nothing": http.StatusNotFound, "/extend": http.StatusMethodNotAllowed} {
		a := v.get(form + path)
		v.want(a, status)
		if a.Header.Get("Cache-Control") != "no-store" || strings.Contains(a.body, form) {
			t.Errorf("%s: may be stored, or holds the secret", path)
		}
	}
	a := v.do(http.MethodPut, "/de/times", url.Values{})
	if got := a.Header.Get("Allow"); a.StatusCode != http.StatusMethodNotAllowed || got != "GET, HEAD, POST" {
		t.Errorf("PUT: %d, Allow: %s", a.StatusCode, got)
	}
}
