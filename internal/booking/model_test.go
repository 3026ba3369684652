// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

// model is what the book of the test town should look like: a few maps and
// loops that are easy to believe. It does not choose counters; it looks at
// which one was chosen and whether that was right.
type model struct {
	now    int64
	closed map[int64]bool   // local days, by the instant of their midnight
	shut   map[int64]string // likewise, at the desk, with the ids of the closings
	claims map[place]modelClaim
	visits []*visit
}

// place is a counter of the town hall, by key, and an instant on the grid.
type place struct {
	counter string
	at      int64
}

type modelClaim struct {
	owner *visit
	until int64
}

// visit is an appointment as the model knows it.
type visit struct {
	secret, mail seal.Secret // of the page, and of the first mail
	service      string
	start        int64
	state        booking.State
	until        int64 // of a hold
	extended     int
	gone         bool // deleted

	id              string
	over            bool   // beyond capacity
	counter         string // to which it was called, by key
	arrived, called int64
}

const (
	grid   = 5 * 60
	end    = int64(1) << 40
	minute = 60
)

// lengths are the services: grid cells on the counter, and who offers them.
var lengths = map[string]struct {
	cells    int64
	counters []string
}{
	"ausweis": {3, []string{"schalter-1", "schalter-2"}},
	"meldung": {2, []string{"schalter-1", "schalter-2"}},
	"pass":    {4, []string{"schalter-1", "schalter-2"}},
	"trauung": {12, []string{"trauzimmer"}}, // with the buffer
}

// midnight is the beginning of the local day of an instant. The test stays
// away from the days on which clocks change.
func midnight(at int64) int64 {
	t := time.Unix(at, 0).In(berlin)
	return time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, berlin).Unix()
}

// isOpen tells whether a cell lies in public hours: Monday to Friday 8 to 12,
// Thursday also 14 to 18.
func (m *model) isOpen(at int64) bool {
	t := time.Unix(at, 0).In(berlin)
	morning := t.Hour() >= 8 && t.Hour() < 12
	afternoon := t.Weekday() == time.Thursday && t.Hour() >= 14 && t.Hour() < 18
	weekday := t.Weekday() != time.Saturday && t.Weekday() != time.Sunday
	return weekday && (morning || afternoon) && !m.closed[midnight(at)] && m.shut[midnight(at)] == ""
}

// fits tells whether a visit could begin at start on a counter: open, on the
// slot interval, and free of others.
func (m *model) fits(v *visit, counter string, start int64) bool {
	if start%(15*minute) != 0 {
		return false
	}
	for i := range lengths[v.service].cells {
		at := start + i*grid
		c, taken := m.claims[place{counter, at}]
		if !m.isOpen(at) || taken && c.until > m.now && c.owner != v {
			return false
		}
	}
	return true
}

func (m *model) anyFits(v *visit, start int64) bool {
	for _, counter := range lengths[v.service].counters {
		if m.fits(v, counter, start) {
			return true
		}
	}
	return false
}

// put gives a visit its cells on a counter and nothing else.
func (m *model) put(v *visit, counter string, start, until int64) {
	m.leave(v)
	v.start = start
	for i := range lengths[v.service].cells {
		m.claims[place{counter, start + i*grid}] = modelClaim{v, until}
	}
}

func (m *model) leave(v *visit) {
	for at, c := range m.claims {
		if c.owner == v {
			delete(m.claims, at)
		}
	}
}

// keeps tells whether all cells of a visit are still in force.
func (m *model) keeps(v *visit) bool {
	var n int64
	for _, c := range m.claims {
		if c.owner == v && c.until > m.now {
			n++
		}
	}
	return n == lengths[v.service].cells
}

// inForce counts the cells that are claimed now.
func (m *model) inForce() int {
	n := 0
	for _, c := range m.claims {
		if c.until > m.now {
			n++
		}
	}
	return n
}

// What the book should answer. ok is the zero key.

const ok = ""

func (m *model) wantHold(v *visit, start int64) string {
	if start < m.now+60*minute || !m.anyFits(v, start) {
		return "booking.taken"
	}
	return ok
}

// wantReclaim is what prolonging or taking again answers.
func (m *model) wantReclaim(v *visit) string {
	switch {
	case v.start <= m.now:
		return "booking.past"
	case m.keeps(v) || m.anyFits(v, v.start):
		return ok
	}
	return "booking.taken"
}

func (m *model) wantExtend(v *visit) string {
	switch {
	case v.gone:
		return "error.link.text"
	case v.state != booking.Held:
		return ok
	case v.until-m.now >= 10*minute-2:
		return ok // a second click
	case v.extended >= 10:
		return "booking.extensions"
	}
	return m.wantReclaim(v)
}

func (m *model) wantConfirm(v *visit) string {
	switch {
	case v.gone:
		return "error.link.text"
	case v.state == booking.Cancelled:
		return "booking.cancelled"
	case v.state != booking.Held:
		return ok
	}
	return m.wantReclaim(v)
}

func (m *model) wantMove(v *visit, start int64) string {
	if start != v.start && start < m.now+60*minute {
		return "booking.taken"
	}
	return m.wantMoved(v, start)
}

// wantMoved is what whoever moves a visit is told once they may ask for start.
func (m *model) wantMoved(v *visit, start int64) string {
	switch {
	case v.state == booking.Cancelled:
		return "booking.cancelled"
	case m.seen(v) != ok:
		return m.seen(v)
	case v.start <= m.now:
		return "booking.past"
	case start == v.start || m.anyFits(v, start):
		return ok
	}
	return "booking.taken"
}

func (m *model) wantCancel(v *visit) string {
	if m.seen(v) != ok {
		return m.seen(v)
	}
	if v.state == booking.Confirmed && v.start <= m.now {
		return "booking.past"
	}
	return ok
}

// keyOf is the message key of an answer.
func keyOf(err error) string {
	if err == nil {
		return ok
	}
	if f, is := fault.As(err); is {
		return f.Key
	}
	return "internal: " + err.Error()
}
