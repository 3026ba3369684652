// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
)

// numbers are those from 1 on, as a table n with the column i.
func numbers(n int) string {
	return fmt.Sprintf("WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < %d) ", n)
}

// copies makes more appointments like one, n for the same person. They claim
// nothing, so no check may see them.
func (w *town) copies(v *booking.View, n int) {
	w.Helper()
	w.exec(`INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state, lang, start_tick, ticks, minutes, until,
			extensions, sequence, created, changed) `+numbers(n)+`SELECT a.id || '-' || n.i, a.tenant_id, a.location_id, a.counter_id, a.person_id,
			a.reference || '-' || n.i, a.state, a.lang, a.start_tick, a.ticks, a.minutes, a.until, a.extensions, a.sequence, a.created, a.changed
		FROM appointment a, n WHERE a.id = $1`, v.ID)
	w.exec(`INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes) `+numbers(n)+
		`SELECT a.appointment_id || '-' || n.i, a.position, a.service_id, a.quantity, a.minutes FROM appointment_service a, n WHERE a.appointment_id = $1`, v.ID)
}

// records adds n lines to the audit, each about a person more, and n logins with addresses.
func (w *town) records(n int) {
	w.Helper()
	now := w.Clock.Now().Unix()
	w.exec("INSERT INTO audit (id, tenant_id, at, actor, role, action, detail) "+numbers(n)+
		"SELECT 'audit-' || (100000 + i), $1, $2, 'system', '', 'person.searched', '' FROM n", w.tenant, now)
	w.exec("INSERT INTO audit_also (audit_id, person_id) SELECT id, 'x' FROM audit WHERE id LIKE 'audit-%'")
	w.exec("INSERT INTO login (id, tenant_id, at, kind, method, ok) "+numbers(n)+
		"SELECT 'login-' || (100000 + i), $1, $2, 'account', 'password', FALSE FROM n", w.tenant, now)
	w.exec("INSERT INTO login_address (login_id, at, sealed) SELECT id, at, $1 FROM login WHERE id LIKE 'login-%'", []byte("x"))
}

// Two jobs that run at the same time, in more than one batch, delete everything
// once, and count it once.
func TestTwoJobs(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		const persons, each, lines = 5, 60, 1100
		var booked []*booking.View
		for i := range persons {
			booked = append(booked, w.book(w.berlin("2026-09-08 08:00").Add(time.Duration(i)*30*time.Minute), "ausweis"))
		}
		for _, v := range booked {
			w.copies(v, each-1)
		}
		w.send()
		w.records(lines)
		audits := w.count("SELECT COUNT(*) FROM audit")
		w.Clock.Set(w.Clock.Now().Add(400 * days))
		var all sync.WaitGroup
		for _, s := range []*app.Service{w.Service, w.process(false)} {
			all.Go(func() {
				if err := s.Deletion.Run(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		w.run() // one may have stopped early, since the other was quicker
		for class, want := range map[string]int{"appointment": persons * each, "audit": audits, "login": lines, "login_address": lines} {
			if n := w.count("SELECT COALESCE(SUM(amount), 0) FROM deletion WHERE class = $1", class); n != want {
				t.Errorf("%s: %d counted, %d deleted", class, n, want)
			}
		}
		if n := w.count(remains + " + (SELECT COUNT(*) FROM audit) + (SELECT COUNT(*) FROM audit_also) + (SELECT COUNT(*) FROM login_address)"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
		w.clean()
	})
}

// When somebody gets a new appointment in the moment in which the last old one is
// deleted, either the booking or the deletion is first, and nothing is half.
func TestBookedWhileDeleted(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.fine(w.Deletion.Prepare(t.Context(), false)) // the list begins with the installation
		w.Clock.Set(w.berlin("2026-09-07 06:00"))
		other := w.process(false)
		cat, err := w.Bookings.Catalogue(t.Context(), w.tenant)
		w.fine(err)
		booked, gone := 0, 0
		for i := range 30 {
			at := w.berlin("2026-09-08 08:00").AddDate(0, 0, i/16).Add(time.Duration(i%16) * 15 * time.Minute)
			v := w.book(at, "ausweis")
			w.exec("DELETE FROM claim WHERE owner = $1", v.ID)
			w.exec("UPDATE appointment SET start_tick = start_tick - 40 * 288, changed = changed - 40 * 86400 WHERE id = $1", v.ID)
			data := quirin
			if i%10 == 0 {
				data.City = "Nirgendwo" // which changes the record, too
			}
			var all sync.WaitGroup
			for _, b := range []*booking.Bookings{w.Bookings, other.Bookings} {
				all.Go(func() {
					if _, err := b.DeleteOld(t.Context(), cat, 1); err != nil {
						t.Errorf("delete: %v", err)
					}
				})
			}
			var answer error
			all.Go(func() {
				_, _, answer = w.Bookings.BookFor(t.Context(), w.member(staff.Admin), booking.ForSomeone{Location: "rathaus", Start: at.Unix(),
					Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}}, Data: data, PersonID: v.PersonID, Lang: locale.DE})
			})
			all.Wait()
			persons := w.count("SELECT COUNT(*) FROM person WHERE id = $1", v.PersonID)
			appointments := w.count("SELECT COUNT(*) FROM appointment WHERE person_id = $1", v.PersonID)
			switch {
			case answer == nil && persons == 1 && appointments == 1:
				booked++
			case fault.Of(answer) == fault.NotFound && persons == 0 && appointments == 0:
				gone++
			default:
				t.Errorf("%v, with %d records and %d appointments", answer, persons, appointments)
			}
			if w.count("SELECT COUNT(*) FROM appointment WHERE id = $1", v.ID) != 0 {
				t.Error("the old one is still there")
			}
		}
		t.Logf("%d times booked, %d times deleted", booked, gone)
		// Whatever was listed and then not deleted stays when the program starts again.
		w.fine(w.process(false).Deletion.Prepare(t.Context(), false))
		if n := w.count("SELECT COUNT(*) FROM appointment"); n != booked {
			t.Errorf("%d of %d appointments are left after a start", n, booked)
		}
		w.clean()
	})
}
