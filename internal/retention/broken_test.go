// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
)

const (
	overdue = "data should have been deleted a day ago"
	late    = "the deletion job is late"
)

// spoil makes an appointment, and its copies, such that nobody can read it: at a
// counter of another town.
func (w *town) spoil(v *booking.View) {
	w.Helper()
	w.exec(`UPDATE appointment SET counter_id = (SELECT MIN(c.id) FROM counter c JOIN location l ON l.id = c.location_id WHERE l.tenant_id = $2)
		WHERE person_id = $1`, v.PersonID, w.village(""))
}

// What cannot be deleted holds nothing else up, in whatever batch it is, and once
// it is a day late the operator hears of it every day.
func TestBrokenRecord(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.run()
		at := w.berlin("2026-09-08 09:00")
		broken, other := w.book(at, "ausweis"), w.book(at, "ausweis")
		w.send()
		w.copies(broken, 220) // more than a batch, and the first by their ids
		w.copies(other, 220)
		w.records(3)
		w.spoil(broken)

		due := w.berlin("2026-10-08 00:00")
		w.at(due.Add(-time.Minute))
		w.Clock.Set(due)
		err := w.Deletion.Run(t.Context())
		if err == nil || !strings.Contains(err.Error(), "appointment "+broken.ID) || !strings.Contains(err.Error(), "and 211 more") {
			t.Errorf("got %v", err)
		}
		if a, b := w.count("SELECT COUNT(*) FROM appointment WHERE person_id = $1", broken.PersonID), w.count("SELECT COUNT(*) FROM appointment"); a != 221 || b != 221 {
			t.Errorf("%d and %d are left", a, b)
		}
		if n := w.count("SELECT COUNT(*) FROM login_address"); n != 0 {
			t.Errorf("%d addresses of logins are held up", n)
		}
		if r := w.report(); r.Overdue() {
			t.Error("overdue at once")
		}
		for _, c := range []struct {
			after        time.Duration
			alarms, late int
		}{
			// It was late already when it began, a month after the first run.
			// It looks once an hour.
			{23 * time.Hour, 0, 1}, {24*time.Hour - time.Second, 0, 1}, {24 * time.Hour, 1, 1}, {24*time.Hour + time.Minute, 1, 1}, {26 * time.Hour, 1, 1},
			{47 * time.Hour, 1, 1}, {48*time.Hour - time.Second, 1, 1}, {48 * time.Hour, 2, 2}, {49 * time.Hour, 2, 2},
		} {
			w.Clock.Set(due.Add(c.after))
			if err := w.Deletion.Run(t.Context()); err == nil {
				t.Error("the run is clean")
			}
			if a, l := w.said.count(overdue), w.said.count(late); a != c.alarms || l != c.late {
				t.Errorf("after %s: %d alarms, %d about the job", c.after, a, l)
			}
		}
		if !w.report().Overdue() || !w.report().Late {
			t.Error("the report says nothing of it")
		}
		w.exec("UPDATE appointment SET counter_id = $1", broken.Counter.ID)
		w.run()
		if r := w.report(); r.Overdue() || w.count(remains) != 0 {
			t.Errorf("mended, there is something left: %+v", r)
		}
		w.clean()
	})
}

// An account that cannot be read holds no other up.
func TestBrokenAccount(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		for _, email := range []string{"a@example.org", "b@example.org", "c@example.org"} {
			w.register(email)
		}
		w.exec("UPDATE account SET sealed = $1 WHERE id = (SELECT MIN(id) FROM account)", []byte("x"))
		w.Clock.Advance(730 * days)
		if err := w.Deletion.Run(t.Context()); err == nil || w.count("SELECT COUNT(*) FROM account WHERE announced IS NOT NULL") != 2 {
			t.Errorf("%d are announced, %v", w.count("SELECT COUNT(*) FROM account WHERE announced IS NOT NULL"), err)
		}
		w.Clock.Advance(30 * days)
		if err := w.Deletion.Run(t.Context()); err == nil || w.count("SELECT COUNT(*) FROM account") != 1 {
			t.Errorf("%d are left, %v", w.count("SELECT COUNT(*) FROM account"), err)
		}
	})
}

// A town that cannot be read keeps no other's data, and is late like one whose rows
// cannot be deleted.
func TestBrokenTown(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		village := w.village("")
		w.run()
		v := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		w.exec("UPDATE tenant SET zone = 'Nirgendwo/Dorf', revision = revision + 1 WHERE id = $1", village)
		w.Clock.Set(w.berlin("2026-10-08 00:00"))
		for range 2 {
			if err := w.Deletion.Run(t.Context()); err == nil || !strings.Contains(err.Error(), "tenant "+village) {
				t.Errorf("got %v", err)
			}
		}
		if w.count("SELECT COUNT(*) FROM appointment WHERE id = $1", v.ID) != 0 {
			t.Error("the other's data is kept")
		}
		if n := w.said.count(late + `" tenant=` + village); n != 1 {
			t.Errorf("the log tells %d times that the broken one is late", n)
		}
		list, err := w.Deletion.Reports(t.Context())
		if err == nil || len(list) != 1 || list[0].Tenant != w.tenant {
			t.Errorf("%d reports, %v", len(list), err)
		}
	})
}

// Who has a lot to delete lets others have their turn.
func TestRunEnds(t *testing.T) {
	t.Parallel()
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.copies(w.book(w.berlin("2026-09-08 09:00"), "ausweis"), 9)
		w.at(w.berlin("2026-10-07 12:00"))
		w.Clock.Set(w.berlin("2026-10-08 00:00"))
		w.DB.BeforeCommit = func() { w.Clock.Advance(8 * time.Second) }
		cat, err := w.Bookings.Catalogue(t.Context(), w.tenant)
		w.fine(err)
		for _, want := range []int{4, 4, 2} {
			if n, err := w.Bookings.DeleteOld(t.Context(), cat, 10); n != want || err != nil {
				t.Errorf("%d deleted, want %d, %v", n, want, err)
			}
		}
	})
}
