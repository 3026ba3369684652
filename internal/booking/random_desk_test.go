// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// What the walk does at the desk, and what the model says to it.

// seen is what citizens are told who change an appointment once the desk has
// noted something about it.
func (m *model) seen(v *visit) string {
	switch v.state {
	case booking.Arrived, booking.Called:
		return "visit.here"
	case booking.Served, booking.NoShow:
		return "booking.past"
	}
	return ok
}

// openFor tells whether a counter for the service is open from start on, whoever
// is there.
func (m *model) openFor(v *visit, start int64) bool {
	for i := range lengths[v.service].cells {
		if !m.isOpen(start + i*grid) {
			return false
		}
	}
	return true
}

// tookOver looks whether a visit may be where it was put beyond capacity.
func (w *walker) tookOver(v *visit, counter string, start int64) {
	for i := range lengths[v.service].cells {
		if c, taken := w.claims[place{counter, start + i*grid}]; taken && c.until > w.now && c.owner != v {
			w.Errorf("%s was put on %s at %d, where somebody is", v.service, counter, start)
		}
	}
	w.put(v, counter, start, end)
}

func (w *walker) tryBookFor() {
	v, start := w.wish(booking.Confirmed)
	r, by := forSomeone(v.service, start), w.member(staff.Admin)
	r.Data = guest
	want := ok
	if !w.anyFits(v, start) {
		want = "booking.taken"
	}
	if w.IntN(3) == 0 {
		r.Overbook = "Notfall"
		if want != ok {
			want = ok
			if !w.openFor(v, start) {
				want = "visit.overbook_hours"
			}
		}
	}
	e, secret, err := w.BookFor(w.Context(), by, r)
	w.same("book for", err, want)
	if err != nil {
		w.forgetLinks()
		return
	}
	v.secret, v.id, v.mail = secret, e.ID, <-w.links
	w.forgetLinks()
	w.visits = append(w.visits, v)
	w.took(v, start, end)
	if v.over != (e.Overbooked != "") {
		w.Errorf("on %s: overbooked %q", e.Counter.Key, e.Overbooked)
	}
}

// atHand is mostly one of those who are expected by now or have come.
func (w *walker) atHand() *visit {
	v := w.visits[max(0, len(w.visits)-1-w.IntN(40))]
	for range 20 {
		if midnight(v.start) <= midnight(w.now) && v.state != booking.Held && v.state != booking.Cancelled {
			break
		}
		v = w.visits[max(0, len(w.visits)-1-w.IntN(100))]
	}
	return v
}

// atDesk does something to a visit that only the desk can do.
func (w *walker) atDesk(v *visit) {
	n := w.IntN(16)
	if v.state == booking.Held {
		return
	}
	ctx, by, version := w.Context(), w.member(staff.Clerk), w.version(v.id)
	switch {
	case n < 4:
		want := w.wantArrive(v)
		w.same("arrive", w.Arrive(ctx, by, v.id, version), want)
		if want == ok {
			v.state, v.arrived = booking.Arrived, w.now
		}
	case n < 8:
		w.callTo(v, []string{"schalter-1", "schalter-2", "trauzimmer"}[w.IntN(3)], version)
	case n < 11:
		want := wrongUnless(v.state == booking.Called)
		w.same("finish", w.Finish(ctx, by, v.id, version), want)
		if want == ok {
			v.state = booking.Served
		}
	case n < 12:
		want := wrongUnless(v.state == booking.Confirmed || v.state == booking.Arrived || v.state == booking.Called)
		if v.state == booking.Confirmed && v.start > w.now {
			want = "visit.not_yet"
		}
		w.same("missed", w.Missed(ctx, by, v.id, version), want)
		if want == ok {
			v.state = booking.NoShow
		}
	case n < 14:
		w.goBack(v, version)
	default:
		start := v.start + int64(w.IntN(5)-2)*15*minute
		want := w.wantMoveFor(v, start)
		w.same("move for", w.MoveFor(ctx, by, v.id, version, "", start), want)
		if want == ok && start != v.start {
			w.took(v, start, end)
		}
		w.forgetLinks()
	}
}

func wrongUnless(right bool) string {
	if right {
		return ok
	}
	return "visit.state"
}

func (m *model) wantArrive(v *visit) string {
	if v.state == booking.Confirmed && midnight(v.start) > midnight(m.now) {
		return "visit.other_day"
	}
	return wrongUnless(v.state == booking.Confirmed)
}

func (m *model) wantMoveFor(v *visit, start int64) string {
	switch {
	case start != v.start && start < m.now-m.now%grid:
		return "booking.taken"
	case start != v.start && midnight(start) > midnight(m.now)+60*86400+3600:
		return "time.horizon"
	}
	return m.wantMoved(v, start)
}

// busy is whoever is at a counter. Those who were called on an earlier day and
// forgotten do not count for a call.
func (m *model) busy(counter string, but *visit) *visit {
	for _, v := range m.visits {
		if v != but && v.state == booking.Called && v.counter == counter {
			return v
		}
	}
	return nil
}

func (w *walker) callTo(v *visit, counter string, version int64) {
	want, forgotten := ok, w.busy(counter, v)
	offers := false
	for _, c := range lengths[v.service].counters {
		offers = offers || c == counter
	}
	switch {
	case !offers:
		want = "visit.counter_services"
	case v.state != booking.Arrived && w.wantArrive(v) != ok:
		want = w.wantArrive(v)
	case forgotten != nil && forgotten.called >= midnight(w.now):
		want = "visit.counter_busy"
	}
	w.same("call", w.Call(w.Context(), w.member(staff.Clerk), v.id, version, w.counter(counter)), want)
	if want != ok {
		return
	}
	if forgotten != nil {
		forgotten.state = booking.Served
	}
	if v.state != booking.Arrived {
		v.arrived = w.now
	}
	v.state, v.called, v.counter = booking.Called, w.now, counter
}

func (w *walker) goBack(v *visit, version int64) {
	want, to := ok, booking.Confirmed
	switch {
	case v.state == booking.Arrived:
	case v.state == booking.Called:
		to = booking.Arrived
	case v.state == booking.Served, v.state == booking.NoShow && v.counter != "":
		if to = booking.Called; w.busy(v.counter, v) != nil {
			want = "visit.counter_busy"
		}
	case v.state == booking.NoShow && v.arrived > 0:
		to = booking.Arrived
	case v.state == booking.NoShow:
	default:
		want = "visit.state"
	}
	w.same("back", w.Back(w.Context(), w.member(staff.Clerk), v.id, version), want)
	if want != ok {
		return
	}
	if v.state == booking.Arrived {
		v.arrived = 0
	}
	if v.state == booking.Called {
		v.called, v.counter = 0, ""
	}
	v.state = to
}

// closeOrReopen shuts a day at the desk; who is booked there stays.
func (w *walker) closeOrReopen() {
	admin := w.member(staff.Admin)
	for day, id := range w.shut { // one at most
		w.same("reopen", w.Bookings.Reopen(w.Context(), admin, id), ok)
		delete(w.shut, day)
		return
	}
	day := midnight(w.time())
	date := slot.DateIn(time.Unix(day, 0).Unix(), berlin)
	id, err := w.Close(w.Context(), admin, booking.Closing{LocationID: w.place("rathaus").ID,
		From: booking.Moment{Date: date}, Until: booking.Moment{Date: date.AddDays(1)}}, "")
	w.same("close", err, ok)
	w.shut[day] = id
}

// compareVisits holds the states of the visits against the model.
func (w *walker) compareVisits() {
	for _, v := range w.visits {
		if v.gone || v.state == booking.Held {
			continue
		}
		e := w.view(v.secret)
		if e.State != v.state || (e.Arrived > 0) != (v.arrived > 0) || (e.CalledAt != nil) != (v.counter != "") ||
			(e.Overbooked != "") != v.over {
			w.Errorf("%s is %s, want %s", v.service, e.State, v.state)
		}
	}
}
