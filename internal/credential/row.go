// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// account is an owner with the row.
type account struct {
	*Owner
	password string // hash in PHC form; empty: none
	totp     []byte // sealed; nil: none
	totpStep int64  // the last one that was used
	passkeys int
}

// hasFactor tells whether there is a second factor to ask for.
func (one *account) hasFactor() bool { return one.totp != nil || one.passkeys > 0 }

// purpose is what an account is read for.
type purpose int

const (
	toLook   purpose = iota
	toChange         // nobody else changes it until commit
)

// Create makes the credential of a new account, without a password.
func (l *Logins) Create(ctx context.Context, tx *db.Tx, tenantID, ownerID string) error {
	_, err := tx.Exec(ctx, "INSERT INTO credential (owner_id, tenant_id, password, totp_step) VALUES ($1, $2, '', 0)", ownerID, tenantID)
	if err != nil {
		return fmt.Errorf("insert credential: %w", err)
	}
	return nil
}

// Lock makes everybody wait who wants to change the account or log in to it,
// until commit. What was read before may have changed by then. Without such an
// account it does nothing.
func (l *Logins) Lock(ctx context.Context, tx *db.Tx, ownerID string) error {
	if tx.ForUpdate() == "" {
		return nil // nobody else writes
	}
	var found string
	err := tx.QueryRow(ctx, "SELECT owner_id FROM credential WHERE owner_id = $1"+tx.ForUpdate(), ownerID).Scan(&found)
	if err != nil && !db.IsNoRows(err) {
		return fmt.Errorf("lock credential: %w", err)
	}
	return nil
}

// Reset takes away password, second factors and links. The sessions are for the
// caller to end.
func (l *Logins) Reset(ctx context.Context, tx *db.Tx, ownerID string) error {
	return wipe(ctx, tx, ownerID, "UPDATE credential SET password = '', totp = NULL, totp_step = 0 WHERE owner_id = $1")
}

// Delete takes away everything that an account has to log in with, and its
// sessions.
func (l *Logins) Delete(ctx context.Context, tx *db.Tx, ownerID string) error {
	if err := l.o.Sessions.EndAll(ctx, tx, l.o.Kind, ownerID); err != nil {
		return err
	}
	return wipe(ctx, tx, ownerID, "DELETE FROM credential WHERE owner_id = $1")
}

// wipe deletes what hangs on a row, and then does something to the row.
func wipe(ctx context.Context, tx *db.Tx, ownerID, last string) error {
	for _, q := range []string{
		"DELETE FROM passkey WHERE owner_id = $1",
		"DELETE FROM recovery_code WHERE owner_id = $1",
		"DELETE FROM credential_link WHERE owner_id = $1",
		last,
	} {
		if _, err := tx.Exec(ctx, q, ownerID); err != nil {
			return fmt.Errorf("wipe credential: %w", err)
		}
	}
	return nil
}

// read adds the row to an owner.
func read(ctx context.Context, tx *db.Tx, o *Owner) (*account, error) {
	one := &account{Owner: o}
	err := tx.QueryRow(ctx, `SELECT c.password, c.totp, c.totp_step, (SELECT COUNT(*) FROM passkey p WHERE p.owner_id = c.owner_id)
		FROM credential c WHERE c.owner_id = $1 AND c.tenant_id = $2`, o.ID, o.Tenant.ID).
		Scan(&one.password, &one.totp, &one.totpStep, &one.passkeys)
	if err != nil {
		return nil, fmt.Errorf("select credential of account %s: %w", o.ID, err)
	}
	return one, nil
}

// account reads one of a tenant.
func (l *Logins) account(ctx context.Context, tx *db.Tx, tenantID, id string, p purpose) (*account, error) {
	if p == toChange {
		if err := l.Lock(ctx, tx, id); err != nil {
			return nil, err
		}
	}
	o, err := l.o.Directory.Owner(ctx, tx, tenantID, id)
	if err != nil {
		return nil, err
	}
	return read(ctx, tx, o)
}

// owner is the account whose session it is, also halfway to a login. NotFound
// says that it is nobody's; or, with the account, that it may not log in.
func (l *Logins) owner(ctx context.Context, tx *db.Tx, v Visit, p purpose) (*account, error) {
	return l.active(ctx, tx, v.TenantID, v.Session.Owner(l.o.Kind), p)
}

func (l *Logins) active(ctx context.Context, tx *db.Tx, tenantID, id string, p purpose) (*account, error) {
	if id == "" {
		return nil, unknown()
	}
	one, err := l.account(ctx, tx, tenantID, id, p)
	if err == nil && !one.Active {
		err = unknown()
	}
	return one, err
}

// member is owner for what is done only once all was given.
func (l *Logins) member(ctx context.Context, tx *db.Tx, v Visit, p purpose) (*account, error) {
	one, err := l.owner(ctx, tx, v, p)
	if err != nil {
		return nil, err
	}
	if one.nextIn(v.Session) != Done {
		return nil, unknown()
	}
	return one, nil
}

// Began notes a login by other means than this package's, such as the link that
// made the account.
func (l *Logins) Began(ctx context.Context, tx *db.Tx, v Visit, o *Owner, how string) error {
	return l.note(ctx, tx, v, o, LoggedIn, how)
}

// note records what the visitor did.
func (l *Logins) note(ctx context.Context, tx *db.Tx, v Visit, o *Owner, what What, how string) error {
	e := Event{What: what, How: how}
	if what == LoggedIn || what == Failed {
		if err := l.record(ctx, tx, v, o, e); err != nil {
			return err
		}
	}
	return l.o.Directory.Note(ctx, tx, v.TenantID, o, e)
}
