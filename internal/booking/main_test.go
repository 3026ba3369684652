// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"log/slog"
	"testing"
	"time"

	"vorzimmer/internal/booking"
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
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// town is a book over the test town of package officetest, with its mail.
type town struct {
	*testing.T
	*dbtest.Env
	*booking.Bookings
	tenant string
	kek    *seal.Key
	worker *message.Worker
	mails  *capture.Transport
	links  chan seal.Secret // secrets that went into mails, oldest first
}

func newTown(t *testing.T, e *dbtest.Env) *town {
	t.Helper()
	kek, tenant := officetest.Import(t, e)
	if err := office.ClaimKey(t.Context(), e.DB, kek); err != nil {
		t.Fatal(err)
	}
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	vault := person.NewVault(kek)
	w := &town{T: t, Env: e, tenant: tenant, kek: kek, mails: mails, links: make(chan seal.Secret, 100_000)}
	w.worker = message.NewWorker(e.DB, vault.Key, mails, slog.New(slog.DiscardHandler))
	link := func(_ string, _ locale.Lang, s seal.Secret) string {
		w.links <- s
		return "https://termine.example.org/" + s.Reveal()
	}
	w.Bookings = &booking.Bookings{DB: e.DB, Offices: office.NewStore(), Persons: vault, Texts: texts,
		From: "termine@example.org", Wake: w.worker.Wake, Links: booking.Links{Manage: link, Verify: link,
			Start: func(string, locale.Lang) string { return "https://termine.example.org/" }}}
	return w
}

// berlin is the town's zone.
var berlin = func() *time.Location {
	l, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		panic(err)
	}
	return l
}()

// at is a wall-clock time of the test week, which begins on Monday, 7
// September 2026.
func at(day, hour, minute int) int64 {
	return time.Date(2026, time.September, day, hour, minute, 0, 0, berlin).Unix()
}

// The tests' names and numbers are invented; the numbers are reserved for that.
var guest = person.Data{FirstName: "Quirin", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 123"}

func (w *town) hold(service string, start int64) (seal.Secret, error) {
	return w.Hold(w.Context(), booking.HoldRequest{TenantID: w.tenant, Wanted: []office.Wanted{{Key: service, Quantity: 1}},
		Location: "rathaus", Start: start, Lang: locale.DE})
}

func (w *town) mustHold(service string, start int64) seal.Secret {
	w.Helper()
	s, err := w.hold(service, start)
	if err != nil {
		w.Fatal(err)
	}
	return s
}

// book goes the whole way.
func (w *town) book(service string, start int64) seal.Secret {
	w.Helper()
	s := w.mustHold(service, start)
	if _, err := w.SaveDetails(w.Context(), w.tenant, s, guest); err != nil {
		w.Fatal(err)
	}
	if err := w.Confirm(w.Context(), w.tenant, s, locale.DE); err != nil {
		w.Fatal(err)
	}
	return s
}

func (w *town) view(s seal.Secret) *booking.View {
	w.Helper()
	v, err := w.Open(w.Context(), w.tenant, s)
	if err != nil {
		w.Fatal(err)
	}
	return v
}

// free tells whether a start at the town hall is offered for a service.
func (w *town) free(service string, start int64) bool {
	w.Helper()
	cat, err := w.Bookings.Catalogue(w.Context(), w.tenant)
	if err != nil {
		w.Fatal(err)
	}
	sel, err := cat.Select([]office.Wanted{{Key: service, Quantity: 1}})
	if err != nil {
		w.Fatal(err)
	}
	l, _ := cat.Location("rathaus")
	days, err := w.Free(w.Context(), booking.SearchFor(l, sel))
	if err != nil {
		w.Fatal(err)
	}
	for _, d := range days {
		for _, s := range d.Starts {
			if s == start {
				return true
			}
		}
	}
	return false
}

// claimed is how many ticks are claimed in force, by kind.
func (w *town) claimed(kind string) int {
	w.Helper()
	return w.number("SELECT COUNT(*) FROM claim WHERE kind = $1 AND until > $2", kind, w.Clock.Now().Unix())
}

func (w *town) number(query string, args ...any) int {
	w.Helper()
	var n int
	w.One(w.T, &n, query, args...)
	return n
}

func (w *town) exec(query string, args ...any) {
	w.Helper()
	w.Exec(w.T, query, args...)
}

// sealed are values of one column, as they lie in the database.
func (w *town) sealed(query string) [][]byte {
	w.Helper()
	var all [][]byte
	w.fine(w.read(func(tx *db.Tx) error {
		var err error
		all, err = db.Collect(w.Context(), tx, func(scan db.Scan) ([]byte, error) {
			var b []byte
			return b, scan(&b)
		}, query)
		return err
	}))
	return all
}

// sent delivers what is queued and returns the subjects by recipient.
func (w *town) sent() map[string][]string {
	w.Helper()
	if _, err := w.worker.Step(w.Context()); err != nil {
		w.Fatal(err)
	}
	out := map[string][]string{}
	for _, m := range w.mails.List() { // newest first
		out[m.To] = append([]string{m.Subject}, out[m.To]...)
	}
	return out
}

func wantKind(t *testing.T, err error, k fault.Kind, key string) {
	t.Helper()
	f, ok := fault.As(err)
	if !ok || f.Kind != k || f.Key != key {
		t.Errorf("got %v, want kind %d %s", err, k, key)
	}
}
