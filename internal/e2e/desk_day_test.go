// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
)

// demoLogin is the password of the demonstration's accounts.
const demoLogin = "gelbe-tuer-am-flur"

// dayOf is the local date of a time on offer.
func dayOf(t *testing.T, start string) string {
	t.Helper()
	unix, err := strconv.ParseInt(start, 10, 64)
	if err != nil {
		t.Fatal(err)
	}
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	return time.Unix(unix, 0).In(zone).Format(time.DateOnly)
}

// TestDeskDay opens the pages of a day, lets axe-core judge each, and watches
// the list follow what others do.
func TestDeskDay(t *testing.T) {
	source := axeSource(t)
	p := startDemo(t, "")
	tb := startBrowser(t, "").tab(t, p, "de", view{width: 1280})
	m := mouse{}
	see := func(what string, status, want int) {
		t.Helper()
		if status != want {
			t.Errorf("%s: status %d, want %d", what, status, want)
		}
		axe(tb, source)
	}
	first := newVisitor(t, p).book(person("eins@example.org"), 0, idCard)
	day := dayOf(t, first.start)
	tb.open("/de/desk/login")
	give(tb, "leitung", demoLogin)
	see("today", m.press(tb, "main form button"), http.StatusOK)
	list := "/de/desk/day?date=" + day
	see("a day with somebody", tb.open(list), http.StatusOK)
	followDay(t, p, tb, list)
	tb.open(list)
	holdDown(t, p, tb)

	see("no date", tb.open("/de/desk/day?date=gestern"), http.StatusUnprocessableEntity)
	see("print", tb.open("/de/desk/day/print?date="+day), http.StatusOK)
	see("calendar", tb.open("/de/desk/calendar?date="+day), http.StatusOK)
	see("week", tb.open("/de/desk/calendar?view=week&date="+day), http.StatusOK)
	tb.open(list)
	see("appointment", m.press(tb, "tbody th a"), http.StatusOK)
	see("slip", m.press(tb, `form[action$="/slip"] button`), http.StatusOK)
	see("closures", tb.open("/de/desk/closures"), http.StatusOK)
	see("an empty form", m.press(tb, "main form button"), http.StatusUnprocessableEntity)
	ask[bool](tb, fmt.Sprintf(`document.querySelector("#from-date").value = %q, true`, day))
	m.enter(tb, "#reason", "Wartung")
	see("whom it hits", m.press(tb, "main form button"), http.StatusOK)
	see("closed", m.press(tb, "main form button:not([name])"), http.StatusOK)
	see("a marked day", tb.open(list), http.StatusOK)
	if n := ask[int](tb, `document.querySelectorAll(".desk-mark").length`); n != 3 {
		t.Errorf("%d appointments are marked", n)
	}
}

// followDay: somebody else books, and the list shows it without moving focus or
// losing what was chosen. Single keys work in the row that has the focus, until
// they are turned off.
func followDay(t *testing.T, p *process, tb *tab, list string) {
	t.Helper()
	rows := func() int { return ask[int](tb, `document.querySelectorAll("[data-row]").length`) }
	focus := func() string {
		return ask[string](tb, `document.activeElement.dataset.key ?? document.activeElement.id`)
	}
	if n := rows(); n != 1 {
		t.Fatalf("%d rows", n)
	}
	ask[bool](tb, `document.querySelector("[data-key^=open-]").focus(), document.querySelector("#counter").selectedIndex = 1, true`)
	before := focus()
	newVisitor(t, p).book(person("zwei@example.org"), 0, idCard)
	eventually(t, "the second row", func() bool { return rows() == 2 })
	if after := focus(); after != before || before == "" {
		t.Errorf("focus was at %q and is at %q", before, after)
	}
	if n := ask[int](tb, `document.querySelector("#counter").selectedIndex`); n != 1 {
		t.Error("what was chosen is lost")
	}
	eventually(t, "a word about it", func() bool { return ask[string](tb, `document.querySelector("[data-day-say]").textContent`) != "" })

	ask[bool](tb, `document.activeElement.blur(), true`)
	tb.do(chromedp.KeyEvent("j"))
	row := focus()
	tb.do(chromedp.KeyEvent("j"))
	if next := focus(); row == "" || next == row {
		t.Errorf("the key goes from %q to %q", row, next)
	}
	ask[bool](tb, `document.querySelector("#date").focus(), true`)
	tb.do(chromedp.KeyEvent("j"))
	if at := focus(); at != "date" {
		t.Errorf("a key in a field leads to %q", at)
	}
	mouse{}.press(tb, "[data-key=keys]")
	ask[bool](tb, `document.activeElement.blur(), true`)
	tb.do(chromedp.KeyEvent("j"))
	if at := focus(); at != "" {
		t.Errorf("turned off, the key leads to %q", at)
	}
}

// holdDown: the list changes while the button of the mouse is down on a link.
// The link stays until the button is let go, and leads where it should.
func holdDown(t *testing.T, p *process, tb *tab) {
	t.Helper()
	const link = "[data-row] th a"
	at := aim(tb, link)
	mouse := func(kind input.DispatchMouseEventType) chromedp.Action[chromedp.Void] {
		return command(input.DispatchMouseEvent, input.DispatchMouseEventParams{Type: kind, X: at.X, Y: at.Y,
			Button: input.MouseButtonLeft, ClickCount: 1})
	}
	href := ask[string](tb, fmt.Sprintf(`(window.held = document.querySelector(%q)).getAttribute("href")`, link))
	tb.do(mouse(chromedp.MousePressed))
	newVisitor(t, p).book(person("drei@example.org"), 0, idCard)
	eventually(t, "the new list", func() bool {
		return ask[bool](tb, `performance.getEntriesByType("resource").some(e => e.name.includes("/desk/day?") && e.responseEnd > 0)`)
	})
	// What was fetched before this is in its place by now, unless it waits.
	if !ask[bool](tb, `fetch(location.href).then(a => a.text()).then(() => window.held.isConnected)`) {
		t.Error("the link went away under the finger")
	}
	if tb.load("let go", mouse(chromedp.MouseReleased)); tb.address() != href {
		t.Errorf("it leads to %s", tb.path())
	}
}
