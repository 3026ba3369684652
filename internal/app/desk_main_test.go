// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/internal/config"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

// password is good enough, and that of every member in these tests.
const password = "Quallenfisch trifft Zaunkoenig"

// town is the tenant that the service of a visit serves, village another one
// in the same database.
const (
	town    = "kleinstadt"
	village = "kleindorf"
)

// today is the list of the town hall for the day that the clock shows.
const today = "/de/desk/day?location=rathaus"

// newOffice is a service over the test town and the village. Nobody needs a
// second factor.
func newOffice(t *testing.T, e *dbtest.Env) *visit {
	t.Helper()
	v := newVisit(t, e, config.Defaults)
	officetest.ImportFile(t, e, v.key, bytes.Replace(officetest.Town, []byte("tenant: "+town), []byte("tenant: "+village), 1))
	v.tenants[village] = &url.URL{Scheme: "https", Host: village + ".example.org"} // only what is in its mails
	v.secondFactor(false)
	return v
}

// secondFactor says whether those who work here must have one.
func (v *visit) secondFactor(must bool) {
	v.Helper()
	for _, tenant := range []string{town, village} {
		err := v.Env.DB.Write(v.Context(), func(tx *db.Tx) error { return office.SetSecondFactor(v.Context(), tx, tenant, must) })
		if err != nil {
			v.Fatal(err)
		}
	}
}

// hire makes an account with a password. Without places it is for everywhere.
func (v *visit) hire(tenant string, role staff.Role, name string, places ...string) *staff.Member {
	v.Helper()
	cat, err := v.service.Bookings.Catalogue(v.Context(), tenant)
	if err != nil {
		v.Fatal(err)
	}
	n := staff.NewAccount{Email: name + "@example.org", Name: name, Role: role, Everywhere: len(places) == 0, Lang: locale.DE}
	for _, key := range places {
		l, ok := cat.Location(key)
		if !ok {
			v.Fatalf("no location %s", key)
		}
		n.Locations = append(n.Locations, l.ID)
	}
	link, err := v.service.Accounts.InviteLink(v.Context(), staff.CommandLine(tenant), n)
	if err != nil {
		v.Fatal(err)
	}
	if err := v.service.Accounts.Accept(v.Context(), credential.Visit{TenantID: tenant}, link, password); err != nil {
		v.Fatal(err)
	}
	a, err := v.service.Accounts.Find(v.Context(), staff.CommandLine(tenant), n.Email)
	if err != nil {
		v.Fatal(err)
	}
	return &a.Member
}

// browser is another visitor of the same service, with cookies of their own.
func (v *visit) browser() *visit {
	v.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		v.Fatal(err)
	}
	other := *v
	other.client = &http.Client{CheckRedirect: v.client.CheckRedirect, Jar: jar}
	return &other
}

// login is the browser of a member of the town who has logged in.
func (v *visit) login(m *staff.Member) *visit {
	v.Helper()
	b := v.browser()
	b.want(b.post("/de/desk/login", credentials(m)), http.StatusSeeOther)
	return b
}

func credentials(m *staff.Member) url.Values {
	return url.Values{"email": {m.Email}, "password": {password}}
}

// first is one value of the database.
func (v *visit) first(query string, args ...any) string {
	v.Helper()
	var s string
	v.One(v.T, &s, query, args...)
	return s
}

// press presses a button of a page, with the form that it stands in.
func (v *visit) press(page answer, selector string) answer {
	v.Helper()
	b := page.Find(selector).First()
	form := b.Closest("form")
	if b.Length() == 0 || form.Length() == 0 {
		v.Fatalf("no button %s on %s", selector, page.Find("h1").Text())
	}
	fields := url.Values{}
	form.Find("input").Each(func(_ int, i *goquery.Selection) { fields.Add(i.AttrOr("name", ""), i.AttrOr("value", "")) })
	form.Find("select").Each(func(_ int, s *goquery.Selection) {
		chosen := s.Find("option[selected]")
		if chosen.Length() == 0 {
			chosen = s.Find("option")
		}
		fields.Add(s.AttrOr("name", ""), chosen.First().AttrOr("value", ""))
	})
	if name := b.AttrOr("name", ""); name != "" {
		fields.Set(name, b.AttrOr("value", ""))
	}
	return v.post(b.AttrOr("formaction", form.AttrOr("action", "")), fields)
}

// states are those of the rows of a list.
func states(page answer) []string {
	return page.Find("tr[data-row] .desk-state").Map(func(_ int, s *goquery.Selection) string {
		class := strings.Fields(s.AttrOr("class", ""))
		return strings.TrimPrefix(class[len(class)-1], "desk-state--")
	})
}

func (v *visit) wantStates(page answer, want ...string) {
	v.Helper()
	v.want(page, http.StatusOK)
	if got := states(page); strings.Join(got, " ") != strings.Join(want, " ") {
		v.Fatalf("states %v, want %v", got, want)
	}
}

// row is the beginning of a selector for the n-th row of a list, from 1 on.
func row(n string) string { return "tbody tr:nth-child(" + n + ") " }
