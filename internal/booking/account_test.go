// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// account makes an account of a tenant, of which nothing but the row matters.
func (w *town) account(tenant, id string) string {
	w.Helper()
	w.exec(`INSERT INTO account (id, tenant_id, created, used, lang, token, sealed) VALUES ($1, $2, 0, 0, 'de', $3, $3)`,
		id, tenant, []byte(id))
	return id
}

// mine are the ids of what an account shows.
func (w *town) mine(account string) []string {
	w.Helper()
	list, err := w.Mine(w.Context(), w.tenant, account)
	w.fine(err)
	ids := []string{}
	for _, v := range list {
		if v.Channel != booking.ChannelAccount || v.Person == nil {
			w.Errorf("%s by %s", v.ID, v.Channel)
		}
		ids = append(ids, v.ID)
	}
	return ids
}

func (w *town) join(account string, ids ...string) {
	w.Helper()
	for _, id := range ids {
		w.fine(w.write(func(tx *db.Tx) error { return booking.Join(w.Context(), tx, id, account) }))
	}
}

// An account shows what is to come in the order of time, then what is over, the
// last first, and no holds and nothing that was never confirmed.
func TestMine(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		a, b := w.account(w.tenant, "a"), w.account(w.tenant, "b")
		w.exec("UPDATE tenant SET active_per_person = 100, unverified_per_address = 100, revision = revision + 1")
		booked := func(start int64) string { return w.view(w.book("meldung", start)).ID }
		later, sooner, past1, past2 := booked(at(16, 9, 0)), booked(at(15, 9, 0)), booked(at(8, 9, 0)), booked(at(9, 9, 0))
		gone := w.book("meldung", at(16, 10, 0))
		w.fine(w.Cancel(t.Context(), w.tenant, gone))
		w.confirmByMail()
		ranOut := booked(at(17, 9, 0))
		w.Clock.Set(time.Unix(at(10, 9, 0), 0))
		held := w.view(w.mustHold("meldung", at(17, 10, 0))).ID
		here := booked(at(10, 11, 30))
		w.fine(w.Arrive(t.Context(), w.member(staff.Clerk), here, w.version(here)))
		all := []string{ranOut, past1, later, held, past2, here, sooner, w.view(gone).ID}
		w.join(a, all...)
		w.join(b, all...) // too late
		if got, want := w.mine(a), []string{here, sooner, later, w.view(gone).ID, past2, past1}; !slices.Equal(got, want) {
			t.Errorf("got %v, want %v", got, want)
		}
		w.Clock.Advance(4 * time.Hour)
		_, err := w.Housekeep(t.Context())
		w.fine(err)
		if got, want := w.mine(a), []string{sooner, later, w.view(gone).ID, here, past2, past1}; !slices.Equal(got, want) {
			t.Errorf("in the afternoon: got %v, want %v", got, want)
		}
		if got := w.mine(b); len(got) != 0 {
			t.Errorf("another account shows %v", got)
		}
		list, err := w.Mine(t.Context(), "nachbarort", a)
		if len(list) != 0 || err != nil {
			t.Errorf("another tenant: %d, %v", len(list), err)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// The owner of an account gets a secret to what is in it, which proves no mailbox
// and does not last for ever.
func TestOpenForAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		a, b := w.account(w.tenant, "a"), w.account(w.tenant, "b")
		id, hold := w.booked(), w.held()
		w.join(a, id, hold)
		for _, c := range []struct{ tenant, account, id string }{
			{w.tenant, b, id}, {"nachbarort", a, id}, {w.tenant, a, w.booked()}, {w.tenant, a, hold}, {w.tenant, a, "nobody"},
		} {
			_, err := w.OpenFor(t.Context(), c.tenant, c.account, c.id)
			wantKind(t, err, fault.NotFound, "error.notfound.text")
		}
		first, err := w.OpenFor(t.Context(), w.tenant, a, id)
		w.fine(err)
		if v := w.view(first); v.ID != id || v.Channel != booking.ChannelAccount {
			t.Errorf("opens %s by %s", v.ID, v.Channel)
		}
		wantKind(t, w.Verify(t.Context(), w.tenant, first), fault.Forbidden, "booking.verify_by_mail")
		wantKind(t, w.Adopt(t.Context(), w.tenant, b, first), fault.Forbidden, "account.adopt")
		for i := range 5 {
			w.fine(w.Move(t.Context(), w.tenant, first, "", at(14, 9+i%2, 0)))
		}
		wantKind(t, w.Move(t.Context(), w.tenant, first, "", at(15, 9, 0)), fault.TooMany, "limit.moves")
		if w.view(first).Person.EmailVerified {
			t.Error("the account has verified the mailbox")
		}
		w.Clock.Advance(24 * time.Hour)
		_, err = w.OpenFor(t.Context(), w.tenant, a, id)
		w.fine(err)
		w.view(first)
		w.Clock.Advance(time.Second)
		last, err := w.OpenFor(t.Context(), w.tenant, a, id)
		w.fine(err)
		_, err = w.Open(t.Context(), w.tenant, first)
		wantKind(t, err, fault.NotFound, "error.link.text")
		w.fine(w.Cancel(t.Context(), w.tenant, last))
		if n := w.number("SELECT COUNT(*) FROM secret WHERE appointment_id = $1 AND channel = 'page'", id); n != 1 {
			t.Errorf("%d secrets of the page are left", n)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Only a secret that reached the mailbox brings an appointment into an account.
func TestAdopt(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		a, b, other := w.account(w.tenant, "a"), w.account(w.tenant, "b"), w.account("nachbarort", "c")
		page := w.book("meldung", at(8, 9, 0))
		var mail, office seal.Secret
		for len(w.links) > 0 {
			s := <-w.links
			if w.view(s).Channel == booking.ChannelMail {
				mail = s
			} else {
				office = s
			}
		}
		for _, s := range []seal.Secret{page, office, w.slip(w.view(page).ID)} {
			wantKind(t, w.Adopt(t.Context(), w.tenant, a, s), fault.Forbidden, "account.adopt")
		}
		hold := w.mustHold("meldung", at(8, 10, 0))
		wantKind(t, w.Adopt(t.Context(), w.tenant, a, hold), fault.NotFound, "error.link.text")
		wantKind(t, w.Adopt(t.Context(), "nachbarort", other, mail), fault.NotFound, "error.link.text")
		wantKind(t, w.Adopt(t.Context(), w.tenant, other, mail), fault.NotFound, "error.notfound.text")
		if w.view(page).Person.EmailVerified || w.number("SELECT COUNT(*) FROM account_appointment") != 0 {
			t.Error("what was refused has been done")
		}
		for range 2 {
			w.fine(w.Adopt(t.Context(), w.tenant, a, mail))
		}
		wantKind(t, w.Adopt(t.Context(), w.tenant, b, mail), fault.Conflict, "account.adopted")
		if got := w.mine(a); !slices.Equal(got, []string{w.view(page).ID}) || !w.view(page).Person.EmailVerified {
			t.Errorf("the account has %v", got)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A link to a mailbox that is no longer surely the record's brings the
// appointment into the account, and verifies nothing.
func TestAdoptByAFormerLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, kept := w.bookAs(nobody(1), at(9, 9, 0))
		w.inMails()
		page, gone := w.bookAs(nobody(2), at(10, 9, 0))
		link := w.inMails()[0]
		w.merge(kept.PersonID, gone.PersonID)
		w.fine(w.Adopt(t.Context(), w.tenant, w.account(w.tenant, "a"), link))
		if got := w.mine("a"); len(got) != 1 || w.view(page).Person.EmailVerified {
			t.Errorf("the account has %v", got)
		}
	})
}

// One that waits for its mailbox to be shown is confirmed by that, as by the other
// link.
func TestAdoptConfirms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		page, _ := w.bookAs(guest, at(9, 9, 0))
		w.fine(w.Adopt(t.Context(), w.tenant, w.account(w.tenant, "a"), w.inMails()[0]))
		if got := w.view(page); got.State != booking.Confirmed || !slices.Equal(w.mine("a"), []string{got.ID}) {
			t.Errorf("%s, in the account %v", got.State, w.mine("a"))
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Of many accounts that want one appointment at once, one gets it.
func TestAdoptInACrowd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		books := []*booking.Bookings{w.Bookings, w.second()}
		ids := []string{"a", "b", "c"}
		for _, id := range ids {
			w.account(w.tenant, id)
		}
		w.bookAs(guest, at(9, 9, 0))
		link := w.inMails()[0]
		got := together(9, func(i int) error { return books[i%2].Adopt(t.Context(), w.tenant, ids[i%3], link) })
		if got[ok] != 3 || got["account.adopted"] != 6 {
			t.Errorf("got %v", got)
		}
	})
}

// Whoever is logged in needs to confirm no mail to the address of the account,
// and any other.
func TestForAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		a := w.account(w.tenant, "a")
		save := func(s seal.Secret, email string) {
			t.Helper()
			d := guest
			d.Email = email
			_, err := w.SaveDetails(t.Context(), w.tenant, s, d)
			w.fine(err)
		}
		confirmed := func(s seal.Secret) booking.State {
			t.Helper()
			w.fine(w.Confirm(t.Context(), w.tenant, s, locale.DE))
			return w.view(s).State
		}
		own := w.mustHold("meldung", at(8, 9, 0))
		w.fine(w.ForAccount(t.Context(), w.tenant, own, a, guest.Email)) // before the form
		save(own, guest.Email)
		w.fine(w.ForAccount(t.Context(), w.tenant, own, a, guest.Email))
		if got := w.mine(a); len(got) != 0 {
			t.Errorf("holds in the account: %v", got)
		}
		if got := confirmed(own); got != booking.Confirmed {
			t.Errorf("with the account's address: %s", got)
		}
		if got := w.sent(); len(got[guest.Email]) != 1 || len(got["buergerbuero@example.org"]) != 1 {
			t.Errorf("sent %v", got)
		}
		w.fine(w.ForAccount(t.Context(), w.tenant, own, a, guest.Email)) // a second click

		mother := w.mustHold("meldung", at(8, 10, 0))
		save(mother, "mutter@example.org")
		w.fine(w.ForAccount(t.Context(), w.tenant, mother, a, guest.Email))
		if got := confirmed(mother); got != booking.Unconfirmed {
			t.Errorf("with another address: %s", got)
		}

		corrected := w.mustHold("meldung", at(8, 11, 0))
		save(corrected, guest.Email)
		w.fine(w.ForAccount(t.Context(), w.tenant, corrected, a, guest.Email))
		save(corrected, "fremd@example.org")
		if got := confirmed(corrected); got != booking.Unconfirmed {
			t.Errorf("with an address that came later: %s", got)
		}

		nobodys := w.mustHold("meldung", at(9, 9, 0)) // what has no address is not that of an account without one
		save(nobodys, "")
		w.fine(w.ForAccount(t.Context(), w.tenant, nobodys, a, ""))
		if w.view(nobodys).Person.EmailVerified {
			t.Error("no address is verified")
		}
		if got := w.mine(a); len(got) != 3 {
			t.Errorf("the account has %v", got)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Another time for a hold stays in the account, as what was typed does.
func TestAnotherTimeStaysInTheAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		a := w.account(w.tenant, "a")
		s := w.mustHold("meldung", at(8, 9, 0))
		_, err := w.SaveDetails(t.Context(), w.tenant, s, guest)
		w.fine(err)
		w.fine(w.ForAccount(t.Context(), w.tenant, s, a, guest.Email))
		other, err := w.Hold(t.Context(), booking.HoldRequest{TenantID: w.tenant, Location: "rathaus", Start: at(8, 10, 0), Lang: locale.DE,
			Wanted: []office.Wanted{{Key: "meldung", Quantity: 1}}, Replaces: s})
		w.fine(err)
		w.fine(w.Confirm(t.Context(), w.tenant, other, locale.DE))
		v := w.view(other)
		if got := w.mine(a); v.State != booking.Confirmed || !slices.Equal(got, []string{v.ID}) {
			t.Errorf("%s, the account has %v", v.State, got)
		}
		w.Clock.Advance(2 * time.Hour)
		if n, err := w.Housekeep(t.Context()); n != 1 || err != nil {
			t.Errorf("%d holds forgotten, %v", n, err)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A hold that came to nothing goes from its account, too.
func TestForgetWithAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s := w.mustHold("meldung", at(8, 9, 0))
		w.fine(w.ForAccount(t.Context(), w.tenant, s, w.account(w.tenant, "a"), guest.Email))
		w.Clock.Advance(2 * time.Hour)
		if n, err := w.Housekeep(t.Context()); n != 1 || err != nil {
			t.Errorf("%d, %v", n, err)
		}
		if n := w.number("SELECT COUNT(*) FROM account_appointment"); n != 0 {
			t.Errorf("%d rows are left", n)
		}
	})
}

// When an address is corrected, an account that may have come by a link to the
// wrong one shows nothing any more. The new mail brings the appointment back.
func TestAnotherMailboxAndAnAccount(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		a := w.account(w.tenant, "a")
		_, v := w.bookAs(guest, at(9, 9, 0))
		w.fine(w.Adopt(t.Context(), w.tenant, a, w.inMails()[0]))
		s, err := w.OpenFor(t.Context(), w.tenant, a, v.ID)
		w.fine(err)
		moved := guest
		moved.Phone = "030 23125 999"
		w.fine(w.ChangeContact(t.Context(), w.member(staff.Clerk), v.ID, w.version(v.ID), moved))
		if got := w.mine(a); len(got) != 1 || w.view(s).ID != v.ID {
			t.Errorf("another number: the account has %v", got)
		}
		w.inMails()
		w.changeEmail(v.ID, "neu@example.org")
		_, err = w.Open(t.Context(), w.tenant, s)
		wantKind(t, err, fault.NotFound, "error.link.text")
		if got := w.mine(a); len(got) != 0 {
			t.Errorf("another address: the account has %v", got)
		}
		w.fine(w.Adopt(t.Context(), w.tenant, a, w.inMails()[0]))
		if got := w.mine(a); len(got) != 1 {
			t.Errorf("with the new link the account has %v", got)
		}
		CheckClean(t, e.DB, w.kek)
	})
}
