// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"bytes"
	"context"
	"log/slog"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/audit"
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
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// house is the test town with a neighbour, and whatever accounts need.
type house struct {
	*testing.T
	*dbtest.Env
	*staff.Accounts
	key    *seal.Key
	tenant string
	places map[string]string // location ids by tenant and key
	mails  *capture.Transport
	worker *message.Worker
}

// neighbour is another tenant of the same installation.
const neighbour = "nachbarort"

// password is a good one; other is another.
const (
	password = "lampe-knödel-violett-7"
	other    = "dachrinne zebra quarz"
)

func newHouse(t *testing.T, e *dbtest.Env) *house {
	t.Helper()
	key, tenant := officetest.Import(t, e)
	officetest.ImportFile(t, e, key, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: "+neighbour), 1))
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, e.Clock)
	if err != nil {
		t.Fatal(err)
	}
	h := &house{T: t, Env: e, key: key, tenant: tenant, mails: mails, places: map[string]string{}}
	h.Accounts = h.process(texts)
	h.worker = message.NewWorker(e.DB, nil, mails, slog.New(slog.DiscardHandler))
	h.worker.StaffKey = h.MailKey
	for _, id := range []string{tenant, neighbour} {
		h.read(func(tx *db.Tx) error {
			cat, err := h.Offices.Catalogue(t.Context(), tx, id)
			if err == nil {
				for _, l := range cat.Locations {
					h.places[id+"/"+l.Key] = l.ID
				}
			}
			return err
		})
	}
	return h
}

// process is the accounts as another process has them, too.
func (h *house) process(texts *locale.Catalogue) *staff.Accounts {
	return staff.New(staff.Options{DB: h.Env.DB, Key: h.key, Offices: office.NewStore(), Sessions: &session.Store{DB: h.Env.DB},
		Hasher: credential.NewHasher(), Texts: texts,
		Base: func(string) *url.URL { return &url.URL{Scheme: "http", Host: "localhost:8080"} },
		Link: func(id string, l locale.Lang, s seal.Secret) string {
			return "http://localhost:8080/" + string(l) + "/invitation/" + s.Reveal()
		},
		Wake: func() {}})
}

func (h *house) read(f func(*db.Tx) error) {
	h.Helper()
	if err := h.Env.DB.Read(h.Context(), f); err != nil {
		h.Fatal(err)
	}
}

func (h *house) exec(query string, args ...any) {
	h.Helper()
	h.Exec(h.T, query, args...)
}

// number is the answer to a query for one.
func (h *house) number(query string, args ...any) int {
	h.Helper()
	var n int
	h.One(h.T, &n, query, args...)
	return n
}

// secondFactor says whether the town wants one.
func (h *house) secondFactor(must bool) {
	h.Helper()
	err := h.Env.DB.Write(h.Context(), func(tx *db.Tx) error { return office.SetSecondFactor(h.Context(), tx, h.tenant, must) })
	if err != nil {
		h.Fatal(err)
	}
}

// add makes an active account everywhere, with the password.
func (h *house) add(local string, role staff.Role) *staff.Member {
	h.Helper()
	return h.addAt(h.tenant, local, role)
}

func (h *house) addAt(tenant, local string, role staff.Role, places ...string) *staff.Member {
	h.Helper()
	n := staff.NewAccount{Email: local + "@example.org", Name: "Erfundene " + local, Role: role, Everywhere: len(places) == 0, Locations: places}
	s, err := h.InviteLink(h.Context(), staff.CommandLine(tenant), n)
	if err != nil {
		h.Fatal(err)
	}
	h.must(h.Accept(h.Context(), credential.Visit{TenantID: tenant}, s, password))
	return h.member(tenant, n.Email)
}

func (h *house) account(id string) *staff.Account {
	h.Helper()
	a, err := h.Account(h.Context(), staff.CommandLine(h.tenant), id)
	if err != nil {
		h.Fatal(err)
	}
	return a
}

func (h *house) member(tenant, email string) *staff.Member {
	h.Helper()
	a, err := h.Find(h.Context(), staff.CommandLine(tenant), email)
	if err != nil {
		h.Fatal(err)
	}
	if a.State != staff.Active {
		h.Fatalf("the account is %s", a.State)
	}
	return &a.Member
}

func (h *house) must(err error) {
	h.Helper()
	if err != nil {
		h.Fatal(err)
	}
}

// fails wants a fault with a key.
func (h *house) fails(err error, kind fault.Kind, key string) {
	h.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || f.Key != key {
		h.Errorf("got %v, want %s", err, key)
	}
}

// browser is somebody's browser with one cookie.
type browser struct {
	*house
	cookie seal.Secret
}

// remember is what a page passes: a new secret for each step.
func (b *browser) remember(ctx context.Context, tx *db.Tx, d session.Data) error {
	old := b.cookie
	b.cookie = seal.NewSecret()
	return b.Sessions.Replace(ctx, tx, b.tenant, old, b.cookie, d)
}

func (b *browser) login(local, word string) (credential.Next, error) {
	b.Helper()
	before := b.cookie
	next, err := b.Login(b.Context(), b.visit(), local+"@example.org", word)
	if err == nil && b.cookie == before {
		b.Error("the id of the session stayed")
	}
	return next, err
}

// in is a request in a session.
func (b *browser) in(d session.Data) credential.Visit {
	return credential.Visit{TenantID: b.tenant, Session: d, Network: "192.0.2.1", Remember: b.remember}
}

// visit is a request in the browser's own session.
func (b *browser) visit() credential.Visit {
	b.Helper()
	return b.in(b.data())
}

// data is what the session remembers; nothing if there is none.
func (b *browser) data() session.Data {
	b.Helper()
	d, _, err := b.Sessions.Load(b.Context(), b.tenant, b.cookie)
	if err != nil {
		b.Fatal(err)
	}
	return d
}

// keep puts the state of a ceremony into the session.
func (b *browser) keep(state []byte) {
	b.Helper()
	d := b.data()
	d.Ceremony = state
	b.must(b.Env.DB.Write(b.Context(), func(tx *db.Tx) error { return b.Sessions.Save(b.Context(), tx, b.tenant, b.cookie, d) }))
}

// who is the member whose session it is, or nil.
func (b *browser) who() *staff.Member {
	b.Helper()
	m, _, err := b.Member(b.Context(), b.tenant, b.data())
	if fault.Of(err) == fault.NotFound {
		return nil
	}
	b.must(err)
	return m
}

// enter logs in where no second factor is asked for.
func (h *house) enter(local string) *browser {
	h.Helper()
	b := &browser{house: h}
	next, err := b.login(local, password)
	if err != nil || next != credential.Done {
		h.Fatalf("login: %s, %v", next, err)
	}
	return b
}

// actions lists what the audit says about an account, the oldest first.
func (h *house) actions(subject string) []string {
	h.Helper()
	var out []string
	h.read(func(tx *db.Tx) error {
		list, err := audit.List(h.Context(), tx, h.tenant, audit.Filter{})
		for _, e := range slices.Backward(list) {
			if e.SubjectID == subject {
				out = append(out, strings.TrimPrefix(string(e.Action), "staff.")+" "+e.Detail)
			}
		}
		return err
	})
	return out
}

// failures are those of actions that say that a login failed.
func (h *house) failures(subject string) []string {
	h.Helper()
	return slices.DeleteFunc(h.actions(subject), func(s string) bool { return !strings.HasPrefix(s, "login.failed") })
}

// mailed sends what waits and returns the secret of the newest mail to an
// address; empty if there is none.
func (h *house) mailed(email string) seal.Secret {
	h.Helper()
	if _, err := h.worker.Step(h.Context()); err != nil {
		h.Fatal(err)
	}
	for _, m := range h.mails.List() {
		if m.To == email {
			return seal.Secret(regexp.MustCompile(`invitation/(\S{43})`).FindStringSubmatch(m.Text)[1])
		}
	}
	return ""
}

// by is a request in a session that goes on as it is.
func (h *house) by(d session.Data) credential.Visit {
	return credential.Visit{TenantID: h.tenant, Session: d, Network: "192.0.2.1"}
}

// from is a request of a stranger.
func (h *house) from(network string) credential.Visit {
	return credential.Visit{TenantID: h.tenant, Network: network}
}

// sessionOf is a session with everything given.
func sessionOf(m *staff.Member) session.Data {
	return session.Data{StaffID: m.ID, Full: true, Second: true}
}

// proven is the same just after the password was asked for again.
func (h *house) proven(m *staff.Member) session.Data {
	d := sessionOf(m)
	d.Proved = h.Clock.Now().Unix()
	return d
}

// prove gives the password again.
func (b *browser) prove() {
	b.Helper()
	b.must(b.Prove(b.Context(), b.visit(), password))
}
