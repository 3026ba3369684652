// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
)

func TestConfirm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.book("ausweis", at(8, 10, 0))
		v := w.view(s)
		if v.State != booking.Confirmed || v.Until != 0 || v.Channel != booking.ChannelPage {
			t.Errorf("got %s until %d by %s", v.State, v.Until, v.Channel)
		}
		if len(v.Reference) != 8 || strings.Trim(v.Reference, "0123456789") != "" {
			t.Errorf("reference %q", v.Reference)
		}
		w.Clock.Advance(24 * time.Hour * 30) // an appointment does not run out
		if w.claimed("appointment") != 3 {
			t.Error("ticks are not claimed")
		}
		sent := w.sent()
		if got := sent["quirin@example.org"]; len(got) != 1 || !strings.Contains(got[0], "Dienstag, 08.09., 10:00 Uhr") {
			t.Errorf("citizen's mail: %q", got)
		}
		if len(sent) != 2 {
			t.Errorf("mail went to %d addresses, want citizen and office", len(sent))
		}
	})
}

// A second click, a reload and another tab are answered like the first.
func TestConfirmTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.mustHold("ausweis", at(8, 10, 0))
		if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
			t.Fatal(err)
		}
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if err := w.Confirm(t.Context(), w.tenant, s, locale.DE); err != nil {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		if n := w.number("SELECT COUNT(*) FROM message"); n != 2 {
			t.Errorf("%d messages, want 2", n)
		}
		if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
			t.Error(err)
		}
		if err := w.Release(t.Context(), w.tenant, s, nil); err != nil {
			t.Error(err)
		}
		if err := w.Extend(t.Context(), w.tenant, s, nil); err != nil {
			t.Error(err)
		}
		if w.view(s).State != booking.Confirmed || w.claimed("appointment") != 3 {
			t.Error("an old form undid the booking")
		}
	})
}

func TestConfirmIncomplete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.mustHold("ausweis", at(8, 10, 0))
		wantKind(t, w.Confirm(t.Context(), w.tenant, s, locale.DE), fault.Invalid, "form.incomplete")
		half := person.Data{LastName: "Beispielhuber"}
		if err := w.Extend(t.Context(), w.tenant, s, &half); err != nil {
			t.Fatal(err)
		}
		err := w.Confirm(t.Context(), w.tenant, s, locale.DE)
		wantKind(t, err, fault.Invalid, "form.incomplete")
		if f, _ := fault.As(err); len(f.Fields) != 3 {
			t.Errorf("%d fields to correct, want first name, e-mail and phone", len(f.Fields))
		}
	})
}

// Held and expired: confirming books if the time is still free.
func TestConfirmAfterExpiry(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.mustHold("trauung", at(8, 10, 0))
		if _, err := w.SaveDetails(t.Context(), w.tenant, s, guest); err != nil {
			t.Fatal(err)
		}
		w.Clock.Advance(30 * time.Minute)
		if err := w.Confirm(t.Context(), w.tenant, s, locale.DE); err != nil {
			t.Fatal(err)
		}
		if w.claimed("appointment") != 12 { // 45 minutes and a buffer of 15
			t.Errorf("%d ticks", w.claimed("appointment"))
		}
	})
}

// An address that nobody verified gets a bounded number of appointments, in
// whatever spelling.
func TestLimitPerAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		var wg sync.WaitGroup
		var mu sync.Mutex
		refused := 0
		for i := range 8 {
			s := w.mustHold("meldung", at(8, 8, 15*i))
			d := guest
			d.Email = fmt.Sprintf("Quir.in+%d@Example.org", i)
			if _, err := w.SaveDetails(t.Context(), w.tenant, s, d); err != nil {
				t.Fatal(err)
			}
			wg.Go(func() {
				err := w.Confirm(t.Context(), w.tenant, s, locale.DE)
				mu.Lock()
				defer mu.Unlock()
				if err != nil {
					refused++
					wantKind(t, err, fault.TooMany, "limit.address")
				}
			})
		}
		wg.Wait()
		if refused != 3 {
			t.Errorf("%d of 8 refused, want 3", refused)
		}
		w.Clock.Advance(48 * time.Hour) // those appointments are past
		w.book("meldung", at(10, 10, 0))
	})
}

func TestVerify(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		s := w.book("trauung", at(8, 10, 0))
		if v := w.view(s); v.State != booking.Unconfirmed || w.claimed("appointment") != 12 {
			t.Fatalf("state %s, %d ticks", v.State, w.claimed("appointment"))
		}
		if got := w.sent(); len(got) != 1 || len(got["quirin@example.org"]) != 1 {
			t.Errorf("only the citizen gets a mail at first: %v", got)
		}
		wantKind(t, w.Verify(t.Context(), w.tenant, s), fault.Forbidden, "booking.verify_by_mail")
		byMail := <-w.links
		for range 2 { // a second click changes nothing
			if err := w.Verify(t.Context(), w.tenant, byMail); err != nil {
				t.Fatal(err)
			}
		}
		if v := w.view(byMail); v.State != booking.Confirmed || !v.Person.EmailVerified {
			t.Errorf("state %s, verified %v", v.State, v.Person.EmailVerified)
		}
		w.Clock.Advance(2 * time.Hour)
		if _, err := w.Housekeep(t.Context()); err != nil {
			t.Fatal(err)
		}
		if w.claimed("appointment") != 12 || len(w.sent()) != 2 {
			t.Error("a verified appointment ran out, or the office got no mail")
		}
	})
}

// What nobody confirmed is free the second its time is up; a mail says so.
func TestUnconfirmedRunsOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		ten := at(8, 10, 0)
		s := w.book("trauung", ten)
		byMail := <-w.links
		w.Clock.Advance(30 * time.Minute)
		if !w.free("trauung", ten) {
			t.Error("not free although the time is up")
		}
		wantKind(t, w.Cancel(t.Context(), w.tenant, s), fault.Gone, "booking.expired")
		for range 2 {
			if _, err := w.Housekeep(t.Context()); err != nil {
				t.Fatal(err)
			}
		}
		if v := w.view(s); v.State != booking.Expired {
			t.Errorf("state %s", v.State)
		}
		if got := w.sent()["quirin@example.org"]; len(got) != 2 {
			t.Errorf("mails %q, want the question and the end", got)
		}
		other := w.mustHold("trauung", ten)
		wantKind(t, w.Verify(t.Context(), w.tenant, byMail), fault.Conflict, "booking.taken")
		if err := w.Release(t.Context(), w.tenant, other, nil); err != nil {
			t.Fatal(err)
		}
		if err := w.Verify(t.Context(), w.tenant, byMail); err != nil {
			t.Errorf("late, but the time was free: %v", err)
		}
		if v := w.view(s); v.State != booking.Confirmed {
			t.Errorf("state %s", v.State)
		}
	})
}

// confirmByMail makes the tenant ask for a sign from the mailbox.
func (w *town) confirmByMail() {
	w.exec("UPDATE tenant SET confirm_email = $1, revision = revision + 1", true)
}

// Abandoned forms are deleted with everything that was typed.
func TestHousekeepForgets(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		abandoned := w.mustHold("ausweis", at(8, 10, 0))
		if _, err := w.SaveDetails(t.Context(), w.tenant, abandoned, guest); err != nil {
			t.Fatal(err)
		}
		w.mustHold("pass", at(8, 10, 0)) // without a form
		booked := w.book("ausweis", at(9, 10, 0))
		w.Clock.Advance(69 * time.Minute)
		if n, err := w.Housekeep(t.Context()); n != 0 || err != nil {
			t.Fatalf("too early: %d, %v", n, err)
		}
		w.Clock.Advance(time.Minute)
		if n, err := w.Housekeep(t.Context()); n != 2 || err != nil {
			t.Fatalf("got %d, %v", n, err)
		}
		_, err := w.Open(t.Context(), w.tenant, abandoned)
		wantKind(t, err, fault.NotFound, "error.link.text")
		if w.view(booked).State != booking.Confirmed {
			t.Error("the booking is gone")
		}
		for table, want := range map[string]int{"person": 1, "appointment": 1, "appointment_service": 1} {
			if n := w.number("SELECT COUNT(*) FROM " + table); n != want {
				t.Errorf("%d rows of %s, want %d of the booking", n, table, want)
			}
		}
		const booking = "SELECT person_id FROM appointment"
		if n := w.number("SELECT COUNT(*) FROM person_token WHERE person_id NOT IN (" + booking + ")"); n != 0 {
			t.Errorf("%d tokens of somebody else than who booked", n)
		}
		for _, kind := range []string{"email", "phone", "name"} {
			if n := w.number("SELECT COUNT(DISTINCT person_id) FROM person_token WHERE kind = '" + kind + "'"); n != 1 {
				t.Errorf("%d people have a token of kind %s, want the one who booked", n, kind)
			}
		}
	})
}
