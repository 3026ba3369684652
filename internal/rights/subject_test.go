// SPDX-License-Identifier: EUPL-1.2

package rights_test

import (
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
)

// A link goes only to a mailbox that was shown to be somebody's, opens by its button,
// and is good for an hour, as often as one likes.
func TestLink(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.book(quirin, false)
		for _, email := range []string{"stranger@example.org", quirin.Email} {
			if w.ask(email) != nil {
				t.Errorf("a mailbox that nobody has shown to be theirs got a link")
			}
		}
		var kept int
		e.One(t, &kept, "SELECT COUNT(*) FROM rights_link")
		if kept != 2 {
			t.Errorf("%d links were stored, not one for each answer", kept)
		}
		v := w.book(quirin, true)
		s := w.ask("QUIRIN@example.org")
		if s == nil {
			t.Fatal("no link to a mailbox in another spelling")
		}
		by := rights.Guest(w.tenant, *s)
		_, err := w.Who(t.Context(), by)
		w.refused(err, fault.Gone, "rights.link.gone.text") // the button first
		w.refused(w.Give(t.Context(), w.tenant, *s, v.Reference), fault.Gone, "rights.link.gone.text")
		for range 2 {
			w.fine(w.Look(t.Context(), w.tenant, *s))
			w.fine(w.Open(t.Context(), w.tenant, *s))
			if got := w.who(by); len(got.Persons) != 1 || got.Persons[0] != v.PersonID || got.Closed != 0 {
				t.Errorf("%d records are open, %d closed", len(got.Persons), got.Closed)
			}
		}
		_, err = w.Who(t.Context(), rights.Guest("nachbarort", *s))
		w.refused(err, fault.Gone, "rights.link.gone.text")
		_, err = w.Who(t.Context(), rights.Guest(w.tenant, seal.NewSecret()))
		w.refused(err, fault.Gone, "rights.link.gone.text")
		e.Clock.Advance(time.Hour)
		_, err = w.Who(t.Context(), by)
		w.refused(err, fault.Gone, "rights.link.gone.text")
		w.refused(w.Open(t.Context(), w.tenant, *s), fault.Gone, "rights.link.gone.text")
		w.refused(w.Look(t.Context(), w.tenant, *s), fault.Gone, "rights.link.gone.text")
		w.fine(w.DB.Write(t.Context(), func(tx *db.Tx) error { // as the deletion job does
			n, err := rights.OldLinks.Delete(t.Context(), tx, w.tenant, tx.Unix(), 100)
			if n != 3 {
				t.Errorf("%d links were deleted, not 3", n)
			}
			return err
		}))
	})
}

// Addresses that are one mailbox at most providers are not so at all: what others
// count as one opens nothing here.
func TestSimilarAddressIsAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		other := quirin
		other.Email = "quirin+x@example.org"
		w.book(other, true)
		if w.ask(quirin.Email) != nil {
			t.Error("a similar address got a link")
		}
	})
}

// Where several share a mailbox, the number of an appointment opens its record, and
// nobody else's.
func TestSharedMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		his, hers := w.book(quirin, true), w.book(resi, true)
		elsewhere := quirin
		elsewhere.Email, elsewhere.Phone = "other@example.org", "030 23125 789"
		foreign := w.book(elsewhere, true)
		s := w.ask(quirin.Email)
		w.fine(w.Open(t.Context(), w.tenant, *s))
		by := rights.Guest(w.tenant, *s)
		if got := w.who(by); len(got.Persons) != 0 || got.Closed != 2 {
			t.Fatalf("without a number %d are open, %d closed", len(got.Persons), got.Closed)
		}
		for _, wrong := range []string{foreign.Reference, "00000000", "", "x"} {
			w.refused(w.Give(t.Context(), w.tenant, *s, wrong), fault.Invalid, "form.incomplete")
		}
		for range 2 {
			w.fine(w.Give(t.Context(), w.tenant, *s, his.Reference[:4]+" "+his.Reference[4:]))
		}
		if got := w.who(by); len(got.Persons) != 1 || got.Persons[0] != his.PersonID || got.Closed != 1 {
			t.Fatalf("by his number %d are open, %d closed", len(got.Persons), got.Closed)
		}
		// What is open stays so when wrong numbers are used up, and nothing more opens.
		for range 6 {
			w.refused(w.Give(t.Context(), w.tenant, *s, "00000001"), fault.Invalid, "form.incomplete")
		}
		w.refused(w.Give(t.Context(), w.tenant, *s, hers.Reference), fault.TooMany, "rights.reference.many")
		// One of the two goes: the link that was shared still asks.
		e.Exec(t, "UPDATE person SET email_verified = NULL WHERE id = $1", his.PersonID)
		if got := w.who(by); len(got.Persons) != 0 || got.Closed != 1 {
			t.Errorf("when one is left %d are open, %d closed", len(got.Persons), got.Closed)
		}
	})
}

// An account opens the records of its appointments, but not one that also has
// appointments of somebody for whom the owner has once booked.
func TestOwner(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		by, id := w.owner(quirin)
		if got := w.who(by); got.AccountID != id || len(got.Persons)+got.Closed != 0 {
			t.Errorf("an account without appointments: %d are open, %d closed", len(got.Persons), got.Closed)
		}
		neighbour := person.Data{FirstName: "Nepomuk", LastName: "Musterbach", Email: "nepomuk@example.org", Phone: "030 23125 999"}
		mine, theirs := w.book(neighbour, false), w.book(resi, true)
		for _, v := range []string{mine.ID, theirs.ID} {
			e.Exec(t, "INSERT INTO account_appointment (appointment_id, account_id) VALUES ($1, $2)", v, id)
		}
		if got := w.who(by); len(got.Persons) != 2 || got.Closed != 0 {
			t.Errorf("%d are open, %d closed", len(got.Persons), got.Closed)
		}
		more := w.book(neighbour, false)
		e.Exec(t, "UPDATE appointment SET person_id = $1 WHERE id = $2", mine.PersonID, more.ID)
		if got := w.who(by); len(got.Persons) != 1 || got.Persons[0] != theirs.PersonID || got.Closed != 1 {
			t.Errorf("with appointments elsewhere %d are open, %d closed", len(got.Persons), got.Closed)
		}
		again := w.book(resi, true) // the same record, with the mailbox of the account
		if got := w.who(by); len(got.Persons) != 1 || again.PersonID != theirs.PersonID {
			t.Errorf("of the same mailbox %d are open", len(got.Persons))
		}
		_, err := w.Who(t.Context(), rights.Owner(someone(w.tenant)))
		w.refused(err, fault.NotFound, "error.notfound.text")
	})
}
