// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Each page that was seen counts once, with its language and the kind of device;
// what was not shown does not.
func TestStatisticsOfViews(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		phone, desktop := v.sending(headers{"User-Agent": iphone}), v.sending(headers{"User-Agent": firefox})
		phone.get("/de/")
		desktop.get("/en/")
		desktop.get("/en/?service=ausweis")
		phone.get("/de/times?service=ausweis")
		phone.get("/de/times?service=ausweis") // drawn before
		form := phone.take("ausweis", nextMorning)
		phone.get(form)
		phone.get(strings.Replace(form, "/de/", "/en/", 1))
		phone.get(form + "/times?service=ausweis")
		check := phone.want(phone.post(form, guest), http.StatusSeeOther)
		phone.get(check)
		phone.get(phone.want(phone.post(check, url.Values{}), http.StatusSeeOther))
		v.wantCounted(map[string]int{
			"2026-09-07 views services": 3, "2026-09-07 views times": 3, "2026-09-07 views details": 2, "2026-09-07 views check": 1, "2026-09-07 views done": 1,
			"2026-09-07 language de": 7, "2026-09-07 language en": 3, "2026-09-07 device phone": 8, "2026-09-07 device computer": 2,
			"2026-09-07 rathaus asked ausweis": 1, "2026-09-07 rathaus lead 1-2": 1,
		})

		phone.want(phone.do(http.MethodHead, "/de/", nil), http.StatusOK)
		phone.want(phone.get("/de/times?service=raumschiff"), http.StatusNotFound)
		phone.want(phone.get("/de/times?service=ausweis&day=2030-01-01"), http.StatusUnprocessableEntity)
		phone.want(phone.get("/de/?service=ausweis.9"), http.StatusUnprocessableEntity)
		phone.want(phone.get(form), http.StatusSeeOther)
		phone.want(phone.get("/de/hold/unknown"), http.StatusNotFound)
		phone.want(phone.post("/de/times", url.Values{"service": {"raumschiff"}}), http.StatusNotFound)
		for _, other := range []string{"/", "/de/privacy", "/de/imprint", "/de/account/login", "/de/desk/login", "/healthz"} {
			phone.get(other)
		}
		v.wantCounted(map[string]int{})
		e.Clock.Set(time.Date(2026, time.September, 7, 22, 30, 0, 0, time.UTC)) // half past midnight in Berlin
		phone.get("/de/")
		v.wantCounted(map[string]int{"2026-09-08 views services": 1, "2026-09-08 language de": 1, "2026-09-08 device phone": 1})
	})
}

// Bookings count by service as often as wanted, and by the days until then; who
// clicks twice counts once. Cancelled is by whom.
func TestStatisticsOfAppointments(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		admin := v.hire(town, staff.Admin, "quirin")
		desk := v.login(admin)
		day := func(n int) int64 { return nextMorning + int64((n-1)*24*60*60) }
		first := v.finish(v.take("ausweis.3", day(1)))
		done := strings.Replace(first, "/appointment/", "/hold/", 1)
		v.want(v.post(done+"/check", url.Values{}), http.StatusSeeOther) // a second click
		v.finish(v.take("pass", day(0)+3600))
		v.finish(v.take("meldung", day(8)))
		v.finish(v.take("meldung", day(31)))
		v.want(v.post("/de/times", url.Values{"service": {"pass"}, "location": {"rathaus"}, "start": {strconv.FormatInt(day(3), 10)}}), http.StatusSeeOther) // never booked
		entry, _, err := v.service.Bookings.BookFor(t.Context(), admin, booking.ForSomeone{Location: "nord", Lang: locale.DE,
			Wanted: []office.Wanted{{Key: "ausweis", Quantity: 2}}, Start: day(4), Data: person.Data{FirstName: "Quirin", LastName: "Dorfhuber", Phone: "030 23125 123"}})
		if err != nil {
			t.Fatal(err)
		}
		v.wantCounted(map[string]int{
			"2026-09-07 rathaus asked ausweis": 3, "2026-09-07 rathaus asked pass": 1, "2026-09-07 rathaus asked meldung": 2, "2026-09-07 nord asked ausweis": 2,
			"2026-09-07 rathaus lead 0": 1, "2026-09-07 rathaus lead 1-2": 1, "2026-09-07 rathaus lead 8-14": 1, "2026-09-07 rathaus lead 31": 1, "2026-09-07 nord lead 3-7": 1,
		})

		byMail := link(t, v.send("buergerbuero@example.org"), `/de/appointment/[\w-]+`) // of the newest
		for _, path := range []string{first, first, byMail} {                           // the first twice
			v.want(v.post(path+"/cancel", url.Values{}), http.StatusSeeOther)
		}
		cancel := "/de/desk/appointment/" + entry.ID + "/cancel"
		desk.want(desk.post(cancel, url.Values{"version": {strconv.FormatInt(entry.Version, 10)}, "location": {"nord"}}), http.StatusSeeOther)
		desk.want(desk.post(cancel, url.Values{"version": {strconv.FormatInt(entry.Version, 10)}, "location": {"nord"}}), http.StatusSeeOther)
		v.wantCounted(map[string]int{"2026-09-07 rathaus cancelled citizen": 1, "2026-09-07 rathaus cancelled office": 1, "2026-09-07 nord cancelled office": 1})

		e.Clock.Advance(2 * time.Hour)
		desk = v.login(admin)
		desk.want(desk.press(desk.get(today), row("1")+"button[formaction$='/missed']"), http.StatusSeeOther)
		if n := v.counted()["2026-09-07 rathaus missed"]; n != 1 {
			t.Errorf("%d missed", n)
		}
		e.Clock.Advance(20 * time.Hour) // what is taken back goes to the day on which it was counted
		desk = v.login(admin)
		desk.want(desk.press(desk.get(today+"&date=2026-09-07"), row("1")+"button[formaction$='/back']"), http.StatusSeeOther)
		if n := v.counted()["2026-09-07 rathaus missed"]; n != 0 {
			t.Errorf("%d missed after it was undone", n)
		}
	})
}

// A search that finds nothing up to the horizon counts at its location, also when
// the page had been drawn before or is a visitor's own.
func TestStatisticsOfFullCalendars(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newCounted(t, e)
		admin := v.hire(town, staff.Admin, "quirin")
		own := v.sending(nil)
		own.take("ausweis", nextMorning) // has a cookie from now on
		search := "/de/times?service=trauung"
		v.get(search)
		for _, l := range []string{"rathaus", "nord"} {
			v.close(admin, l)
		}
		v.get(search)
		v.get(search)
		own.get(search)
		v.want(v.do(http.MethodHead, search, nil), http.StatusOK)
		v.get("/de/times?service=ausweis&location=nord")
		v.sending(headers{"DNT": "1"}).get(search)
		got := v.counted()
		if got["2026-09-07 rathaus full"] != 3 || got["2026-09-07 nord full"] != 1 || got["2026-09-07 views times"] != 5 {
			t.Errorf("counted %v", got)
		}
	})
}

// close shuts a location for longer than anybody can book.
func (v *visit) close(by *staff.Member, location string) {
	v.Helper()
	cat, err := v.service.Bookings.Catalogue(v.Context(), by.TenantID)
	if err != nil {
		v.Fatal(err)
	}
	l, _ := cat.Location(location)
	from := slot.DateIn(v.Clock.Now().Unix(), l.Plan.Zone)
	if _, err := v.service.Bookings.Close(v.Context(), by, booking.Closing{LocationID: l.ID, From: booking.Moment{Date: from},
		Until: booking.Moment{Date: from.AddDays(100)}}, ""); err != nil {
		v.Fatal(err)
	}
}
