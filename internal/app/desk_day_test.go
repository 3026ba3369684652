// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

const today = "/de/desk/day?location=rathaus"

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

// stream reads the events of a list.
type stream struct {
	t   *testing.T
	in  *bufio.Reader
	end func() error
}

// follow opens the stream of a page, at a server that is its own or another one.
func (v *visit) follow(page answer, server string) *stream {
	v.Helper()
	live := page.Find("[data-live]").AttrOr("data-live", "")
	r, err := http.NewRequestWithContext(v.Context(), http.MethodGet, server+live, nil)
	if err != nil {
		v.Fatal(err)
	}
	r.Host = strings.TrimPrefix(v.base, "http://")
	here, err := url.Parse(v.base)
	if err != nil {
		v.Fatal(err)
	}
	for _, c := range v.client.Jar.Cookies(here) {
		r.AddCookie(c)
	}
	res, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		v.Fatal(err)
	}
	v.Cleanup(func() { _ = res.Body.Close() })
	if res.StatusCode != http.StatusOK || res.Header.Get("Content-Type") != "text/event-stream" || res.Header.Get("Cache-Control") != "no-store" {
		v.Fatalf("status %d, headers %v", res.StatusCode, res.Header)
	}
	return &stream{v.T, bufio.NewReader(res.Body), res.Body.Close}
}

// next is the name of the next event; "end" when there is none any more and
// "comment" for a sign of life.
func (s *stream) next() string {
	s.t.Helper()
	for {
		line, err := s.in.ReadString('\n')
		switch {
		case err == io.EOF:
			return "end"
		case err != nil:
			s.t.Fatalf("the stream was cut off: %v", err)
		case strings.HasPrefix(line, ":"):
			return "comment"
		case strings.HasPrefix(line, "event: "):
			return strings.TrimSpace(strings.TrimPrefix(line, "event: "))
		}
	}
}

// event is the next one that is no sign of life.
func (s *stream) event() string {
	s.t.Helper()
	for {
		if e := s.next(); e != "comment" {
			return e
		}
	}
}

// A list is told of changes by others, also of those between the list and the
// stream, and no longer after logout. No person stands in what is sent.
func TestLiveList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		one, two := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.FrontDesk, "frieda"))
		page := one.get(today)
		if policy := page.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "connect-src 'self'") {
			t.Errorf("the page may not follow: %s", policy)
		}
		v.book("ausweis") // before anybody follows
		s := one.follow(page, v.base)
		if got := s.event(); got != "changed" {
			t.Fatalf("first event %q", got)
		}
		s = one.follow(one.get(today), v.base)
		if got := s.next(); got != "comment" {
			t.Fatalf("nothing has changed: %q", got)
		}
		two.want(two.press(two.get(today), row("1")+"button[formaction$='/arrive']"), http.StatusSeeOther)
		if got := s.event(); got != "changed" {
			t.Fatalf("somebody arrived: %q", got)
		}
		one.want(one.post("/de/desk/logout", url.Values{}), http.StatusSeeOther)
		if got := s.event(); got != "over" {
			t.Errorf("after the logout: %q", got)
		}
		if got := s.next(); got != "end" {
			t.Errorf("and then: %q", got)
		}
	})
}

// A stream lives longer than other answers may, and ends when the program is
// asked to stop, which waits for answers that are being written.
func TestStreamEndsWithTheProgram(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	ended := make(chan error, 1)
	go func() { ended <- v.service.Run(ctx, l) }()
	s := clerk.follow(clerk.get(today), "http://"+l.Addr().String())
	if got := s.next(); got != "comment" {
		t.Fatalf("first: %q", got)
	}
	stop()
	for got := s.next(); got != "end"; got = s.next() { // a connection that is cut off is no end
		if got != "comment" {
			t.Fatalf("at the end: %q", got)
		}
	}
	if err := <-ended; err != nil {
		t.Error(err)
	}
}

// The server's limits for reading and writing do not cut a stream off.
func TestStreamOutlivesLimits(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := &http.Server{Handler: v.service.Site, ReadTimeout: 300 * time.Millisecond, WriteTimeout: 300 * time.Millisecond}
	go func() { _ = server.Serve(l) }()
	t.Cleanup(func() { _ = server.Close() })
	s := clerk.follow(clerk.get(today), "http://"+l.Addr().String())
	for range 2 { // seconds apart
		if got := s.next(); got != "comment" {
			t.Fatalf("%q instead of a sign of life", got)
		}
	}
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

// A list that keeps itself up to date keeps nobody logged in: neither its stream
// nor what its script fetches counts as somebody being there.
func TestLiveListKeepsNobodyLoggedIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		clerk, idle := v.login(v.hire(town, staff.Clerk, "quirin")), v.login(v.hire(town, staff.Clerk, "frieda"))
		s := idle.follow(idle.get(today), v.base)
		script := *idle
		script.client = &http.Client{CheckRedirect: idle.client.CheckRedirect, Jar: idle.client.Jar, Transport: asScript{}}
		for range 2 {
			v.Clock.Advance(session.StaffIdle / 2)
			clerk.want(clerk.get(today), http.StatusOK)
			if script.get(today).StatusCode != http.StatusOK {
				break
			}
		}
		clerk.want(clerk.get(today), http.StatusOK)
		idle.want(idle.get(today), http.StatusSeeOther)
		if got := s.event(); got != "over" {
			t.Errorf("the stream says %q", got)
		}
	})
}

// asScript sends requests as a browser does for a script.
type asScript struct{}

func (asScript) RoundTrip(r *http.Request) (*http.Response, error) {
	r = r.Clone(r.Context())
	r.Header.Set("Sec-Fetch-Dest", "empty")
	return http.DefaultTransport.RoundTrip(r)
}
