// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/PuerkitoBio/goquery"

	"vorzimmer/internal/clock"
)

// Services of the example that only one counter offers, so that one booking
// takes a time for everybody.
const (
	wedding = "eheschliessung"
	papers  = "urkunden"
	trade   = "gewerbeanmeldung"
	trade2  = "gewerbeummeldung"
)

// Services that several counters offer.
const (
	idCard      = "personalausweis"
	certificate = "meldebescheinigung"
)

// appointment is what a visitor knows after booking.
type appointment struct {
	hold      string // path of the form's page
	manage    string // path of the page to move and cancel
	reference string
	start     string // as the forms have it
	email     string
}

var persons atomic.Int64

// person is a filled form with names that nobody has, and a number of its own:
// one telephone may have a few appointments only.
func person(email string) url.Values {
	return url.Values{"first-name": {"Zerbina"}, "last-name": {"Quastenflosser"},
		"email": {email}, "phone": {fmt.Sprintf("030 23125%03d", persons.Add(1)%1000)}}
}

// starts are the free times of services, from the page's list. Those of the
// next day are left out: a test must not fail because one of them comes too
// near while it runs.
func (v *visitor) starts(services ...string) []string {
	v.t.Helper()
	q := url.Values{"service": services, "view": {"list"}}
	soon := strconv.FormatInt(clock.System{}.Now().Add(24*time.Hour).Unix(), 10)
	return slices.DeleteFunc(v.startsOn(v.path("/times")+"?"+q.Encode()), func(s string) bool { return s < soon })
}

// startsOn are the times on a page and those that follow it.
func (v *visitor) startsOn(to string) []string {
	v.t.Helper()
	var all []string
	for to != "" {
		a := v.page(to)
		all = append(all, offered(a)...)
		to = a.doc().Find(".list-more a").AttrOr("href", "")
	}
	slices.Sort(all) // all have ten digits
	return slices.Compact(all)
}

// offered are the times that a page offers.
func offered(a answer) []string {
	a.t.Helper()
	var all []string
	a.doc().Find("button[name=start]").Each(func(_ int, s *goquery.Selection) {
		all = append(all, s.AttrOr("value", ""))
	})
	return all
}

// other is a time that a page offers.
func other(a answer) string {
	a.t.Helper()
	return a.one("button[name=start]").AttrOr("value", "")
}

// hold takes a time and returns the path of the form.
func (v *visitor) hold(start string, services ...string) string {
	v.t.Helper()
	q := url.Values{"service": services}
	a := v.submit(v.page(v.path("/times")+"?"+q.Encode()), "form#choose", url.Values{"start": {start}}, "")
	if a.Status != http.StatusSeeOther {
		v.t.Fatalf("hold: status %d: %s", a.Status, a.text())
	}
	return a.location()
}

// fill sends the form and expects it to be taken.
func (v *visitor) fill(hold string, form url.Values) answer {
	v.t.Helper()
	a := v.submit(v.page(hold), "form#details", form, "")
	if a.Status != http.StatusSeeOther {
		v.t.Fatalf("form: status %d: %s", a.Status, a.text())
	}
	return v.follow(a)
}

// book books the n-th free time of services.
func (v *visitor) book(form url.Values, n int, services ...string) appointment {
	v.t.Helper()
	free := v.starts(services...)
	if n >= len(free) {
		v.t.Fatalf("only %d times are free", len(free))
	}
	return v.bookAt(form, free[n], services...)
}

// bookAt books a free time.
func (v *visitor) bookAt(form url.Values, start string, services ...string) appointment {
	v.t.Helper()
	b := appointment{start: start, email: form.Get("email"), hold: v.hold(start, services...)}
	done := v.follow(v.submit(v.fill(b.hold, form), checkForm, nil, ""))
	if done.Status != http.StatusOK || !strings.HasSuffix(done.URL.Path, "/done") {
		v.t.Fatalf("book: status %d: %s", done.Status, done.text())
	}
	b.reference = done.one(".reference").Text()
	b.manage = done.one(`a[href*="/appointment/"]:not([download])`).AttrOr("href", "")
	return b
}

// The forms of the pages.
const (
	checkForm  = `form[action$="/check"]`
	cancelForm = `form[action$="/cancel"]`
)

// move puts an appointment at another time.
func (v *visitor) move(manage, start string) answer {
	v.t.Helper()
	return v.submit(v.page(manage+"/move"), "form#choose", url.Values{"start": {start}}, "")
}

// cancel gives an appointment back.
func (v *visitor) cancel(manage string) answer {
	v.t.Helper()
	return v.submit(v.page(manage+"/cancel"), cancelForm, nil, "")
}

// later is a time as a form has it, moved by seconds.
func later(t testing.TB, start string, seconds int64) string {
	t.Helper()
	n, err := strconv.ParseInt(start, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	return strconv.FormatInt(n+seconds, 10)
}
