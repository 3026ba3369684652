// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// Somebody calls: no mailbox, one name, in an internal hour, at once.
func TestBookFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		r := forSomeone("ausweis", at(9, 15, 0))
		r.Wanted[0].Quantity = 2
		r.Data = person.Data{LastName: "Sukarnoputri", OneName: true, Phone: "030 23125 789"}
		v, s, err := w.BookFor(t.Context(), w.member(staff.FrontDesk), r)
		if err != nil {
			t.Fatal(err)
		}
		if v.State != booking.Confirmed || v.Origin != booking.OriginDesk || v.Overbooked != "" || v.Ticks != 6 ||
			v.Counter.Key != "schalter-1" || v.Person.Data.LastName != "Sukarnoputri" || v.Unfit != "" {
			t.Errorf("entry %+v", v)
		}
		sent := w.sent()
		if len(sent) != 1 || len(sent["buergerbuero@example.org"]) != 1 {
			t.Errorf("mails %v", sent)
		}
		slip := w.view(s)
		if slip.Channel != booking.ChannelSlip || slip.ID != v.ID {
			t.Errorf("the slip opens %s by %s", slip.ID, slip.Channel)
		}
		// With the slip it can be moved and cancelled, but proves no mailbox.
		for i := range 7 {
			w.fine(w.Move(t.Context(), w.tenant, s, "", at(10, 8, 15*i)))
		}
		wantKind(t, w.Verify(t.Context(), w.tenant, s), fault.Forbidden, "booking.verify_by_mail")
		w.fine(w.Cancel(t.Context(), w.tenant, s))
		if len(w.sent()) != 1 || w.number("SELECT COUNT(*) FROM audit WHERE action = 'appointment.booked' AND role = 'front_desk'") != 1 {
			t.Error("mail to nobody, or no record")
		}
		r = forSomeone("ausweis", at(8, 8, 0))
		r.Data.Email = "walburga@example.org"
		if _, _, err := w.BookFor(t.Context(), w.member(staff.Clerk), r); err != nil || len(w.sent()["walburga@example.org"]) != 1 {
			t.Errorf("no mail to who has a mailbox: %v", err)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// What a clerk cannot book either.
func TestBookForRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.bookFor("trauung", at(8, 8, 0))
		for _, c := range []struct {
			name   string
			change func(r *booking.ForSomeone, by *staff.Member)
			want   string
		}{
			{"nothing to reach them", func(r *booking.ForSomeone, _ *staff.Member) { r.Data.Phone = "" }, "form.incomplete"},
			{"bad address", func(r *booking.ForSomeone, _ *staff.Member) { r.Data.Email = "walburga" }, "form.incomplete"},
			{"no name", func(r *booking.ForSomeone, _ *staff.Member) { r.Data.LastName = " " }, "form.incomplete"},
			{"unknown place", func(r *booking.ForSomeone, _ *staff.Member) { r.Location = "süd" }, "location.unknown"},
			{"unknown service", func(r *booking.ForSomeone, _ *staff.Member) { r.Wanted[0].Key = "angeln" }, "select.unknown"},
			{"too many", func(r *booking.ForSomeone, _ *staff.Member) { r.Wanted[0].Quantity = 2 }, "select.quantity"},
			{"taken", func(*booking.ForSomeone, *staff.Member) {}, "booking.taken"},
			{"past", func(r *booking.ForSomeone, _ *staff.Member) { r.Start = at(7, 9, 45) }, "booking.taken"},
			{"too far", func(r *booking.ForSomeone, _ *staff.Member) { r.Start += 100 * 86400 }, "time.horizon"},
			{"off the grid", func(r *booking.ForSomeone, _ *staff.Member) { r.Start++ }, "time.free"},
			{"beyond capacity as a clerk", func(r *booking.ForSomeone, _ *staff.Member) { r.Overbook = "Notfall" }, "staff.forbidden"},
			{"long reason", func(r *booking.ForSomeone, by *staff.Member) {
				by.Role, r.Overbook = staff.Admin, strings.Repeat("ä", 201)
			}, "visit.reason"},
			{"beyond capacity at night", func(r *booking.ForSomeone, by *staff.Member) {
				by.Role, r.Overbook, r.Start = staff.Admin, "Notfall", at(8, 20, 0)
			}, "visit.overbook_hours"},
			{"officer", func(_ *booking.ForSomeone, by *staff.Member) { by.Role = staff.Officer }, "staff.forbidden"},
			{"elsewhere", func(_ *booking.ForSomeone, by *staff.Member) { by.Everywhere = false }, "staff.forbidden"},
		} {
			r, by := forSomeone("trauung", at(8, 8, 0)), w.member(staff.Clerk)
			c.change(&r, by)
			if _, _, err := w.BookFor(t.Context(), by, r); keyOf(err) != c.want {
				t.Errorf("%s: %q, want %q", c.name, keyOf(err), c.want)
			}
		}
		if w.number("SELECT COUNT(*) FROM appointment") != 1 || w.number("SELECT COUNT(*) FROM person") != 1 {
			t.Error("something was left behind")
		}
	})
}

// Clerks see what the public does not: internal hours, hours that are not
// released, and what begins before the lead time is over.
func TestFreeFor(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.change(counter("1", `{days: 28, at: "08:00"}`))
		w.Clock.Set(time.Unix(at(7, 10, 2), 0))
		days, err := w.FreeFor(t.Context(), w.member(staff.FrontDesk), w.search("ausweis", "rathaus"))
		if err != nil {
			t.Fatal(err)
		}
		offered := map[int64]bool{}
		for _, d := range days {
			for _, s := range d.Starts {
				offered[s] = true
			}
		}
		for start, want := range map[int64]bool{at(7, 9, 45): false, at(7, 10, 0): true, at(7, 10, 15): true, at(9, 14, 0): true,
			at(9, 15, 45): true, at(9, 16, 0): false, at(8, 8, 5): false} {
			if offered[start] != want {
				t.Errorf("%s is offered: %v", time.Unix(start, 0).In(berlin), offered[start])
			}
		}
		w.bookFor("ausweis", at(7, 10, 0))
		_, err = w.FreeFor(t.Context(), w.member(staff.Officer), w.search("ausweis", "rathaus"))
		wantKind(t, err, fault.Forbidden, "staff.forbidden")
	})
}

// Beyond capacity: only when nothing is free, each with claims of its own, marked,
// and back in the counters once it moves to a time that is free.
func TestOverbooking(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		admin := w.member(staff.Admin)
		r := forSomeone("trauung", at(7, 8, 0))
		r.Overbook = "  Notfall  "
		var all []*booking.Entry
		for range 3 {
			v, _, err := w.BookFor(t.Context(), admin, r)
			if err != nil {
				t.Fatal(err)
			}
			all = append(all, v)
		}
		if a, b, c := all[0], all[1], all[2]; a.Overbooked != "" || b.Overbooked != "Notfall" || c.Overbooked != "Notfall" ||
			!b.Counter.Overflow || b.Counter.ID == c.Counter.ID || b.Counter.Name.In("de") != "Zusatz 1" || b.Unfit != "" {
			t.Errorf("booked on %v, %v, %v", a.Counter.Name, b.Counter.Name, c.Counter.Name)
		}
		if n := w.number("SELECT COUNT(*) FROM appointment WHERE overbooked IS NOT NULL"); n != 2 {
			t.Errorf("%d have a reason", n)
		}
		w.wantNowhere("Notfall")
		if w.claimed("appointment") != 36 || w.free("trauung", at(7, 8, 0)) {
			t.Error("the promise does not hold beyond capacity")
		}
		r.Start = at(7, 9, 0)
		w.bookFor("trauung", at(7, 9, 0))
		if v, _, err := w.BookFor(t.Context(), admin, r); err != nil || v.Counter.ID != all[1].Counter.ID {
			t.Errorf("an overflow counter that is free was not used: %v", err)
		}
		// They are called at real counters.
		wantKind(t, w.Call(t.Context(), admin, all[1].ID, all[1].Version, all[1].Counter.ID), fault.NotFound, "counter.unknown")
		w.fine(w.Call(t.Context(), admin, all[1].ID, all[1].Version, w.counter("trauzimmer")))
		w.change("horizon_days: 60", "horizon_days: 50") // an import knows nothing of them
		w.fine(w.MoveFor(t.Context(), admin, all[2].ID, all[2].Version, "", at(8, 8, 0)))
		if v := w.entry(all[2].ID); v.Overbooked != "" || v.Counter.Overflow {
			t.Errorf("still beyond capacity: %q", v.Overbooked)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// The reason is sealed for the person, and goes to another record with the
// appointment and back.
func TestReasonOfAMergedRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.early()
		kept, _ := w.bookFor("trauung", at(7, 8, 0))
		r := forSomeone("trauung", at(7, 8, 0))
		r.Overbook = "kommt im Rollstuhl"
		gone, _, err := w.BookFor(t.Context(), w.member(staff.Admin), r)
		w.fine(err)
		want := func(personID string) {
			t.Helper()
			v := w.entry(gone.ID)
			if v.Overbooked != r.Overbook || !v.Beyond() || v.PersonID != personID {
				t.Errorf("reason %q, of the right person: %t", v.Overbooked, v.PersonID == personID)
			}
			w.wantNowhere("Rollstuhl")
			CheckClean(t, e.DB, w.kek)
		}
		want(gone.PersonID)
		w.merge(kept.PersonID, gone.PersonID)
		want(kept.PersonID)
		w.undo(w.card(kept.PersonID).Merges[0].ID)
		want(gone.PersonID)
	})
}

// wantNowhere makes sure that no row of an appointment holds a text as it is.
func (w *town) wantNowhere(text string) {
	w.Helper()
	for _, b := range w.sealed("SELECT overbooked FROM appointment WHERE overbooked IS NOT NULL") {
		if bytes.Contains(b, []byte(text)) {
			w.Errorf("%q can be read in the database", text)
		}
	}
}

// What clerks change for others.
func TestChangesForOthers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		v := w.view(w.book("ausweis", at(8, 10, 0)))
		w.fine(w.MoveFor(t.Context(), clerk, v.ID, v.Version, "", at(9, 15, 0))) // internal
		wantKind(t, w.MoveFor(t.Context(), clerk, v.ID, v.Version+1, "", at(9, 17, 0)), fault.Conflict, "booking.taken")
		wantKind(t, w.MoveFor(t.Context(), clerk, v.ID, v.Version+1, "süd", at(9, 8, 0)), fault.NotFound, "location.unknown")
		local := w.member(staff.Clerk)
		local.Everywhere, local.Locations = false, []string{v.Location.ID}
		wantKind(t, w.MoveFor(t.Context(), local, v.ID, v.Version+1, "nord", at(9, 8, 0)), fault.Forbidden, "staff.forbidden")
		w.fine(w.MoveFor(t.Context(), clerk, v.ID, v.Version+1, "nord", at(9, 8, 0)))
		w.sent()
		changed := guest
		changed.Email, changed.Phone = "neu@example.org", "030 23125 999"
		w.fine(w.ChangeContact(t.Context(), clerk, v.ID, v.Version+2, changed))
		bad := guest
		bad.LastName = ""
		wantKind(t, w.ChangeContact(t.Context(), clerk, v.ID, v.Version+3, bad), fault.Invalid, "form.incomplete")
		w.fine(w.CancelFor(t.Context(), clerk, v.ID, v.Version+3))
		got := w.entry(v.ID)
		if got.State != booking.Cancelled || got.Person.Data != changed || w.claimed("appointment") != 0 {
			t.Errorf("%s, %d ticks", got.State, w.claimed("appointment"))
		}
		sent := w.sent()
		if len(sent["quirin@example.org"]) != 3 || len(sent["neu@example.org"]) != 2 || len(sent["nord@example.org"]) != 2 ||
			len(sent["buergerbuero@example.org"]) != 3 {
			t.Errorf("mails %v", sent)
		}
		past := w.view(w.book("ausweis", at(7, 11, 0)))
		w.Clock.Set(time.Unix(at(7, 11, 0), 0))
		wantKind(t, w.CancelFor(t.Context(), clerk, past.ID, past.Version), fault.Gone, "booking.past")
		CheckClean(t, e.DB, w.kek)
	})
}

// A clerk who moves an appointment that waits for its mailbox confirms it.
func TestMoveForConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		v := w.view(w.book("ausweis", at(8, 10, 0)))
		w.fine(w.MoveFor(t.Context(), w.member(staff.Clerk), v.ID, v.Version, "", at(8, 11, 0)))
		if got := w.entry(v.ID); got.State != booking.Confirmed || got.Person.EmailVerified || len(w.sent()["buergerbuero@example.org"]) != 1 {
			t.Errorf("%s, verified %v", got.State, got.Person.EmailVerified)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// The desk's appointments are no sign of somebody who fills a stranger's mailbox.
func TestDeskDoesNotUseUpTheLimit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for i := range 6 {
			r := forSomeone("meldung", at(8, 8, 15*i))
			r.Data = guest
			if _, _, err := w.BookFor(t.Context(), w.member(staff.Clerk), r); err != nil {
				t.Fatal(err)
			}
		}
		w.book("meldung", at(9, 8, 0))
	})
}
