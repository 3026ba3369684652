// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"

	"github.com/PuerkitoBio/goquery"
)

const calendar = "/de/desk/calendar?location=rathaus"

// heights checks that the rows of a table with high cells fit together, and
// returns how many cells there are of each use.
func heights(t *testing.T, table *goquery.Selection) map[string]int {
	t.Helper()
	columns := table.Find("thead th").Length() - 1
	uses := map[string]int{}
	open := 0 // cells that reach into a row from above
	var left []int
	table.Find("tbody tr").Each(func(n int, tr *goquery.Selection) {
		var still []int
		for _, l := range left {
			if l > 1 {
				still = append(still, l-1)
			}
		}
		left = still
		open = len(left)
		tr.Find("td").Each(func(_ int, td *goquery.Selection) {
			class := strings.Fields(td.AttrOr("class", ""))
			uses[strings.TrimPrefix(class[len(class)-1], "desk-use--")]++
			rows, err := strconv.Atoi(td.AttrOr("rowspan", "1"))
			if err != nil {
				t.Fatal(err)
			}
			left = append(left, rows)
		})
		if open+tr.Find("td").Length() != columns {
			t.Errorf("row %d: %d cells from above and %d of its own, want %d", n, open, tr.Find("td").Length(), columns)
		}
	})
	for _, l := range left {
		if l != 1 {
			t.Errorf("a cell is %d rows higher than the table", l-1)
		}
	}
	return uses
}

// What is free, held, booked, internal and closed stands in the calendar in
// words, at its counter and time.
func TestCalendar(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		boss := v.login(v.hire(town, staff.Admin, "frieda"))
		v.book("ausweis")
		v.hold("meldung")
		page := boss.get(calendar)
		boss.want(page, http.StatusOK)
		uses := heights(t, page.Find("table"))
		if uses["booked"] != 1 || uses["held"] != 1 || uses["free"] == 0 {
			t.Errorf("uses %v", uses)
		}
		text := page.Find(".desk-use--booked").Text()
		for _, part := range []string{"11:00–11:15", "Beispielhuber, Quirin", "Personalausweis", "erwartet"} {
			if !strings.Contains(text, part) {
				t.Errorf("the appointment says %q, not %q", text, part)
			}
		}
		if got := heights(t, boss.get(calendar+"&date=2026-09-09").Find("table")); got["internal"] == 0 {
			t.Errorf("Wednesday afternoon: uses %v", got)
		}
		week := boss.get(calendar + "&view=week&date=2026-09-10").Find("table")
		days := week.Find("thead a").Map(func(_ int, a *goquery.Selection) string { return a.Text() })
		if len(days) != 7 || days[0] != "Mo 07.09." || week.Find("tbody tr").Length() != 3 {
			t.Errorf("days %q, %d counters", days, week.Find("tbody tr").Length())
		}
		if text := week.Find("tbody").Text(); !strings.Contains(text, "1 Termin") || !strings.Contains(text, "reserviert") {
			t.Errorf("the week says %q", text)
		}
		for _, date := range []string{"2026-10-19", "2027-03-22"} { // weeks with a day of 25 and 23 hours
			boss.want(boss.get(calendar+"&view=week&date="+date), http.StatusOK)
		}
	})
}

// A closure is looked at before it is set: whom it hits. Those stay and are
// marked, until it is taken back.
func TestClosuresAtTheDesk(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newOffice(t, e)
		boss := v.login(v.hire(town, staff.Admin, "frieda"))
		v.book("ausweis")
		form := url.Values{"location": {"rathaus"}, "from-date": {"2026-09-07"}, "from-time": {"09:00"}, "until-time": {"11:30"},
			"reason": {"Wartung & <Technik>"}}
		preview := boss.post("/de/desk/closures/preview", form)
		boss.want(preview, http.StatusOK)
		if rows := preview.Find("tbody tr"); rows.Length() != 1 || !strings.Contains(rows.Text(), "Beispielhuber") {
			t.Errorf("hit is %q", rows.Text())
		}
		if n := boss.get("/de/desk/closures").Find("tbody tr").Length(); n != 0 {
			t.Fatal("to look is to close")
		}
		edit := boss.press(preview, "button[name=edit]")
		boss.want(edit, http.StatusOK)
		for name := range form {
			if got := edit.Find("main [name="+name+"]").AttrOr("value", ""); got != form.Get(name) {
				t.Errorf("%s is %q, was %q", name, got, form.Get(name))
			}
		}
		v.book("meldung")
		changed := boss.press(preview, "main form button:not([name])")
		boss.want(changed, http.StatusConflict)
		if text := changed.Find("#errors").Text(); !strings.Contains(text, "andere Termine") || changed.Find("tbody tr").Length() != 2 {
			t.Errorf("somebody new is hit, and the page says %q", text)
		}
		boss.want(boss.press(changed, "main form button:not([name])"), http.StatusSeeOther)
		boss.want(boss.press(changed, "main form button:not([name])"), http.StatusSeeOther)
		list := boss.get("/de/desk/closures?location=rathaus")
		if text := list.Find("tbody tr").Text(); list.Find("tbody tr").Length() != 1 || !strings.Contains(text, "Wartung & <Technik>") || !strings.Contains(text, "11:30") {
			t.Errorf("the list says %q", text)
		}
		marks := func() string { return boss.get(today).Find(".desk-mark").Text() }
		if got := marks(); got != "passt nicht mehrpasst nicht mehr" {
			t.Errorf("the appointment is marked %q", got)
		}
		if got := heights(t, boss.get(calendar).Find("table")); got["closed"] == 0 || got["booked"] != 2 {
			t.Errorf("uses %v", got)
		}
		boss.want(boss.press(list, "form[action$='/reopen'] button"), http.StatusSeeOther)
		if got := marks(); got != "" {
			t.Errorf("reopened, and still marked %q", got)
		}
	})
}

// What is wrong with a closure is said at its fields, and nothing typed is lost.
func TestWrongClosures(t *testing.T) {
	v := newOffice(t, dbtest.New(t, "sqlite"))
	boss := v.login(v.hire(town, staff.Admin, "frieda"))
	clerk := v.login(v.hire(town, staff.Clerk, "quirin"))
	good := url.Values{"location": {"rathaus"}, "counter": {"schalter-1"}, "from-date": {"2026-09-08"}, "reason": {"Krank"}}
	clerk.want(clerk.post("/de/desk/closures", good), http.StatusForbidden)
	for _, c := range []struct{ name, value, field string }{
		{"from-date", "", "from-date"}, {"from-date", "morgen", "from-date"}, {"from-time", "08:03", "from-time"},
		{"from-time", "25:00", "from-time"}, {"until-date", "2026-09-07", "until-date"}, {"reason", " ", "reason"},
		{"reason", strings.Repeat("ä", 201), "reason"}, {"counter", "nirgends", "counter"},
	} {
		form := url.Values{}
		for name, value := range good {
			form[name] = value
		}
		form.Set(c.name, c.value)
		for _, path := range []string{"/de/desk/closures/preview", "/de/desk/closures"} {
			page := boss.post(path, form)
			boss.want(page, http.StatusUnprocessableEntity)
			if page.Find("#errors a[href='#"+c.field+"']").Length() != 1 || page.Find("#errors a").Length() != 1 {
				t.Errorf("%s = %.20q: the summary says %q", c.name, c.value, page.Find("#errors").Text())
			}
			if got := page.Find("main [name=reason]").AttrOr("value", ""); got != strings.TrimSpace(form.Get("reason")) {
				t.Errorf("the reason became %q", got)
			}
		}
	}
	if n := boss.get("/de/desk/closures").Find("tbody tr").Length(); n != 0 {
		t.Errorf("%d closures were set", n)
	}
	boss.want(boss.post("/de/desk/closures", good), http.StatusSeeOther)
}
