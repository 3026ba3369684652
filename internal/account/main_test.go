// SPDX-License-Identifier: EUPL-1.2

package account_test

import (
	"context"
	"log/slog"
	"net/url"
	"strings"
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
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const password = "Quallenfisch trifft Zaunkoenig"

// quirin is invented, and so is the number.
var quirin = person.Data{FirstName: "Quirin", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 123"}

// town is one in which citizens may have accounts.
type town struct {
	*testing.T
	*dbtest.Env
	*account.Accounts
	tenant   string
	key      *seal.Key
	bookings *booking.Bookings
	mails    *capture.Transport
	worker   *message.Worker
	links    map[string]seal.Secret // by kind of page: the newest that was mailed
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
	w := &town{T: t, Env: e, tenant: tenant, key: key, mails: mails, links: map[string]seal.Secret{}}
	link := func(page string) func(string, locale.Lang, seal.Secret) string {
		return func(_ string, l locale.Lang, s seal.Secret) string {
			w.links[page] = s
			return "https://termine.example.org/" + string(l) + "/" + page + "/" + s.Reveal()
		}
	}
	offices, vault := office.NewStore(), person.NewVault(key)
	w.bookings = &booking.Bookings{DB: e.DB, Offices: offices, Persons: vault, Texts: texts, From: "termine@example.org", Wake: func() {},
		Links: booking.Links{Manage: link("manage"), Verify: link("verify"), Start: func(string, locale.Lang) string { return "https://termine.example.org/" }}}
	w.Accounts = account.New(account.Options{DB: e.DB, Key: key, Offices: offices, Bookings: w.bookings, Sessions: &session.Store{DB: e.DB},
		Hasher: credential.NewHasher(), Texts: texts, Base: func(string) *url.URL { return &url.URL{Scheme: "http", Host: "localhost:8080"} },
		Links: account.Links{Confirm: link("confirm"), NewEmail: link("email"), Password: link("password"),
			Login: func(string, locale.Lang) string { return "https://termine.example.org/de/account/login" }},
		Wake: func() {}})
	w.worker = message.NewWorker(e.DB, vault.Key, mails, slog.New(slog.DiscardHandler))
	w.worker.AccountKey = w.MailKey
	return w
}

// deleteOld deletes what is older than an instant, as the deletion job does.
func (w *town) deleteOld(old db.Aged, before time.Time) {
	w.Helper()
	w.fine(w.DB.Write(w.Context(), func(tx *db.Tx) error {
		_, err := old.Delete(w.Context(), tx, w.tenant, before.Unix(), 100)
		return err
	}))
}

func (w *town) fine(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// refused wants a fault with a key.
func (w *town) refused(err error, kind fault.Kind, key string) {
	w.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || f.Key != key {
		w.Errorf("got %v, want %s", err, key)
	}
}

func (w *town) number(query string, args ...any) int {
	w.Helper()
	var n int
	w.One(w.T, &n, query, args...)
	return n
}

// subjects are those of the mails to an address, the oldest first, up to the
// colon.
func (w *town) subjects(to string) []string {
	w.Helper()
	_, err := w.worker.Step(w.Context())
	w.fine(err)
	var out []string
	for _, m := range w.mails.List() { // newest first
		if m.To == to {
			subject, _, _ := strings.Cut(m.Subject, ":")
			out = append([]string{subject}, out...)
		}
	}
	return out
}

// browser is somebody's browser with one cookie.
type browser struct {
	*town
	cookie  seal.Secret
	network string
}

func (w *town) browser() *browser { return &browser{town: w, network: "192.0.2.1"} }

func (b *browser) visit() credential.Visit {
	b.Helper()
	d, _, err := b.Accounts.Sessions.Load(b.Context(), b.tenant, b.cookie)
	b.fine(err)
	return credential.Visit{TenantID: b.tenant, Session: d, Network: b.network, Address: b.network, Remember: b.remember}
}

func (b *browser) remember(ctx context.Context, tx *db.Tx, d session.Data) error {
	old := b.cookie
	b.cookie = seal.NewSecret()
	return b.Accounts.Sessions.Replace(ctx, tx, b.tenant, old, b.cookie, d)
}

func (b *browser) login(email, word string) error {
	b.Helper()
	_, err := b.Login(b.Context(), b.visit(), email, word)
	return err
}

// mine is the account of the session; nil for nobody.
func (b *browser) mine() *account.Account {
	b.Helper()
	a, _, err := b.Mine(b.Context(), b.visit())
	if fault.Of(err) == fault.NotFound {
		return nil
	}
	b.fine(err)
	return a
}

// register makes an account and returns the browser in which that was done.
func (w *town) register(d person.Data) *browser {
	w.Helper()
	w.fine(w.Register(w.Context(), w.tenant, d, locale.DE, "192.0.2.1"))
	b := w.browser()
	w.fine(w.Complete(w.Context(), b.visit(), w.links["confirm"], password))
	return b
}
