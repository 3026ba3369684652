// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// Next is what is still missing of a login.
type Next string

// What may be next.
const (
	Done        Next = "done"
	GiveFactor  Next = "give"   // code, recovery code or passkey
	SetUpFactor Next = "set_up" // the tenant wants a second factor and there is none; or there is nothing to log in with
)

// next is where somebody stands who has given the password.
func (one *account) next() Next {
	switch {
	case one.hasFactor():
		return GiveFactor
	case one.Second || one.password == "":
		return SetUpFactor
	}
	return Done
}

// complete tells whether all was given in a session. One that is older than the
// tenant's wish for a second factor has to give it like a new one.
func complete(s session.Data, t *Tenant) bool { return s.Full && (s.Second || !t.Second) }

// nextIn is where a session stands.
func (one *account) nextIn(s session.Data) Next {
	if complete(s, one.Tenant) {
		return Done
	}
	return one.next()
}

// Next is what is missing in a visit, and whose it is. It answers NotFound for
// nobody, and for an account that is not active, does not exist or belongs to
// another tenant.
func (l *Logins) Next(ctx context.Context, v Visit) (Next, *Owner, error) {
	var one *account
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		one, err = l.owner(ctx, tx, v, toLook)
		return err
	})
	if err != nil {
		return "", nil, err
	}
	return one.nextIn(v.Session), one.Owner, nil
}

// NextOf is Next for a directory that has read the owner of the session and
// found it active.
func (l *Logins) NextOf(ctx context.Context, tx *db.Tx, s session.Data, o *Owner) (Next, error) {
	if complete(s, o.Tenant) {
		return Done, nil
	}
	one, err := read(ctx, tx, o)
	if err != nil {
		return "", err
	}
	return one.next(), nil
}

// errLogin is the one answer to everything that is wrong with a login.
func errLogin() error { return fault.New(fault.Forbidden, "login.wrong") }

// Login checks address and password and makes a session. Forbidden
// "login.wrong" is the answer to all that may be wrong, after the same work;
// TooMany "login.many" and "login.busy" ask for patience.
func (l *Logins) Login(ctx context.Context, v Visit, email, password string) (Next, error) {
	name := counted(v.TenantID, email)
	if !l.attempts.mayLogin(name, v.Network) {
		return "", fault.New(fault.TooMany, "login.many")
	}
	var found *account
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		found, err = l.byEmail(ctx, tx, v.TenantID, email)
		return err
	})
	if err != nil {
		return "", err
	}
	right, err := l.o.Hasher.verify(ctx, found.password, password)
	if err != nil {
		return "", err
	}
	if !right || !found.Active {
		if err := l.failed(ctx, v, found.Owner, "password"); err != nil {
			return "", err
		}
		return "", errLogin()
	}
	fresh, err := l.rehash(ctx, found.password, password)
	if err != nil {
		return "", err
	}
	var next Next
	err = l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.account(ctx, tx, v.TenantID, found.ID, toChange)
		if fault.Of(err) == fault.NotFound || err == nil && (!one.Active || one.password != found.password) {
			return errLogin() // changed since it was read
		}
		if err != nil {
			return err
		}
		if fresh != "" {
			if _, err := tx.Exec(ctx, "UPDATE credential SET password = $2 WHERE owner_id = $1", one.ID, fresh); err != nil {
				return fmt.Errorf("renew password hash: %w", err)
			}
		}
		if next = one.next(); next == Done {
			if err := l.note(ctx, tx, v, one.Owner, LoggedIn, "password"); err != nil {
				return err
			}
		}
		d := session.Of(l.o.Kind, one.ID)
		d.Full = next == Done
		return v.Remember(ctx, tx, d)
	})
	if err != nil {
		return "", err
	}
	l.attempts.loggedIn(name, v.Network)
	return next, nil
}

// failed records a wrong password, code or passkey for an account; nil: for
// none.
func (l *Logins) failed(ctx context.Context, v Visit, o *Owner, how string) error {
	return l.o.DB.Write(ctx, func(tx *db.Tx) error { return l.note(ctx, tx, v, o, Failed, how) })
}

// byEmail is the account of an address. It has neither owner nor password when
// there is none.
func (l *Logins) byEmail(ctx context.Context, tx *db.Tx, tenantID, email string) (*account, error) {
	o, err := l.o.Directory.ByEmail(ctx, tx, tenantID, email)
	if fault.Of(err) == fault.NotFound {
		return &account{}, nil
	}
	if err != nil {
		return nil, err
	}
	return read(ctx, tx, o)
}

// rehash is a new hash for a password whose hash was made with other costs,
// else empty.
func (l *Logins) rehash(ctx context.Context, stored, password string) (string, error) {
	if !outdated(stored) {
		return "", nil
	}
	return l.o.Hasher.Hash(ctx, password)
}

// passed stores that everything was given, and how.
func (l *Logins) passed(ctx context.Context, tx *db.Tx, v Visit, one *account, how string) error {
	if err := l.note(ctx, tx, v, one.Owner, LoggedIn, how); err != nil {
		return err
	}
	d := session.Of(l.o.Kind, one.ID)
	d.Full, d.Second = true, true
	if v.Session.Owner(l.o.Kind) != "" {
		d.Since = v.Session.Since
	}
	return v.Remember(ctx, tx, d)
}
