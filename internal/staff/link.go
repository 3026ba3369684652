// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// invite makes a secret that lets somebody set the password of an account.
func invite(ctx context.Context, tx *db.Tx, id string, lasts time.Duration) (seal.Secret, error) {
	if _, err := tx.Exec(ctx, "DELETE FROM staff_invitation WHERE until <= $1", tx.Unix()); err != nil {
		return "", fmt.Errorf("delete old invitations: %w", err)
	}
	s := seal.NewSecret()
	_, err := tx.Exec(ctx, "INSERT INTO staff_invitation (hash, staff_id, until) VALUES ($1, $2, $3)",
		s.Hash(), id, tx.Now().Add(lasts).Unix())
	if err != nil {
		return "", fmt.Errorf("insert invitation: %w", err)
	}
	return s, nil
}

// uninvite makes all links to set the password of an account useless.
func uninvite(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM staff_invitation WHERE staff_id = $1", id); err != nil {
		return fmt.Errorf("delete invitations: %w", err)
	}
	return nil
}

// Invitation is the address of the account whose password a link sets. Gone
// "staff.invitation.gone.text" says that it was used, is too old, or never
// was. Looking changes nothing: mail programs look too.
func (a *Accounts) Invitation(ctx context.Context, tenantID string, s seal.Secret) (string, error) {
	var one *account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		_, one, err = a.invited(ctx, tx, tenantID, s)
		return err
	})
	if err != nil {
		return "", err
	}
	return one.Email, nil
}

func (a *Accounts) invited(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*desk, *account, error) {
	gone := fault.New(fault.Gone, "staff.invitation.gone.text")
	d, err := a.desk(ctx, tx, tenantID)
	if err != nil {
		return nil, nil, err
	}
	var id string
	err = tx.QueryRow(ctx, "SELECT staff_id FROM staff_invitation WHERE hash = $1 AND until > $2", s.Hash(), tx.Unix()).Scan(&id)
	if db.IsNoRows(err) {
		return nil, nil, gone
	}
	if err != nil {
		return nil, nil, fmt.Errorf("select invitation: %w", err)
	}
	one, err := d.load(ctx, tx, id)
	if fault.Of(err) == fault.NotFound || err == nil && one.State == Disabled {
		return nil, nil, gone
	}
	return d, one, err
}

// Accept sets the password by a link, once. It ends the account's sessions and
// makes its other links useless. Invalid names the field password.
func (a *Accounts) Accept(ctx context.Context, tenantID string, s seal.Secret, password string) error {
	var d *desk
	var one *account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		d, one, err = a.invited(ctx, tx, tenantID, s)
		return err
	})
	if err != nil {
		return err
	}
	hash, err := a.newHash(ctx, d, one, password)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := d.lock(ctx, tx, one.ID); err != nil {
			return err
		}
		_, now, err := a.invited(ctx, tx, tenantID, s) // again: somebody may have been quicker
		if err != nil {
			return err
		}
		if err := a.savePassword(ctx, tx, now, hash); err != nil {
			return err
		}
		if err := a.Sessions.EndAll(ctx, tx, session.Staff, now.ID); err != nil {
			return err
		}
		return note(ctx, tx, &now.Member, actAccepted, now.ID, "")
	})
}

// newHash checks a new password and hashes it.
func (a *Accounts) newHash(ctx context.Context, d *desk, one *account, password string) (string, error) {
	if err := checkPassword(password, identity{one.Name, one.Email}, d.catalogue.Tenant.Name); err != nil {
		return "", err
	}
	return a.hasher.hash(ctx, password)
}

// savePassword stores a new password and makes all links to set one useless.
// The sessions that the old one began are for the caller to end.
func (a *Accounts) savePassword(ctx context.Context, tx *db.Tx, one *account, hash string) error {
	_, err := tx.Exec(ctx, "UPDATE staff SET password = $2, state = $3, version = version + CASE WHEN state = $3 THEN 0 ELSE 1 END WHERE id = $1",
		one.ID, hash, string(Active))
	if err != nil {
		return fmt.Errorf("save password: %w", err)
	}
	return uninvite(ctx, tx, one.ID)
}

// Forgotten sends a link to set a new password, if the address has an account.
// The answer is the same if it has none. TooMany "staff.login.many" says that
// this was asked for too often.
func (a *Accounts) Forgotten(ctx context.Context, tenantID, email, network string, l locale.Lang) error {
	account := counted(tenantID, email)
	if !a.attempts.take(forgottenHere, network) || !a.attempts.take(forgottenAnywhere, account) {
		return fault.New(fault.TooMany, "staff.login.many")
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := a.desk(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		entry := audit.Entry{TenantID: tenantID, Actor: audit.Actor{Kind: audit.System}, Action: actForgotten}
		one, err := d.find(ctx, tx, email)
		switch {
		case fault.Of(err) == fault.NotFound || err == nil && one.State == Disabled:
			// Written all the same: the time of a commit must not tell.
			return audit.Append(ctx, tx, entry)
		case err != nil:
			return err
		}
		if err := a.mail(ctx, tx, d, one, forgottenMail, l); err != nil {
			return err
		}
		entry.SubjectID = one.ID
		return audit.Append(ctx, tx, entry)
	})
	if err != nil {
		return err
	}
	a.Wake()
	return nil
}
