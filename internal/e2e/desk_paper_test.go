// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strings"

	"vorzimmer/internal/paper/papertest"
)

// paper: at the end of the morning list, print view and PDF say the same of all
// twelve, in every state that there is.
func (m *morning) paper() {
	m.t.Helper()
	m.one.today()
	list := m.one.lines()
	counts := map[string]int{}
	for _, l := range list {
		counts[l.State]++
	}
	for state, n := range map[string]int{expected: 4, waiting: 1, atCounter: 2, done: 3, missed: 1, cancelled: 1} {
		if counts[state] != n {
			m.t.Errorf("%s: %d, want %d", state, counts[state], n)
		}
	}
	totals := ask[string](m.one.tab, `document.querySelector(".desk-totals").innerText.replaceAll("\n", ", ")`)
	if want := "4 erwartet, 1 warten, 2 am Schalter, 3 fertig, 1 nicht erschienen, 1 abgesagt"; oneLine(totals) != want {
		m.t.Errorf("totals %q, want %q", totals, want)
	}
	texts := m.pdf()
	if status := (mouse{}).press(m.one.tab, "[data-key=print]"); status != http.StatusOK {
		m.t.Errorf("print view: status %d", status)
	}
	m.references = map[string]string{}
	rows := ask[[][]string](m.one.tab, `[...document.querySelectorAll("main tbody tr")].map(r => [...r.cells].map(c => c.innerText))`)
	for i, l := range list {
		if i >= len(rows) {
			m.t.Fatalf("%d rows to print", len(rows))
		}
		r := rows[i] // time, reference, name, services, counter, state
		m.references[l.Name] = r[1]
		got := line{Time: r[0], Name: r[2], Counter: r[4]}
		if want := (line{Time: l.Time, Name: l.Name, Counter: l.Counter}); got != want || !strings.HasPrefix(r[5], l.State) {
			m.t.Errorf("in print %+v, %s, want %+v, %s", got, r[5], want, l.State)
		}
		m.onPaper(texts, l, r[1])
	}
}

// pdf is what the PDF of the list says, piece by piece.
func (m *morning) pdf() []string {
	m.t.Helper()
	file, err := base64.StdEncoding.DecodeString(ask[string](m.one.tab, `(async () => {
		const answer = await fetch(document.querySelector("[data-key=pdf]").href);
		const file = new Uint8Array(await answer.arrayBuffer());
		return answer.ok ? btoa(Array.from(file, b => String.fromCharCode(b)).join("")) : "";
	})()`))
	if err != nil {
		m.t.Fatal(err)
	}
	return papertest.Texts(m.t, file)
}

// onPaper looks for somebody's row in the PDF, whose pieces stand between a
// reference and the next row's time.
func (m *morning) onPaper(texts []string, l line, reference string) {
	m.t.Helper()
	i := slices.Index(texts, reference)
	if i < 1 {
		m.t.Errorf("the PDF has no row of %s", reference)
		return
	}
	row := strings.Join(texts[i-1:min(i+6, len(texts))], " ")
	for _, part := range []string{l.Time, l.Name, l.Counter, strings.Fields(l.State)[0]} {
		if !strings.Contains(row, part) {
			m.t.Errorf("the PDF lacks %q in %q", part, row)
		}
	}
}

// entryOf is a line of the audit, as its page shows it.
type entryOf struct{ Who, What string }

// officer: the data protection officer sees who did what with whom, and nobody's
// name but those of the office.
func (m *morning) officer() {
	m.t.Helper()
	tb := m.b.tab(m.t, m.p, "de", view{width: 1280})
	accept(tb, hire(m.t, m.settings, "officer", "Dora"), "Dora")
	entries := func(query string) []entryOf {
		m.t.Helper()
		if status := tb.open("/de/desk/audit" + query); status != http.StatusOK {
			m.t.Fatalf("audit: status %d", status)
		}
		for name := range m.references {
			name, _, _ = strings.Cut(name, ",")
			if strings.Contains(ask[string](tb, "document.querySelector('main').innerText"), name) {
				m.t.Errorf("the audit names %s", name)
			}
		}
		return ask[[]entryOf](tb, `[...document.querySelectorAll("main tbody tr")].map(r => ({
			Who: r.cells[1].innerText.replace(/\s+/g, " "), What: r.cells[2].firstChild.textContent }))`)
	}
	about := func(name string) []entryOf {
		for full, reference := range m.references {
			if strings.HasPrefix(full, name+",") {
				return entries("?appointment=" + strings.ReplaceAll(reference, " ", ""))
			}
		}
		m.t.Fatalf("nothing about %s", name)
		return nil
	}
	const klara = "Klara Sachbearbeitung"
	got := about("Birnstiel")
	slices.Reverse(got)
	if want := []entryOf{{klara, "Als angekommen vermerkt"}, {klara, "Aufgerufen"}, {klara, "Als nicht erschienen vermerkt"},
		{klara, "Letzten Schritt zurückgenommen"}, {klara, "Als fertig vermerkt"}}; !slices.Equal(got, want) {
		m.t.Errorf("first visit: %v", got)
	}
	calls := 0
	for _, e := range about("Çelikbaum") {
		if e.What == "Aufgerufen" {
			calls++
		}
	}
	if calls != 1 {
		m.t.Errorf("called %d times", calls)
	}
	caller := fmt.Sprint(about("Müßiggang"))
	for _, want := range []string{"{" + klara + " Gebucht}", "{" + klara + " hat einen Terminzettel gedruckt}", "{Theo Sachbearbeitung Abgesagt}"} {
		if !strings.Contains(caller, want) {
			m.t.Errorf("who called: no %s in %s", want, caller)
		}
	}
	all := fmt.Sprint(entries(""))
	for _, want := range []string{"Schließzeit eingetragen", "Betroffene Termine einer Schließzeit angesehen", "Kunden gesucht", "Kundendatensatz angesehen"} {
		if !strings.Contains(all, want) {
			m.t.Errorf("the audit does not say %q: %s", want, all)
		}
	}
}

// check: the program finds nothing wrong in what the morning left behind.
func (m *morning) check() {
	m.t.Helper()
	out, _ := want(m.t, 0, "check", "--config", m.settings)
	if lines := strings.Split(strings.TrimSpace(out), "\n"); len(lines) != 1 {
		m.t.Errorf("check says %q", lines)
	}
}
