// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/storage"
	"github.com/chromedp/chromedp"

	"vorzimmer/internal/dbtest"
)

// TestFlow books, moves and cancels in a browser, as different people do.
func TestFlow(t *testing.T) {
	b := startBrowser(t, "")
	t.Run("all", func(t *testing.T) {
		for _, engine := range dbtest.Engines {
			t.Run("mouse "+engine, func(t *testing.T) {
				t.Parallel()
				var more []string
				if engine != "sqlite" {
					more = []string{"--database", dbtest.Location(t, engine)}
				}
				p := startDemo(t, "", more...)
				flow(t, p, b.tab(t, p, "de", view{width: 1280}), mouse{})
			})
		}
		t.Run("keyboard", func(t *testing.T) {
			t.Parallel()
			p := startDemo(t, "")
			flow(t, p, b.tab(t, p, "de", view{width: 320}), keyboard{})
		})
		t.Run("without JavaScript", func(t *testing.T) {
			t.Parallel()
			p := startDemo(t, "")
			flow(t, p, b.tab(t, p, "de", view{width: 1280, noScript: true}), mouse{})
		})
		t.Run("English", func(t *testing.T) {
			t.Parallel()
			p := startDemo(t, "")
			flow(t, p, b.tab(t, p, "en", view{width: 320}), mouse{})
		})
		t.Run("without cookies", func(t *testing.T) {
			t.Parallel()
			p := startDemo(t, "")
			refusing := startBrowser(t, `{"profile":{"default_content_setting_values":{"cookies":2}}}`)
			tb := refusing.tabIn(t, p, "de", view{width: 1280})
			flow(t, p, tb, mouse{})
			cookies, err := chromedp.CallBrowser(refusing.ctx, storage.GetCookies, storage.GetCookiesParams{})
			if err != nil {
				t.Fatal(err)
			}
			if n := len(cookies.Cookies); n != 0 {
				t.Errorf("%d cookies were stored", n)
			}
		})
	})
}

// flow is the whole life of one appointment.
func flow(t *testing.T, p *process, tb *tab, h hands) {
	t.Helper()
	v := newVisitor(t, p)
	want := func(what string, status int) {
		t.Helper()
		if status != http.StatusOK {
			t.Fatalf("%s: status %d at %s", what, status, tb.path())
		}
	}
	want("start", tb.open("/"+tb.lang+"/"))
	want("choose", h.press(tb, `main a[href*="service=`+trade+`"]`))
	want("more of it", h.press(tb, `#basket a[href*="`+trade+`.2"]`))
	want("choose another", h.press(tb, `main li a[href*="`+trade2+`"]`))
	want("see times", h.press(tb, `#basket a[href*="/times?"]`))
	services := ask[[]string](tb, `[...document.querySelectorAll("form#choose [name=service]")].map(e => e.value)`)
	if !slices.Equal(services, []string{trade + ".2", trade2}) {
		t.Errorf("chosen are %q", services)
	}
	want("next month", h.press(tb, `a[rel=next]`))
	want("a day", h.press(tb, dayLink(tb, 0)))
	start := ask[string](tb, firstTime)
	want("take a time", h.press(tb, `.time[value="`+start+`"]`))

	email := "flow@example.org"
	for _, f := range [][2]string{{"first-name", "Zerbina"}, {"last-name", "Quastenflosser"}, {"email", email}, {"phone", "030 23125123"}} {
		h.enter(tb, `[name=`+f[0]+`]`, f[1])
	}
	want("send the form", h.press(tb, sendButton))
	want("book", h.press(tb, bookButton))
	if at := tb.path(); !strings.HasSuffix(at, "/done") {
		t.Fatalf("after booking: %s", at)
	}
	if hidden := ask[bool](tb, `document.querySelector("[data-print]").hidden`); hidden != tb.view.noScript {
		t.Error("whether the page's script ran is not as it should be")
	}
	b := appointment{email: email, start: start, reference: ask[string](tb, `document.querySelector(".reference").innerText`)}
	booked := tookPlace(t, p, b, 1)
	first := entry{method: "REQUEST", uid: booked.entry.uid, sequence: 0, status: "CONFIRMED", start: icsTime(t, start)}
	if booked.entry != first || first.uid == "" {
		t.Errorf("calendar entry %+v, want %+v", booked.entry, first)
	}
	free(t, v, services, map[string]bool{start: false})

	want("mails", tb.open("/demo/mail"))
	want("the mail", h.press(tb, `a[href="/demo/mail/`+booked.id+`"]`))
	want("its link", h.press(tb, `main a[href*="/appointment/"]`))
	sameReference(t, tb, b)
	want("move", h.press(tb, `main a[href$="/move"]`))
	want("next month", h.press(tb, `a[rel=next]`))
	want("a day to move to", h.press(tb, dayLink(tb, -1)))
	next := ask[string](tb, firstTime)
	want("take the new time", h.press(tb, `.time[value="`+next+`"]`))
	sameReference(t, tb, b)
	moved := tookPlace(t, p, b, 2)
	if e := (entry{"REQUEST", first.uid, 1, "CONFIRMED", icsTime(t, next)}); moved.entry != e {
		t.Errorf("calendar entry after the move %+v, want %+v", moved.entry, e)
	}
	free(t, v, services, map[string]bool{start: true, next: false})

	want("cancel", h.press(tb, `main a[href$="/cancel"]`))
	want("really cancel", h.press(tb, cancelForm+` button[type=submit]`))
	sameReference(t, tb, b)
	if n := ask[int](tb, `document.querySelectorAll('main a[href$="/move"], main a[href$="/cancel"]').length`); n != 0 {
		t.Error("a cancelled appointment offers to be changed")
	}
	cancelled := tookPlace(t, p, b, 3)
	if e := (entry{"CANCEL", first.uid, 2, "CANCELLED", icsTime(t, next)}); cancelled.entry != e {
		t.Errorf("calendar entry after cancelling %+v, want %+v", cancelled.entry, e)
	}
	free(t, v, services, map[string]bool{start: true, next: true})
}

// The buttons that lead on, beside those for more time and others.
const (
	sendButton = `#details button[type=submit]:not([formaction]):not([aria-hidden])`
	bookButton = checkForm + ` button[type=submit]:not([formaction]):not([aria-hidden])`
)

// firstTime is the value of the first time of the chosen day.
const firstTime = `document.querySelector(".time").value`

// dayLink is the n-th day of the calendar that has free times; -1 is the last.
func dayLink(tb *tab, n int) string {
	tb.t.Helper()
	href := ask[string](tb, fmt.Sprintf(`[...document.querySelectorAll('table a[href*="day="]')].at(%d).getAttribute("href")`, n))
	return `table a[href="` + href + `"]`
}

// sameReference checks that the page still is about the same appointment.
func sameReference(t *testing.T, tb *tab, b appointment) {
	t.Helper()
	if got := ask[string](tb, `document.querySelector(".reference").innerText`); got != b.reference {
		t.Errorf("%s: reference %q, want %q", tb.path(), got, b.reference)
	}
}

// tookPlace waits for the n-th mail to the citizen and the one to the office,
// which has to say who comes.
func tookPlace(t *testing.T, p *process, b appointment, n int) captured {
	t.Helper()
	mine := mailsTo(t, p, b.email, n)
	var office []captured
	eventually(t, fmt.Sprintf("mail %d to the office", n), func() bool {
		office = officeMails(mails(t, p), b)
		return len(office) >= n
	})
	last := office[len(office)-1]
	for _, fact := range []string{"Zerbina", "Quastenflosser", b.email, "030 23125123", b.reference} {
		if !strings.Contains(last.text, fact) {
			t.Errorf("mail %d to the office does not say %q", n, fact)
		}
	}
	if len(office) != n {
		t.Errorf("%d mails to the office, want %d", len(office), n)
	}
	return mine[n-1]
}

// free checks which times are offered.
func free(t *testing.T, v *visitor, services []string, want map[string]bool) {
	t.Helper()
	q := url.Values{"service": services, "view": {"list"}}
	offered := v.startsOn("/de/times?" + q.Encode())
	for start, free := range want {
		if slices.Contains(offered, start) != free {
			t.Errorf("time %s is offered: %t, want %t", start, !free, free)
		}
	}
}
