// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

// Two people work through a morning. Who was too late is told by whom and what,
// on a list as it is now.
func TestMorningAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		for range 3 {
			v.book("ausweis")
		}
		v.Clock.Set(dbtest.Start.Add(80 * time.Minute)) // all three have begun
		one := v.login(v.hire(town, staff.Clerk, "quirin"))
		two := v.login(v.hire(town, staff.Clerk, "frieda"))
		atOne, atTwo := today+"&counter=schalter-1", today+"&counter=schalter-2"
		page := one.get(atOne)
		one.wantStates(page, "confirmed", "confirmed", "confirmed")
		if got := page.Find(".desk-totals li").First().Text(); got != "3 erwartet" {
			t.Errorf("totals begin with %q", got)
		}
		before := two.get(atTwo)
		to := one.want(one.press(page, row("1")+"button[formaction$='/arrive']"), http.StatusSeeOther)
		path, anchor, _ := strings.Cut(to, "#")
		page = one.get(path)
		one.wantStates(page, "arrived", "confirmed", "confirmed")
		if page.Find("#"+anchor).Length() != 1 || page.Find("#counter option[selected]").AttrOr("value", "") != "schalter-1" {
			t.Errorf("%s leads to no row, or the counter is forgotten", to)
		}

		late := two.press(before, row("1")+"button[formaction$='/missed']")
		two.want(late, http.StatusConflict)
		if text := late.Find("#errors").Text(); !strings.Contains(text, "quirin") || !strings.Contains(text, "angekommen") {
			t.Errorf("who was late reads %q", text)
		}
		if got := states(late); len(got) != 3 || got[0] != "arrived" {
			t.Errorf("the list below is old: %v", got)
		}

		one.want(one.press(page, row("1")+"button[formaction$='/call']"), http.StatusSeeOther)
		page = one.get(atOne)
		one.wantStates(page, "called", "confirmed", "confirmed")
		busy := one.press(page, row("2")+"button[formaction$='/call']")
		one.want(busy, http.StatusConflict)
		if text := busy.Find("#errors").Text(); !strings.Contains(text, "Schalter 1") {
			t.Errorf("the counter that has somebody: %q", text)
		}
		two.want(two.press(two.get(atTwo), row("2")+"button[formaction$='/call']"), http.StatusSeeOther)
		two.wantStates(two.get(atTwo), "called", "called", "confirmed")

		one.want(one.press(one.get(atOne), row("1")+"button[formaction$='/finish']"), http.StatusSeeOther)
		one.want(one.press(one.get(atOne), row("1")+"button[formaction$='/back']"), http.StatusSeeOther)
		one.wantStates(one.get(atOne), "called", "called", "confirmed")
		one.want(one.press(one.get(atOne), row("3")+"button[formaction$='/missed']"), http.StatusSeeOther)
		one.wantStates(one.get(atOne), "called", "called", "no_show")

		// The same click twice is one.
		page = one.get(atOne)
		for range 2 {
			one.want(one.press(page, row("1")+"button[formaction$='/finish']"), http.StatusSeeOther)
		}
		one.wantStates(one.get(atOne), "served", "called", "no_show")
	})
}

// Without a counter the button becomes a way to the appointment's page, where
// one is chosen.
func TestCallFromTheAppointment(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
		v.book("trauung")
		link := clerk.get(today).Find(row("1")+".desk-steps a").AttrOr("href", "")
		page := clerk.get(link)
		clerk.want(page, http.StatusOK)
		if got := page.Find("#counter option").Map(func(_ int, o *goquery.Selection) string { return o.AttrOr("value", "") }); len(got) != 1 || got[0] != "trauzimmer" {
			t.Errorf("offered are %v", got)
		}
		clerk.want(clerk.press(page, "button[formaction$='/call']"), http.StatusSeeOther)
		if text := clerk.get(link).Find("main").Text(); !strings.Contains(text, "Aufgerufen") {
			t.Errorf("the page says %q", text)
		}
		stale := clerk.press(page, "button[formaction$='/arrive']")
		clerk.want(stale, http.StatusConflict)
		if stale.Find("#errors").Length() != 1 || stale.Find("h1").Text() != page.Find("h1").Text() {
			t.Error("the answer is not the appointment's page")
		}
		version := clerk.get(link).Find("button[name=version]").AttrOr("value", "")
		clerk.want(clerk.post(link+"/call", url.Values{"version": {version}, "counter": {"nirgends"}}), http.StatusNotFound)
		clerk.want(clerk.post(link+"/arrive", url.Values{"version": {"x"}}), http.StatusUnprocessableEntity)
	})
}

// The counter at which somebody works and the keys that they have turned off are
// still so after a look at an appointment, whichever way leads there.
func TestBackFromTheAppointment(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	v.book("ausweis")
	v.book("trauung") // which this counter does not offer
	day := clerk.get(today + "&counter=schalter-1&keys=off")
	wantsBack := func(what string, page answer) {
		t.Helper()
		back := clerk.get(page.Find("main a").First().AttrOr("href", ""))
		clerk.want(back, http.StatusOK)
		if back.Find("#counter option[selected]").AttrOr("value", "") != "schalter-1" || back.Find("[data-day]").AttrOr("data-keys", "") != "off" {
			t.Errorf("%s: counter or keys are forgotten", what)
		}
	}
	// Both begin at once, so which is first is a matter of chance.
	const here, elsewhere = "tbody tr:not(:has(.desk-steps a)) ", "tbody tr:has(.desk-steps a) "
	for _, link := range []string{here + "th a", elsewhere + "th a", elsewhere + ".desk-steps a"} {
		page := clerk.get(day.Find(link).AttrOr("href", ""))
		clerk.want(page, http.StatusOK)
		wantsBack(link, page)
		wantsBack(link+", in English", clerk.get(page.Find("a[hreflang=en]").AttrOr("href", "")))
	}
	page := clerk.get(day.Find(here+"th a").AttrOr("href", ""))
	arrived := clerk.press(page, "button[formaction$='/arrive']")
	clerk.want(arrived, http.StatusSeeOther)
	wantsBack("a step", clerk.get(arrived.Header.Get("Location")))
	late := clerk.press(page, "button[formaction$='/call']")
	clerk.want(late, http.StatusConflict)
	wantsBack("what could not be done", late)
	on := clerk.get(today)
	if href := on.Find(row("1")+"th a").AttrOr("href", ""); strings.Contains(href, "?") {
		t.Errorf("without a counter the row leads to %s", href)
	}
}

// Whoever loses the role or the location in the middle of the morning is told so.
func TestRightLostAtTheDesk(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	m := v.hire(town, staff.Clerk, "quirin")
	clerk := v.login(m)
	v.book("ausweis")
	page := clerk.get(today)
	clerk.wantStates(page, "confirmed")
	v.exec("UPDATE staff SET role = 'officer' WHERE id = $1", m.ID)
	lost := clerk.press(page, row("1")+"button[formaction$='/arrive']")
	clerk.want(lost, http.StatusForbidden)
	if lost.Find(".desk-bar a").Length() == 0 {
		t.Error("no way on")
	}
	v.exec("UPDATE staff SET role = 'clerk', everywhere = FALSE WHERE id = $1", m.ID)
	clerk.want(clerk.press(page, row("1")+"button[formaction$='/arrive']"), http.StatusForbidden)
	v.exec("UPDATE staff SET everywhere = TRUE WHERE id = $1", m.ID)
	clerk.want(clerk.press(page, row("1")+"button[formaction$='/arrive']"), http.StatusSeeOther)
}

// Days on which nothing is open, or that have 23 or 25 hours, and dates that are
// none.
func TestOddDays(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	for _, date := range []string{"2026-09-06", "2026-10-25", "2027-03-28", "0001-01-07", "9999-12-26"} {
		for _, path := range []string{"/de/desk/day", "/de/desk/day/print", "/de/desk/calendar"} {
			page := clerk.get(path + "?location=rathaus&date=" + date)
			clerk.want(page, http.StatusOK)
			if page.Find("main table").Length() != 0 || page.Find("main p.kern-body").Length() == 0 {
				t.Errorf("%s on %s: no word about an empty day", path, date)
			}
		}
		pdf := clerk.get("/de/desk/day.pdf?location=rathaus&date=" + date)
		clerk.want(pdf, http.StatusOK)
		if pdf.Header.Get("Content-Type") != "application/pdf" || !strings.HasPrefix(pdf.body, "%PDF-") {
			t.Errorf("%s: no PDF", date)
		}
	}
	for _, date := range []string{"gestern", "2026-02-30", "2026-9-7"} {
		page := clerk.get(today + "&date=" + date)
		clerk.want(page, http.StatusUnprocessableEntity)
		if page.Find("#errors").Length() != 1 || page.Find("#date").AttrOr("value", "") != "2026-09-07" {
			t.Errorf("%s: the page is not that of today with a word about the date", date)
		}
	}
	clerk.want(clerk.get("/de/desk/day?location=nirgends"), http.StatusNotFound)
}

// Five hundred on one day are all there, on every page.
func TestFullDay(t *testing.T) {
	const many = 500
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
		v.book("ausweis")
		err := v.Env.DB.Write(t.Context(), func(tx *db.Tx) error {
			for n := range many - 1 {
				id := fmt.Sprintf("copy-%03d", n)
				_, err := tx.Exec(t.Context(), `INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference,
					state, lang, start_tick, ticks, minutes, until, extensions, sequence, created, changed)
					SELECT $1, tenant_id, location_id, counter_id, person_id, $2, state, lang, start_tick, ticks, minutes, until,
					extensions, sequence, created, changed FROM appointment WHERE reference NOT LIKE 'x%'`, id, fmt.Sprintf("x%07d", n))
				if err == nil {
					_, err = tx.Exec(t.Context(), `INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
						SELECT $1, position, service_id, quantity, minutes FROM appointment_service WHERE appointment_id NOT LIKE 'copy-%'`, id)
				}
				if err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(states(clerk.get(today))); n != many {
			t.Errorf("%d rows", n)
		}
		if n := clerk.get("/de/desk/day/print?location=rathaus").Find("tbody tr").Length(); n != many {
			t.Errorf("%d rows on paper", n)
		}
		clerk.want(clerk.get("/de/desk/day.pdf?location=rathaus"), http.StatusOK)
	})
}

// The slip opens the appointment by its code, on paper and in a file.
func TestSlip(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk := v.login(v.hire(town, staff.FrontDesk, "quirin"))
		v.book("ausweis")
		v.book("meldung")
		links := clerk.get(today).Find("tbody th a").Map(func(_ int, a *goquery.Selection) string { return a.AttrOr("href", "") })
		page := clerk.press(clerk.get(links[0]), "form[action$='/slip'] button")
		clerk.want(page, http.StatusOK)
		link := page.Find(".desk-slip__link").Text()
		if page.Find("svg.qr").Length() != 1 || page.Header.Get("Cache-Control") != "no-store" {
			t.Error("no code, or the page may be kept")
		}
		opened := v.get(strings.TrimPrefix(link, v.base))
		v.want(opened, http.StatusOK)
		if reference := page.Find(".desk-slip dd").First().Text(); opened.Find(".reference").Text() != reference {
			t.Errorf("the link opens another appointment than %s", reference)
		}
		secret := url.Values{"secret": {page.Find("input[name=secret]").AttrOr("value", "")}}
		pdf := clerk.post(links[0]+"/slip.pdf", secret)
		clerk.want(pdf, http.StatusOK)
		if !strings.HasPrefix(pdf.body, "%PDF-") {
			t.Error("no PDF")
		}
		clerk.want(clerk.post(links[1]+"/slip.pdf", secret), http.StatusNotFound)
		clerk.want(clerk.press(clerk.get(links[0]), "form[action$='/cancel'] button"), http.StatusSeeOther)
		clerk.want(clerk.post(links[0]+"/slip", url.Values{}), http.StatusConflict)
		if got := states(clerk.get(today)); got[0] != string(booking.Cancelled) {
			t.Errorf("states %v", got)
		}
	})
}
