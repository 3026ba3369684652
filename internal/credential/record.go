// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// Login is one line of the record of logins, successful or not.
type Login struct {
	ID      string
	At      int64 // unix seconds
	Kind    session.Kind
	OwnerID string // of the account; empty for an address without one
	Method  string // password, passkey, "password, code" ...
	OK      bool
	Address string // the IP address, where it is asked for and still there
}

// LoginsPage is how many a list has at most: when it has as many, there may be more.
const LoginsPage = 100

func boundAddress(loginID string) string { return "login/" + loginID + "/address" }

// record keeps a login and, apart from it, from where it came: the address has a
// shorter life, and other readers.
func (l *Logins) record(ctx context.Context, tx *db.Tx, v Visit, o *Owner, e Event) error {
	t, err := l.o.Directory.Tenant(ctx, tx, v.TenantID)
	if err != nil {
		return err
	}
	id, owner := db.NewID(), ""
	if o != nil {
		owner = o.ID
	}
	err = tx.Later(ctx, nil, "INSERT INTO login (id, tenant_id, at, kind, owner_id, method, ok) VALUES ($1, $2, $3, $4, NULLIF($5, ''), $6, $7)",
		id, t.ID, tx.Unix(), string(l.o.Kind), owner, e.How, e.What == LoggedIn)
	if err != nil {
		return fmt.Errorf("record login: %w", err)
	}
	err = tx.Later(ctx, nil, "INSERT INTO login_address (login_id, at, sealed) VALUES ($1, $2, $3)",
		id, tx.Unix(), t.Addresses.Seal([]byte(v.Address), boundAddress(id)))
	if err != nil {
		return fmt.Errorf("record address of login: %w", err)
	}
	return nil
}

const loginColumns = "SELECT l.id, l.at, l.kind, COALESCE(l.owner_id, ''), l.method, l.ok"

// Own are the logins at the account of a session, without addresses, the newest
// first, at most a hundred.
func (l *Logins) Own(ctx context.Context, v Visit) ([]Login, error) {
	id := v.Session.Owner(l.o.Kind)
	if id == "" || !v.Session.Full {
		return nil, unknown()
	}
	var list []Login
	err := l.o.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		list, err = db.Collect(ctx, tx, func(scan db.Scan) (Login, error) {
			var n Login
			return n, scan(&n.ID, &n.At, &n.Kind, &n.OwnerID, &n.Method, &n.OK)
		}, fmt.Sprintf("%s FROM login l WHERE l.owner_id = $1 ORDER BY l.id DESC LIMIT %d", loginColumns, LoginsPage), id)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read own logins: %w", err)
	}
	return list, nil
}

// Record are the logins at a tenant, of all kinds of accounts, with the addresses
// that are still there: the newest first, at most a hundred, and only older ones
// than one of an id, if that is not empty. Who may see them is the caller's to ask.
func Record(ctx context.Context, tx *db.Tx, t *Tenant, before string) ([]Login, error) {
	return logins(ctx, tx, t, fmt.Sprintf("l.tenant_id = $1 AND ($2 = '' OR l.id < $2) ORDER BY l.id DESC LIMIT %d", LoginsPage), t.ID, before)
}

// logins are those of a condition, with the addresses that are still there.
func logins(ctx context.Context, tx *db.Tx, t *Tenant, where string, args ...any) ([]Login, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Login, error) {
		var n Login
		var sealed []byte
		if err := scan(&n.ID, &n.At, &n.Kind, &n.OwnerID, &n.Method, &n.OK, &sealed); err != nil || sealed == nil {
			return n, err
		}
		plain, err := t.Addresses.Open(sealed, boundAddress(n.ID))
		if err != nil {
			return n, fmt.Errorf("address of login %s: %w", n.ID, err)
		}
		n.Address = string(plain)
		return n, nil
	}, loginColumns+", a.sealed FROM login l LEFT JOIN login_address a ON a.login_id = l.id WHERE "+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read logins: %w", err)
	}
	return list, nil
}

// OldLogins are the logins at a tenant from an instant or before.
var OldLogins = db.Aged{Table: "login", Key: "id", Where: "tenant_id = $1 AND at <= $2", Order: "at",
	Parts: []db.Part{{Table: "login_address", Column: "login_id"}}}

// OldAddresses are the addresses of such logins.
var OldAddresses = db.Aged{Table: "login_address", Key: "login_id", Order: "at",
	Where: "at <= $2 AND EXISTS (SELECT 1 FROM login l WHERE l.id = login_id AND l.tenant_id = $1)"}

// Addresses derives the key for the addresses of logins from their tenant's.
func Addresses(tenant *seal.Key) *seal.Key { return tenant.Derive("login address") }
