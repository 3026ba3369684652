// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/staff"
)

// newQuietTown is the town in which registering an address is sensitive.
func newQuietTown(t *testing.T, e *dbtest.Env) *town {
	t.Helper()
	w := newTown(t, e)
	const words = "words: [Umzug, Meldebescheinigung]"
	quiet := strings.Replace(string(officetest.Town), words, "sensitive: true\n    "+words, 1)
	officetest.ImportFile(t, e, w.kek, []byte(quiet))
	return w
}

// telling is whatever gives away what bookBoth is about, or helps to guess.
var telling = []string{"Wohnsitz", "Ausweis", "ausweis", " Euro", "Lichtbild", "25 Minuten"}

// bookBoth books two services at once, one of them sensitive.
func (w *town) bookBoth(start int64) *booking.View {
	w.Helper()
	s, err := w.Hold(w.Context(), booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}, {Key: "meldung", Quantity: 1}},
		Location: "rathaus", Start: start, Lang: locale.DE})
	w.fine(err)
	_, err = w.SaveDetails(w.Context(), w.tenant, s, guest)
	w.fine(err)
	w.fine(w.Confirm(w.Context(), w.tenant, s, locale.DE))
	return w.view(s)
}

// Of an appointment for several services one of which is sensitive, no mail to the
// citizen names any; those to the office name all.
func TestSensitiveMails(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newQuietTown(t, e)
		w.confirmByMail()
		v := w.bookBoth(at(9, 10, 0))
		byMail := <-w.links
		w.fine(w.Verify(t.Context(), w.tenant, byMail))
		w.join(w.agreed("yes"), v.ID)
		w.setTo(8, 10, 0)
		w.remindWants(1)
		w.fine(w.Move(t.Context(), w.tenant, byMail, "", at(11, 9, 0)))
		w.fine(w.Cancel(t.Context(), w.tenant, byMail))
		w.exec("UPDATE person SET email_verified = NULL")
		w.bookBoth(at(10, 10, 0))
		w.Clock.Advance(time.Hour)
		_, err := w.Housekeep(t.Context())
		w.fine(err)
		sent := w.sent()
		if citizen, clerks := sent[guest.Email], sent["buergerbuero@example.org"]; len(citizen) != 7 || len(clerks) != 3 {
			t.Fatalf("mails %q", sent)
		}
		for _, m := range w.mails.List() {
			said := m.Subject + m.Text + m.HTML + strings.ReplaceAll(string(m.ICS), "\r\n ", "")
			for _, word := range telling {
				if m.To == guest.Email && strings.Contains(said, word) {
					t.Errorf("%q says %q", m.Subject, word)
				}
			}
			if m.To == guest.Email {
				continue
			}
			if !strings.Contains(m.Text, "Personalausweis beantragen") || !strings.Contains(m.Text, "Wohnsitz anmelden") || strings.Contains(m.Subject, "Wohnsitz") {
				t.Errorf("to the office: %q", m.Subject)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A sensitive appointment is on the card while it is coming, with what it is for
// only where that is worked on; when it is over it is on no card, and no last one in
// a search.
func TestSensitiveIsNoHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newQuietTown(t, e)
		ordinary, err := w.try("ausweis", at(8, 9, 0), called("Quirin", "Beispielhuber", 1))
		w.fine(err)
		secret, quiet := w.bookAs(called("Quirin", "Beispielhuber", 2), at(9, 9, 0))
		kept := w.view(ordinary).PersonID
		w.merge(kept, quiet.PersonID)
		clerk, north := w.member(staff.Clerk), w.northClerk()
		coming := func(by *staff.Member) booking.Visit {
			c, err := w.Card(t.Context(), by, kept)
			w.fine(err)
			if len(c.Coming) != 2 {
				t.Fatalf("coming %+v", c.Coming)
			}
			return c.Coming[1]
		}
		if got := coming(clerk); len(got.Services) != 1 || got.AppointmentID != quiet.ID {
			t.Errorf("where it is worked on: %+v", got)
		}
		far := coming(north)
		if far.Services != nil || far.AppointmentID != "" || far.Reference != "" || far.Location.Key != "rathaus" || far.State != booking.Confirmed ||
			far.Begin.Unix() != at(9, 9, 0) {
			t.Errorf("elsewhere: %+v", far)
		}
		for _, over := range []func(){
			func() { w.setTo(9, 12, 0) }, // nobody came
			func() { w.setTo(9, 8, 0); w.fine(w.Cancel(t.Context(), w.tenant, secret)) },
		} {
			over()
			c, err := w.Card(t.Context(), clerk, kept)
			w.fine(err)
			if len(c.Coming) != 0 || len(c.Past) != 1 || c.Past[0].Services[0].Service.Key != "ausweis" {
				t.Errorf("afterwards: coming %+v, past %+v", c.Coming, c.Past)
			}
			list, _, err := w.FindPersons(t.Context(), clerk, "beispielhuber")
			w.fine(err)
			if len(list) != 1 || list[0].Next != nil || list[0].Last == nil || list[0].Last.Begin.Unix() != at(8, 9, 0) {
				t.Errorf("the search finds %+v", list)
			}
		}
		if n := w.number("SELECT COUNT(*) FROM audit WHERE LOWER(detail) LIKE '%meldung%' OR LOWER(detail) LIKE '%wohnsitz%'"); n != 0 {
			t.Errorf("%d entries of the audit name the service", n)
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// Who had nothing but a sensitive appointment is still found, told apart from
// duplicates, and belongs to its location.
func TestSensitiveAlone(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newQuietTown(t, e)
		s, v := w.bookAs(called("Frieda", "Musterbach", 1), at(8, 9, 0))
		w.fine(w.Cancel(t.Context(), w.tenant, s))
		twin := called("Frieda", "Musterbach", 1)
		twin.Phone = nobody(2).Phone
		other, err := w.try("ausweis", at(8, 9, 0), twin)
		w.fine(err)
		clerk := w.member(staff.Clerk)
		c, err := w.Card(t.Context(), clerk, v.PersonID)
		w.fine(err)
		if len(c.Coming)+len(c.Past) != 0 || !c.MayReveal {
			t.Errorf("card %+v", c)
		}
		c, err = w.Card(t.Context(), clerk, w.view(other).PersonID)
		w.fine(err)
		if !slices.ContainsFunc(c.Duplicates, func(d booking.Duplicate) bool { return d.PersonID == v.PersonID && d.Next == nil && d.Last == nil }) {
			t.Errorf("duplicates %+v", c.Duplicates)
		}
		c, err = w.Card(t.Context(), w.northClerk(), v.PersonID)
		w.fine(err)
		if c.MayReveal {
			t.Error("another location is offered the contact data")
		}
		_, err = w.RevealContact(t.Context(), w.northClerk(), v.PersonID)
		wantKind(t, err, fault.Forbidden, "customer.elsewhere")
	})
}
