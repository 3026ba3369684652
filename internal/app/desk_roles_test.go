// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/request"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/desk"

	"github.com/PuerkitoBio/goquery"
)

// TestRoutesAndRoles walks every route of the desk with every role, with
// nobody, and with what belongs to another tenant. A route that is added later
// is in its table, and so in this test.
func TestRoutesAndRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		if len(v.service.Desk) < 20 {
			t.Fatalf("only %d routes", len(v.service.Desk))
		}
		foreign := v.belongings(village)
		browsers := map[staff.Role]*visit{}
		for _, role := range staff.Roles {
			browsers[role] = v.login(v.hire(town, role, string(role)))
		}
		for _, r := range v.service.Desk {
			t.Run(r.Method+" "+r.Path, func(t *testing.T) {
				v.nobody(t, r, foreign)
				if r.Open {
					return
				}
				for _, role := range staff.Roles {
					browsers[role].route(t, r, role, foreign)
				}
			})
		}
	})
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

func (v *visit) see(t *testing.T, method, path string, form url.Values) seen {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, v.base+path, strings.NewReader(form.Encode()))
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
func (v *visit) nobody(t *testing.T, r desk.Route, x *belongings) {
	t.Helper()
	a := v.browser().see(t, r.Method, fill(r, x.entry), x.form(r.Path, x.entry))
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

// route tries one route with one role. The forms are such as would do something
// to what they are about.
func (v *visit) route(t *testing.T, r desk.Route, role staff.Role, foreign *belongings) {
	t.Helper()
	member := staff.Member{Role: role}
	switch {
	case r.Right != "" && !member.Has(r.Right):
		a := v.see(t, r.Method, fill(r, foreign.entry), foreign.form(r.Path, foreign.entry))
		if a.status != http.StatusForbidden || !a.bar {
			t.Errorf("%s without the right: status %d, bar %v", role, a.status, a.bar)
		}
	case placeholder.MatchString(r.Path):
		for _, id := range foreign.ids() {
			if a := v.see(t, r.Method, fill(r, id), foreign.form(r.Path, id)); a.status != http.StatusNotFound {
				t.Errorf("%s, another tenant's id: status %d", role, a.status)
			}
		}
	case r.Method == http.MethodGet:
		if a := v.see(t, r.Method, fill(r, ""), nil); a.status != http.StatusOK && a.status != http.StatusSeeOther {
			t.Errorf("%s: status %d", role, a.status)
		}
	}
}

// belongings are what a tenant has.
type belongings struct {
	entry, version, slip string // an appointment, its version and a secret of it
	person, other, merge string // whose it is, somebody else, and the merge of a third into the first
	hold                 string // for whom a fourth is kept
	request              string // about data
	location, service    string
	counter, key         string // id and key
	closure, admin       string
}

// ids are all that can stand in an address.
func (x *belongings) ids() []string {
	return []string{x.entry, x.admin, x.closure, x.person, x.location, x.counter, x.service, x.request}
}

// form is one for a route, filled in as for what belongs to its tenant, with an
// id in the address.
func (x *belongings) form(path, id string) url.Values {
	form := url.Values{"version": {x.version}, "location": {"rathaus"}, "counter": {x.key}, "secret": {x.slip},
		"from": {"2026-09-08"}, "shown": {"rathaus 2026-09-08"}, "start": {strconv.FormatInt(nextMorning, 10)},
		"first-name": {"Quirin"}, "last-name": {"Neuhuber"}, "phone": {"030 23125 123"},
		"desk-note": {"kommt mit Hund"}, "with": {x.other}, "keep": {id}, "merge": {x.merge}, "query": {"Neuhuber"},
		"hold": {x.hold}, "keep-until": {"2027-03-14"}, "keep-reason": {"Klage"},
		"person": {x.person}, "request-kind": {"access"}, "request-channel": {"letter"}, "request-received": {"2026-09-07"},
		"request-from": {"Quirin Neuhuber"}, "request-reason": {"viel"}, "request-outcome": {"nichts"}, "result": {"done"},
		"name": {"Neuer Name"}, "email": {"neu@example.org"}, "role": {"clerk"}, "everywhere": {"yes"},
		"from-date": {"2026-10-01"}, "until-date": {"2026-10-01"}, "reason": {"Fortbildung"}}
	if strings.HasPrefix(path, "/desk/members/") || strings.HasPrefix(path, "/desk/requests/") {
		form.Set("version", "1")
	}
	return form
}

// nextMorning is Tuesday at ten.
var nextMorning = dbtest.Start.Add(24 * time.Hour).Unix()

// belongings makes some of everything at a tenant.
func (v *visit) belongings(tenant string) *belongings {
	v.Helper()
	b, ctx := v.service.Bookings, v.Context()
	admin := v.hire(tenant, staff.Admin, "verwaltung-"+tenant)
	cat, err := b.Catalogue(ctx, tenant)
	if err != nil {
		v.Fatal(err)
	}
	l, ok := cat.Location("rathaus")
	if !ok {
		v.Fatal("there is no town hall")
	}
	sel, err := cat.Select([]office.Wanted{{Key: "ausweis", Quantity: 1}})
	if err != nil {
		v.Fatal(err)
	}
	book := func(name string) (*booking.Entry, seal.Secret) {
		start, ok, err := b.Next(ctx, booking.SearchFor(l, sel))
		if err != nil || !ok {
			v.Fatalf("nothing free: %v", err)
		}
		e, slip, err := b.BookFor(ctx, admin, booking.ForSomeone{Location: "rathaus", Lang: locale.DE,
			Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}}, Start: start,
			Data: person.Data{FirstName: "Quirin", LastName: name, Phone: "030 23125 123"}})
		if err != nil {
			v.Fatal(err)
		}
		return e, slip
	}
	entry, slip := book("Dorfhuber")
	second, _ := book("Bachhuber")
	third, _ := book("Berghuber")
	if err := b.MergePersons(ctx, admin, entry.PersonID, third.PersonID); err != nil {
		v.Fatal(err)
	}
	fourth, _ := book("Talhuber")
	day := slot.DateIn(v.Env.Clock.Now().Unix(), l.Plan.Zone).AddDays(60)
	if err := b.KeepForClaim(ctx, admin, fourth.PersonID, "Klage", day); err != nil {
		v.Fatal(err)
	}
	requested, err := v.service.Requests.Record(ctx, admin, request.New{PersonID: entry.PersonID, Kind: request.Access, Channel: request.Letter,
		Received: day.AddDays(-60)})
	if err != nil {
		v.Fatal(err)
	}
	closure, err := b.Close(ctx, admin, booking.Closing{LocationID: l.ID, From: booking.Moment{Date: day},
		Until: booking.Moment{Date: day.AddDays(1)}}, "")
	if err != nil {
		v.Fatal(err)
	}
	return &belongings{request: requested, entry: entry.ID, closure: closure, person: entry.PersonID, other: second.PersonID,
		merge: v.first("SELECT id FROM person_merge WHERE tenant_id = $1", tenant), admin: admin.ID, location: l.ID,
		counter: l.Counters[0].ID, key: l.Counters[0].Key, service: cat.Services[0].ID, slip: slip.Reveal(),
		hold:    v.first("SELECT id FROM legal_hold WHERE tenant_id = $1", tenant),
		version: v.first("SELECT CAST(version AS TEXT) FROM appointment WHERE id = $1", entry.ID)}
}

// TestForeignIDsInForms: what a form names beside the address has to be the
// tenant's own as well. The same form with own ids is no such refusal, which
// shows that it is the id that is refused.
func TestForeignIDsInForms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		own, foreign := v.belongings(town), v.belongings(village)
		b := v.login(v.hire(town, staff.Admin, "amtsleitung"))
		for _, c := range []struct {
			path, id, field, value string
			status                 int
		}{
			{"/desk/appointment/{id}/slip.pdf", own.entry, "secret", foreign.slip, http.StatusNotFound},
			{"/desk/appointment/{id}/call", own.entry, "counter", foreign.counter, http.StatusNotFound},
			{"/desk/appointment/{id}/call", own.entry, "location", foreign.location, http.StatusNotFound},
			{"/desk/appointment/{id}/move", own.entry, "location", foreign.location, http.StatusNotFound},
			{"/desk/customers/{id}/compare", own.person, "with", foreign.person, http.StatusNotFound},
			{"/desk/customers/{id}/unmerge", own.person, "merge", foreign.merge, http.StatusGone},
			{"/desk/customers/{id}/merge", own.person, "with", foreign.person, http.StatusNotFound},
			{"/desk/customers/{id}/merge", own.person, "keep", foreign.person, http.StatusUnprocessableEntity},
			{"/desk/customers/{id}/keep/end", own.person, "hold", foreign.hold, http.StatusNotFound},
			{"/desk/requests/new", "", "person", foreign.person, http.StatusNotFound},
			{"/desk/closures/preview", "", "location", foreign.location, http.StatusNotFound},
			{"/desk/closures", "", "location", foreign.location, http.StatusNotFound},
			{"/desk/closures", "", "counter", foreign.counter, http.StatusUnprocessableEntity},
			{"/desk/book", "", "location", foreign.location, http.StatusNotFound},
			{"/desk/members/new", "", "locations", foreign.location, http.StatusNotFound},
			{"/desk/members/{id}", own.admin, "locations", foreign.location, http.StatusNotFound},
		} {
			form := own.form(c.path, c.id)
			form.Set(c.field, c.value)
			path := fill(desk.Route{Path: c.path}, c.id)
			if a := b.post(path, form); a.StatusCode != c.status {
				t.Errorf("%s with another tenant's %s: status %d, want %d", c.path, c.field, a.StatusCode, c.status)
			}
			if a := b.post(path, own.form(c.path, c.id)); a.StatusCode == c.status {
				t.Errorf("%s with the own %s: status %d", c.path, c.field, a.StatusCode)
			}
		}
		if n := v.first("SELECT CAST(COUNT(*) AS TEXT) FROM legal_hold WHERE tenant_id = $1 AND until > $2", village, v.Env.Clock.Now().Unix()); n != "1" {
			t.Errorf("%s records of the village are kept", n)
		}
		for _, table := range []string{"person_merge", "closure"} {
			if n := v.first("SELECT CAST(COUNT(*) AS TEXT) FROM "+table+" WHERE tenant_id = $1", village); n != "1" {
				t.Errorf("the village has %s of %s", n, table)
			}
		}
	})
}

// TestOneLocation tries every form about what is at one location with somebody
// who works at another one only.
func TestOneLocation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		hall := v.belongings(town)
		b := v.login(v.hire(town, staff.Admin, "leitung-nord", "nord"))
		tried := 0
		for _, r := range v.service.Desk {
			id := ""
			switch {
			case r.Open || strings.HasPrefix(r.Path, "/desk/account"):
				continue
			case strings.HasPrefix(r.Path, "/desk/appointment/"):
				id = hall.entry
			case strings.HasPrefix(r.Path, "/desk/closures/{id}"):
				id = hall.closure
			case strings.HasPrefix(r.Path, "/desk/members/{id}") && r.Method == http.MethodPost:
				id = hall.admin
			case r.Path == "/desk/customers/{id}/reveal", r.Path == "/desk/customers/{id}/merge", r.Path == "/desk/customers/{id}/unmerge",
				strings.HasPrefix(r.Path, "/desk/customers/{id}/keep"), strings.HasSuffix(r.Path, "restrict"):
				id = hall.person
			case r.Path == "/desk/closures", r.Path == "/desk/closures/preview", r.Path == "/desk/book", r.Path == "/desk/calendar",
				strings.HasPrefix(r.Path, "/desk/day"), strings.HasPrefix(r.Path, "/desk/statistics"):
			default:
				continue
			}
			tried++
			path, form := fill(r, id), hall.form(r.Path, id)
			if r.Method == http.MethodGet {
				path, form = path+"?location=rathaus", nil
			}
			if a := b.see(t, r.Method, path, form); a.status != http.StatusForbidden {
				t.Errorf("%s %s: status %d", r.Method, r.Path, a.status)
			}
		}
		if tried < 25 {
			t.Errorf("only %d routes", tried)
		}
	})
}
