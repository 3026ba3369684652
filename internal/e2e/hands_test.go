// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"regexp"
	"strconv"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var secretInPath = regexp.MustCompile(`/(hold|appointment|invitation|account/confirm|account/email|account/password)/[A-Za-z0-9_-]+`)

// hands are how somebody uses a page.
type hands interface {
	// press follows a link or presses a button and returns the status of the
	// page that comes.
	press(tb *tab, selector string) int
	// enter types into a field.
	enter(tb *tab, selector, text string)
}

// point is a place in the window.
type point struct {
	X, Y  float64
	Found bool
	Hit   bool // the element is what lies there
}

// mouse points and clicks.
type mouse struct{}

func (mouse) press(tb *tab, selector string) int {
	tb.t.Helper()
	at := aim(tb, selector)
	return tb.load("click on "+selector, chromedp.MouseClickXY(at.X, at.Y))
}

func (mouse) enter(tb *tab, selector, text string) {
	tb.t.Helper()
	at := aim(tb, selector)
	tb.do(chromedp.MouseClickXY(at.X, at.Y), chromedp.KeyEvent(text))
}

// aim brings an element into sight and finds its middle, which nothing may
// cover.
func aim(tb *tab, selector string) point {
	tb.t.Helper()
	at := ask[point](tb, fmt.Sprintf(`(() => {
		const e = document.querySelector(%s);
		if (!e) return { Found: false };
		e.scrollIntoView({ block: "center", behavior: "instant" });
		const r = e.getClientRects()[0], x = r.x + r.width / 2, y = r.y + r.height / 2; // a link may have several lines
		return { X: x, Y: y, Found: true, Hit: r.width > 0 && e.contains(document.elementFromPoint(x, y)) };
	})()`, strconv.Quote(selector)))
	if !at.Found || !at.Hit {
		tb.t.Fatalf("%s: no %s that can be clicked", tb.path(), selector)
	}
	return at
}

// keyboard uses Tab, Enter and what is typed, and nothing else.
type keyboard struct{}

func (keyboard) press(tb *tab, selector string) int {
	tb.t.Helper()
	reach(tb, selector)
	return tb.load("Enter on "+selector, chromedp.KeyEvent(kb.Enter))
}

func (keyboard) enter(tb *tab, selector, text string) {
	tb.t.Helper()
	reach(tb, selector)
	tb.do(chromedp.KeyEvent(text))
}

// focus is where the keyboard is.
type focus struct {
	There   bool   // on the element that is looked for
	Name    string // of the element
	Outside bool   // on no element of the page
	Visible bool   // it shows that it is there
	Covered bool   // something lies over it, or it is out of sight
}

// reach presses Tab until an element has the focus. Wherever the focus comes
// by, it has to be seen.
func reach(tb *tab, selector string) {
	tb.t.Helper()
	for range 300 {
		tb.do(chromedp.KeyEvent(kb.Tab))
		f := ask[focus](tb, fmt.Sprintf(`(() => {
			const e = document.activeElement;
			if (!e || e === document.body) return { Outside: true };
			const s = getComputedStyle(e), r = e.getBoundingClientRect();
			const top = document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2);
			return {
				There: e.matches(%s),
				Name: e.outerHTML.slice(0, 120).replace(/(hold|appointment)\/[\w-]+/g, "$1/…"),
				Visible: (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none",
				Covered: !top || !(e.contains(top) || top.contains(e)),
			};
		})()`, strconv.Quote(selector)))
		if f.Outside {
			continue // past the last element the browser begins again
		}
		if !f.Visible {
			tb.t.Errorf("%s: focus is not visible on %s", tb.path(), f.Name)
		}
		if f.Covered {
			tb.t.Errorf("%s: focus is out of sight on %s", tb.path(), f.Name)
		}
		if f.There {
			return
		}
	}
	tb.t.Fatalf("%s: Tab does not reach %s", tb.path(), selector)
}
