// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// remains counts what says something about somebody who had an appointment.
const remains = `SELECT (SELECT COUNT(*) FROM appointment) + (SELECT COUNT(*) FROM appointment_service) + (SELECT COUNT(*) FROM person)
	+ (SELECT COUNT(*) FROM person_token) + (SELECT COUNT(*) FROM secret) + (SELECT COUNT(*) FROM claim)
	+ (SELECT COUNT(*) FROM message WHERE person_id IS NOT NULL)`

// An appointment goes so many days after its date, at local midnight: also on days
// on which clocks change, and where one begins at one o'clock.
func TestAppointmentGoesAtMidnight(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for _, c := range []struct{ what, zone, rules, now, start, until string }{
			{"standard", "Europe/Berlin", "", "2026-09-07 07:00", "2026-09-09 09:00", "2026-10-08T22:00:00Z"},
			{"own", "Europe/Berlin", "appointment_days: 20", "2026-09-07 07:00", "2026-09-09 09:00", "2026-09-28T22:00:00Z"},
			{"into the day of 25 hours", "Europe/Berlin", "", "2026-09-07 07:00", "2026-09-25 09:00", "2026-10-24T22:00:00Z"},
			{"after the day of 25 hours", "Europe/Berlin", "appointment_days: 28", "2026-09-07 07:00", "2026-09-28 09:00", "2026-10-25T23:00:00Z"},
			{"into the day of 23 hours", "Europe/Berlin", "", "2027-02-22 07:00", "2027-02-26 09:00", "2027-03-27T23:00:00Z"},
			{"after the day of 23 hours", "Europe/Berlin", "appointment_days: 28", "2027-02-22 07:00", "2027-03-01 09:00", "2027-03-28T22:00:00Z"},
			{"a day without midnight", "America/Santiago", "", "2026-08-03 07:00", "2026-08-07 09:00", "2026-09-06T04:00:00Z"},
			{"a day ahead", "Pacific/Auckland", "appointment_days: 1", "2026-08-03 07:00", "2026-08-05 09:00", "2026-08-05T12:00:00Z"},
		} {
			w.Clock.Set(local(t, c.zone, c.now))
			w.file(strings.NewReplacer("land: NW\n", "land: NW\nretention: {"+c.rules+"}\n", "zone: Europe/Berlin", "zone: "+c.zone))
			w.send()
			v := w.book(local(t, c.zone, c.start), "ausweis")
			until, err := time.Parse(time.RFC3339, c.until)
			w.fine(err)
			if shown, _ := v.DeletedOn().Bounds(v.Location.Plan.Zone); shown != until.Unix() {
				t.Errorf("%s: shown is %s", c.what, time.Unix(shown, 0).UTC())
			}
			w.ends(c.what, until, remains)
			w.clean()
		}
	})
}

// However it ended, it goes after its date; what was cancelled or expired before,
// from then on.
func TestAppointmentHoweverItEnded(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.Clock.Set(w.berlin("2026-09-07 07:00"))
		desk, clerk := w.member(staff.FrontDesk), w.member(staff.Clerk)
		at := map[string]string{}
		book := func(state, clock string) *booking.View {
			t.Helper()
			v := w.book(w.berlin(clock), "ausweis")
			at[state] = v.ID
			return v
		}
		served, missed := book("served", "2026-09-09 09:00"), book("no_show", "2026-09-10 09:00")
		book("confirmed", "2026-09-11 09:00")
		early, late := book("cancelled", "2026-09-30 09:00"), book("cancelled late", "2026-09-14 09:00")
		w.file(strings.NewReplacer("confirm_email: false", "confirm_email: true"))
		book("expired", "2026-09-25 09:00")
		w.at(w.berlin("2026-09-07 23:59")) // expires it
		w.Clock.Set(w.berlin("2026-09-08 23:59"))
		w.fine(w.Bookings.CancelFor(t.Context(), desk, early.ID, early.Version))
		w.Clock.Set(w.berlin("2026-09-09 09:00"))
		w.fine(w.Bookings.Call(t.Context(), clerk, served.ID, served.Version, w.counter("schalter-1")))
		w.fine(w.Bookings.Finish(t.Context(), clerk, served.ID, w.version(served.ID)))
		w.Clock.Set(w.berlin("2026-09-10 09:15"))
		w.fine(w.Bookings.Missed(t.Context(), desk, missed.ID, missed.Version))
		w.Clock.Set(w.berlin("2026-09-14 08:00"))
		w.fine(w.Bookings.CancelFor(t.Context(), desk, late.ID, late.Version))
		w.run()
		for _, c := range []struct{ state, until string }{
			{"expired", "2026-10-07 00:00"}, // long before its date
			{"cancelled", "2026-10-08 00:00"}, {"served", "2026-10-09 00:00"}, {"no_show", "2026-10-10 00:00"},
			{"confirmed", "2026-10-11 00:00"}, {"cancelled late", "2026-10-14 00:00"},
		} {
			if id := at[c.state]; w.count("SELECT COUNT(*) FROM appointment WHERE id = $1 AND state = $2", id, strings.Fields(c.state)[0]) != 1 {
				t.Errorf("none is %s", c.state)
			}
			w.ends(c.state, w.berlin(c.until), "SELECT COUNT(*) FROM appointment WHERE id = $1", at[c.state])
		}
		if n := w.count(remains); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		w.clean()
	})
}

// The record of a person stays until the last appointment goes.
func TestPersonGoesWithTheLast(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		v := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		second, err := w.again(v.PersonID, w.berlin("2026-09-10 09:00"))
		w.fine(err)
		w.fine(w.Bookings.AddNote(t.Context(), w.member(staff.Clerk), v.PersonID, "kommt zu zweit"))
		w.exec("INSERT INTO legal_hold (id, tenant_id, person_id, staff_id, created, until, sealed) VALUES ('old', $1, $2, 'x', 1, 2, $3)",
			w.tenant, v.PersonID, []byte("x")) // is over
		w.ends("first", w.berlin("2026-10-08 00:00"), "SELECT COUNT(*) FROM appointment WHERE id = $1", v.ID)
		if w.count("SELECT COUNT(*) FROM person WHERE id = $1", second.PersonID) != 1 || second.PersonID != v.PersonID {
			t.Error("the record went with the first")
		}
		w.exec("DELETE FROM legal_hold")
		w.clean()
		w.ends("second", w.berlin("2026-10-10 00:00"), remains+" + (SELECT COUNT(*) FROM person_note)")
	})
}

// Services that say a lot about somebody, and those that say so, are kept shorter,
// and so is what is booked together with them. Moving it to later keeps it.
func TestServicesThatAreKeptShorter(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		shorter := []string{"    minutes: 20\n", "    minutes: 20\n    sensitive: true\n", "    minutes: 10\n", "    minutes: 10\n    keep_days: 3\n"}
		w.file(strings.NewReplacer(shorter...))
		w.Clock.Set(w.berlin("2026-09-07 07:00"))
		at := w.berlin("2026-09-08 09:00")
		gone := "SELECT COUNT(*) FROM appointment WHERE id = $1"
		together, small, sensitive := w.book(at, "pass", "meldung"), w.book(at.Add(time.Hour), "meldung"), w.book(at.Add(time.Hour), "pass")
		cancelled := w.book(w.berlin("2026-09-09 09:00"), "pass")
		w.fine(w.Bookings.CancelFor(t.Context(), w.member(staff.Clerk), cancelled.ID, cancelled.Version))
		usual, moved := w.book(at.Add(2*time.Hour), "ausweis"), w.book(at.Add(2*time.Hour), "meldung")
		w.fine(w.Bookings.MoveFor(t.Context(), w.member(staff.Clerk), moved.ID, moved.Version, "rathaus", w.berlin("2026-09-10 09:00").Unix()))
		w.ends("three days", w.berlin("2026-09-11 00:00"), gone, small.ID)
		if w.count(gone, together.ID) != 0 {
			t.Error("two services together are kept as long as the longer")
		}
		w.ends("moved", w.berlin("2026-09-13 00:00"), gone, moved.ID)
		w.ends("sensitive and cancelled", w.berlin("2026-09-14 00:00"), gone, cancelled.ID)
		w.ends("sensitive", w.berlin("2026-09-15 00:00"), gone, sensitive.ID)
		w.file(strings.NewReplacer(append(shorter, "land: NW\n", "land: NW\nretention: {sensitive_days: 4, appointment_days: 12}\n")...))
		own := w.book(w.berlin("2026-09-16 09:00"), "pass")
		w.ends("own period", w.berlin("2026-09-20 00:00"), gone, own.ID)
		if w.count(gone, usual.ID) != 0 {
			t.Error("a shorter period counts at once")
		}
	})
}
