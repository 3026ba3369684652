// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// SetPassword changes the member's own password and ends all other sessions;
// the one at hand goes on under a new id, or answers session.ErrEnded. Invalid
// names the field old or password. TooMany "staff.login.many" limits guessing
// the old one.
func (a *Accounts) SetPassword(ctx context.Context, by *Member, s session.Data, old, password, network string, remember Remember) error {
	found, err := a.ownPassword(ctx, by, "old", old, network)
	if err != nil {
		return err
	}
	hash, err := a.newHash(ctx, found.desk, found.account, password)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, one, err := a.owner(ctx, tx, by.TenantID, by.ID, (*desk).lock)
		if err != nil {
			return err
		}
		if one.password != found.password { // changed since it was read
			return fault.New(fault.Conflict, "staff.stale")
		}
		if err := a.savePassword(ctx, tx, one, hash); err != nil {
			return err
		}
		if err := note(ctx, tx, &one.Member, actPassword, one.ID, ""); err != nil {
			return err
		}
		s.Alone = true
		return remember(ctx, tx, s)
	})
}

// ownPassword is the member's account if that is its password. Invalid names
// the field; TooMany "staff.login.many" limits guessing.
func (a *Accounts) ownPassword(ctx context.Context, by *Member, field, password, network string) (*accountOf, error) {
	account := counted(by.TenantID, by.Email)
	if !a.attempts.mayLogin(account, network) {
		return nil, fault.New(fault.TooMany, "staff.login.many")
	}
	var found *accountOf
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, by.TenantID, by.ID, (*desk).load)
		found = &accountOf{one, d}
		return err
	})
	if err != nil {
		return nil, err
	}
	right, err := a.hasher.verify(ctx, found.password, password)
	if err != nil {
		return nil, err
	}
	if !right {
		if err := a.failed(ctx, by.TenantID, by.ID, "password", network); err != nil {
			return nil, err
		}
		return nil, invalid([]fault.Field{{Name: field, Key: "staff.password.old"}})
	}
	a.attempts.loggedIn(account, network)
	return found, nil
}

// EndOthers ends all of the member's sessions but the one at hand, which goes
// on under a new id, or answers session.ErrEnded.
func (a *Accounts) EndOthers(ctx context.Context, by *Member, s session.Data, remember Remember) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, _, err := a.owner(ctx, tx, by.TenantID, by.ID, (*desk).lock); err != nil {
			return err
		}
		if err := note(ctx, tx, by, actSessions, by.ID, ""); err != nil {
			return err
		}
		s.Alone = true
		return remember(ctx, tx, s)
	})
}

// SessionCount is how many sessions the member has, with the one at hand.
func (a *Accounts) SessionCount(ctx context.Context, by *Member) (int, error) {
	var n int
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		n, err = a.Sessions.Count(ctx, tx, session.Staff, by.ID)
		return err
	})
	return n, err
}
