// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

// owner is an account as package credential wants it.
func (d *desk) owner(one *account) *credential.Owner {
	return &credential.Owner{Tenant: d.Tenant, ID: one.ID, Name: one.Name, Email: one.Email,
		Active: one.State == Active, Barred: one.State == Disabled}
}

// Tenant is for credential.Directory.
func (a *Accounts) Tenant(ctx context.Context, tx *db.Tx, tenantID string) (*credential.Tenant, error) {
	d, err := a.desk(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return d.Tenant, nil
}

// Owner is for credential.Directory.
func (a *Accounts) Owner(ctx context.Context, tx *db.Tx, tenantID, id string) (*credential.Owner, error) {
	return a.ownerBy(ctx, tx, tenantID, func(d *desk) (*account, error) { return d.load(ctx, tx, id) })
}

// ByEmail is for credential.Directory.
func (a *Accounts) ByEmail(ctx context.Context, tx *db.Tx, tenantID, email string) (*credential.Owner, error) {
	return a.ownerBy(ctx, tx, tenantID, func(d *desk) (*account, error) { return d.find(ctx, tx, email) })
}

func (a *Accounts) ownerBy(ctx context.Context, tx *db.Tx, tenantID string, find func(*desk) (*account, error)) (*credential.Owner, error) {
	d, err := a.desk(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	one, err := find(d)
	if err != nil {
		return nil, err
	}
	return d.owner(one), nil
}

// actions are what the events of logins are called in the audit.
var actions = map[credential.What]audit.Action{
	credential.LoggedIn:        actLogin,
	credential.Failed:          actFailed,
	credential.LinkAsked:       actForgotten,
	credential.PasswordByLink:  actAccepted,
	credential.PasswordChanged: actPassword,
	credential.FactorAdded:     actFactor,
	credential.FactorRemoved:   actUnfactor,
	credential.NewRecovery:     actRecovery,
	credential.SessionsEnded:   actSessions,
}

// Note is for credential.Directory: it appends to the audit. A login that failed
// without an account is not kept.
func (a *Accounts) Note(ctx context.Context, tx *db.Tx, tenantID string, o *credential.Owner, e credential.Event) error {
	entry := audit.Entry{TenantID: tenantID, Actor: audit.Actor{Kind: audit.System}, Action: actions[e.What], Detail: e.How}
	if o != nil {
		entry.SubjectID = o.ID
	}
	switch e.What {
	case credential.LinkAsked: // by whom is not known
	case credential.Failed:
		if o == nil {
			return nil
		}
	default:
		actor := audit.Actor{Kind: audit.Staff, StaffID: o.ID}
		if err := tx.QueryRow(ctx, "SELECT role FROM staff WHERE id = $1", o.ID).Scan(&actor.Role); err != nil {
			return fmt.Errorf("select role of account: %w", err)
		}
		entry.Actor = actor
	}
	return audit.Append(ctx, tx, entry)
}

// PasswordSet is for credential.Directory: whoever was invited works here now.
func (a *Accounts) PasswordSet(ctx context.Context, tx *db.Tx, o *credential.Owner) error {
	_, err := tx.Exec(ctx, "UPDATE staff SET state = $2, version = version + 1 WHERE id = $1 AND state <> $2", o.ID, string(Active))
	if err != nil {
		return fmt.Errorf("activate account: %w", err)
	}
	return nil
}

// MailLink is for credential.Directory.
func (a *Accounts) MailLink(ctx context.Context, tx *db.Tx, o *credential.Owner, s seal.Secret, until time.Time, l locale.Lang) error {
	d, err := a.desk(ctx, tx, o.Tenant.ID)
	if err != nil {
		return err
	}
	return a.mailLink(ctx, tx, d, o.ID, o.Email, message.Forgotten, s, until, l)
}
