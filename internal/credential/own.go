// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// SetPassword changes the owner's password and ends all other sessions; the one
// at hand goes on under a new id, or answers session.ErrEnded. Invalid names the
// field old or password. TooMany "login.many" limits guessing the old one. An
// account that has none sets its first one: old does not count then, and
// Forbidden "login.prove" wants a passkey before; see FinishPasskeyLogin.
func (l *Logins) SetPassword(ctx context.Context, v Visit, old, password string) error {
	found, err := l.own(ctx, v)
	if err != nil {
		return err
	}
	if found.password == "" {
		err = l.mustProve(v.Session)
	} else {
		err = l.give(ctx, v, found, "old", old)
	}
	if err != nil {
		return err
	}
	hash, err := l.Hash(ctx, found.Owner, password)
	if err != nil {
		return err
	}
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.unchanged(ctx, tx, v, found)
		if err != nil {
			return err
		}
		if err := l.SavePassword(ctx, tx, one.Owner, hash); err != nil {
			return err
		}
		if err := l.note(ctx, tx, v, one.Owner, PasswordChanged, ""); err != nil {
			return err
		}
		v.Session.Alone = true
		return v.Remember(ctx, tx, v.Session)
	})
}

// own is the account of whoever has logged in.
func (l *Logins) own(ctx context.Context, v Visit) (*account, error) {
	var one *account
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		one, err = l.member(ctx, tx, v, toLook)
		return err
	})
	return one, err
}

// unchanged locks the account of whoever has logged in. Conflict "login.stale"
// says that its password is no longer the one that was found.
func (l *Logins) unchanged(ctx context.Context, tx *db.Tx, v Visit, found *account) (*account, error) {
	one, err := l.member(ctx, tx, v, toChange)
	if err == nil && one.password != found.password {
		err = fault.New(fault.Conflict, "login.stale")
	}
	return one, err
}

// give checks the password of an account. Invalid names the field; TooMany
// "login.many" limits guessing.
func (l *Logins) give(ctx context.Context, v Visit, one *account, field, password string) error {
	name := counted(v.TenantID, one.Email)
	if !l.attempts.mayLogin(name, v.Network) {
		return fault.New(fault.TooMany, "login.many")
	}
	right, err := l.o.Hasher.verify(ctx, one.password, password)
	if err != nil {
		return err
	}
	if !right {
		if err := l.failed(ctx, v, one.Owner, "password"); err != nil {
			return err
		}
		return wrong(field, "login.password.old")
	}
	l.attempts.loggedIn(name, v.Network)
	return nil
}

// EndOthers ends all of the owner's sessions but the one at hand, which goes on
// under a new id, or answers session.ErrEnded.
func (l *Logins) EndOthers(ctx context.Context, v Visit) error {
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.member(ctx, tx, v, toChange)
		if err != nil {
			return err
		}
		if err := l.note(ctx, tx, v, one.Owner, SessionsEnded, ""); err != nil {
			return err
		}
		v.Session.Alone = true
		return v.Remember(ctx, tx, v.Session)
	})
}

// SessionCount is how many sessions the owner has, with the one at hand.
func (l *Logins) SessionCount(ctx context.Context, v Visit) (int, error) {
	var n int
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		n, err = l.o.Sessions.Count(ctx, tx, l.o.Kind, v.Session.Owner(l.o.Kind))
		return err
	})
	return n, err
}
