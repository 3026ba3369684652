// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"fmt"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// Attempt is what somebody types to log in.
type Attempt struct {
	Email    string
	Password string
	Network  string // that the request comes from
}

// Remember stores what a session holds from now on, under a new id, in the
// transaction that it is given. A login that goes on answers session.ErrEnded
// when its session has ended meanwhile.
type Remember func(ctx context.Context, tx *db.Tx, d session.Data) error

// Next is what is still missing of a login.
type Next string

// What may be next.
const (
	Done        Next = "done"
	GiveFactor  Next = "give"   // code, recovery code or passkey
	SetUpFactor Next = "set_up" // the tenant wants a second factor and there is none
)

// next is where somebody stands who has given the password.
func (d *desk) next(one *account) Next {
	switch {
	case one.HasCode || one.Passkeys > 0:
		return GiveFactor
	case d.catalogue.Tenant.SecondFactor:
		return SetUpFactor
	}
	return Done
}

// nextIn is where a session stands. One that is older than the tenant's wish
// for a second factor has to give it like a new one.
func (d *desk) nextIn(s session.Data, one *account) Next {
	if s.Full && (s.Second || !d.catalogue.Tenant.SecondFactor) {
		return Done
	}
	return d.next(one)
}

// errLogin is the one answer to everything that is wrong with a login.
func errLogin() error { return fault.New(fault.Forbidden, "staff.login.wrong") }

// Login checks address and password and makes a session. Forbidden
// "staff.login.wrong" is the answer to all that may be wrong, after the same
// work; TooMany "staff.login.many" and "staff.busy" ask for patience.
func (a *Accounts) Login(ctx context.Context, tenantID string, t Attempt, remember Remember) (Next, error) {
	account := counted(tenantID, t.Email)
	if !a.attempts.mayLogin(account, t.Network) {
		return "", fault.New(fault.TooMany, "staff.login.many")
	}
	var found *accountOf
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		found, err = a.byEmail(ctx, tx, tenantID, t.Email)
		return err
	})
	if err != nil {
		return "", err
	}
	right, err := a.hasher.verify(ctx, found.password, t.Password)
	if err != nil {
		return "", err
	}
	if !right || found.State != Active {
		if err := a.failed(ctx, tenantID, found.ID, "password", t.Network); err != nil {
			return "", err
		}
		return "", errLogin()
	}
	fresh, err := a.rehash(ctx, found.password, t.Password)
	if err != nil {
		return "", err
	}
	var next Next
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := found.desk.lock(ctx, tx, found.ID)
		if err != nil {
			return err
		}
		if one.State != Active || one.password != found.password { // changed since it was read
			return errLogin()
		}
		if fresh != "" {
			if _, err := tx.Exec(ctx, "UPDATE staff SET password = $2 WHERE id = $1", one.ID, fresh); err != nil {
				return fmt.Errorf("renew password hash: %w", err)
			}
		}
		if next = found.desk.next(one); next == Done {
			if err := note(ctx, tx, &one.Member, actLogin, one.ID, "password"); err != nil {
				return err
			}
		}
		return remember(ctx, tx, session.Data{StaffID: one.ID, Full: next == Done})
	})
	if err != nil {
		return "", err
	}
	a.attempts.loggedIn(account, t.Network)
	return next, nil
}

// failed records a wrong password or code for an account. Without one, which is
// the empty id, something else is written: the time of a commit must not tell.
func (a *Accounts) failed(ctx context.Context, tenantID, id, what, network string) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if id == "" {
			_, err := tx.Exec(ctx, "UPDATE tenant SET name = name WHERE id = $1", tenantID)
			return err
		}
		return audit.Append(ctx, tx, audit.Entry{TenantID: tenantID, Actor: audit.Actor{Kind: audit.System}, Action: actFailed,
			SubjectID: id, Detail: what + ", " + network})
	})
}

// accountOf is an account with the tenant's keys. Its password is empty when
// there is no such account.
type accountOf struct {
	*account
	desk *desk
}

func (a *Accounts) byEmail(ctx context.Context, tx *db.Tx, tenantID, email string) (*accountOf, error) {
	d, err := a.desk(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	one, err := d.find(ctx, tx, email)
	if fault.Of(err) == fault.NotFound {
		one, err = &account{}, nil
	}
	return &accountOf{one, d}, err
}

// rehash is a new hash for a password whose hash was made with other costs,
// else empty.
func (a *Accounts) rehash(ctx context.Context, stored, password string) (string, error) {
	if !outdated(stored) {
		return "", nil
	}
	return a.hasher.hash(ctx, password)
}

// owner is whose session it is, which is nobody's with the empty id. NotFound
// says that nobody may log in with it.
func (a *Accounts) owner(ctx context.Context, tx *db.Tx, tenantID, staffID string,
	read func(*desk, context.Context, *db.Tx, string) (*account, error)) (*desk, *account, error) {
	if staffID == "" {
		return nil, nil, unknown()
	}
	d, err := a.desk(ctx, tx, tenantID)
	if err != nil {
		return nil, nil, err
	}
	one, err := read(d, ctx, tx, staffID)
	if err == nil && one.State != Active {
		err = unknown()
	}
	return d, one, err
}

// passed stores that everything was given, and how.
func (a *Accounts) passed(ctx context.Context, tx *db.Tx, one *account, s session.Data, how string, remember Remember) error {
	if err := note(ctx, tx, &one.Member, actLogin, one.ID, how); err != nil {
		return err
	}
	return remember(ctx, tx, session.Data{StaffID: one.ID, Full: true, Second: true, Since: s.Since})
}
