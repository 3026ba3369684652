// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/desk"

	"github.com/PuerkitoBio/goquery"
)

// TestRoutesAndRoles walks every route of the desk with every role, with
// nobody, and with what belongs to another tenant. A route that is added later
// is in its table, and so in this test.
func TestRoutesAndRoles(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	if len(v.service.Desk) < 20 {
		t.Fatalf("only %d routes", len(v.service.Desk))
	}
	foreign := v.foreign()
	browsers := map[staff.Role]*visit{}
	for _, role := range staff.Roles {
		browsers[role] = v.login(v.hire(town, role, string(role)))
	}
	for _, r := range v.service.Desk {
		t.Run(r.Method+" "+r.Path, func(t *testing.T) {
			v.nobody(t, r, foreign[0])
			if r.Open {
				return
			}
			for _, role := range staff.Roles {
				browsers[role].route(t, r, role, foreign)
			}
		})
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// fill puts an id into a route.
func fill(r desk.Route, id string) string {
	return "/de" + placeholder.ReplaceAllLiteralString(r.Path, id)
}

// seen is an answer as far as it says who may do what: a stream has no end to
// wait for.
type seen struct {
	status   int
	location string
	main     *goquery.Selection
	bar      bool // the page has the bar of those who are logged in
}

func (v *visit) see(t *testing.T, method, path string) seen {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, v.base+path, strings.NewReader(url.Values{}.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := v.client.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	out := seen{status: res.StatusCode, location: res.Header.Get("Location")}
	if got := res.Header.Get("Cache-Control"); got != "no-store" {
		t.Errorf("%s %s may be stored: %q", method, path, got)
	}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "text/html") {
		doc, err := goquery.NewDocumentFromReader(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		out.main, out.bar = doc.Find("main"), doc.Find(".desk-bar form[action$='/desk/logout'] button").Length() == 1
	}
	return out
}

// nobody: without a login there is nothing but the login. A form says so
// instead of going there, so that nothing of it is lost.
func (v *visit) nobody(t *testing.T, r desk.Route, id string) {
	t.Helper()
	a := v.browser().see(t, r.Method, fill(r, id))
	switch {
	case r.Open:
		if strings.HasPrefix(a.location, "/de/desk/login?next=") {
			t.Errorf("open, and yet it leads to the login")
		}
	case r.Method == http.MethodGet:
		path, _, _ := strings.Cut(a.location, "?")
		if a.status != http.StatusSeeOther || path != "/de/desk/login" {
			t.Errorf("nobody: status %d, to %q", a.status, a.location)
		}
	case a.status != http.StatusForbidden || a.main.Find("a[href='/de/desk/login'][target=_blank]").Length() != 1:
		t.Errorf("nobody: status %d", a.status)
	}
}

// route tries one route with one role.
func (v *visit) route(t *testing.T, r desk.Route, role staff.Role, foreign []string) {
	t.Helper()
	member := staff.Member{Role: role}
	switch {
	case r.Right != "" && !member.Has(r.Right):
		a := v.see(t, r.Method, fill(r, foreign[0]))
		if a.status != http.StatusForbidden || !a.bar {
			t.Errorf("%s without the right: status %d, bar %v", role, a.status, a.bar)
		}
	case placeholder.MatchString(r.Path):
		for _, id := range foreign {
			if a := v.see(t, r.Method, fill(r, id)); a.status != http.StatusNotFound {
				t.Errorf("%s, another tenant's id: status %d", role, a.status)
			}
		}
	case r.Method == http.MethodGet:
		if a := v.see(t, r.Method, fill(r, "")); a.status != http.StatusOK && a.status != http.StatusSeeOther {
			t.Errorf("%s: status %d", role, a.status)
		}
	}
}

// foreign are ids of everything that the village has.
func (v *visit) foreign() []string {
	v.Helper()
	b, ctx := v.service.Bookings, v.Context()
	admin := v.hire(village, staff.Admin, "dorfamt")
	cat, err := b.Catalogue(ctx, village)
	if err != nil {
		v.Fatal(err)
	}
	l, ok := cat.Location("rathaus")
	if !ok {
		v.Fatal("the village has no town hall")
	}
	sel, err := cat.Select([]office.Wanted{{Key: "ausweis", Quantity: 1}})
	if err != nil {
		v.Fatal(err)
	}
	start, ok, err := b.Next(ctx, booking.SearchFor(l, sel))
	if err != nil || !ok {
		v.Fatalf("nothing free: %v", err)
	}
	entry, _, err := b.BookFor(ctx, admin, booking.ForSomeone{Location: "rathaus", Lang: locale.DE,
		Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}}, Start: start,
		Data: person.Data{FirstName: "Quirin", LastName: "Dorfhuber", Phone: "030 23125 123"}})
	if err != nil {
		v.Fatal(err)
	}
	day := slot.DateIn(v.Env.Clock.Now().Unix(), l.Plan.Zone).AddDays(60)
	closure, err := b.Close(ctx, admin, booking.Closing{LocationID: l.ID, From: booking.Moment{Date: day},
		Until: booking.Moment{Date: day.AddDays(1)}})
	if err != nil {
		v.Fatal(err)
	}
	owner := v.first("SELECT person_id FROM appointment WHERE id = $1", entry.ID)
	return []string{entry.ID, admin.ID, closure, owner, l.ID, l.Counters[0].ID, cat.Services[0].ID}
}
