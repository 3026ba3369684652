// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"net/url"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// State of an account.
type State string

// The states. Invite makes invited, Accept and Enable active, Disable disabled.
const (
	Invited  State = "invited" // has not set a password yet
	Active   State = "active"
	Disabled State = "disabled"
)

// Options is what accounts are made of.
type Options struct {
	DB       *db.DB
	Key      *seal.Key // the installation's
	Offices  *office.Store
	Sessions *session.Store
	Hasher   *credential.Hasher // the process's
	Texts    *locale.Catalogue
	Base     func(tenantID string) *url.URL                             // where a tenant is served; passkeys belong to it
	Link     func(tenantID string, l locale.Lang, s seal.Secret) string // to the page that sets a password
	Wake     func()                                                     // tells the worker that there is something to send
}

// Accounts are those of all tenants, with their logins. They are safe for
// concurrent use.
type Accounts struct {
	Options
	*credential.Logins
}

// New makes the accounts of a database. There should be one in a process: the
// limits on passwords are counted in it.
func New(o Options) *Accounts {
	a := &Accounts{Options: o}
	a.Logins = credential.New(credential.Options{DB: o.DB, Kind: session.Staff, Directory: a, Sessions: o.Sessions,
		Hasher: o.Hasher, Base: o.Base, Wake: o.Wake})
	return a
}

// Account is what is known about somebody's account, for those who manage it.
type Account struct {
	Member
	State    State
	Created  int64 // unix seconds
	Version  int64 // to be handed back with a change
	HasCode  bool  // a code generator is set up
	Passkeys int
}

// account is a row with what it seals.
type account struct {
	Account
	hasPassword bool
}

// identity is what a row seals: nothing else in it says who somebody is.
type identity struct{ Name, Email string }

// desk is a tenant with the keys for its accounts: Data seals names, addresses
// and mails, too, and Tokens hashes addresses.
type desk struct {
	*credential.Tenant
	catalogue *office.Catalogue
}

func (a *Accounts) desk(ctx context.Context, tx *db.Tx, tenantID string) (*desk, error) {
	cat, err := a.Offices.Catalogue(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	key, err := cat.Tenant.OpenKey(a.Key)
	if err != nil {
		return nil, err
	}
	t := withKeys(tenantID, key)
	t.Name, t.Second = cat.Tenant.Name, cat.Tenant.SecondFactor
	return &desk{Tenant: t, catalogue: cat}, nil
}

// withKeys derives the keys for accounts from their tenant's.
func withKeys(tenantID string, key *seal.Key) *credential.Tenant {
	return &credential.Tenant{ID: tenantID, Data: key.Derive("staff"), Tokens: key.Derive("staff token"),
		Addresses: credential.Addresses(key)}
}

// boundData names the row that name and address are sealed for.
func boundData(id string) string { return "staff/" + id + "/data" }

// unknown is the answer for what does not exist or belongs to another tenant.
func unknown() error { return fault.New(fault.NotFound, "error.notfound.text") }

// columns are read by scan, from accounts with their credentials. What there is
// to log in with comes along, so that a list costs two queries however long it
// is.
const columns = `s.id, s.role, s.everywhere, s.state, s.created, s.version, s.sealed, c.password <> '', c.totp IS NOT NULL,
	(SELECT COUNT(*) FROM passkey p WHERE p.owner_id = s.id)`

func (d *desk) scan(scan db.Scan) (*account, error) {
	a := &account{}
	var sealed []byte
	if err := scan(&a.ID, &a.Role, &a.Everywhere, &a.State, &a.Created, &a.Version, &sealed, &a.hasPassword, &a.HasCode,
		&a.Passkeys); err != nil {
		return nil, err
	}
	a.TenantID = d.ID
	plain, err := d.Data.Open(sealed, boundData(a.ID))
	if err != nil {
		return nil, fmt.Errorf("data of account %s: %w", a.ID, err)
	}
	var who identity
	if err := json.Unmarshal(plain, &who); err != nil {
		return nil, fmt.Errorf("data of account %s are no record", a.ID)
	}
	a.Name, a.Email = who.Name, who.Email
	return a, nil
}

func (d *desk) seal(id string, who identity) ([]byte, error) {
	plain, err := json.Marshal(who)
	if err != nil {
		return nil, fmt.Errorf("encode account: %w", err)
	}
	return d.Data.Seal(plain, boundData(id)), nil
}

// load reads one account of the tenant, with its locations.
func (d *desk) load(ctx context.Context, tx *db.Tx, id string) (*account, error) {
	return d.one(ctx, tx, "s.id = $2", id)
}

// find reads the account of an address.
func (d *desk) find(ctx context.Context, tx *db.Tx, email string) (*account, error) {
	return d.one(ctx, tx, "s.token = $2", d.token(email))
}

func (d *desk) one(ctx context.Context, tx *db.Tx, where string, arg any) (*account, error) {
	list, err := d.read(ctx, tx, "WHERE s.tenant_id = $1 AND "+where, d.ID, arg)
	if err != nil {
		return nil, err
	}
	if len(list) == 0 {
		return nil, unknown()
	}
	return list[0], nil
}

// read reads accounts with their locations.
func (d *desk) read(ctx context.Context, tx *db.Tx, where string, args ...any) ([]*account, error) {
	list, err := db.Collect(ctx, tx, d.scan, "SELECT "+columns+" FROM staff s JOIN credential c ON c.owner_id = s.id "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	byID := map[string]*account{}
	for _, a := range list {
		byID[a.ID] = a
	}
	_, err = db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id, location string
		err := scan(&id, &location)
		if a := byID[id]; err == nil && a != nil {
			a.Locations = append(a.Locations, location)
		}
		return struct{}{}, err
	}, "SELECT l.staff_id, l.location_id FROM staff_location l JOIN staff s ON s.id = l.staff_id "+where+
		" ORDER BY l.staff_id, l.location_id", args...)
	if err != nil {
		return nil, fmt.Errorf("read locations of accounts: %w", err)
	}
	return list, nil
}

// Member is whose session it is, as of now, and what is missing of the login;
// nil while something is. It answers NotFound for nobody, and for an account
// that is not active, does not exist or belongs to another tenant.
func (a *Accounts) Member(ctx context.Context, tenantID string, s session.Data) (*Member, credential.Next, error) {
	var found *account
	var next credential.Next
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		if s.StaffID == "" {
			return unknown()
		}
		d, err := a.desk(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		if found, err = d.load(ctx, tx, s.StaffID); err != nil {
			return err
		}
		if found.State != Active {
			return unknown()
		}
		next, err = a.NextOf(ctx, tx, s, d.owner(found))
		return err
	})
	if err != nil {
		return nil, "", err
	}
	if next != credential.Done {
		return nil, next, nil
	}
	return &found.Member, credential.Done, nil
}

// Names is who is behind the ids of the accounts of the member's tenant, also
// of those that are disabled: whoever works at an office may know who else
// does.
func (a *Accounts) Names(ctx context.Context, by *Member) (map[string]string, error) {
	list, err := a.all(ctx, by.TenantID)
	if err != nil {
		return nil, err
	}
	names := map[string]string{}
	for _, one := range list {
		names[one.ID] = one.Name
	}
	return names, nil
}

// all reads every account of a tenant.
func (a *Accounts) all(ctx context.Context, tenantID string) ([]*account, error) {
	var list []*account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := a.desk(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		list, err = d.read(ctx, tx, "WHERE s.tenant_id = $1", tenantID)
		return err
	})
	return list, err
}

// MailKey opens the key that seals mails to an account's owner. It answers
// NotFound for one that does not exist.
func (a *Accounts) MailKey(ctx context.Context, tx *db.Tx, staffID string) (*seal.Key, error) {
	var tenantID string
	err := tx.QueryRow(ctx, "SELECT tenant_id FROM staff WHERE id = $1", staffID).Scan(&tenantID)
	if db.IsNoRows(err) {
		return nil, unknown()
	}
	if err != nil {
		return nil, fmt.Errorf("select tenant of account %s: %w", staffID, err)
	}
	d, err := a.desk(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return d.Data, nil
}
