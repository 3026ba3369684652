// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/slot"
)

// steps is how long a random walk is.
const steps = 2500

// TestAgainstModel does random things to a book and compares every answer, and
// now and then everything that is claimed and free, with the model. To repeat
// a walk: put the seed that a failure prints into the call.
func TestAgainstModel(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		walk(t, e, uint64(time.Now().UnixNano()))
	})
}

type walker struct {
	*town
	*model
	*rand.Rand
	step int
}

func walk(t *testing.T, e *dbtest.Env, seed uint64) {
	w := &walker{town: newTown(t, e), Rand: rand.New(rand.NewPCG(seed, 1)),
		model: &model{closed: map[int64]bool{}, shut: map[int64]string{}, claims: map[place]modelClaim{}}}
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("seed %d, step %d", seed, w.step)
		}
	})
	w.exec("UPDATE tenant SET unverified_per_address = 1000000, active_per_person = 1000000, revision = revision + 1")
	for w.step = range steps {
		if t.Failed() {
			return
		}
		w.model.now = w.Clock.Now().Unix()
		w.act()
		if w.step%50 == 0 {
			w.compare()
		}
	}
	CheckClean(t, e.DB, w.kek)
}

func (w *walker) act() {
	switch n := w.IntN(100); {
	case n < 22:
		w.tryHold()
	case n < 30:
		w.tryBookFor()
	case n < 40:
		w.Clock.Advance(time.Duration(w.IntN(12*60)) * time.Second)
	case n == 40:
		w.Clock.Advance(time.Duration(w.IntN(30)) * time.Hour)
	case n == 41:
		w.Clock.Advance(-time.Duration(w.IntN(90)) * time.Second) // clocks are set back, too
	case n == 42:
		w.changeHours()
	case n == 43:
		w.housekeep()
	case n == 44:
		w.closeOrReopen()
	case n < 68 && len(w.visits) > 0:
		w.atDesk(w.atHand())
	case len(w.visits) > 0:
		w.change(w.visits[max(0, len(w.visits)-1-w.IntN(25))], n)
	}
}

// time is some time tomorrow or later this week, mostly one that is offered.
func (w *walker) time() int64 {
	day := midnight(w.now + int64(1+w.IntN(3))*86400)
	return day + 8*3600 + int64(w.IntN(4*12))*grid
}

// wish is a visit that is not there yet, and when it should begin.
func (w *walker) wish(state booking.State) (*visit, int64) {
	services := []string{"ausweis", "meldung", "pass", "trauung"}
	v := &visit{service: services[w.IntN(len(services))], state: state}
	start := w.time()
	if w.IntN(4) > 0 {
		start -= start % (15 * minute)
	}
	return v, start
}

func (w *walker) tryHold() {
	v, start := w.wish(booking.Held)
	want := w.wantHold(v, start)
	secret, err := w.hold(v.service, start)
	w.same("hold", err, want)
	if err != nil {
		return
	}
	v.secret, v.until, v.id = secret, min(w.now+10*minute, start), w.view(secret).ID
	w.visits = append(w.visits, v)
	w.took(v, start, v.until)
}

// took looks where the book has put a visit, and whether it may be there.
func (w *walker) took(v *visit, start, until int64) {
	counter := w.view(v.secret).Counter.Key
	if v.over = strings.HasPrefix(counter, "+"); v.over {
		w.tookOver(v, counter, start)
		return
	}
	if !w.fits(v, counter, start) && !w.keeps(v) {
		w.Errorf("%s was put on %s at %d, where it does not fit", v.service, counter, start)
	}
	w.put(v, counter, start, until)
}

// change does something to a visit.
func (w *walker) change(v *visit, n int) {
	switch {
	case n < 74:
		want, again := w.wantExtend(v), v.until-w.now >= 10*minute-2
		w.same("extend", w.Extend(w.Context(), w.tenant, v.secret, &guest), want)
		if want == ok && !v.gone && v.state == booking.Held && !again {
			v.extended++
			v.until = min(w.now+10*minute, v.start)
			w.took(v, v.start, v.until)
		}
	case n < 84:
		w.confirm(v)
	case n < 91 && v.mail != "":
		w.move(v)
	case n < 95 && v.mail != "":
		want := w.wantCancel(v)
		w.same("cancel", w.Cancel(w.Context(), w.tenant, v.mail), want)
		w.forgetLinks()
		if want == ok {
			v.state = booking.Cancelled
			w.leave(v)
		}
	case v.state == booking.Held && !v.gone:
		w.same("release", w.Release(w.Context(), w.tenant, v.secret, nil), ok)
		v.until = min(v.until, w.now)
		w.leave(v)
	}
}

func (w *walker) confirm(v *visit) {
	if !v.gone && v.state == booking.Held {
		again := v.until-w.now >= 10*minute-2
		if err := w.Extend(w.Context(), w.tenant, v.secret, &guest); keyOf(err) == ok && !again {
			v.extended++
			v.until = min(w.now+10*minute, v.start)
			w.took(v, v.start, v.until)
		}
	}
	want := w.wantConfirm(v)
	w.same("confirm", w.Confirm(w.Context(), w.tenant, v.secret, locale.DE), want)
	if want == ok && v.state == booking.Held {
		v.state = booking.Confirmed
		w.took(v, v.start, end)
		v.mail = <-w.links
		<-w.links // the office's
	}
	w.forgetLinks()
}

// forgetLinks drops the secrets of mails that the walk does not use.
func (w *walker) forgetLinks() {
	for len(w.links) > 0 {
		<-w.links
	}
}

func (w *walker) move(v *visit) {
	start := w.time()
	if w.IntN(2) == 0 { // onto a part of itself
		start = v.start + int64(w.IntN(5)-2)*15*minute
	}
	want := w.wantMove(v, start)
	w.same("move", w.Move(w.Context(), w.tenant, v.mail, "", start), want)
	if want == ok && start != v.start {
		w.took(v, start, end)
		v.over = false
	}
	w.forgetLinks()
}

// housekeep forgets holds that ran out an hour ago.
func (w *walker) housekeep() {
	if _, err := w.Housekeep(w.Context()); err != nil {
		w.Error(err)
	}
	for _, v := range w.visits {
		if v.state == booking.Held && v.until <= w.now-3600 {
			v.gone = true
			w.leave(v)
		}
	}
}

// changeHours closes or opens a day; who is booked there stays.
func (w *walker) changeHours() {
	day := midnight(w.time())
	w.closed[day] = !w.closed[day]
	var list bytes.Buffer
	for at, shut := range w.closed {
		if shut {
			date := time.Unix(at, 0).In(berlin).Format(time.DateOnly)
			fmt.Fprintf(&list, "\n  - {from: %s, until: %s, reason: {de: zu, en: shut}}", date, date)
		}
	}
	content := officetest.Town
	if list.Len() > 0 {
		content = bytes.Replace(content, []byte("\ngroups:"), append([]byte("\nclosures:"), append(list.Bytes(), "\ngroups:"...)...), 1)
	}
	content = bytes.Replace(content, []byte("unverified_per_address: 5"), []byte("unverified_per_address: 100"), 1)
	f, err := office.Parse("town.yaml", bytes.NewReader(content))
	if err != nil {
		w.Fatal(err)
	}
	err = w.Env.DB.Write(w.Context(), func(tx *db.Tx) error { return office.Import(w.Context(), tx, w.kek, f) })
	if err != nil {
		w.Fatal(err)
	}
	w.exec("UPDATE tenant SET unverified_per_address = 1000000, active_per_person = 1000000, revision = revision + 1")
}

func (w *walker) same(what string, err error, want string) {
	w.Helper()
	if got := keyOf(err); got != want {
		w.Errorf("%s answered %q, want %q", what, got, want)
	}
}

// compare holds claims and free times of the next days against the model.
func (w *walker) compare() {
	w.model.now = w.Clock.Now().Unix()
	if got := w.claimed("hold") + w.claimed("appointment"); got != w.inForce() {
		w.Errorf("%d cells are claimed, want %d", got, w.inForce())
	}
	if w.step%500 == 0 {
		w.compareVisits()
	}
	cat, err := w.Bookings.Catalogue(w.Context(), w.tenant)
	if err != nil {
		w.Fatal(err)
	}
	location, _ := cat.Location("rathaus")
	for service := range lengths {
		sel, err := cat.Select([]office.Wanted{{Key: service, Quantity: 1}})
		if err != nil {
			w.Fatal(err)
		}
		days, err := w.Free(w.Context(), booking.SearchFor(location, sel))
		if err != nil {
			w.Fatal(err)
		}
		w.compareDays(service, days[:7])
	}
}

func (w *walker) compareDays(service string, days []booking.FreeDay) {
	for _, d := range days {
		offered := map[int64]bool{}
		for _, start := range d.Starts {
			offered[start] = true
		}
		from, until := d.Date.Bounds(berlin)
		for at := from; at < until; at += slot.TickSeconds {
			want := at >= w.now+60*minute && w.anyFits(&visit{service: service}, at)
			if offered[at] != want {
				w.Errorf("%s at %s is offered: %v, want %v", service, time.Unix(at, 0).In(berlin), offered[at], want)
			}
		}
	}
}
