// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"context"
	_ "embed"
	"fmt"
	"net/http"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

//go:embed testdata/morning.yaml
var morningTown string

// morning is a town hall with four counters and twelve citizens on one morning.
type morning struct {
	t          *testing.T
	p          *process
	b          *browser
	settings   string
	database   string
	zone       *time.Location
	one, two   *clerk // at their counters, with the list open
	head       *clerk
	references map[string]string // by name as lists sort it
}

// The states, as pages say them.
const (
	expected  = "erwartet"
	waiting   = "wartet"
	atCounter = "am Schalter"
	done      = "fertig"
	missed    = "nicht erschienen"
	cancelled = "abgesagt"
)

// TestDeskMorning is a whole morning at the desk, from the bookings of the day
// before to the paper at the end.
func TestDeskMorning(t *testing.T) {
	b := startBrowser(t, "")
	t.Run("all", func(t *testing.T) {
		for _, engine := range dbtest.Engines {
			t.Run(engine, func(t *testing.T) {
				t.Parallel()
				m := newMorning(t, b, engine)
				m.dayBefore()
				m.begin()
				m.early()
				m.atOnce()
				m.telephone()
				m.sick()
				m.walkIns()
				m.byName()
				m.paper()
				m.officer()
				m.check()
			})
		}
	})
}

// newMorning opens the town hall in a zone where it is past eight.
func newMorning(t *testing.T, b *browser, engine string) *morning {
	t.Helper()
	m := &morning{t: t, b: b}
	east := 8 - clock.System{}.Now().UTC().Hour() // hours
	if east < -12 {
		east += 24
	}
	name := fmt.Sprintf("Etc/GMT%+d", -east) // these names count to the west
	var err error
	if m.zone, err = time.LoadLocation(name); err != nil {
		t.Fatal(err)
	}
	database := "town.db"
	if engine != "sqlite" {
		database = dbtest.Location(t, engine)
	}
	m.p, m.settings = servedDesk(t, database, strings.Replace(morningTown, "Etc/UTC", name, 1))
	m.database = database
	if engine == "sqlite" {
		m.database = filepath.Join(filepath.Dir(m.settings), database)
	}
	return m
}

// dayBefore: nine citizens book for the next day. Then the night passes.
func (m *morning) dayBefore() {
	m.t.Helper()
	for i, c := range []struct {
		last, first  string
		hour, minute int
	}{
		{"Abendrot", "Adelheid", 7, 0},
		{"Birnstiel", "Bruno", 7, 15},
		{"Çelikbaum", "Carla", 7, 30},
		{"Distelfink", "Dörte", 9, 30},
		{"Eichelkraut", "Egon", 9, 30},
		{"Fliedermus", "Frida", 9, 30},
		{"Grashüpfer", "Gustav", 10, 0},
		{"Hagebutt", "Hilde", 10, 0},
		{"Igelspitz", "Ida", 10, 0},
	} {
		form := person(fmt.Sprintf("morgen%d@example.org", i))
		form.Set("last-name", c.last)
		form.Set("first-name", c.first)
		newVisitor(m.t, m.p).bookAt(form, strconv.FormatInt(m.at(1, c.hour, c.minute), 10), idCard)
	}
	m.p.stop(m.t)
	m.night()
	base := m.p.base
	m.p = startServe(m.t, m.settings)
	m.p.base = base
}

// at is a time of today, or of as many days later, in unix seconds.
func (m *morning) at(later, hour, minute int) int64 {
	y, month, day := clock.System{}.Now().In(m.zone).Date()
	return time.Date(y, month, day+later, hour, minute, 0, 0, m.zone).Unix()
}

// night makes everything that was booked a day older, so that what was tomorrow
// is today.
func (m *morning) night() {
	m.t.Helper()
	d, err := db.Open(m.t.Context(), m.database, clock.System{})
	if err != nil {
		m.t.Fatal(err)
	}
	defer d.Close()
	err = d.Write(m.t.Context(), func(tx *db.Tx) error {
		for _, statement := range []string{ // a tick is five minutes
			"UPDATE claim SET tick = tick - 288",
			"UPDATE appointment SET start_tick = start_tick - 288, created = created - 86400, changed = changed - 86400",
		} {
			if _, err := tx.Exec(m.t.Context(), statement); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		m.t.Fatal(err)
	}
}

// begin: two clerks and the head of the office come to work.
func (m *morning) begin() {
	m.t.Helper()
	work := func(name, role, counter string) *clerk {
		c := &clerk{tab: m.b.tab(m.t, m.p, "de", view{width: 1280}), name: name, counter: counter}
		accept(c.tab, hire(m.t, m.settings, role, name), name)
		c.today()
		return c
	}
	m.one = work("Klara", "clerk", "schalter-1")
	m.two = work("Theo", "clerk", "schalter-2")
	m.head = work("Lore", "admin", "")
	if n := len(m.two.lines()); n != 9 {
		m.t.Fatalf("%d on the list", n)
	}
}

// early: somebody comes, is served, with a wrong click on the way, and somebody
// does not come.
func (m *morning) early() {
	m.t.Helper()
	m.one.does("arrive", "Birnstiel", waiting, m.two)
	m.one.does("call", "Birnstiel", atCounter, m.two)
	if at := m.two.line("Birnstiel").Counter; at != "Schalter 1" {
		m.t.Errorf("called to %q", at)
	}
	m.one.does("missed", "Birnstiel", missed, m.two) // should have been the next row
	m.one.does("back", "Birnstiel", atCounter, m.two)
	m.one.does("finish", "Birnstiel", done, m.two)
	m.two.does("missed", "Abendrot", missed, m.one)
}

// atOnce: both clerks call the same person at the same time, one from the list
// and one from the page of the appointment. One of them gets her.
func (m *morning) atOnce() {
	m.t.Helper()
	const name = "Çelikbaum"
	m.two.does("arrive", name, waiting, m.one)
	l := m.one.line(name)
	path, _, _ := strings.Cut(l.At, "?") // the rest is about the other one's counter
	m.two.open(path + "?counter=" + m.two.counter)
	type click struct {
		by     *clerk
		button string
		status int64
		err    error
	}
	clicks := []*click{{by: m.one, button: "#" + l.ID + " [data-key^=call]"}, {by: m.two, button: `main button[formaction$="/call"]`}}
	var together sync.WaitGroup
	for _, k := range clicks {
		at := aim(k.by.tab, k.button)
		together.Go(func() {
			ctx, cancel := context.WithTimeout(k.by.ctx, patience)
			defer cancel()
			r, err := chromedp.RunResponse(ctx, chromedp.MouseClickXY(at.X, at.Y))
			if k.err = err; err == nil {
				k.status = r.Status
			}
		})
	}
	together.Wait()
	for _, k := range clicks {
		if k.err != nil {
			m.t.Fatalf("%s calls: %v", k.by.name, k.err)
		}
	}
	if clicks[0].status != http.StatusOK {
		slices.Reverse(clicks)
	}
	won, lost := clicks[0], clicks[1]
	if won.status != http.StatusOK || lost.status != http.StatusConflict {
		m.t.Fatalf("status %d and %d", won.status, lost.status)
	}
	lost.by.says("Inzwischen wurde dieser Termin geändert (" + won.by.name + ": Aufgerufen).")
	won.by.today()
	lost.by.today()
	if at := lost.by.line(name).Counter; at != map[string]string{"schalter-1": "Schalter 1", "schalter-2": "Schalter 2"}[won.by.counter] {
		m.t.Errorf("%s won, and she is at %q", won.by.name, at)
	}
	won.by.does("finish", name, done, lost.by)
}

// telephone: somebody calls and gets an internal time, which both lists show.
// The slip leads to the appointment.
func (m *morning) telephone() {
	m.t.Helper()
	m.two.watch()
	m.one.bookFor("Müßiggang", "Jörg", "030 23125 901", fmt.Sprintf(`.desk-choice:has(.desk-choice__mark) #t-%d`, m.at(0, 12, 0)))
	reference := ask[string](m.one.tab, `document.querySelector(".desk-booked strong").textContent`)
	if status := (mouse{}).press(m.one.tab, `form[action$="/slip"] button`); status != http.StatusOK {
		m.t.Errorf("the slip: status %d", status)
	}
	m.one.says(reference)
	link := strings.TrimPrefix(ask[string](m.one.tab, `document.querySelector(".desk-slip__link").textContent`), m.p.base)
	if got := newVisitor(m.t, m.p).page(link).one(".reference").Text(); got != reference {
		m.t.Errorf("the link leads to %q, want %q", got, reference)
	}
	m.two.live("who called", func() bool { return len(m.two.lines()) == 10 })
	if l := m.two.line("Müßiggang"); l.Counter != "Schalter 4" || l.Time != "12:00" {
		m.t.Errorf("booked at %s, %s", l.Time, l.Counter)
	}
	m.one.today()
}
