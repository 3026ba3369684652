// SPDX-License-Identifier: EUPL-1.2

// Package account is for citizens who want to come back: their accounts, what
// they told us, and which appointments they see there.
//
// Nobody needs an account to book. One is made by a link that reached a mailbox,
// never before, so that nobody can have one for an address that is not theirs. How
// its owner proves who they are is package credential's. The records of customers
// (package person) belong to appointments and know nothing of accounts. This
// package knows no HTTP.
package account

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"
	"strings"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// Options is what accounts are made of.
type Options struct {
	DB       *db.DB
	Key      *seal.Key // the installation's
	Offices  *office.Store
	Bookings *booking.Bookings
	Sessions *session.Store
	Hasher   *credential.Hasher // shared with all who hash in this process
	Texts    *locale.Catalogue
	Base     func(tenantID string) *url.URL // where a tenant is served; passkeys belong to it
	Links    Links
	Wake     func() // tells the worker that there is something to send
}

// Links are addresses of pages, for mails.
type Links struct {
	Confirm  func(tenantID string, l locale.Lang, s seal.Secret) string // makes the account
	NewEmail func(tenantID string, l locale.Lang, s seal.Secret) string // confirms another address
	Password func(tenantID string, l locale.Lang, s seal.Secret) string // sets a password
	Login    func(tenantID string, l locale.Lang) string
}

// Accounts are those of all tenants. They are safe for concurrent use.
type Accounts struct {
	Options
	*credential.Logins
}

// New makes the accounts of a database. There should be one in a process: the
// limits on passwords are counted in it.
func New(o Options) *Accounts {
	a := &Accounts{Options: o}
	a.Logins = credential.New(credential.Options{DB: o.DB, Kind: session.Account, Directory: directory{a}, Sessions: o.Sessions,
		Hasher: o.Hasher, Base: o.Base, Wake: o.Wake, LinkResets: true})
	return a
}

// Account is what its owner sees of it.
type Account struct {
	ID            string
	TenantID      string
	Data          person.Data // the note is empty: it belongs to an appointment
	Lang          locale.Lang // of the mails
	Created, Used int64       // unix seconds; Used is the last login
}

// town is a tenant with the keys for its citizens' accounts.
type town struct {
	*credential.Tenant
	catalogue *office.Catalogue
	mails     *seal.Key
}

func (a *Accounts) town(ctx context.Context, tx *db.Tx, tenantID string) (*town, error) {
	cat, err := a.Offices.Catalogue(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	key, err := cat.Tenant.OpenKey(a.Key)
	if err != nil {
		return nil, err
	}
	return &town{catalogue: cat, mails: message.AccountKey(key), Tenant: &credential.Tenant{ID: tenantID, Name: cat.Tenant.Name,
		Data: key.Derive("account"), Tokens: key.Derive("account token"), Addresses: credential.Addresses(key)}}, nil
}

// MailKey opens the key that seals mails about a tenant's accounts.
func (a *Accounts) MailKey(ctx context.Context, tx *db.Tx, tenantID string) (*seal.Key, error) {
	t, err := a.town(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return t.mails, nil
}

// bound names the row that an account's data are sealed for.
func bound(id string) string { return "account/" + id + "/data" }

func (t *town) token(email string) []byte {
	return t.Tokens.Token("email:" + credential.NormalEmail(email))
}

func unknown() error { return fault.New(fault.NotFound, "error.notfound.text") }

const columns = "SELECT id, tenant_id, created, used, lang, sealed FROM account WHERE "

// one reads the account of a condition on the tenant, which is $1, and a value.
func (t *town) one(ctx context.Context, tx *db.Tx, where string, arg any) (*Account, error) {
	list, err := t.read(ctx, tx, "tenant_id = $1 AND "+where, t.ID, arg)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, unknown()
	}
	return list[0], nil
}

func (t *town) read(ctx context.Context, tx *db.Tx, where string, args ...any) ([]*Account, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (*Account, error) {
		a := &Account{}
		var sealed []byte
		if err := scan(&a.ID, &a.TenantID, &a.Created, &a.Used, &a.Lang, &sealed); err != nil {
			return nil, err
		}
		plain, err := t.Data.Open(sealed, bound(a.ID))
		if err != nil {
			return nil, fmt.Errorf("data of account %s: %w", a.ID, err)
		}
		if err := json.Unmarshal(plain, &a.Data); err != nil {
			return nil, fmt.Errorf("data of account %s are no record", a.ID)
		}
		return a, nil
	}, columns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	return list, nil
}

// save seals an account's data, and how it is found.
func (t *town) save(ctx context.Context, tx *db.Tx, a *Account) error {
	sealed, err := t.seal(a)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE account SET token = $2, sealed = $3 WHERE id = $1", a.ID, t.token(a.Data.Email), sealed); err != nil {
		return fmt.Errorf("save account: %w", err)
	}
	return nil
}

func (t *town) seal(a *Account) ([]byte, error) {
	plain, err := json.Marshal(a.Data)
	if err != nil {
		return nil, fmt.Errorf("encode account: %w", err)
	}
	return t.Data.Seal(plain, bound(a.ID)), nil
}

func (a *Account) name() string { return strings.TrimSpace(a.Data.FirstName + " " + a.Data.LastName) }

// Mine is whose session it is, and what is missing of the login; nil while
// something is. It answers NotFound for nobody.
func (a *Accounts) Mine(ctx context.Context, v credential.Visit) (*Account, credential.Next, error) {
	next, o, err := a.Next(ctx, v)
	if err != nil || next != credential.Done {
		return nil, next, err
	}
	var mine *Account
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		_, mine, err = a.load(ctx, tx, v.TenantID, o.ID)
		return err
	})
	return mine, next, err
}

// load reads an account of a tenant.
func (a *Accounts) load(ctx context.Context, tx *db.Tx, tenantID, id string) (*town, *Account, error) {
	t, err := a.town(ctx, tx, tenantID)
	if err != nil {
		return nil, nil, err
	}
	one, err := t.one(ctx, tx, "id = $2", id)
	return t, one, err
}

// Load is the account of a session, in a transaction. It answers NotFound unless
// everything was given.
func (a *Accounts) Load(ctx context.Context, tx *db.Tx, v credential.Visit) (*Account, error) {
	id, err := owner(v)
	if err != nil {
		return nil, err
	}
	_, one, err := a.load(ctx, tx, v.TenantID, id)
	return one, err
}

// lock is load for a change by whose session it is, who has given everything: it
// waits for everybody else who changes the account.
func (a *Accounts) lock(ctx context.Context, tx *db.Tx, v credential.Visit) (*town, *Account, error) {
	id, err := owner(v)
	if err != nil {
		return nil, nil, err
	}
	if err := a.Lock(ctx, tx, id); err != nil {
		return nil, nil, err
	}
	return a.load(ctx, tx, v.TenantID, id)
}

// owner is whose session it is, if everything was given.
func owner(v credential.Visit) (string, error) {
	if v.Session.AccountID == "" || !v.Session.Full {
		return "", unknown()
	}
	return v.Session.AccountID, nil
}

// mustProve answers Forbidden "login.prove" unless the owner has just proved who
// they are.
func (a *Accounts) mustProve(v credential.Visit) error {
	if !a.Proved(v.Session) {
		return fault.New(fault.Forbidden, "login.prove")
	}
	return nil
}
