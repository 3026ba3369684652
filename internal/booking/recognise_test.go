// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// guestBooks books and returns the secret of the page, the one in the mail, and
// the appointment.
func (w *town) guestBooks(d person.Data, start int64) (page, mail seal.Secret, v *booking.View) {
	w.Helper()
	w.inMails()
	page, v = w.bookAs(d, start)
	return page, w.inMails()[0], v
}

// verifiedGuest books and confirms the mailbox.
func (w *town) verifiedGuest(d person.Data, start int64) *booking.View {
	w.Helper()
	_, mail, _ := w.guestBooks(d, start)
	w.fine(w.Verify(w.Context(), w.tenant, mail))
	return w.view(mail)
}

// Whoever books twice has two records until the second mailbox is verified, and
// then one with both appointments. All links go on working, all mails go out.
func TestRecognised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		note := guest
		note.Note = "mit Hund"
		first := w.verifiedGuest(note, at(9, 9, 0))
		w.sent()
		page, mail, second := w.guestBooks(guest, at(10, 9, 0)) // with mails that wait
		if second.PersonID == first.PersonID || w.number("SELECT COUNT(*) FROM person") != 2 {
			t.Fatal("known without any proof")
		}
		for range 2 {
			w.fine(w.Verify(t.Context(), w.tenant, mail))
		}
		CheckClean(t, e.DB, w.kek)
		v := w.view(page)
		if v.PersonID != first.PersonID || v.Version == second.Version {
			t.Errorf("in the record %s in version %d", v.PersonID, v.Version)
		}
		if d := v.Person.Data; d.Note != "mit Hund" || !v.Person.EmailVerified {
			t.Errorf("the record holds %+v", d)
		}
		if n := w.number("SELECT COUNT(*) FROM person"); n != 1 {
			t.Errorf("%d records", n)
		}
		if got := w.hits(w.member(staff.Clerk), "beispielhuber"); len(got) != 1 {
			t.Errorf("found %q", got)
		}
		if c := w.card(first.PersonID); len(c.Coming) != 2 {
			t.Errorf("%d coming", len(c.Coming))
		}
		w.fine(w.Move(t.Context(), w.tenant, mail, "", at(10, 10, 0)))
		w.fine(w.Cancel(t.Context(), w.tenant, page))
		w.sent()
		if n := w.number("SELECT COUNT(*) FROM message WHERE state <> 'sent'"); n != 0 {
			t.Errorf("%d mails do not go out", n)
		}
		for action, want := range map[string]int{"appointment.handed": 1, "person.deleted": 1, "appointment.contact": 0} {
			if n := w.number("SELECT COUNT(*) FROM audit WHERE action = $1 AND actor = 'citizen'", action); n != want {
				t.Errorf("%d times %s on record, want %d", n, action, want)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Where the mailbox is to be confirmed, the office hears of the second
// appointment when it is in the first one's record, and reads no note that is
// about the other.
func TestRecognisedBeforeTheOfficeHears(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.confirmByMail()
		note := guest
		note.Note = "mit Hund"
		first := w.verifiedGuest(note, at(9, 9, 0))
		w.sent()
		second := w.verifiedGuest(guest, at(10, 9, 0))
		if second.PersonID != first.PersonID || second.State != booking.Confirmed {
			t.Errorf("%s, in the record %s", second.State, second.PersonID)
		}
		w.sent()
		m := w.mails.List()[0]
		for _, m = range w.mails.List() {
			if m.To == "buergerbuero@example.org" {
				break
			}
		}
		if !strings.Contains(m.Text, "10. September") || strings.Contains(m.Text, "mit Hund") {
			t.Errorf("the office reads %s", m.Text)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// People who share what leads to them stay separate, and so does all that is not
// surely one person's.
func TestNotRecognised(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.exec("UPDATE tenant SET active_per_person = 100, unverified_per_address = 100, revision = revision + 1")
		known := guest
		known.BirthDate = "1970-01-01"
		first := w.verifiedGuest(known, at(8, 9, 0))
		for i, c := range []struct {
			name   string
			change func(*person.Data)
		}{
			{"another first name", func(d *person.Data) { d.FirstName = "Quirina" }},
			{"another last name", func(d *person.Data) { d.LastName = "Musterfrau" }},
			{"another number", func(d *person.Data) { d.Phone = "030 23125 999" }},
			{"another spelling of the address", func(d *person.Data) { d.Email = "Quirin+1@example.org" }},
			{"another birth date", func(d *person.Data) { d.BirthDate = "1999-01-01" }},
			{"another place, which the first did not give", func(d *person.Data) { d.City = "Kleinstadt" }},
			{"a note", func(d *person.Data) { d.Note = "mit Katze" }},
		} {
			d := guest
			c.change(&d)
			v := w.verifiedGuest(d, at(9, 8, 15*i))
			if v.PersonID == first.PersonID || !v.Person.EmailVerified {
				t.Errorf("%s: in the record of somebody else", c.name)
			}
		}
		_, mail, noted := w.guestBooks(guest, at(9, 11, 0))
		w.fine(w.AddNote(t.Context(), w.member(staff.Clerk), noted.PersonID, "ruft zurück"))
		w.fine(w.Verify(t.Context(), w.tenant, mail))
		if got := w.view(mail); got.PersonID != noted.PersonID || len(w.card(noted.PersonID).Notes) != 1 {
			t.Error("the desk has lost its note")
		}
		if c := w.card(first.PersonID); len(c.Coming) != 1 {
			t.Errorf("%d coming", len(c.Coming))
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A record that nobody has verified is nobody's, and one that is being filled in
// may be deleted at any moment. When the other mail is followed, both become one.
func TestRecognisedOnlyByProof(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, unused, first := w.guestBooks(guest, at(8, 9, 0))
		hold := w.mustHold("meldung", at(8, 10, 0))
		_, err := w.SaveDetails(t.Context(), w.tenant, hold, guest)
		w.fine(err)
		w.fine(w.ForAccount(t.Context(), w.tenant, hold, w.account(w.tenant, "a"), guest.Email))
		second := w.verifiedGuest(guest, at(9, 9, 0))
		if second.PersonID == first.PersonID || second.PersonID == w.view(hold).PersonID {
			t.Error("in a record that is not proved")
		}
		w.fine(w.Verify(t.Context(), w.tenant, unused))
		if v := w.view(unused); v.PersonID != second.PersonID {
			t.Error("the first stays for itself")
		}
		CheckClean(t, e.DB, w.kek)
		w.fine(w.Confirm(t.Context(), w.tenant, hold, locale.DE)) // by whoever is logged in
		if n := w.number("SELECT COUNT(*) FROM person"); n != 1 || w.view(hold).PersonID != second.PersonID {
			t.Errorf("%d records", n)
		}
		w.sent()
		if n := w.number("SELECT COUNT(*) FROM message WHERE state <> 'sent'"); n != 0 {
			t.Errorf("%d mails do not go out", n)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// What the desk has booked beyond capacity, for somebody whom it has taken for
// new, keeps its reason. A link that moves or cancels proves as much as one that
// confirms.
func TestRecognisedByAnyLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		first := w.verifiedGuest(guest, at(8, 9, 0))
		w.inMails()
		w.book("trauung", at(9, 10, 0)) // the only counter
		w.inMails()
		r := forSomeone("trauung", at(9, 10, 0))
		r.Data, r.Overbook = guest, "Notfall"
		beyond, _, err := w.BookFor(t.Context(), w.member(staff.Admin), r)
		w.fine(err)
		link := w.inMails()[0]
		if beyond.PersonID == first.PersonID || !beyond.Beyond() {
			t.Fatal("not a new record, or within capacity")
		}
		w.fine(w.Adopt(t.Context(), w.tenant, w.account(w.tenant, "a"), link))
		if v := w.entry(beyond.ID); v.PersonID != first.PersonID || v.Overbooked != "Notfall" {
			t.Errorf("the reason is %q", v.Overbooked)
		}
		_, link, moves := w.guestBooks(guest, at(10, 9, 0))
		w.fine(w.Move(t.Context(), w.tenant, link, "", at(10, 10, 0)))
		_, link, goes := w.guestBooks(guest, at(10, 11, 0))
		w.fine(w.Cancel(t.Context(), w.tenant, link))
		for _, id := range []string{moves.ID, goes.ID} {
			if v := w.entry(id); v.PersonID != first.PersonID {
				t.Errorf("a %s one stays for itself", v.State)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// However many links to one mailbox are followed at once, while others book and
// the desk merges, there is one record in the end, and nothing is lost.
func TestRecognisedInACrowd(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		books := []*booking.Bookings{w.Bookings, w.second()}
		a := w.account(w.tenant, "a")
		const n = 6
		var links, holds [n]seal.Secret
		var records [n]string
		for i := range n {
			_, mail, v := w.guestBooks(guest, at(8+i%3, 9, 15*(i/3)))
			links[i], records[i] = mail, v.PersonID
		}
		for i := range n {
			holds[i] = w.mustHold("meldung", at(8+i%3, 10, 15*(i/3)))
			_, err := w.SaveDetails(t.Context(), w.tenant, holds[i], guest)
			w.fine(err)
			w.fine(w.ForAccount(t.Context(), w.tenant, holds[i], a, guest.Email))
		}
		crowd(4*n, func(i int) {
			b, k := books[i%2], i/4
			var err error
			switch i % 4 {
			case 0:
				err = b.Verify(t.Context(), w.tenant, links[k])
			case 1:
				err = b.Adopt(t.Context(), w.tenant, a, links[k])
			case 2:
				err = b.Confirm(t.Context(), w.tenant, holds[k], locale.DE)
			case 3:
				err = b.MergePersons(t.Context(), w.member(staff.Clerk), records[k], records[(k+1)%n])
			}
			if f, ok := fault.As(err); err != nil && (i%4 != 3 || !ok || f.Kind != fault.NotFound && f.Key != "merge.gone") {
				t.Errorf("job %d: %v", i%4, err)
			}
		})
		CheckClean(t, e.DB, w.kek)
		for _, s := range links { // a record into which another was merged a short time ago stays
			w.fine(w.Verify(t.Context(), w.tenant, s))
		}
		owners := w.number("SELECT COUNT(DISTINCT person_id) FROM appointment")
		busy := w.number("SELECT COUNT(DISTINCT kept) FROM person_merge")
		if owners > 1+busy {
			t.Errorf("%d records have appointments, %d of them by a merge", owners, busy)
		}
		if got := len(w.mine(a)); got != 2*n {
			t.Errorf("the account has %d appointments, want %d", got, 2*n)
		}
		w.sent()
		if n := w.number("SELECT COUNT(*) FROM message WHERE state <> 'sent'"); n != 0 {
			t.Errorf("%d mails do not go out", n)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Without the desk there is one record in the end, however it comes about.
func TestRecognisedAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		books := []*booking.Bookings{w.Bookings, w.second()}
		const n = 8
		var links [n]seal.Secret
		for i := range n {
			_, links[i], _ = w.guestBooks(guest, at(8+i%2, 9, 15*(i/2)))
		}
		crowd(2*n, func(i int) {
			if err := books[i%2].Verify(t.Context(), w.tenant, links[i/2]); err != nil {
				t.Error(err)
			}
		})
		if got := w.number("SELECT COUNT(*) FROM person"); got != 1 {
			t.Errorf("%d records", got)
		}
		CheckClean(t, e.DB, w.kek)
	})
}
