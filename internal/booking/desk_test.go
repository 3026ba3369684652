// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// caller is somebody on the phone, without a mailbox.
var caller = person.Data{FirstName: "Walburga", LastName: "Musterfrau", Phone: "030 23125 456"}

// member works everywhere in the town.
func (w *town) member(r staff.Role) *staff.Member {
	return &staff.Member{ID: "staff-" + string(r), TenantID: w.tenant, Role: r, Everywhere: true}
}

// place is a location of the town by key.
func (w *town) place(key string) *office.Location {
	w.Helper()
	cat, err := w.Bookings.Catalogue(w.Context(), w.tenant)
	if err != nil {
		w.Fatal(err)
	}
	l, ok := cat.Location(key)
	if !ok {
		w.Fatalf("no location %s", key)
	}
	return l
}

// counter is the id of a counter of the town hall.
func (w *town) counter(key string) string {
	w.Helper()
	for _, c := range w.place("rathaus").Counters {
		if c.Key == key {
			return c.ID
		}
	}
	w.Fatalf("no counter %s", key)
	return ""
}

// early sets the clock to half past six, so that the whole day is ahead.
func (w *town) early() { w.Clock.Set(time.Unix(at(7, 6, 30), 0)) }

func (w *town) entry(id string) *booking.Entry {
	w.Helper()
	e, err := w.Entry(w.Context(), w.member(staff.Admin), id)
	if err != nil {
		w.Fatal(err)
	}
	return e
}

func (w *town) day(date slot.Date) []booking.Entry {
	w.Helper()
	list, err := w.Day(w.Context(), w.member(staff.Clerk), w.place("rathaus").ID, date)
	if err != nil {
		w.Fatal(err)
	}
	return list
}

// monday is the first day of the test week.
var monday = slot.DateOf(2026, time.September, 7)

func forSomeone(service string, start int64) booking.ForSomeone {
	return booking.ForSomeone{Location: "rathaus", Wanted: []office.Wanted{{Key: service, Quantity: 1}}, Start: start,
		Data: caller, Lang: locale.DE}
}

func (w *town) bookFor(service string, start int64) (*booking.Entry, seal.Secret) {
	w.Helper()
	e, s, err := w.BookFor(w.Context(), w.member(staff.FrontDesk), forSomeone(service, start))
	if err != nil {
		w.Fatal(err)
	}
	return e, s
}

// version is the appointment's newest one.
func (w *town) version(id string) int64 {
	w.Helper()
	return int64(w.number("SELECT version FROM appointment WHERE id = $1", id))
}

// fine fails the test unless a step worked.
func (w *town) fine(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// called is an appointment that was called to a counter.
func (w *town) called(service string, start int64, counter string) string {
	w.Helper()
	e, _ := w.bookFor(service, start)
	w.fine(w.Call(w.Context(), w.member(staff.Clerk), e.ID, e.Version, w.counter(counter)))
	return e.ID
}

// A morning at one counter, with everything that the list says about it.
func TestVisit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		id := w.view(w.book("ausweis", at(7, 8, 0))).ID
		desk, clerk := w.member(staff.FrontDesk), w.member(staff.Clerk)
		w.Clock.Set(time.Unix(at(7, 7, 55), 0))
		w.fine(w.Arrive(t.Context(), desk, id, w.version(id)))
		w.Clock.Set(time.Unix(at(7, 8, 5), 0))
		w.fine(w.Call(t.Context(), clerk, id, w.version(id), w.counter("schalter-2")))
		w.Clock.Set(time.Unix(at(7, 8, 20), 0))
		w.fine(w.Finish(t.Context(), clerk, id, w.version(id)))
		v := w.entry(id)
		if v.State != booking.Served || v.Arrived != at(7, 7, 55) || v.Called != at(7, 8, 5) || v.Finished != at(7, 8, 20) ||
			v.CalledAt.Key != "schalter-2" || v.Origin != booking.OriginOnline || v.Overbooked != "" {
			t.Errorf("entry %+v", v.Appointment)
		}
		if w.claimed("appointment") != 3 {
			t.Error("what was served has lost its time")
		}
		for _, action := range []string{"arrived", "called", "served"} {
			if n := w.number("SELECT COUNT(*) FROM audit WHERE appointment_id = $1 AND action = $2 AND role <> ''",
				id, "appointment."+action); n != 1 {
				t.Errorf("%s is recorded %d times", action, n)
			}
		}
		w.fine(w.Back(t.Context(), clerk, id, w.version(id)))
		w.fine(w.Missed(t.Context(), desk, id, w.version(id)))
		wantKind(t, w.Back(t.Context(), desk, id, w.version(id)), fault.Forbidden, "staff.forbidden") // to a counter
		w.fine(w.Back(t.Context(), clerk, id, w.version(id)))
		if got := w.entry(id); got.State != booking.Called || got.Finished != 0 {
			t.Errorf("after going back %s", got.State)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Who comes whose mailbox was not confirmed yet is confirmed by coming; the
// office hears of the appointment, and the claims no longer run out.
func TestArriveConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		w.confirmByMail()
		s, late := w.book("ausweis", at(7, 8, 0)), w.book("ausweis", at(7, 8, 15))
		v := w.view(s)
		w.fine(w.Arrive(t.Context(), w.member(staff.FrontDesk), v.ID, v.Version))
		w.Clock.Advance(31 * time.Minute)
		other := w.view(late)
		wantKind(t, w.Arrive(t.Context(), w.member(staff.FrontDesk), other.ID, other.Version), fault.Gone, "booking.expired")
		if _, err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.view(s); got.State != booking.Arrived || got.Person.EmailVerified || w.claimed("appointment") != 3 {
			t.Errorf("state %s, verified %v, %d ticks", got.State, got.Person.EmailVerified, w.claimed("appointment"))
		}
		if got := w.sent()["buergerbuero@example.org"]; len(got) != 1 {
			t.Errorf("the office: %q", got)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

func TestWhereToCall(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		clerk := w.member(staff.Clerk)
		first := w.called("meldung", at(7, 8, 0), "schalter-1")
		second, _ := w.bookFor("meldung", at(7, 8, 15))
		try := func(counter string) error { return w.Call(t.Context(), clerk, second.ID, second.Version, counter) }
		wantKind(t, try(w.counter("schalter-1")), fault.Conflict, "visit.counter_busy")
		wantKind(t, try(w.counter("trauzimmer")), fault.Conflict, "visit.counter_services")
		wantKind(t, try(w.place("nord").Counters[0].ID), fault.NotFound, "counter.unknown")
		wantKind(t, try(""), fault.NotFound, "counter.unknown")
		w.fine(w.Finish(t.Context(), clerk, first, w.version(first)))
		w.fine(try(w.counter("schalter-1")))
		wantKind(t, w.Back(t.Context(), clerk, first, w.version(first)), fault.Conflict, "visit.counter_busy")

		// Nobody finished the second one, and home they went.
		w.Clock.Set(time.Unix(at(8, 8, 0), 0))
		third := w.called("meldung", at(8, 8, 30), "schalter-1")
		if a, b := w.entry(second.ID), w.entry(third); a.State != booking.Served || b.State != booking.Called {
			t.Errorf("yesterday's is %s, today's %s", a.State, b.State)
		}
		tomorrow, _ := w.bookFor("meldung", at(9, 8, 0))
		wantKind(t, w.Arrive(t.Context(), clerk, tomorrow.ID, tomorrow.Version), fault.Conflict, "visit.other_day")
		CheckClean(t, e.DB, w.kek)
	})
}

// A service that nobody offers any more is still served to those who booked it.
func TestCallForARetiredService(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		v, _ := w.bookFor("meldung", at(7, 8, 0))
		w.change("meldung]", "umzug]", "key: meldung", "key: umzug")
		got := w.entry(v.ID)
		if got.Unfit != "visit.unfit.service" {
			t.Errorf("unfit %q", got.Unfit)
		}
		w.fine(w.Call(t.Context(), w.member(staff.Clerk), v.ID, v.Version, w.counter("schalter-1")))
	})
}

// A form that is old changes nothing and says who was quicker; a second click on
// the same button is answered like the first.
func TestStaleForms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		s := w.book("ausweis", at(7, 8, 0))
		v := w.view(s)
		desk, clerk := w.member(staff.FrontDesk), w.member(staff.Clerk)
		for range 2 {
			w.fine(w.Arrive(t.Context(), desk, v.ID, v.Version))
		}
		wantStale(t, w.Arrive(t.Context(), clerk, v.ID, v.Version), "Empfang", "Als angekommen vermerkt")
		wantStale(t, w.Missed(t.Context(), desk, v.ID, v.Version), "Empfang", "Als angekommen vermerkt")
		now := w.version(v.ID)
		for range 2 {
			w.fine(w.Call(t.Context(), clerk, v.ID, now, w.counter("schalter-1")))
		}
		wantStale(t, w.Call(t.Context(), clerk, v.ID, now, w.counter("schalter-2")), "Sachbearbeitung", "Aufgerufen")

		other := w.view(w.book("ausweis", at(7, 9, 0)))
		for len(w.links) > 2 {
			<-w.links
		}
		w.fine(w.Move(t.Context(), w.tenant, <-w.links, "", at(7, 9, 15)))
		wantStale(t, w.CancelFor(t.Context(), desk, other.ID, other.Version), "Bürgerin oder Bürger", "Verschoben")
	})
}

func wantStale(t *testing.T, err error, who, what string) {
	t.Helper()
	wantKind(t, err, fault.Conflict, "visit.stale")
	f, ok := fault.As(err)
	if !ok || len(f.Args) != 4 {
		return
	}
	w, _ := f.Args[1].(locale.Text)
	h, _ := f.Args[3].(locale.Text)
	if w.In(locale.DE) != who || h.In(locale.DE) != what {
		t.Errorf("who %q, what %q, want %q, %q", w, h, who, what)
	}
}
