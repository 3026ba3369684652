// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// The same form with something else in it is no second click: it is never
// answered as if it had been done.
func TestOldFormWithAnotherWish(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		v := w.view(w.book("ausweis", at(8, 10, 0)))
		first, second := guest, guest
		first.Phone, second.Phone = "030 23125 998", "030 23125 999"
		for range 2 {
			w.fine(w.ChangeContact(t.Context(), clerk, v.ID, v.Version, first))
		}
		wantStale(t, w.ChangeContact(t.Context(), clerk, v.ID, v.Version, second), "Sachbearbeitung", "Kontaktdaten geändert")
		if got := w.entry(v.ID); got.Person.Data != first || got.Version != v.Version+1 {
			t.Errorf("kept is %s in version %d", got.Person.Data.Phone, got.Version)
		}
		now := w.version(v.ID)
		w.fine(w.ChangeContact(t.Context(), clerk, v.ID, now, second))

		now = w.version(v.ID)
		for range 2 {
			w.fine(w.MoveFor(t.Context(), clerk, v.ID, now, "nord", at(9, 9, 0)))
		}
		wantStale(t, w.MoveFor(t.Context(), clerk, v.ID, now, "rathaus", at(9, 9, 0)), "Sachbearbeitung", "Verschoben")
		if got := w.entry(v.ID).Location.Key; got != "nord" {
			t.Errorf("it is at %s", got)
		}
	})
}

// inMails are the secrets that went to citizens since it was asked last.
func (w *town) inMails() []seal.Secret {
	w.Helper()
	var list []seal.Secret
	for len(w.links) > 0 {
		s := <-w.links
		again := len(list) > 0 && list[len(list)-1] == s // to manage, and to confirm
		if w.view(s).Channel == booking.ChannelMail && !again {
			list = append(list, s)
		}
	}
	return list
}

func (w *town) changeEmail(id, email string) {
	w.Helper()
	d := guest
	d.Email = email
	w.fine(w.ChangeContact(w.Context(), w.member(staff.Clerk), id, w.version(id), d))
}

// When an address is corrected, the links that went to the wrong mailbox are
// good for nothing any more, for none of the person's appointments, and the right
// one gets new ones.
func TestAnotherMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		page, v := w.bookAs(guest, at(9, 9, 0))
		var ids []string
		for _, start := range []int64{at(9, 10, 0), at(9, 11, 0)} {
			r := forSomeone("ausweis", start)
			r.Data, r.PersonID = guest, v.PersonID
			b, _, err := w.BookFor(t.Context(), w.member(staff.Clerk), r)
			w.fine(err)
			ids = append(ids, b.ID)
		}
		w.fine(w.CancelFor(t.Context(), w.member(staff.Clerk), ids[1], w.version(ids[1])))
		old, version := w.inMails(), w.version(ids[0])
		if len(old) != 4 {
			t.Fatalf("%d links in mails, want 4", len(old))
		}
		w.sent()
		w.changeEmail(v.ID, "neu@example.org")
		for _, s := range old {
			wantKind(t, w.Verify(t.Context(), w.tenant, s), fault.NotFound, "error.link.text")
			wantKind(t, w.Move(t.Context(), w.tenant, s, "", at(10, 9, 0)), fault.NotFound, "error.link.text")
			wantKind(t, w.Cancel(t.Context(), w.tenant, s), fault.NotFound, "error.link.text")
		}
		fresh := w.inMails()
		if len(fresh) != 2 || len(w.sent()["neu@example.org"]) != 2 {
			t.Fatalf("%d new links", len(fresh))
		}
		if w.view(page).Person.EmailVerified || w.version(ids[0]) != version+1 {
			t.Error("the new address is verified, or the other appointment's forms are not old")
		}
		CheckClean(t, e.DB, w.kek)

		other := guest
		other.Email, other.Phone = "neu@example.org", "030 23125 999"
		w.fine(w.ChangeContact(t.Context(), w.member(staff.Clerk), v.ID, w.version(v.ID), other))
		w.fine(w.Verify(t.Context(), w.tenant, fresh[0]))
		if !w.view(page).Person.EmailVerified || len(w.sent()["neu@example.org"]) != 2 {
			t.Error("the new link does not verify, or another number sends mail")
		}
		w.changeEmail(v.ID, "")
		wantKind(t, w.Cancel(t.Context(), w.tenant, fresh[1]), fault.NotFound, "error.link.text")
		if got := w.inMails(); len(got) != 0 {
			t.Errorf("%d links to nobody", len(got))
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A mail that waits, with links that are void by now, is not sent to the old
// mailbox any more; those to the office are.
func TestAnotherMailboxBeforeTheMailIsSent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, v := w.bookAs(guest, at(9, 9, 0))
		w.changeEmail(v.ID, "neu@example.org")
		sent := w.sent()
		if len(sent[guest.Email]) != 0 || len(sent["neu@example.org"]) != 1 || len(sent["buergerbuero@example.org"]) != 1 {
			t.Errorf("mails %v", sent)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Forms about other appointments of the person are old, too: sent now, one would
// bring back what was known before.
func TestContactInTwoForms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		_, v := w.bookAs(guest, at(9, 9, 0))
		r := forSomeone("ausweis", at(9, 10, 0))
		r.Data, r.PersonID = guest, v.PersonID
		other, _, err := w.BookFor(t.Context(), clerk, r)
		w.fine(err)
		first, second := guest, guest
		first.Phone, second.City = "030 23125 998", "Nirgendwo"
		version := w.version(other.ID)
		w.fine(w.ChangeContact(t.Context(), clerk, v.ID, w.version(v.ID), first))
		wantStale(t, w.ChangeContact(t.Context(), clerk, other.ID, version, second), "Sachbearbeitung", "Kontaktdaten geändert")
		if got := w.entry(v.ID).Person.Data; got != first {
			t.Errorf("kept is %+v", got)
		}
		version = w.version(v.ID)
		r.Start, r.Data = at(9, 11, 0), first
		r.Data.Street = "Weg 1"
		_, _, err = w.BookFor(t.Context(), clerk, r) // adds the street to the record
		w.fine(err)
		wantStale(t, w.ChangeContact(t.Context(), clerk, v.ID, version, second), "Sachbearbeitung", "Kontaktdaten geändert")
		CheckClean(t, e.DB, w.kek)
	})
}

// Who waits for the mail to confirm gets it at the right address.
func TestAnotherMailboxToConfirm(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		page, v := w.bookAs(guest, at(9, 9, 0))
		old := w.inMails()
		w.changeEmail(v.ID, "neu@example.org")
		wantKind(t, w.Verify(t.Context(), w.tenant, old[0]), fault.NotFound, "error.link.text")
		CheckClean(t, e.DB, w.kek)
		fresh := w.inMails()
		w.fine(w.Verify(t.Context(), w.tenant, fresh[0]))
		if got := w.view(page); got.State != booking.Confirmed || !got.Person.EmailVerified {
			t.Errorf("%s, verified %t", got.State, got.Person.EmailVerified)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// What went to the mailbox of one record proves nothing about that of the one it
// went into, and nothing the other way round once that is undone. The links go on
// working.
func TestMailboxOfAMergedRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		_, kept := w.bookAs(nobody(1), at(9, 9, 0))
		w.inMails()
		page, gone := w.bookAs(nobody(2), at(10, 9, 0))
		link := w.inMails()[0]
		w.merge(kept.PersonID, gone.PersonID)
		verified := func() bool { return w.view(page).Person.EmailVerified }
		w.fine(w.Verify(t.Context(), w.tenant, link))
		if got := w.view(page); got.State != booking.Confirmed || verified() {
			t.Errorf("%s, and the address of the record that is kept is verified: %t", got.State, verified())
		}
		w.inMails()
		w.fine(w.Move(t.Context(), w.tenant, link, "", at(10, 10, 0)))
		if verified() {
			t.Error("moving has verified the address of the record that is kept")
		}
		late := w.inMails()[0] // to the mailbox of the record that is kept
		w.undo(w.card(kept.PersonID).Merges[0].ID)
		w.fine(w.Verify(t.Context(), w.tenant, late))
		if w.view(page).PersonID != gone.PersonID || verified() {
			t.Error("the other mailbox has verified the address of the record that is back")
		}

		same := person.Data{FirstName: "Frieda", LastName: "Musterbach", Email: "gast1@example.org", Phone: "030 23125 299"}
		page, twin := w.bookAs(same, at(11, 9, 0))
		link = w.inMails()[0]
		w.merge(kept.PersonID, twin.PersonID)
		w.fine(w.Verify(t.Context(), w.tenant, link))
		if !verified() {
			t.Error("a link to the very address does not verify it")
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A clerk corrects the address while links to the old one are used and the record
// is merged: no old link verifies the new address.
func TestRaceForAMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		clerk := w.member(staff.Clerk)
		for i := range 4 {
			page, v := w.bookAs(nobody(2*i), at(8+i, 8, 0))
			old := w.inMails()[0]
			_, other := w.bookAs(nobody(2*i+1), at(8+i, 9, 0))
			want := nobody(2 * i)
			want.Email = "neu@example.org"
			crowd(4, func(n int) {
				var err error
				switch n {
				case 0:
					err = w.Verify(t.Context(), w.tenant, old)
				case 1:
					err = w.Move(t.Context(), w.tenant, old, "", at(8+i, 10, 0))
				case 2:
					err = w.ChangeContact(t.Context(), clerk, v.ID, v.Version, want)
				case 3:
					err = w.MergePersons(t.Context(), clerk, v.PersonID, other.PersonID)
				}
				if f, ok := fault.As(err); err != nil && (!ok || f.Key != "error.link.text" && f.Key != "visit.stale") {
					t.Errorf("job %d: %v", n, err)
				}
			})
			if p := w.view(page).Person; p.Data.Email == want.Email && p.EmailVerified {
				t.Error("an old link has verified the new address")
			}
			for len(w.links) > 0 {
				<-w.links
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}
