// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"fmt"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// limited is a town in which one person may have three coming appointments
// for the same service.
func limited(t *testing.T, e *dbtest.Env) *town {
	t.Helper()
	w := newTown(t, e)
	w.exec("UPDATE tenant SET active_per_person = 3, unverified_per_address = 100, revision = revision + 1")
	return w
}

// reached is the guest at another mailbox or telephone.
func reached(email, phone string) person.Data {
	d := guest
	d.Email, d.Phone = email, phone
	return d
}

// nobody has a mailbox and a telephone of their own.
func nobody(n int) person.Data {
	return reached(fmt.Sprintf("gast%d@example.org", n), fmt.Sprintf("030 23125 %03d", 200+n))
}

// try books and returns the answer of Confirm.
func (w *town) try(service string, start int64, d person.Data) (seal.Secret, error) {
	w.Helper()
	s := w.mustHold(service, start)
	if _, err := w.SaveDetails(w.Context(), w.tenant, s, d); err != nil {
		w.Fatal(err)
	}
	return s, w.Confirm(w.Context(), w.tenant, s, locale.DE)
}

func (w *town) must(service string, start int64, d person.Data) seal.Secret {
	w.Helper()
	s, err := w.try(service, start, d)
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// One mailbox meets its limit in every spelling, and so does one telephone;
// another one is free.
func TestLimitPerPerson(t *testing.T) {
	for _, c := range []struct {
		name      string
		spellings [4]string
		other     string
		of        func(n int, s string) person.Data
	}{
		{"mailbox", [4]string{"quirin@example.org", "QUIRIN@Example.ORG", "quirin+amt@example.org", "Qui.Rin@example.org"}, "quirina@example.org",
			func(n int, s string) person.Data { return reached(s, nobody(n).Phone) }},
		{"telephone", [4]string{"030 23125 123", "+49 30 23125123", "0049 30 23125-123", "030/23125123"}, "030 23125 124",
			func(n int, s string) person.Data { return reached(nobody(n).Email, s) }},
	} {
		t.Run(c.name, func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				w := limited(t, e)
				for i, s := range c.spellings[:3] {
					w.must("meldung", at(8, 8, 15*i), c.of(i, s))
				}
				last := c.of(3, c.spellings[3])
				s, err := w.try("meldung", at(9, 8, 0), last)
				wantKind(t, err, fault.TooMany, "limit.person")
				if v := w.view(s); v.State != booking.Held || v.RunOut(w.Clock.Now()) || v.Person.Data != last {
					t.Error("the time or the form is lost")
				}
				w.must("meldung", at(9, 8, 15), c.of(4, c.other))
			})
		})
	}
}

// Only coming appointments count, and only those for the same service.
func TestLimitCountsWhatIsToCome(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := limited(t, e)
		refused := func(service string, start int64) {
			t.Helper()
			s, err := w.try(service, start, guest)
			wantKind(t, err, fault.TooMany, "limit.person")
			if err := w.Release(t.Context(), w.tenant, s, nil); err != nil {
				t.Fatal(err)
			}
		}
		first := w.must("ausweis", at(8, 8, 0), guest)
		w.must("ausweis", at(8, 8, 15), guest)
		w.mustHold("ausweis", at(8, 8, 30)) // a reservation is none yet
		w.must("ausweis", at(9, 8, 0), guest)
		refused("ausweis", at(9, 9, 0))
		w.must("trauung", at(9, 9, 0), guest)

		both, err := w.Hold(t.Context(), booking.HoldRequest{TenantID: w.tenant, Location: "rathaus", Start: at(9, 10, 0), Lang: locale.DE,
			Wanted: []office.Wanted{{Key: "meldung", Quantity: 1}, {Key: "ausweis", Quantity: 1}}})
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.SaveDetails(t.Context(), w.tenant, both, guest); err != nil {
			t.Fatal(err)
		}
		wantKind(t, w.Confirm(t.Context(), w.tenant, both, locale.DE), fault.TooMany, "limit.person")

		if err := w.Cancel(t.Context(), w.tenant, first); err != nil {
			t.Fatal(err)
		}
		if err := w.Confirm(t.Context(), w.tenant, both, locale.DE); err != nil {
			t.Errorf("after one was cancelled: %v", err)
		}
		refused("ausweis", at(10, 9, 0))
		w.Clock.Set(time.Unix(at(8, 8, 15), 0)) // begins now
		w.must("ausweis", at(10, 9, 0), guest)
		refused("ausweis", at(10, 9, 15))
	})
}

// A time that nobody confirmed in time no longer counts, before any clearing
// up; a mailbox that was shown to be real is no reason to have more.
func TestLimitAndTheMailbox(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := limited(t, e)
		w.confirmByMail()
		for i := range 3 {
			w.must("meldung", at(8, 12, -15*(i+1)), guest)
			if i > 0 {
				if err := w.Verify(t.Context(), w.tenant, <-w.links); err != nil {
					t.Fatal(err)
				}
				continue
			}
			<-w.links
		}
		_, err := w.try("meldung", at(9, 8, 0), guest)
		wantKind(t, err, fault.TooMany, "limit.person")
		w.Clock.Advance(30 * time.Minute)
		w.must("meldung", at(9, 8, 15), guest)
		_, err = w.try("meldung", at(9, 8, 30), guest)
		wantKind(t, err, fault.TooMany, "limit.person")
	})
}

// Two of a family with one telephone can each come more than once, and for
// several people at a time.
func TestLimitAndFamilies(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := limited(t, e)
		w.exec("UPDATE tenant SET active_per_person = 4, revision = revision + 1")
		mother, father := guest, guest
		mother.FirstName, mother.Email = "Frieda", "frieda@example.org"
		for i, d := range []person.Data{mother, father, mother, father} {
			s, err := w.Hold(t.Context(), booking.HoldRequest{TenantID: w.tenant, Location: "rathaus", Start: at(8, 8+i, 0), Lang: locale.DE,
				Wanted: []office.Wanted{{Key: "ausweis", Quantity: 4}}})
			if err != nil {
				t.Fatal(err)
			}
			if _, err := w.SaveDetails(t.Context(), w.tenant, s, d); err != nil {
				t.Fatal(err)
			}
			if err := w.Confirm(t.Context(), w.tenant, s, locale.DE); err != nil {
				t.Errorf("appointment %d: %v", i, err)
			}
		}
		_, err := w.try("ausweis", at(9, 8, 0), mother)
		wantKind(t, err, fault.TooMany, "limit.person")
	})
}
