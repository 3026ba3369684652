// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
)

// agreed is an account whose owner wants to be reminded.
func (w *town) agreed(id string) string {
	w.Helper()
	w.account(w.tenant, id)
	w.exec(`INSERT INTO consent (id, tenant_id, account_id, purpose, lang, words, given) VALUES ($1, $2, $1, 'remind_mail', 'de', 'ja', 0)`, id, w.tenant)
	return id
}

// remindWants runs the job of two processes and wants so many mails.
func (w *town) remindWants(n int) {
	w.Helper()
	left := 0
	for _, b := range []*booking.Bookings{w.Bookings, w.second()} {
		m, err := b.Remind(w.Context(), []string{w.tenant})
		w.fine(err)
		left += m
	}
	if left != n {
		w.Errorf("%s: %d reminders, want %d", w.Clock.Now().In(berlin).Format(time.RFC3339), left, n)
	}
}

func (w *town) setTo(day, hour, minute int) { w.Clock.Set(time.Unix(at(day, hour, minute), 0)) }

// Who has agreed gets one mail, a day before: not without consent, not once it was
// withdrawn, not for what is cancelled, and anew for what is moved.
func TestRemind(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		yes, no := w.agreed("yes"), w.account(w.tenant, "no")
		secret, first := w.bookAs(nobody(1), at(9, 10, 0))
		w.join(yes, first.ID)
		other, cancelled := w.bookAs(nobody(2), at(9, 10, 0))
		w.join(yes, cancelled.ID)
		w.fine(w.Cancel(t.Context(), w.tenant, other))
		_, silent := w.bookAs(nobody(3), at(9, 11, 0))
		w.join(no, silent.ID)
		w.bookAs(nobody(4), at(9, 9, 0)) // in no account
		w.exec("UPDATE person SET email_verified = 1")
		_, unproved := w.bookAs(nobody(6), at(9, 9, 15)) // perhaps a stranger's mailbox
		w.join(yes, unproved.ID)
		w.setTo(8, 9, 59)
		w.remindWants(0)
		w.setTo(8, 10, 0)
		w.remindWants(1)
		w.remindWants(0)
		got := w.sent()[nobody(1).Email]
		if want := "Erinnerung: Ihr Termin am Mittwoch, 09.09., 10:00 Uhr"; !slices.Contains(got, want) {
			t.Errorf("mails %q, want %q", got, want)
		}
		w.fine(w.Move(t.Context(), w.tenant, secret, "", at(11, 9, 0)))
		w.setTo(10, 8, 59)
		w.remindWants(0)
		w.setTo(10, 9, 0)
		w.remindWants(1)
		_, later := w.bookAs(nobody(5), at(14, 9, 0))
		w.join(yes, later.ID)
		w.exec("UPDATE person SET email_verified = 1")
		w.exec("UPDATE consent SET withdrawn = 1")
		w.setTo(13, 9, 0)
		w.remindWants(0)
		w.sent()
		CheckClean(t, e.DB, w.kek)
	})
}

// Who books or moves less than a day before has just had a mail.
func TestRemindNobodyTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		yes := w.agreed("yes")
		w.setTo(8, 12, 0)
		_, v := w.bookAs(nobody(1), at(9, 10, 0))
		w.join(yes, v.ID)
		w.exec("UPDATE person SET email_verified = 1")
		w.remindWants(0)
		w.setTo(9, 9, 0)
		w.remindWants(0)
	})
}

// A day before is the same time on the clock, also when it is 23 or 25 hours.
func TestRemindWhenClocksChange(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE location SET horizon_days = 90")
		w.exec("UPDATE tenant SET revision = revision + 1")
		yes := w.agreed("yes")
		begin := time.Date(2026, time.October, 26, 9, 0, 0, 0, berlin) // clocks went back on the 25th, at three
		_, v := w.bookAs(nobody(1), begin.Unix())
		w.join(yes, v.ID)
		w.exec("UPDATE person SET email_verified = 1")
		w.Clock.Set(begin.Add(-24 * time.Hour).Add(-time.Minute))
		w.remindWants(0)
		w.Clock.Set(time.Date(2026, time.October, 25, 9, 0, 0, 0, berlin))
		w.remindWants(1)
	})
}
