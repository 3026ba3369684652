// SPDX-License-Identifier: EUPL-1.2

package credential_test

import (
	"context"
	"fmt"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// password is a good one; other is another.
const (
	password = "lampe-knödel-violett-7"
	other    = "dachrinne zebra quarz"
)

// club is a directory of citizens' accounts in memory, with their logins.
type club struct {
	*testing.T
	*dbtest.Env
	*credential.Logins
	hasher   *credential.Hasher
	sessions *session.Store
	tenant   *credential.Tenant

	mu     sync.Mutex
	owners []*credential.Owner
	events []string               // what was noted: whose, what, how
	links  map[string]seal.Secret // the newest that was mailed, by id
}

func newClub(t *testing.T, e *dbtest.Env) *club {
	t.Helper()
	_, id := officetest.Import(t, e)
	key := seal.NewKey()
	c := &club{T: t, Env: e, hasher: credential.NewHasher(), sessions: &session.Store{DB: e.DB}, links: map[string]seal.Secret{},
		tenant: &credential.Tenant{ID: id, Name: "Stadt Kleinstadt", Data: key.Derive("account"), Tokens: key.Derive("account token"),
			Addresses: credential.Addresses(key)}}
	c.Logins = credential.New(credential.Options{DB: e.DB, Kind: session.Account, Directory: c, Sessions: c.sessions, Hasher: c.hasher,
		Base: func(string) *url.URL { return &url.URL{Scheme: "http", Host: "localhost:8080"} }, Wake: func() {}})
	return c
}

// Tenant knows the one of the club.
func (c *club) Tenant(_ context.Context, _ *db.Tx, tenantID string) (*credential.Tenant, error) {
	if tenantID != c.tenant.ID {
		return nil, fault.New(fault.NotFound, "error.notfound.text")
	}
	return c.tenant, nil
}

// Owner looks in the list.
func (c *club) Owner(_ context.Context, _ *db.Tx, tenantID, id string) (*credential.Owner, error) {
	return c.find(func(o *credential.Owner) bool { return o.Tenant.ID == tenantID && o.ID == id })
}

// ByEmail looks in the list.
func (c *club) ByEmail(_ context.Context, _ *db.Tx, tenantID, email string) (*credential.Owner, error) {
	email = credential.NormalEmail(email)
	return c.find(func(o *credential.Owner) bool {
		return o.Tenant.ID == tenantID && credential.NormalEmail(o.Email) == email
	})
}

func (c *club) find(is func(*credential.Owner) bool) (*credential.Owner, error) {
	for _, o := range c.owners {
		if is(o) {
			return o, nil
		}
	}
	return nil, fault.New(fault.NotFound, "error.notfound.text")
}

// Note keeps what happened.
func (c *club) Note(_ context.Context, _ *db.Tx, _ string, o *credential.Owner, e credential.Event) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	who := "nobody"
	if o != nil {
		who = o.ID
	}
	c.events = append(c.events, strings.TrimSpace(fmt.Sprint(who, " ", e.What, " ", e.How)))
	return nil
}

// PasswordSet lets the owner in.
func (c *club) PasswordSet(_ context.Context, _ *db.Tx, o *credential.Owner) error {
	o.Active = true
	return nil
}

// MailLink keeps the link.
func (c *club) MailLink(_ context.Context, _ *db.Tx, o *credential.Owner, s seal.Secret, _ time.Time, _ locale.Lang) error {
	c.links[o.ID] = s
	return nil
}

// open makes an active account without a password.
func (c *club) open(local string) *credential.Owner {
	c.Helper()
	o := &credential.Owner{Tenant: c.tenant, ID: local, Name: "Erfundene " + local, Email: local + "@example.org", Active: true}
	c.owners = append(c.owners, o)
	c.write(func(tx *db.Tx) error { return c.Create(c.Context(), tx, c.tenant.ID, o.ID) })
	return o
}

// add makes an active account with the password.
func (c *club) add(local string) *credential.Owner {
	c.Helper()
	o := c.open(local)
	hash, err := c.Hash(c.Context(), o, password)
	c.must(err)
	c.write(func(tx *db.Tx) error { return c.SavePassword(c.Context(), tx, o, hash) })
	return o
}

func (c *club) write(f func(*db.Tx) error) {
	c.Helper()
	c.must(c.Env.DB.Write(c.Context(), f))
}

func (c *club) must(err error) {
	c.Helper()
	if err != nil {
		c.Fatal(err)
	}
}

// fails wants a fault with a key.
func (c *club) fails(err error, kind fault.Kind, key string) {
	c.Helper()
	if f, ok := fault.As(err); !ok || f.Kind != kind || f.Key != key {
		c.Errorf("got %v, want %s", err, key)
	}
}

// number is the answer to a query for one.
func (c *club) number(query string, args ...any) int {
	c.Helper()
	var n int
	c.One(c.T, &n, query, args...)
	return n
}

// browser is somebody's browser with one cookie.
type browser struct {
	*club
	cookie seal.Secret
}

func (b *browser) visit() credential.Visit {
	b.Helper()
	d, _, err := b.sessions.Load(b.Context(), b.tenant.ID, b.cookie)
	b.must(err)
	return credential.Visit{TenantID: b.tenant.ID, Session: d, Network: "192.0.2.1",
		Remember: func(ctx context.Context, tx *db.Tx, d session.Data) error {
			old := b.cookie
			b.cookie = seal.NewSecret()
			return b.sessions.Replace(ctx, tx, b.tenant.ID, old, b.cookie, d)
		}}
}

// from is a visit by way of another network.
func (b *browser) from(network string) credential.Visit {
	b.Helper()
	v := b.visit()
	v.Network = network
	return v
}

// keep puts the state of a ceremony into the session of a visit, in a new one
// if there is none.
func (b *browser) keep(state []byte) credential.Visit {
	b.Helper()
	v := b.visit()
	v.Session.Ceremony = state
	return v
}

// inside tells whether all was given.
func (b *browser) inside() bool {
	b.Helper()
	next, _, err := b.Next(b.Context(), b.visit())
	if fault.Of(err) == fault.NotFound {
		return false
	}
	b.must(err)
	return next == credential.Done
}
