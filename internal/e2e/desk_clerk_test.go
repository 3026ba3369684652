// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
)

// asAnybody does something at the desk of a demonstration as different people
// do it: with a mouse in both languages, where axe-core judges each page, with
// the keyboard alone, and without JavaScript.
func asAnybody(t *testing.T, do func(p *process, tb *tab, h hands, see see)) {
	source := axeSource(t)
	b := startBrowser(t, "")
	t.Run("all", func(t *testing.T) {
		for name, c := range map[string]struct {
			lang  string
			view  view
			hands hands
			judge bool
		}{
			"German":             {"de", view{width: 1280}, mouse{}, true},
			"English":            {"en", view{width: 1280}, mouse{}, true},
			"keyboard":           {"de", view{width: 320}, keyboard{}, false},
			"without JavaScript": {"en", view{width: 320, noScript: true}, mouse{}, false},
		} {
			t.Run(name, func(t *testing.T) {
				t.Parallel()
				p := startDemo(t, "")
				tb := b.tab(t, p, c.lang, c.view)
				do(p, tb, c.hands, func(what string, status, want int) {
					t.Helper()
					if status != want {
						t.Fatalf("%s: status %d, want %d", what, status, want)
					}
					if c.judge {
						axe(tb, source)
					}
				})
			})
		}
	})
}

// clerk is somebody at the desk, in a session of their own.
type clerk struct {
	*tab
	name    string // of the account
	counter string // key of the counter that the list is open for; empty: none
}

// line is a row of the list of a day, as a page shows it.
type line struct {
	ID      string // of the row's element
	Time    string
	Name    string // as lists sort it
	Counter string
	State   string // as the page says it
	Marked  bool   // no longer fits, or is unusual in another way
	At      string // address of the appointment
}

// lines are the rows of the list that is open.
func (c *clerk) lines() []line {
	c.t.Helper()
	return ask[[]line](c.tab, `[...document.querySelectorAll("[data-row]")].map(r => ({
		ID: r.id, Time: r.cells[0].textContent, Name: r.cells[1].textContent, Counter: r.cells[3].textContent,
		State: r.querySelector(".desk-state").textContent, Marked: !!r.querySelector(".desk-mark"),
		At: r.querySelector("th a").getAttribute("href") }))`)
}

// line is the row of somebody.
func (c *clerk) line(name string) line {
	c.t.Helper()
	all := c.lines()
	i := slices.IndexFunc(all, func(l line) bool { return strings.HasPrefix(l.Name, name+",") })
	if i < 0 {
		c.t.Fatalf("%s: %s does not see one of %d rows", c.path(), c.name, len(all))
	}
	return all[i]
}

// today opens the list at the clerk's counter.
func (c *clerk) today() {
	c.t.Helper()
	if c.open("/de/desk/day?counter="+c.counter) != http.StatusOK {
		c.t.Fatalf("%s: no list", c.name)
	}
}

// live waits until the open list shows what it should, and has not been loaded
// again for that.
func (c *clerk) live(what string, yes func() bool) {
	c.t.Helper()
	eventually(c.t, fmt.Sprintf("%s to see %s", c.name, what), yes)
	if !ask[bool](c.tab, "window.untouched === true") {
		c.t.Errorf("%s: the page of %s was loaded again", what, c.name)
	}
}

// watch marks the page that is open, for live.
func (c *clerk) watch() { ask[bool](c.tab, "window.untouched = true") }

// press takes a step with somebody on the list and returns the status of the
// page that comes.
func (c *clerk) press(name, step string) int {
	c.t.Helper()
	return mouse{}.press(c.tab, fmt.Sprintf(`#%s [data-key^="%s-"]`, c.line(name).ID, step))
}

// does takes a step with somebody, which leads to a state that both clerks see:
// the other one on the page that is open all the time.
func (c *clerk) does(step, name, state string, other *clerk) {
	c.t.Helper()
	other.watch()
	if status := c.press(name, step); status != http.StatusOK {
		c.t.Errorf("%s, %s: status %d", c.name, step, status)
	}
	if got := c.line(name).State; got != state {
		c.t.Errorf("%s, %s: %q, want %q", c.name, step, got, state)
	}
	other.live(state, func() bool { return other.line(name).State == state })
}

// says checks that the page says something.
func (c *clerk) says(text string) {
	c.t.Helper()
	if all := oneLine(ask[string](c.tab, "document.querySelector('main').innerText")); !strings.Contains(all, text) {
		c.t.Errorf("%s: %q is not there: %.300s", c.path(), text, all)
	}
}

// bookFor books for somebody on the page that is open, at the time that a
// selector finds, or at the one that is chosen beforehand.
func (c *clerk) bookFor(last, first, phone, time string) {
	c.t.Helper()
	m := mouse{}
	c.open("/de/desk/book")
	m.enter(c.tab, "#service-1", "perso")
	m.press(c.tab, goOnBook)
	if time != "" {
		c.do(mouseOn(c.tab, time))
	}
	for field, text := range map[string]string{"#last-name": last, "#first-name": first, "#phone": phone} {
		m.enter(c.tab, field, text)
	}
	if status := m.press(c.tab, goOnBook); status != http.StatusOK {
		c.t.Fatalf("%s books: status %d", c.name, status)
	}
	c.says(last + ", " + first)
}
