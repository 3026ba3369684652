// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// Who is restricted stays, is reported, and goes once that is lifted.
func TestRestrictedStays(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		v := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		other := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		w.exec("UPDATE person SET restricted = 1 WHERE id = $1", v.PersonID)
		w.Clock.Set(w.berlin("2026-10-08 00:00"))
		if l := w.line("appointment"); l.Due != 1 || l.Held != 1 || l.Overdue != 0 {
			t.Errorf("reported is %+v", l)
		}
		w.at(w.berlin("2026-11-08 00:00"))
		if l := w.line("appointment"); l.Due != 0 || l.Held != 1 || l.Overdue != 0 || l.Deleted != 1 || w.report().Overdue() {
			t.Errorf("reported is %+v", l)
		}
		if w.count("SELECT COUNT(*) FROM appointment WHERE id = $1", v.ID) != 1 || w.count("SELECT COUNT(*) FROM appointment WHERE id = $1", other.ID) != 0 {
			t.Error("not the restricted one stays")
		}
		w.clean()
		w.exec("UPDATE person SET restricted = NULL")
		if w.line("appointment").Due != 1 {
			t.Error("lifted, it is not due")
		}
		w.run()
		if n := w.count(remains); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// What is needed for a legal claim stays as long as that says, or until it is lifted.
func TestLegalHold(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		until := w.berlin("2026-12-01 00:00")
		hold := func(personID string) {
			t.Helper()
			w.exec("INSERT INTO legal_hold (id, tenant_id, person_id, staff_id, created, until, sealed) VALUES ($1, $2, $3, 'x', 1, $4, $5)",
				"hold of "+personID, w.tenant, personID, until.Unix(), []byte("x"))
		}
		v, lifted := w.book(w.berlin("2026-09-08 09:00"), "ausweis"), w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		hold(v.PersonID)
		hold(lifted.PersonID)
		w.send()
		w.at(w.berlin("2026-11-08 00:00"))
		if l := w.line("appointment"); l.Held != 2 || l.Due != 0 || l.Soon != 0 {
			t.Errorf("reported is %+v", l)
		}
		w.exec("DELETE FROM legal_hold WHERE person_id = $1", lifted.PersonID)
		w.run()
		if w.count("SELECT COUNT(*) FROM appointment") != 1 {
			t.Error("lifted, it stays")
		}
		w.ends("held", until, remains+" + (SELECT COUNT(*) FROM legal_hold)")
	})
}

// Two records that were just found to be one person go together, also when nobody
// has finished that for days.
func TestMergedGoTogether(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for _, ago := range []time.Duration{0, 3 * days} {
			kept, gone := w.book(w.berlin("2026-09-08 09:00"), "ausweis"), w.book(w.berlin("2026-09-09 09:00"), "ausweis")
			w.fine(w.Bookings.AddNote(t.Context(), w.member(staff.Clerk), gone.PersonID, "zieht um"))
			w.Clock.Set(w.berlin("2026-10-08 23:50"))
			w.fine(w.Bookings.MergePersons(t.Context(), w.member(staff.Clerk), kept.PersonID, gone.PersonID))
			w.exec("UPDATE person_merge SET at = $1", w.Clock.Now().Add(-ago).Unix())
			w.Clock.Set(w.berlin("2026-10-09 00:00"))
			cat, err := w.Bookings.Catalogue(t.Context(), w.tenant)
			w.fine(err)
			n, err := w.Bookings.DeleteOld(t.Context(), cat, 1) // before merges are finished
			if n != 2 || err != nil {
				t.Errorf("%d deleted, %v", n, err)
			}
			w.run()
			if n := w.count(remains + " + (SELECT COUNT(*) FROM person_merge) + (SELECT COUNT(*) FROM person_note)"); n != 0 {
				t.Errorf("%d rows are left", n)
			}
			w.clean()
			w.Clock.Set(dbtest.Start)
		}
	})
}
