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
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// keep keeps a record, by somebody who may.
func (w *town) keep(personID, reason string, until slot.Date) {
	w.Helper()
	w.fine(w.KeepForClaim(w.Context(), w.member(staff.Admin), personID, reason, until))
}

// adminCard is a card as the office management sees it.
func (w *town) adminCard(personID string) *booking.Card {
	w.Helper()
	c, err := w.Card(w.Context(), w.member(staff.Admin), personID)
	w.fine(err)
	return c
}

// deleteOld runs the deletion of all that is old on a day, and returns how many
// appointments are left.
func (w *town) deleteOld(date slot.Date, minute int) int {
	w.Helper()
	w.Clock.Set(time.Unix(date.At(minute, berlin), 0))
	cat, err := w.Catalogue(w.Context(), w.tenant)
	w.fine(err)
	_, err = w.DeleteOld(w.Context(), cat, 100)
	w.fine(err)
	return w.number("SELECT COUNT(*) FROM appointment")
}

// records wants so many entries of each action about a person.
func (w *town) records(personID string, want map[string]int) {
	w.Helper()
	for action, n := range want {
		if got := w.number("SELECT COUNT(*) FROM audit WHERE action = $1 AND person_id = $2", action, personID); got != n {
			w.Errorf("%d times %s on record, want %d", got, action, n)
		}
	}
}

// A record that is needed for a claim outlives its period up to the end of the last
// day in the town's zone; why is sealed. The same form twice is one decision.
func TestKeepForClaim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		page, v := w.bookAs(nobody(1), at(9, 9, 0))
		w.bookAs(nobody(2), at(9, 10, 0))         // of whom nobody wants anything
		last := slot.DateOf(2027, time.March, 28) // of 23 hours
		for range 2 {
			w.keep(v.PersonID, "Klage auf Auskunft\n", last)
		}
		w.keep(v.PersonID, "Akteneinsicht", slot.DateOf(2026, time.December, 1))
		for _, sealed := range w.sealed("SELECT sealed FROM legal_hold") {
			if bytes.Contains(sealed, []byte("Klage")) || bytes.Contains(sealed, []byte("Akten")) {
				t.Error("the reason can be read")
			}
		}
		c := w.adminCard(v.PersonID)
		if len(c.Holds) != 2 || c.Holds[0].Reason != "Klage auf Auskunft" || c.Holds[0].LastDay != last || c.Holds[0].Role != "admin" ||
			c.Holds[0].Created.Unix() != e.Clock.Now().Unix() || !c.MayKeep {
			t.Fatalf("the card says %+v", c.Holds)
		}
		kept, err := w.KeptOf(t.Context(), w.view(page))
		w.fine(err)
		if got := kept.Until.Format(time.DateTime); kept.Restricted || got != "2027-03-28 23:59:59" || kept.Reason != "Klage auf Auskunft" {
			t.Errorf("the citizen reads %+v", kept)
		}
		w.records(v.PersonID, map[string]int{"person.held": 2})
		CheckClean(t, e.DB, w.kek)
		if n := w.deleteOld(last, 23*60+59); n != 1 {
			t.Errorf("%d appointments on the last day, want 1", n)
		}
		if n := w.deleteOld(last+1, 0); n != 0 || w.number("SELECT COUNT(*) FROM person")+w.number("SELECT COUNT(*) FROM legal_hold") != 0 {
			t.Errorf("%d appointments after the last day", n)
		}
	})
}

// What is ended early is ended, and so is what is ended twice.
func TestEndClaim(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		page, v := w.bookAs(nobody(1), at(9, 9, 0))
		w.keep(v.PersonID, "Klage", monday.AddDays(700))
		if n := w.deleteOld(monday.AddDays(400), 600); n != 1 {
			t.Fatalf("%d appointments, want 1", n)
		}
		id := w.adminCard(v.PersonID).Holds[0].ID
		for range 2 {
			w.fine(w.EndClaim(t.Context(), w.member(staff.Admin), id))
		}
		if kept, err := w.KeptOf(t.Context(), w.view(page)); err != nil || kept != (booking.Kept{}) || len(w.adminCard(v.PersonID).Holds) != 0 {
			t.Errorf("still kept: %+v, %v", kept, err)
		}
		w.records(v.PersonID, map[string]int{"person.held": 1, "person.hold_ended": 1})
		CheckClean(t, e.DB, w.kek)
		if n := w.deleteOld(monday.AddDays(400), 601); n != 0 {
			t.Errorf("%d appointments are left", n)
		}
	})
}

// Who may, about whom, until when and why.
func TestKeepRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		officetest.ImportFile(t, e, w.kek, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: nachbarort"), 1))
		_, v := w.bookAs(nobody(1), at(9, 9, 0))
		_, gone := w.bookAs(nobody(2), at(10, 9, 0))
		w.merge(v.PersonID, gone.PersonID)
		hold := w.mustHold("meldung", at(11, 9, 0))
		_, err := w.SaveDetails(t.Context(), w.tenant, hold, nobody(3))
		w.fine(err)
		admin, tomorrow := w.member(staff.Admin), monday.AddDays(1)
		w.keep(v.PersonID, "Klage", tomorrow)
		id := w.adminCard(v.PersonID).Holds[0].ID
		keep := func(by *staff.Member, personID string) error {
			return w.KeepForClaim(t.Context(), by, personID, "Grund", tomorrow)
		}
		for _, role := range []staff.Role{staff.FrontDesk, staff.Clerk, staff.Officer, staff.Operator} {
			wantKind(t, keep(w.member(role), v.PersonID), fault.Forbidden, "staff.forbidden")
			wantKind(t, w.EndClaim(t.Context(), w.member(role), id), fault.Forbidden, "staff.forbidden")
		}
		stranger, north := w.member(staff.Admin), w.northClerk()
		stranger.TenantID, north.Role = "nachbarort", staff.Admin
		wantKind(t, keep(stranger, v.PersonID), fault.NotFound, "error.notfound.text")
		wantKind(t, w.EndClaim(t.Context(), stranger, id), fault.NotFound, "error.notfound.text")
		wantKind(t, w.EndClaim(t.Context(), admin, "none"), fault.NotFound, "error.notfound.text")
		wantKind(t, keep(north, v.PersonID), fault.Forbidden, "customer.elsewhere")
		wantKind(t, w.EndClaim(t.Context(), north, id), fault.Forbidden, "customer.elsewhere")
		wantKind(t, keep(admin, gone.PersonID), fault.Conflict, "merge.gone")
		wantKind(t, keep(admin, w.view(hold).PersonID), fault.NotFound, "error.notfound.text")
		wantKind(t, keep(admin, "none"), fault.NotFound, "error.notfound.text")

		last := slot.DateOf(2031, time.September, 7)
		for _, c := range []struct {
			reason string
			until  slot.Date
			fields string
		}{
			{"", tomorrow, "keep-reason"}, {" \r\n\t", tomorrow, "keep-reason"}, {strings.Repeat("ä", 501), tomorrow, "keep-reason"},
			{"un\x01sichtbar", tomorrow, "keep-reason"}, {"Grund", monday, "keep-until"}, {"Grund", last + 1, "keep-until"},
			{"Grund", 0, "keep-until"}, {"", monday, "keep-until keep-reason"},
		} {
			err := w.KeepForClaim(t.Context(), admin, v.PersonID, c.reason, c.until)
			wantKind(t, err, fault.Invalid, "form.incomplete")
			var fields []string
			if f, ok := fault.As(err); ok {
				for _, field := range f.Fields {
					fields = append(fields, field.Name)
				}
			}
			if got := strings.Join(fields, " "); got != c.fields {
				t.Errorf("%.10q until %s: wrong are %q, want %q", c.reason, c.until, got, c.fields)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM legal_hold"); n != 1 {
			t.Errorf("%d are kept", n)
		}
		w.keep(v.PersonID, strings.Repeat("ä", 500), last)
	})
}

// Nothing goes into a record that is kept, or from it, by hand or by itself, nor is
// a merge undone or finished that it is part of.
func TestKeptIsNotMerged(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		known := w.verifiedGuest(guest, at(8, 9, 0))
		_, part := w.bookAs(nobody(1), at(9, 9, 0))
		_, other := w.bookAs(nobody(2), at(10, 9, 0))
		clerk := w.member(staff.Clerk)
		w.merge(known.PersonID, part.PersonID)
		merge := w.card(known.PersonID).Merges[0].ID
		w.keep(known.PersonID, "Klage", monday.AddDays(3))
		for _, pair := range [][2]string{{known.PersonID, other.PersonID}, {other.PersonID, known.PersonID}} {
			wantKind(t, w.MergePersons(t.Context(), clerk, pair[0], pair[1]), fault.Conflict, "merge.kept")
		}
		wantKind(t, w.UndoMerge(t.Context(), clerk, merge), fault.Conflict, "merge.kept")
		if again := w.verifiedGuest(guest, at(9, 10, 0)); again.PersonID == known.PersonID {
			t.Error("an appointment went to a record that is kept")
		}
		persons := w.number("SELECT COUNT(*) FROM person")
		w.Clock.Set(time.Unix(at(10, 23, 0), 0))
		if n, err := w.Housekeep(t.Context()); n != 0 || err != nil || w.number("SELECT COUNT(*) FROM person") != persons {
			t.Errorf("%d records are deleted, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
		w.Clock.Set(time.Unix(at(11, 0, 0), 0))
		if n, err := w.Housekeep(t.Context()); n != 1 || err != nil {
			t.Errorf("%d records are deleted, %v", n, err)
		}
		w.merge(other.PersonID, known.PersonID) // with what is over
		w.Clock.Advance(24 * time.Hour)
		if n, err := w.Housekeep(t.Context()); n != 1 || err != nil {
			t.Errorf("%d records are deleted, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// What went into a record that is kept by way of another one is kept with it, too.
func TestKeptThroughAChain(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, a := w.bookAs(nobody(1), at(9, 9, 0))
		_, b := w.bookAs(nobody(2), at(10, 9, 0))
		_, c := w.bookAs(nobody(3), at(11, 9, 0))
		w.merge(b.PersonID, a.PersonID)
		w.Clock.Advance(time.Minute)
		w.merge(c.PersonID, b.PersonID)
		w.keep(c.PersonID, "Klage", monday.AddDays(3))
		w.Clock.Set(time.Unix(at(10, 23, 0), 0))
		if n, err := w.Housekeep(t.Context()); n != 0 || err != nil || w.number("SELECT COUNT(*) FROM person") != 3 {
			t.Errorf("%d records are deleted, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
		w.Clock.Set(time.Unix(at(11, 0, 0), 0))
		if n, err := w.Housekeep(t.Context()); n != 2 || err != nil || w.number("SELECT COUNT(*) FROM person") != 1 {
			t.Errorf("%d records are deleted, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// While a record is deleted, somebody wants to keep it: either there is nothing to
// keep any more, or all of it stays.
func TestRaceForARecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET active_per_person = 100, unverified_per_address = 100, revision = revision + 1")
		const n = 8
		var ids [n]string
		for i := range ids {
			_, v := w.bookAs(nobody(i), at(8+i%4, 9+i/4, 0))
			ids[i] = v.PersonID
		}
		w.Clock.Set(time.Unix(monday.AddDays(60).At(600, berlin), 0))
		cat, err := w.Catalogue(t.Context(), w.tenant)
		w.fine(err)
		books, admin := []*booking.Bookings{w.Bookings, w.second()}, w.member(staff.Admin)
		var kept [n]bool
		crowd(n+2, func(i int) {
			if i >= n {
				if _, err := books[i%2].DeleteOld(t.Context(), cat, 100); err != nil {
					t.Error(err)
				}
				return
			}
			err := books[i%2].KeepForClaim(t.Context(), admin, ids[i], "Klage", monday.AddDays(100))
			if kept[i] = err == nil; !kept[i] {
				wantKind(t, err, fault.NotFound, "error.notfound.text")
			}
		})
		for i, id := range ids {
			if got := w.number("SELECT COUNT(*) FROM appointment WHERE person_id = $1", id) == 1; got != kept[i] {
				t.Errorf("person %d: kept %v, and the appointment is there: %v", i, kept[i], got)
			}
			if got := w.number("SELECT COUNT(*) FROM legal_hold WHERE person_id = $1", id) == 1; got != kept[i] {
				t.Errorf("person %d: kept %v, and it is on record: %v", i, kept[i], got)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}
