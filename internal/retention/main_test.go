// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/account"
	"vorzimmer/internal/app"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/retention"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// loadTexts loads them once for all tests.
var loadTexts = sync.OnceValues(locale.Load)

// town is a service over the test town, whose deletion job the tests run by hand.
type town struct {
	*testing.T
	*dbtest.Env
	*app.Service
	key    *seal.Key
	tenant string
	folder string // of the list of erasures and the access log
	mails  *capture.Transport
	said   *said
}

// said is what the program logged.
type said struct {
	sync.Mutex
	bytes.Buffer
}

func (s *said) Write(p []byte) (int, error) {
	s.Lock()
	defer s.Unlock()
	return s.Buffer.Write(p)
}

func (s *said) count(text string) int {
	s.Lock()
	defer s.Unlock()
	return strings.Count(s.String(), text)
}

func newTown(t *testing.T, e *dbtest.Env) *town {
	t.Helper()
	w := &town{T: t, Env: e, key: seal.NewKey(), folder: t.TempDir(), said: &said{}}
	w.fine(office.ClaimKey(t.Context(), e.DB, w.key))
	w.file(strings.NewReplacer())
	w.start()
	return w
}

// start makes the service as a process does that begins now.
func (w *town) start() {
	w.Helper()
	w.Service = w.process(false)
}

// process is another one on the same database.
func (w *town) process(newErasures bool) *app.Service {
	w.Helper()
	texts, err := loadTexts()
	w.fine(err)
	w.mails, err = capture.New(mime.Sender{Address: "termine@example.org"}, w.Clock)
	w.fine(err)
	list, err := erasure.Open(filepath.Join(w.folder, "erasures"), w.Clock.Now())
	w.fine(err)
	s, err := app.NewService(app.Options{DB: w.DB, Key: w.key, Clock: w.Clock, Log: slog.New(slog.NewTextHandler(w.said, nil)), Texts: texts,
		Tenants: map[string]*url.URL{w.tenant: {Scheme: "http", Host: "127.0.0.1"}}, Transport: w.mails, From: "termine@example.org",
		Limits: config.Defaults, AccessLog: filepath.Join(w.folder, "access-log"), Erasures: list, NewErasures: newErasures})
	w.fine(err)
	return s
}

func (w *town) fine(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// rules gives the town other periods: the lines of its file.
func (w *town) rules(lines ...string) {
	w.Helper()
	w.file(strings.NewReplacer("land: NW\n", "land: NW\nretention: {"+strings.Join(lines, ", ")+"}\n"))
}

// file changes the town's file and imports it.
func (w *town) file(r *strings.Replacer) {
	w.Helper()
	town := strings.Replace(string(officetest.Town), "unverified_per_address: 5", "unverified_per_address: 100", 1)
	w.tenant = officetest.ImportFile(w.T, w.Env, w.key, []byte(r.Replace(town)))
}

// run is one run of the job that has to be clean.
func (w *town) run() {
	w.Helper()
	w.fine(w.Deletion.Run(w.Context()))
}

func (w *town) at(at time.Time) {
	w.Helper()
	w.Clock.Set(at)
	w.run()
}

// ends makes sure that something is there one second before an instant and gone at
// it, whatever a query counts.
func (w *town) ends(what string, at time.Time, query string, args ...any) {
	w.Helper()
	w.at(at.Add(-time.Second))
	if w.count(query, args...) == 0 {
		w.Errorf("%s: gone before its time", what)
	}
	if w.due() != 0 {
		w.Errorf("%s: something is due", what)
	}
	w.Clock.Set(at)
	if w.due() == 0 {
		w.Errorf("%s: nothing is due", what)
	}
	w.run()
	if n := w.count(query, args...); n != 0 {
		w.Errorf("%s: %d left after its time", what, n)
	}
	if w.due() != 0 {
		w.Errorf("%s: something is due after the run", what)
	}
}

// due is what the report says is to be deleted now.
func (w *town) due() int {
	w.Helper()
	n := 0
	for _, l := range w.report().Lines {
		n += l.Due
	}
	return n
}

func (w *town) report() *retention.Report {
	w.Helper()
	r, err := w.Deletion.Report(w.Context(), w.tenant)
	w.fine(err)
	return r
}

// line is what the report says about a class.
func (w *town) line(class string) retention.Line {
	w.Helper()
	for _, l := range w.report().Lines {
		if l.Class == class {
			return l
		}
	}
	w.Fatalf("no line about %s", class)
	return retention.Line{}
}

func (w *town) count(query string, args ...any) int {
	w.Helper()
	var n int
	w.One(w.T, &n, query, args...)
	return n
}

func (w *town) exec(query string, args ...any) {
	w.Helper()
	w.Exec(w.T, query, args...)
}

// clean makes sure that nothing is wrong in the database, once the mails are sent.
func (w *town) clean() {
	w.Helper()
	w.send()
	bad := func(row, key string) { w.Errorf("check: %s: %s", row, key) }
	_, err := booking.Check(w.Context(), w.DB, w.key, func(f booking.Finding) { bad(f.Row, f.Key) })
	w.fine(err)
	w.fine(account.Check(w.Context(), w.DB, w.key, func(f account.Finding) { bad(f.Row, f.Key) }))
}

// quirin is invented, and so is the number.
var quirin = person.Data{FirstName: "Quirin", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 123"}

// hold reserves services at the town hall.
func (w *town) hold(at time.Time, services ...string) seal.Secret {
	w.Helper()
	r := booking.HoldRequest{TenantID: w.tenant, Location: "rathaus", Start: at.Unix(), Lang: locale.DE}
	for _, s := range services {
		r.Wanted = append(r.Wanted, office.Wanted{Key: s, Quantity: 1})
	}
	s, err := w.Bookings.Hold(w.Context(), r)
	w.fine(err)
	return s
}

// book goes the whole way and returns the appointment.
func (w *town) book(at time.Time, services ...string) *booking.View {
	w.Helper()
	s := w.hold(at, services...)
	_, err := w.Bookings.SaveDetails(w.Context(), w.tenant, s, quirin)
	w.fine(err)
	w.fine(w.Bookings.Confirm(w.Context(), w.tenant, s, locale.DE))
	return w.view(s)
}

func (w *town) view(s seal.Secret) *booking.View {
	w.Helper()
	v, err := w.Bookings.Open(w.Context(), w.tenant, s)
	w.fine(err)
	return v
}

// again books at the desk for a person whose record is there.
func (w *town) again(personID string, at time.Time) (*booking.Entry, error) {
	e, _, err := w.Bookings.BookFor(w.Context(), w.member(staff.Admin), booking.ForSomeone{Location: "rathaus", Start: at.Unix(),
		Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}}, Data: quirin, PersonID: personID, Lang: locale.DE})
	return e, err
}

// member works everywhere in the town.
func (w *town) member(r staff.Role) *staff.Member {
	return &staff.Member{ID: "staff-" + string(r), TenantID: w.tenant, Role: r, Everywhere: true}
}

// version is an appointment's newest one.
func (w *town) version(id string) int64 {
	w.Helper()
	return int64(w.count("SELECT version FROM appointment WHERE id = $1", id))
}

// counter is the id of a counter of the town hall.
func (w *town) counter(key string) string {
	w.Helper()
	var id string
	w.One(w.T, &id, "SELECT c.id FROM counter c JOIN location l ON l.id = c.location_id WHERE l.key = 'rathaus' AND c.key = $1", key)
	return id
}

// send delivers all mails that wait.
func (w *town) send() {
	w.Helper()
	_, err := w.Worker.Step(w.Context())
	w.fine(err)
}

// local is a wall-clock time in a zone.
func local(t *testing.T, zone, clock string) time.Time {
	t.Helper()
	l, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", clock, l)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

// berlin is a wall-clock time in the town's zone.
func (w *town) berlin(clock string) time.Time { return local(w.T, "Europe/Berlin", clock) }

// write runs a transaction beside the service.
func (w *town) write(f func(ctx context.Context, tx *db.Tx) error) {
	w.Helper()
	w.fine(w.DB.Write(w.Context(), func(tx *db.Tx) error { return f(w.Context(), tx) }))
}
