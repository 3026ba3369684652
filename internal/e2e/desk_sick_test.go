// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// sick: a colleague stays at home. The head of the office closes counter 3, sees
// whom that hits, and the clerks take them over: one at another time, one at
// another counter.
func (m *morning) sick() {
	m.t.Helper()
	var hit []string
	for _, l := range m.one.lines() {
		if l.Counter == "Schalter 3" && l.State == expected {
			hit = append(hit, l.Name)
		}
	}
	if len(hit) != 2 {
		m.t.Fatalf("%d at counter 3", len(hit))
	}
	m.one.watch()
	m.two.watch()
	m.head.open("/de/desk/closures")
	today := time.Unix(m.at(0, 12, 0), 0).In(m.zone).Format(time.DateOnly)
	ask[bool](m.head.tab, fmt.Sprintf(`document.querySelector("#counter").value = "schalter-3", document.querySelector("#from-date").value = %q, true`, today))
	mouse{}.enter(m.head.tab, "#reason", "Krank")
	mouse{}.press(m.head.tab, "main form button")
	if got := ask[[]string](m.head.tab, `[...document.querySelectorAll("main tbody th")].map(e => e.textContent)`); !slices.Equal(got, hit) {
		m.t.Errorf("the closing hits %d, want %d", len(got), len(hit))
	}
	if status := (mouse{}).press(m.head.tab, "main form button:not([name])"); status != http.StatusOK {
		m.t.Errorf("close: status %d", status)
	}
	m.head.says("Schalter 3")
	m.head.says("Krank")
	for _, c := range []*clerk{m.one, m.two} {
		c.live("the marks", func() bool { return slices.Equal(unfit(c.lines()), hit) })
	}

	surname := func(i int) string { name, _, _ := strings.Cut(hit[i], ","); return name }
	m.one.open(m.one.line(surname(0)).At)
	mouse{}.press(m.one.tab, `main a[href$="/move"]`)
	if status := (mouse{}).press(m.one.tab, goOnBook); status != http.StatusOK {
		m.t.Errorf("move: status %d", status)
	}
	m.one.today()
	if l := m.one.line(surname(0)); l.Counter == "Schalter 3" || l.Marked || l.State != expected {
		m.t.Errorf("moved to %s, marked %t, %s", l.Counter, l.Marked, l.State)
	}
	m.two.live("the move", func() bool { return slices.Equal(unfit(m.two.lines()), hit[1:]) })
	m.two.does("arrive", surname(1), waiting, m.one)
	m.two.does("call", surname(1), atCounter, m.one)
	if l := m.one.line(surname(1)); l.Counter != "Schalter 2" || l.Marked {
		m.t.Errorf("called to %s, marked %t", l.Counter, l.Marked)
	}
}

func unfit(all []line) []string {
	var names []string
	for _, l := range all {
		if l.Marked {
			names = append(names, l.Name)
		}
	}
	return names
}

// walkIns: two come without an appointment. The second one is called to a
// counter that has somebody, and then to another.
func (m *morning) walkIns() {
	m.t.Helper()
	m.two.watch()
	m.one.bookFor("Kichererbs", "Kuno", "030 23125 902", "")
	m.two.live("who came", func() bool { return len(m.two.lines()) == 11 })
	m.one.today()
	m.one.does("call", "Kichererbs", atCounter, m.two) // is noted as here by that
	m.one.does("finish", "Kichererbs", done, m.two)
	m.one.watch()
	m.two.bookFor("Lavendel", "Lotte", "030 23125 903", "")
	m.one.live("who came", func() bool { return len(m.one.lines()) == 12 })
	m.two.today()
	m.two.does("arrive", "Lavendel", waiting, m.one)
	if status := m.two.press("Lavendel", "call"); status != http.StatusConflict {
		m.t.Errorf("called to a counter that is taken: status %d", status)
	}
	m.two.says("An Schalter 2 ist schon jemand aufgerufen.")
	m.two.watch()
	m.one.does("arrive", m.rest()[0], waiting, m.two) // the page that said so goes on following
	m.one.watch()
	m.two.open(m.two.line("Lavendel").At)
	ask[bool](m.two.tab, `document.querySelector("#counter").value = "schalter-4", true`)
	if status := (mouse{}).press(m.two.tab, `main button[formaction$="/call"]`); status != http.StatusOK {
		m.t.Errorf("called to another counter: status %d", status)
	}
	m.one.live("who is at counter 4", func() bool {
		l := m.one.line("Lavendel")
		return l.State == atCounter && l.Counter == "Schalter 4"
	})
	m.two.today()
}

// rest are those who still are to come, but for who called and who was moved.
func (m *morning) rest() []string {
	m.t.Helper()
	var names []string
	for _, l := range m.one.lines() {
		if l.State == expected && (l.Time == "09:30" || l.Time == "10:00") {
			name, _, _ := strings.Cut(l.Name, ",")
			names = append(names, name)
		}
	}
	return names
}

// byName: who called before calls again and gives the time back. He is found by
// a part of his name, spelled as somebody hears it.
func (m *morning) byName() {
	m.t.Helper()
	m.one.watch()
	mouse{}.enter(m.two.tab, "#nav-query", "muessig")
	mouse{}.press(m.two.tab, ".desk-search button")
	m.two.says("Müßiggang, Jörg")
	mouse{}.press(m.two.tab, `main a[href*="/desk/customers/"]`)
	mouse{}.press(m.two.tab, `main a[href*="/desk/appointment/"]`)
	m.two.do(mouseOn(m.two.tab, "main summary"))
	if status := (mouse{}).press(m.two.tab, `form[action$="/cancel"] button`); status != http.StatusOK {
		m.t.Errorf("cancel: status %d", status)
	}
	m.one.live("who cancelled", func() bool { return m.one.line("Müßiggang").State == cancelled })
	m.two.today()
}
