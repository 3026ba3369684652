// SPDX-License-Identifier: EUPL-1.2

package account_test

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// From the form to the account: there is none before the link, the link works once,
// and looking at it changes nothing.
func TestRegister(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.fine(w.Register(t.Context(), w.tenant, quirin, locale.DE, "192.0.2.1"))
		link := w.links["confirm"]
		b := w.browser()
		if err := b.login(quirin.Email, password); fault.Of(err) != fault.Forbidden || w.number("SELECT COUNT(*) FROM account") != 0 {
			t.Errorf("there is an account before the link was opened: %v", err)
		}
		for range 2 {
			email, err := w.Pending(t.Context(), w.tenant, link)
			if err != nil || email != quirin.Email {
				t.Errorf("pending for %q, %v", email, err)
			}
		}
		w.refused(w.Complete(t.Context(), b.visit(), link, "kurz"), fault.Invalid, "login.password.short")
		w.fine(w.Complete(t.Context(), b.visit(), link, password))
		if a := b.mine(); a == nil || a.Data != quirin {
			t.Errorf("logged in is %+v", a)
		}
		w.refused(w.Complete(t.Context(), w.browser().visit(), link, password), fault.Gone, "account.link.gone.text")
		_, err := w.Pending(t.Context(), w.tenant, link)
		w.refused(err, fault.Gone, "account.link.gone.text")
		other := w.browser()
		w.fine(other.login("QUIRIN@example.org", password))
		if a := other.mine(); a == nil || a.ID != b.mine().ID {
			t.Error("the password does not lead to the account")
		}
		w.refused(w.browser().login(quirin.Email, "falsches Passwort"), fault.Forbidden, "login.wrong")
	})
}

// Whether an address has an account is told to its mailbox alone.
func TestRegisterKnownAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		before := w.number("SELECT COUNT(*) FROM account_pending")
		changed := quirin
		changed.LastName = "Eindringling"
		w.fine(w.Register(t.Context(), w.tenant, changed, locale.DE, "192.0.2.9"))
		if got := w.subjects(quirin.Email); !slices.Equal(got, []string{"Ihr Konto für die Terminbuchung", "Sie haben schon ein Konto"}) {
			t.Errorf("mails %q", got)
		}
		if n := w.number("SELECT COUNT(*) FROM account_pending"); n != before+1 {
			t.Errorf("%d rows are written, for an unknown address 1", n-before)
		}
		if a := b.mine(); a.Data != quirin {
			t.Errorf("the account is of %s", a.Data.LastName)
		}
	})
}

// Two links for one address make one account: who opens the second finds that the
// address has one.
func TestTwoLinksForOneAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		var links []seal.Secret
		for range 2 {
			w.fine(w.Register(t.Context(), w.tenant, quirin, locale.DE, "192.0.2.1"))
			links = append(links, w.links["confirm"])
		}
		answers := make(chan error, len(links))
		for _, s := range links {
			v := w.browser().visit()
			go func() { answers <- w.Complete(t.Context(), v, s, password) }()
		}
		err1, err2 := <-answers, <-answers
		if (err1 == nil) == (err2 == nil) || w.number("SELECT COUNT(*) FROM account") != 1 || w.number("SELECT COUNT(*) FROM credential WHERE password <> ''") != 1 {
			t.Errorf("%v and %v", err1, err2)
		}
	})
}

// What was typed is readable with the link alone, and gone after two days.
func TestPendingIsSealed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.fine(w.Register(t.Context(), w.tenant, quirin, locale.DE, "192.0.2.1"))
		var sealed []byte
		w.One(t, &sealed, "SELECT sealed FROM account_pending")
		if strings.Contains(string(sealed), "Beispielhuber") {
			t.Error("the name can be read in the database")
		}
		w.Clock.Advance(48 * time.Hour)
		_, err := w.Pending(t.Context(), w.tenant, w.links["confirm"])
		w.refused(err, fault.Gone, "account.link.gone.text")
		w.deleteOld(account.OldPending, w.Clock.Now())
		if w.number("SELECT COUNT(*) FROM account_pending") != 0 {
			t.Error("what is too old stays")
		}
	})
}

// Data for bookings to come are the owner's to change; the address has to be
// confirmed.
func TestSaveData(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		d := quirin
		d.City, d.Email, d.Note = "Nirgendwo", "anders@example.org", "nein"
		w.fine(w.SaveData(t.Context(), b.visit(), d))
		want := quirin
		want.City = "Nirgendwo"
		if got := b.mine().Data; got != want {
			t.Errorf("kept is %+v", got)
		}
		d.Phone = "keine"
		if err := w.SaveData(t.Context(), b.visit(), d); fault.Of(err) != fault.Invalid {
			t.Errorf("no number: %v", err)
		}
		w.refused(w.SaveData(t.Context(), w.browser().visit(), d), fault.NotFound, "error.notfound.text")
	})
}

// proved is a browser in which the password was just given again.
func (b *browser) proved() *browser {
	b.Helper()
	b.fine(b.Prove(b.Context(), b.visit(), password))
	return b
}

// Another address counts once its mailbox was shown to be theirs, and both hear of
// it.
func TestChangeEmail(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		w.Clock.Advance(time.Hour)
		w.refused(w.ChangeEmail(t.Context(), b.visit(), "neu@example.org", locale.DE), fault.Forbidden, "login.prove")
		b.proved()
		if err := w.ChangeEmail(t.Context(), b.visit(), "keine", locale.DE); fault.Of(err) != fault.Invalid {
			t.Errorf("no address: %v", err)
		}
		w.fine(w.ChangeEmail(t.Context(), b.visit(), "neu@example.org", locale.DE))
		if a := b.mine(); a.Data.Email != quirin.Email {
			t.Errorf("the address is %s before it is confirmed", a.Data.Email)
		}
		w.refused(w.Complete(t.Context(), w.browser().visit(), w.links["email"], password), fault.Gone, "account.link.gone.text")
		w.fine(w.ConfirmEmail(t.Context(), w.tenant, w.links["email"]))
		w.refused(w.ConfirmEmail(t.Context(), w.tenant, w.links["email"]), fault.Gone, "account.link.gone.text")
		if a := b.mine(); a.Data.Email != "neu@example.org" {
			t.Errorf("the address is %s", a.Data.Email)
		}
		w.fine(w.browser().login("neu@example.org", password))
		w.refused(w.browser().login(quirin.Email, password), fault.Forbidden, "login.wrong")
		old, fresh := w.subjects(quirin.Email), w.subjects("neu@example.org")
		moved := "Die E-Mail-Adresse Ihres Kontos ist geändert"
		if !slices.Equal(old[1:], []string{"Neue E-Mail-Adresse für Ihr Konto", moved}) ||
			!slices.Equal(fresh, []string{"Bitte bestätigen Sie Ihre neue E-Mail-Adresse", moved}) {
			t.Errorf("mails %q and %q", old, fresh)
		}
	})
}

// An address that has an account is not taken, and who asks does not learn of it.
func TestChangeEmailToAKnownOne(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		other := quirin
		other.Email = "walburga@example.org"
		w.register(other)
		b := w.register(quirin)
		w.fine(w.ChangeEmail(t.Context(), b.visit(), other.Email, locale.DE))
		if got := w.subjects(other.Email); got[len(got)-1] != "Sie haben schon ein Konto" {
			t.Errorf("mails %q", got)
		}
		w.refused(w.ConfirmEmail(t.Context(), w.tenant, w.links["email"]), fault.Gone, "account.link.gone.text")
	})
}

// A new password by a link makes void what somebody else began who knew the old one.
func TestForgottenVoidsAnotherAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		thief := w.register(quirin)
		w.fine(w.ChangeEmail(t.Context(), thief.visit(), "dieb@example.org", locale.DE))
		owner := w.browser()
		w.fine(w.Forgotten(t.Context(), owner.visit(), quirin.Email, locale.DE))
		w.fine(w.Accept(t.Context(), owner.visit(), w.links["password"], "Vier ganz andere Woerter hier"))
		w.refused(w.ConfirmEmail(t.Context(), w.tenant, w.links["email"]), fault.Gone, "account.link.gone.text")
		if thief.mine() != nil {
			t.Error("the thief is still logged in")
		}
	})
}

// A link that sets a password is the way back from a thief who has set up what they
// log in with, and has asked for another address.
func TestForgottenThrowsOut(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		thief := w.register(quirin)
		id := thief.mine().ID
		w.Exec(t, "UPDATE credential SET totp = $2 WHERE owner_id = $1", id, []byte("x"))
		w.Exec(t, "INSERT INTO passkey (id, owner_id, created, used, sealed) VALUES ($2, $1, 0, 0, $2)", id, []byte("k"))
		w.Exec(t, "INSERT INTO recovery_code (owner_id, hash) VALUES ($1, $2)", id, []byte("r"))
		w.fine(w.Forgotten(t.Context(), w.browser().visit(), quirin.Email, locale.DE))
		w.fine(w.Accept(t.Context(), w.browser().visit(), w.links["password"], password))
		owner := w.browser()
		w.fine(owner.login(quirin.Email, password))
		if owner.mine() == nil || w.number("SELECT COUNT(*) FROM passkey")+w.number("SELECT COUNT(*) FROM recovery_code") != 0 {
			t.Error("the owner is not in, or what the thief has set up is still there")
		}
	})
}

// A link to another address is void once a newer one was asked for, the password
// changed, or all other sessions ended.
func TestOldLinksToAnotherAddress(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		for name, then := range map[string]func() error{
			"a newer one": func() error { return w.ChangeEmail(t.Context(), b.visit(), "richtig@example.org", locale.DE) },
			"another password": func() error {
				return w.SetPassword(t.Context(), b.visit(), password, password)
			},
			"the end of sessions": func() error { return w.EndOthers(t.Context(), b.visit()) },
		} {
			b.proved()
			w.fine(w.ChangeEmail(t.Context(), b.visit(), "vertippt@example.org", locale.DE))
			old := w.links["email"]
			w.fine(then())
			_, err := w.Pending(t.Context(), w.tenant, old)
			if fault.Of(err) != fault.Gone {
				t.Errorf("after %s: %v", name, err)
			}
			w.Clock.Advance(time.Hour)
		}
	})
}

// A guest's booking joins the account if it still has the mailbox that was shown;
// its address and date of birth are not handed to a mailbox that may be a stranger's.
func TestRegisterGuest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		d := quirin
		d.Street, d.BirthDate = "Weg 1", "1990-01-01"
		book := func(start int64) seal.Secret {
			t.Helper()
			s, err := w.bookings.Hold(t.Context(), booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}},
				Location: "rathaus", Start: start, Lang: locale.DE})
			w.fine(err)
			_, err = w.bookings.SaveDetails(t.Context(), w.tenant, s, d)
			w.fine(err)
			w.fine(w.bookings.Confirm(t.Context(), w.tenant, s, locale.DE))
			return s
		}
		monday := w.Clock.Now().Truncate(24 * time.Hour)
		first, second := book(monday.Add(32*time.Hour).Unix()), book(monday.Add(33*time.Hour).Unix())
		w.fine(w.RegisterGuest(t.Context(), w.tenant, first, locale.DE, "192.0.2.1"))
		b := w.browser()
		w.fine(w.Complete(t.Context(), b.visit(), w.links["confirm"], password))
		a := b.mine()
		if a.Data != quirin || w.number("SELECT COUNT(*) FROM account_appointment WHERE account_id = $1", a.ID) != 1 {
			t.Errorf("the account has %+v", a.Data)
		}
		w.fine(w.Delete(t.Context(), b.visit()))
		w.fine(w.RegisterGuest(t.Context(), w.tenant, second, locale.DE, "192.0.2.1"))
		link := w.links["confirm"]
		v, err := w.bookings.Open(t.Context(), w.tenant, second)
		w.fine(err)
		corrected := d
		corrected.Email = "richtig@example.org"
		clerk := &staff.Member{ID: "clerk", TenantID: w.tenant, Role: staff.Clerk, Everywhere: true}
		w.fine(w.bookings.ChangeContact(t.Context(), clerk, v.ID, v.Version, corrected))
		w.fine(w.Complete(t.Context(), b.visit(), link, password))
		if n := w.number("SELECT COUNT(*) FROM account_appointment"); n != 0 {
			t.Error("a stranger's mailbox got the appointment that the desk has taken from it")
		}
	})
}

// Who deletes an account is told so; nothing of it stays but what has its own time.
func TestDelete(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		w.fine(w.Give(t.Context(), b.visit(), account.RemindByMail, locale.DE))
		w.Clock.Advance(time.Hour)
		w.refused(w.Delete(t.Context(), b.visit()), fault.Forbidden, "login.prove")
		w.fine(w.Delete(t.Context(), b.proved().visit()))
		if b.mine() != nil {
			t.Error("still logged in")
		}
		for _, table := range []string{"account", "account_pending", "credential", "account_appointment", "session"} {
			if n := w.number("SELECT COUNT(*) FROM " + table); n != 0 {
				t.Errorf("%d rows of %s are left", n, table)
			}
		}
		if w.number("SELECT COUNT(*) FROM consent WHERE withdrawn IS NOT NULL") != 1 {
			t.Error("the evidence of consent is gone, or it is not withdrawn")
		}
		if got := w.subjects(quirin.Email); got[len(got)-1] != "Ihr Konto ist gelöscht" {
			t.Errorf("mails %q", got)
		}
		w.register(quirin) // the address is free again
	})
}

// An account that nobody uses is announced to end, and ends a month later; a login
// keeps it.
func TestUnused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		other := quirin
		other.Email = "walburga@example.org"
		w.register(quirin)
		w.register(other)
		keep := func(want int) {
			t.Helper()
			deleted, err := w.Housekeep(t.Context(), []string{w.tenant})
			if err != nil || deleted != want {
				t.Errorf("%d deleted, want %d; %v", deleted, want, err)
			}
		}
		w.Clock.Advance(729 * 24 * time.Hour)
		keep(0)
		w.Clock.Advance(24 * time.Hour)
		keep(0)
		keep(0)
		announced := "Ihr Konto wird gelöscht, wenn Sie es nicht mehr benutzen"
		if got := w.subjects(quirin.Email); got[len(got)-1] != announced || slices.Index(got, announced) != len(got)-1 {
			t.Errorf("mails %q", got)
		}
		w.fine(w.browser().login(other.Email, password))
		w.Clock.Advance(account.Notice - time.Second)
		keep(0)
		w.Clock.Advance(time.Second)
		keep(1)
		w.refused(w.browser().login(quirin.Email, password), fault.Forbidden, "login.wrong")
		w.fine(w.browser().login(other.Email, password))
		if got := w.subjects(quirin.Email); got[len(got)-1] != "Ihr Konto ist gelöscht" {
			t.Errorf("mails %q", got)
		}
	})
}

// Consent is given for one purpose, withdrawn as easily, and both are kept with the
// words that were read.
func TestConsent(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		b := w.register(quirin)
		given := w.Clock.Now().Unix()
		for range 2 {
			w.fine(w.Give(t.Context(), b.visit(), account.RemindByMail, locale.EN))
		}
		w.Clock.Advance(time.Hour)
		for range 2 {
			w.fine(w.Withdraw(t.Context(), b.visit(), account.RemindByMail))
		}
		w.fine(w.Give(t.Context(), b.visit(), account.RemindByMail, locale.DE))
		w.refused(w.Give(t.Context(), b.visit(), "newsletter", locale.DE), fault.NotFound, "error.notfound.text")
		list, err := w.Consents(t.Context(), b.visit())
		if err != nil || len(list) != 2 || list[0].Withdrawn != 0 || list[0].Given != given+3600 || list[0].Lang != locale.DE {
			t.Fatalf("consents %+v, %v", list, err)
		}
		if c := list[1]; c.Given != given || c.Withdrawn != given+3600 || c.Lang != locale.EN || !strings.Contains(c.Words, "e-mail") {
			t.Errorf("evidence %+v", c)
		}
		_, err = w.Consents(t.Context(), w.browser().visit())
		w.refused(err, fault.NotFound, "error.notfound.text")
	})
}

// At another tenant, links, addresses and sessions lead nowhere.
func TestAnotherTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		other := officetest.ImportFile(t, e, w.key, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: nachbarort"), 1))
		w.fine(w.Register(t.Context(), w.tenant, quirin, locale.DE, "192.0.2.1"))
		_, err := w.Pending(t.Context(), other, w.links["confirm"])
		w.refused(err, fault.Gone, "account.link.gone.text")
		b := w.register(person.Data{FirstName: "Walburga", LastName: "Musterfrau", Email: "walburga@example.org", Phone: "030 23125 456"})
		v := b.visit()
		v.TenantID = other
		if _, _, err := w.Mine(t.Context(), v); fault.Of(err) != fault.NotFound {
			t.Errorf("at the neighbour: %v", err)
		}
		if _, err := w.Login(t.Context(), v, "walburga@example.org", password); fault.Of(err) != fault.Forbidden {
			t.Errorf("login at the neighbour: %v", err)
		}
	})
}
