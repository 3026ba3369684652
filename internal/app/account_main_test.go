// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"maps"
	"net/http"
	"net/url"
	"testing"

	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"

	"github.com/PuerkitoBio/goquery"
)

// frieda is what somebody types who registers.
var frieda = url.Values{"first-name": {"Frieda"}, "last-name": {"Musterbach"}, "email": {"frieda@example.org"}, "phone": {"030 23125 456"}}

// eachTown runs a test against a service over the test town, on both engines.
func eachTown(t *testing.T, test func(v *visit)) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) { test(newVisit(t, e, config.Defaults)) })
}

// but is a form with another value.
func but(form url.Values, name, value string) url.Values {
	form = maps.Clone(form)
	form[name] = []string{value}
	return form
}

func twice(password string) url.Values {
	return url.Values{"way": {"password"}, "password": {password}, "password-again": {password}}
}

// signUp is the browser of a citizen who has just made an account.
func (v *visit) signUp(form url.Values) *visit {
	v.Helper()
	b := v.browser()
	b.want(b.post("/de/account/register", form), http.StatusSeeOther)
	b.want(b.post(link(v.T, v.send(form.Get("email")), `/de/account/confirm/[\w-]+`), twice(password)), http.StatusSeeOther)
	return b
}

// comeBack logs in to an account and returns where that leads.
func (v *visit) comeBack(email, password, next string) string {
	v.Helper()
	return v.want(v.post("/de/account/login", url.Values{"email": {email}, "password": {password}, "next": {next}}), http.StatusSeeOther)
}

// in tells whether somebody is logged in to an account.
func (v *visit) in() bool {
	v.Helper()
	a := v.get("/de/account")
	if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusSeeOther {
		v.Fatalf("status %d", a.StatusCode)
	}
	return a.StatusCode == http.StatusOK
}

// typed are the fields of the form that a button stands in, as they are.
func typed(page answer, form string) url.Values {
	fields := url.Values{}
	page.Find(form + " input, " + form + " textarea").Each(func(_ int, i *goquery.Selection) {
		if _, checked := i.Attr("checked"); i.AttrOr("type", "") == "checkbox" && !checked {
			return
		}
		fields.Add(i.AttrOr("name", ""), i.AttrOr("value", i.Text()))
	})
	return fields
}

// count is a number of the database.
func (v *visit) count(query string, args ...any) int {
	v.Helper()
	var n int
	v.One(v.T, &n, query, args...)
	return n
}
