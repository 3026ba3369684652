// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"

	"github.com/PuerkitoBio/goquery"
)

// watched are the services whose pages of times the tests look at.
var watched = [][]string{{"ausweis"}, {"meldung", "ausweis.2"}, {"pass"}, {"trauung"}}

// watcher looks at pages of times and knows what they have to show.
type watcher struct {
	*visit
	once map[string]bool // secrets of all copies
}

func newWatcher(t *testing.T, e *dbtest.Env) *watcher {
	t.Helper()
	return &watcher{newVisit(t, e, config.Limits{Holds: 10_000, Bookings: 10_000}), map[string]bool{}}
}

// truth is what a book that remembers nothing finds at a location: the days
// that have free times, and whether more are to be released.
type truth struct {
	location string
	free     []booking.FreeDay
	last     slot.Date
	release  bool
	next     map[string]string // by location: the clock time of the first one
}

// truths are those of all locations; none when the services cannot be booked.
func (w *watcher) truths(services []string) []truth {
	w.Helper()
	b := &booking.Bookings{DB: w.Env.DB, Offices: office.NewStore()}
	cat, err := b.Catalogue(w.Context(), "kleinstadt")
	if err != nil {
		w.Fatal(err)
	}
	var wanted []office.Wanted
	for _, s := range services {
		key, more, _ := strings.Cut(s+".1", ".")
		n, _ := strconv.Atoi(more[:1])
		wanted = append(wanted, office.Wanted{Key: key, Quantity: n})
	}
	sel, err := cat.Select(wanted)
	if err != nil {
		return nil
	}
	var list []truth
	next := map[string]string{}
	for _, l := range cat.LocationsFor(sel) {
		s := booking.SearchFor(l, sel)
		days, err1 := b.Free(w.Context(), s)
		_, more, err2 := b.NextRelease(w.Context(), s)
		if err1 != nil || err2 != nil {
			w.Fatal(err1, err2)
		}
		t := truth{location: l.Key, release: more, last: days[len(days)-1].Date, next: next}
		for _, d := range days {
			if len(d.Starts) > 0 {
				t.free = append(t.free, d)
			}
		}
		if len(t.free) > 0 {
			next[l.Key] = time.Unix(t.free[0].Starts[0], 0).In(l.Plan.Zone).Format("15:04")
		}
		list = append(list, t)
	}
	return list
}

// look compares every watched page with the truth.
func (w *watcher) look(when string) {
	w.Helper()
	for _, services := range watched {
		for _, want := range w.truths(services) {
			for _, lang := range locale.Langs {
				at := "/" + string(lang) + "/times?" + url.Values{"service": services, "location": {want.location}}.Encode()
				w.wantPage(when, at, want)
				if lang == locale.DE {
					w.wantPage(when, at+"&view=list", want)
					w.wantPage(when, at+"&month="+want.last.String(), want)
				}
			}
		}
	}
}

// wantPage compares one page with the truth, and the next copy of it, which
// was kept, with that page.
func (w *watcher) wantPage(when, at string, want truth) {
	w.Helper()
	page := w.get(at)
	w.want(page, http.StatusOK)
	once := w.ownSecret(page.body)
	status, kept := w.raw(at)
	if status != http.StatusOK || strings.Replace(kept, w.ownSecret(kept), once, 1) != page.body {
		w.Errorf("%s: %s: the next copy is another page", when, at)
	}
	w.compare(when+": "+at, page, want)
}

var number = regexp.MustCompile(`\d+`)

// compare holds what a page shows against the truth.
func (w *watcher) compare(at string, page answer, want truth) {
	w.Helper()
	wrong := func(what string, got, want any) {
		w.Helper()
		w.Errorf("%s: %s: %v, want %v", at, what, got, want)
	}
	if next := starts(page, ".next"); len(want.free) == 0 && len(next) > 0 || len(want.free) > 0 && !slices.Equal(next, want.free[0].Starts[:1]) {
		wrong("next", next, want.free)
	}
	if got := page.Find("main .release").Length() > 0; got != want.release {
		wrong("release", got, want.release)
	}
	page.Find("a.location").Each(func(_ int, a *goquery.Selection) {
		link, _ := url.Parse(a.AttrOr("href", ""))
		if at := want.next[link.Query().Get("location")]; !strings.Contains(a.Text(), at) {
			wrong("the location's next", a.Text(), at)
		}
	})
	if strings.Contains(at, "view=list") {
		var all []int64
		for _, d := range want.free[:min(5, len(want.free))] {
			all = append(all, d.Starts...)
		}
		if got := starts(page, "#list"); !slices.Equal(got, all) {
			wrong("list", got, all)
		}
		return
	}
	if !strings.Contains(at, "month=") && len(want.free) > 0 && !slices.Equal(starts(page, "#times"), want.free[0].Starts) {
		wrong("first day", starts(page, "#times"), want.free[0].Starts)
	}
	month := want.last.String()[:7]
	if !strings.Contains(at, "month=") && len(want.free) > 0 {
		month = want.free[0].Date.String()[:7]
	}
	var days []string
	for _, d := range want.free {
		if date := d.Date.String(); strings.HasPrefix(date, month) {
			days = append(days, fmt.Sprint(date, " ", len(d.Starts)))
		}
	}
	if got := cells(page); len(want.free) > 0 && !slices.Equal(got, days) {
		wrong("month", got, days)
	}
}

var onceField = regexp.MustCompile(`name="once" value="([^"]*)"`)

// ownSecret is the secret of a copy of a page. No other copy may have it.
func (w *watcher) ownSecret(body string) string {
	w.Helper()
	found := onceField.FindAllStringSubmatch(body, -1)
	if len(found) != 1 || !seal.Secret(found[0][1]).Valid() || w.once[found[0][1]] {
		w.Fatal("the page has no secret of its own")
	}
	w.once[found[0][1]] = true
	return found[0][1]
}

// raw is get for pages that are many, or need no closer look.
func (w *watcher) raw(path string) (int, string) {
	w.Helper()
	res, err := w.client.Get(w.base + path)
	if err != nil {
		w.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		w.Fatal(err)
	}
	return res.StatusCode, string(body)
}

// starts are the times that one can take in a part of a page.
func starts(page answer, part string) []int64 {
	var list []int64
	page.Find(part + " button[name=start]").Each(func(_ int, b *goquery.Selection) {
		var at int64
		_, _ = fmt.Sscan(b.AttrOr("value", ""), &at)
		list = append(list, at)
	})
	return list
}

// cells are the days of the calendar that can be chosen, with their number of
// free times.
func cells(page answer) []string {
	var list []string
	page.Find("table.month a.day").Each(func(_ int, a *goquery.Selection) {
		link, _ := url.Parse(a.AttrOr("href", ""))
		list = append(list, link.Query().Get("day")+" "+number.FindString(a.Find(".day__count").Text()))
	})
	return list
}

// offers tells whether a page of times offers a start.
func (w *watcher) offers(service string, start int64) bool {
	w.Helper()
	day := time.Unix(start, 0).UTC().Format(time.DateOnly) // no test is near midnight
	page := w.get("/de/times?service=" + service + "&day=" + day)
	w.want(page, http.StatusOK)
	return slices.Contains(starts(page, "#times"), start)
}

// wantOffered makes sure that a start is offered, or is not, and that
// everything else is true as well.
func (w *watcher) wantOffered(when, service string, start int64, want bool) {
	w.Helper()
	if got := w.offers(service, start); got != want {
		w.Errorf("%s: offered %v, want %v", when, got, want)
	}
	w.look(when)
}
