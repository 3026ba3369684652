// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// SetPassword changes the member's own password and ends all other sessions;
// the one at hand goes on under a new id. Invalid names the field old or
// password. TooMany "staff.login.many" limits guessing the old one.
func (a *Accounts) SetPassword(ctx context.Context, by *Member, s session.Data, old, password, network string, remember Remember) error {
	account := by.TenantID + " " + normalEmail(by.Email)
	if !a.attempts.mayLogin(account, network) {
		return fault.New(fault.TooMany, "staff.login.many")
	}
	var found *accountOf
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, by.TenantID, session.Data{StaffID: by.ID}, (*desk).load)
		found = &accountOf{one, d}
		return err
	})
	if err != nil {
		return err
	}
	right, err := a.hasher.verify(ctx, found.password, old)
	if err != nil {
		return err
	}
	if !right || len(old) > maxPassword {
		return invalid([]fault.Field{{Name: "old", Key: "staff.password.old"}})
	}
	a.attempts.loggedIn(account, network)
	hash, err := a.newHash(ctx, found.desk, found.account, password)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, one, err := a.owner(ctx, tx, by.TenantID, session.Data{StaffID: by.ID}, (*desk).lock)
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
		return remember(ctx, tx, s)
	})
}

// EndOthers ends all of the member's sessions but the one at hand, which goes
// on under a new id.
func (a *Accounts) EndOthers(ctx context.Context, by *Member, s session.Data, remember Remember) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, _, err := a.owner(ctx, tx, by.TenantID, session.Data{StaffID: by.ID}, (*desk).lock); err != nil {
			return err
		}
		if err := a.Sessions.EndAll(ctx, tx, by.ID); err != nil {
			return err
		}
		if err := note(ctx, tx, by, actSessions, by.ID, ""); err != nil {
			return err
		}
		return remember(ctx, tx, s)
	})
}

// SessionCount is how many sessions the member has, with the one at hand.
func (a *Accounts) SessionCount(ctx context.Context, by *Member) (int, error) {
	var n int
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		n, err = a.Sessions.Count(ctx, tx, by.ID)
		return err
	})
	return n, err
}
