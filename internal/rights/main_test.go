// SPDX-License-Identifier: EUPL-1.2

package rights_test

import (
	"context"
	"log/slog"
	"net/url"
	"testing"
	"time"

	"vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/notice"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/request"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// The names and numbers are invented; the numbers are reserved for that.
var (
	quirin = person.Data{FirstName: "Quirin", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 123",
		Street: "Musterweg 3", Postcode: "45739", City: "Kleinstadt", BirthDate: "1985-11-24", Note: "Bitte klingeln."}
	resi = person.Data{FirstName: "Resi", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 456"}
)

// town is one whose people use their rights.
type town struct {
	*testing.T
	*dbtest.Env
	*rights.Rights
	tenant string
	worker *message.Worker
	mails  *capture.Transport
	sent   map[string]seal.Secret // by kind of page: the newest that was mailed
	made   []seal.Secret          // that went into mails since the last booking
	day    int                    // of September 2026, of the next booking
}

func newTown(t *testing.T, e *dbtest.Env) *town {
	t.Helper()
	key, tenant := officetest.Import(t, e)
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	w := &town{T: t, Env: e, tenant: tenant, mails: mails, sent: map[string]seal.Secret{}}
	link := func(page string) func(string, locale.Lang, seal.Secret) string {
		return func(_ string, l locale.Lang, s seal.Secret) string {
			w.sent[page], w.made = s, append(w.made, s)
			return "https://termine.example.org/" + string(l) + "/" + page + "/" + s.Reveal()
		}
	}
	home := func(string, locale.Lang) string { return "https://termine.example.org/" }
	offices, vault := office.NewStore(), person.NewVault(key)
	bookings := &booking.Bookings{DB: e.DB, Offices: offices, Persons: vault, Texts: texts, From: "termine@example.org", Wake: func() {},
		Links: booking.Links{Manage: link("manage"), Verify: link("verify"), Start: home}}
	accounts := account.New(account.Options{DB: e.DB, Key: key, Offices: offices, Bookings: bookings, Sessions: &session.Store{DB: e.DB},
		Hasher: credential.NewHasher(), Texts: texts, Base: func(string) *url.URL { return &url.URL{Scheme: "http", Host: "localhost:8080"} },
		Links: account.Links{Confirm: link("confirm"), NewEmail: link("email"), Password: link("password"), Login: home}, Wake: func() {}})
	w.worker = message.NewWorker(e.DB, vault.Key, mails, slog.New(slog.DiscardHandler))
	w.worker.AccountKey = accounts.MailKey
	w.Rights = rights.New(rights.Options{DB: e.DB, Offices: offices, Persons: vault, Bookings: bookings, Accounts: accounts,
		Requests: &request.Requests{DB: e.DB, Key: key, Offices: offices, Bookings: bookings, Texts: texts},
		Notices:  notice.New(notice.Options{DB: e.DB, Texts: texts, Secure: func(string) bool { return false }}),
		Texts:    texts, Key: accounts.MailKey, Link: link("rights"), Wake: func() {}})
	return w
}

func (w *town) fine(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *town) refused(err error, kind fault.Kind, key string) {
	w.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || f.Key != key {
		w.Errorf("got %v, want %s", err, key)
	}
}

// book makes an appointment and tells its number; proved uses the link of the mail.
func (w *town) book(d person.Data, proved bool) *booking.View {
	w.Helper()
	ctx := w.Context()
	zone, err := time.LoadLocation("Europe/Berlin")
	w.fine(err)
	start := time.Date(2026, time.September, 8+w.day/4, 9, 15*(w.day%4), 0, 0, zone)
	w.day++
	w.made = nil
	s, err := w.Bookings.Hold(ctx, booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}},
		Location: "rathaus", Start: start.Unix(), Lang: locale.DE})
	w.fine(err)
	_, err = w.Bookings.SaveDetails(ctx, w.tenant, s, d)
	w.fine(err)
	w.fine(w.Bookings.Confirm(ctx, w.tenant, s, locale.DE))
	if proved {
		w.verify()
	}
	v, err := w.Bookings.Open(ctx, w.tenant, s)
	w.fine(err)
	return v
}

// verify uses the link that the citizen of the last booking got by mail.
func (w *town) verify() {
	w.Helper()
	for _, s := range w.made {
		v, err := w.Bookings.Open(w.Context(), w.tenant, s)
		w.fine(err)
		if v.Channel == booking.ChannelMail {
			w.fine(w.Bookings.Verify(w.Context(), w.tenant, s))
			return
		}
	}
	w.Fatal("no link went to the citizen")
}

// ask lets somebody ask for a link; nil if none was mailed.
func (w *town) ask(email string) *seal.Secret {
	w.Helper()
	before := w.subjects(email)
	w.fine(w.Ask(w.Context(), w.tenant, email, locale.DE))
	if w.subjects(email) == before {
		return nil
	}
	s := w.sent["rights"]
	return &s
}

// opened is a link that was asked for and opened by its button.
func (w *town) opened(email string) rights.Asker {
	w.Helper()
	s := w.ask(email)
	if s == nil {
		w.Fatal("no link was mailed")
	}
	w.fine(w.Open(w.Context(), w.tenant, *s))
	return rights.Guest(w.tenant, *s)
}

// subjects is how many mails with a link to somebody's rights went to an address.
func (w *town) subjects(to string) int {
	w.Helper()
	_, err := w.worker.Step(w.Context())
	w.fine(err)
	n := 0
	for _, m := range w.mails.List() {
		if m.To == to && len(m.Subject) > 8 && m.Subject[:8] == "Ihr Link" {
			n++
		}
	}
	return n
}

func (w *town) who(by rights.Asker) *rights.Subject {
	w.Helper()
	s, err := w.Who(w.Context(), by)
	w.fine(err)
	return s
}

// owner is somebody who makes an account and is logged in to it.
func (w *town) owner(d person.Data) (rights.Asker, string) {
	w.Helper()
	d.Note = ""
	ctx := w.Context()
	w.fine(w.Accounts.Register(ctx, w.tenant, d, locale.DE, "192.0.2.1"))
	var mine session.Data
	v := credential.Visit{TenantID: w.tenant, Network: "192.0.2.1", Address: "192.0.2.1",
		Remember: func(_ context.Context, _ *db.Tx, d session.Data) error { mine = d; return nil }}
	w.fine(w.Accounts.Complete(ctx, v, w.sent["confirm"], "Quallenfisch trifft Zaunkoenig"))
	v.Session = mine
	return rights.Owner(v), mine.AccountID
}
