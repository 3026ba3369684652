// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"os"
	"strings"
	"testing"
)

// axeRun runs every rule of axe-core of the standards, also those that it
// leaves out by itself, once nothing moves any more; or, as dark differs from
// light in nothing else, those about colours.
const axeRun = `(async colours => {
	await Promise.all(document.getAnimations().map(a => a.finished.catch(() => {})));
	const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
	const rules = axe.getRules(tags).filter(r => !colours || r.tags.includes("cat.color")).map(r => r.ruleId);
	const result = await axe.run(document, { runOnly: { type: "rule", values: rules } });
	return {
		Rules: result.passes.length + result.violations.length,
		Violations: result.violations.flatMap(v => v.nodes.map(n =>
			v.id + " at " + n.target.join(" ") + ": " + n.failureSummary.replace(/\s+/g, " ")))
	};
})(%t)`

type axeResult struct {
	Rules      int // that found something to judge
	Violations []string
}

// axeSource is axe-core itself.
func axeSource(t *testing.T) string {
	t.Helper()
	source, err := os.ReadFile("../../node_modules/axe-core/axe.min.js")
	if err != nil {
		t.Fatalf("axe-core is missing: run `npm ci` first: %v", err)
	}
	return string(source)
}

// axe judges the page light and dark, narrow and wide.
func axe(tb *tab, source string) {
	tb.t.Helper()
	if !strings.HasPrefix(tb.address(), "/") {
		tb.t.Fatal("no page")
	}
	if !ask[bool](tb, "!!window.axe") {
		ask[bool](tb, source+"; true")
	}
	for _, v := range []view{{width: 320}, {width: 320, dark: true}, {width: 1280, dark: true}, {width: 1280}} {
		tb.look(v)
		tb.fits()
		r := ask[axeResult](tb, fmt.Sprintf(axeRun, v.dark))
		if r.Rules < 10 && !v.dark || r.Rules == 0 {
			tb.t.Errorf("%s: only %d rules applied", tb.path(), r.Rules)
		}
		for _, violation := range r.Violations {
			violation = secretInPath.ReplaceAllString(violation, "/$1/…")
			tb.t.Errorf("%s, %d wide, dark %t: %s", tb.path(), v.width, v.dark, violation)
		}
	}
}

// TestAccessible lets axe-core judge every page of the flow and what can go
// wrong on it.
func TestAccessible(t *testing.T) {
	source := axeSource(t)
	b := startBrowser(t, "")
	p := startDemo(t, "")
	judge := func(t *testing.T, p *process, lang string) (*tab, see) {
		tb := b.tab(t, p, lang, view{width: 1280})
		return tb, func(what string, status, want int) {
			t.Helper()
			if status != want {
				t.Errorf("%s: status %d, want %d", what, status, want)
			}
			axe(tb, source)
		}
	}
	t.Run("pages", func(t *testing.T) {
		t.Run("around", func(t *testing.T) {
			t.Parallel()
			tb, see := judge(t, p, "de")
			around(tb, see)
		})
		t.Run("choice", func(t *testing.T) {
			t.Parallel()
			tb, see := judge(t, p, "de")
			choice(tb, see)
		})
		t.Run("form", func(t *testing.T) {
			t.Parallel()
			tb, see := judge(t, p, "de")
			form(t, p, tb, see)
		})
		t.Run("appointment", func(t *testing.T) {
			t.Parallel()
			tb, see := judge(t, p, "en")
			manage(t, p, tb, see)
		})
		t.Run("late", func(t *testing.T) {
			t.Parallel()
			p := confirming(t)
			tb, see := judge(t, p, "de")
			late(t, p, tb, see)
		})
		t.Run("closed", func(t *testing.T) {
			t.Parallel()
			tb, see := judge(t, closed(t), "de")
			see("nothing free", tb.open("/de/times?service="+idCard), http.StatusOK)
		})
	})
}

// see judges a page that has to have a status.
type see = func(what string, status, want int)

// around are the pages beside the flow.
func around(tb *tab, see see) {
	for _, path := range []string{"/de/privacy", "/de/imprint", "/de/accessibility", "/de/accessibility/feedback", "/de/accessibility/feedback/sent"} {
		see(path, tb.open(path), http.StatusOK)
	}
	see("no such page", tb.open("/de/keine-seite"), http.StatusNotFound)
	see("a link that does not hold", tb.open("/de/appointment/"+strings.Repeat("A", 43)), http.StatusNotFound)
	see("a form that does not hold", tb.open("/de/hold/"+strings.Repeat("A", 43)), http.StatusNotFound)
	tb.lang = "en" // what this browser asks for
	see("no such language", tb.open("/fr/"), http.StatusNotFound)
}

// choice are the pages on which people choose services and a time.
func choice(tb *tab, see see) {
	see("start", tb.open("/de/"), http.StatusOK)
	see("search", tb.open("/de/?q=Ausweis"), http.StatusOK)
	see("search for nothing", tb.open("/de/?q=Quastenflosser"), http.StatusOK)
	see("basket", tb.open("/de/?service="+idCard+".2&service="+certificate), http.StatusOK)
	see("what does not combine", tb.open("/de/?service="+idCard+"&service="+wedding), http.StatusUnprocessableEntity)
	see("no such service", tb.open("/de/?service=nichts"), http.StatusNotFound)
	times := "/de/times?service=" + idCard
	see("calendar", tb.open(times), http.StatusOK)
	see("list", tb.open(times+"&view=list"), http.StatusOK)
	see("a day that is too far", tb.open(times+"&day=2999-01-01"), http.StatusUnprocessableEntity)
}

// form are the pages from a time to the appointment.
func form(t *testing.T, p *process, tb *tab, see see) {
	m := mouse{}
	tb.open("/de/times?service=" + papers)
	m.press(tb, `a[rel=next]`)
	m.press(tb, dayLink(tb, 0))
	lost := ask[string](tb, firstTime)
	newVisitor(t, p).hold(lost, papers) // somebody is quicker
	see("a taken time", m.press(tb, `.time[value="`+lost+`"]`), http.StatusConflict)
	see("form", m.press(tb, `button[name=start]`), http.StatusOK)
	ask[bool](tb, `document.querySelector("details").open = true`)
	m.enter(tb, `[name=birth-date]`, "gestern")
	m.enter(tb, `[name=note]`, strings.Repeat("lang ", 150))
	see("form with errors", m.press(tb, sendButton), http.StatusUnprocessableEntity)
	if n := ask[int](tb, `document.querySelectorAll("[aria-invalid]").length`); n != 6 {
		t.Errorf("%d fields are marked, want 6", n)
	}
	ask[bool](tb, `document.querySelectorAll("[name=birth-date], [name=note]").forEach(e => e.value = ""), true`)
	for name, values := range person("form@example.org") {
		m.enter(tb, `[name=`+name+`]`, values[0])
	}
	see("check", m.press(tb, sendButton), http.StatusOK)
	see("done", m.press(tb, bookButton), http.StatusOK)
}

// manage are the pages of an appointment, and the mail that leads to them.
func manage(t *testing.T, p *process, tb *tab, see see) {
	m := mouse{}
	b := newEnglish(t, p).book(person("manage@example.org"), 8, wedding)
	mail := mailsTo(t, p, b.email, 1)[0]
	see("mails", tb.open("/demo/mail"), http.StatusOK)
	see("mail", m.press(tb, `a[href="/demo/mail/`+mail.id+`"]`), http.StatusOK)
	see("appointment", m.press(tb, `main a[href*="/appointment/"]`), http.StatusOK)
	see("other times", m.press(tb, `main a[href$="/move"]`), http.StatusOK)
	see("moved", m.press(tb, fmt.Sprintf(`.time:not([value="%s"])`, b.start)), http.StatusOK)
	see("cancel", m.press(tb, `main a[href$="/cancel"]`), http.StatusOK)
	see("cancelled", m.press(tb, cancelForm+` button[type=submit]`), http.StatusOK)
}

// late are the pages of somebody who takes too long, and then has to confirm
// the address.
func late(t *testing.T, p *process, tb *tab, see see) {
	m := mouse{}
	other := newVisitor(t, p)
	start := other.starts(trade)[0]
	tb.open("/de/times?view=list&service=" + trade)
	m.press(tb, `.time[value="`+start+`"]`)
	see("reservation on the start page", tb.open("/de/"), http.StatusOK)
	m.press(tb, `main a[href*="/hold/"]`)
	runOut(t, p)
	see("reservation that is over", tb.open(tb.address()), http.StatusOK)
	for name, values := range person("late@example.org") {
		m.enter(tb, `[name=`+name+`]`, values[0])
	}
	see("reservation that was renewed", m.press(tb, sendButton), http.StatusOK)
	runOut(t, p)
	other.hold(start, trade)
	see("reservation that is lost", m.press(tb, bookButton), http.StatusConflict)
	m.press(tb, `button[name=start]`)
	m.press(tb, sendButton)
	see("booked, to be confirmed", m.press(tb, bookButton), http.StatusOK)
	link := mailsTo(t, p, "late@example.org", 1)[0].link(t)
	see("appointment to be confirmed", tb.open(link), http.StatusOK)
	see("button to confirm", tb.open(link+"/verify"), http.StatusOK)
}
