// SPDX-License-Identifier: EUPL-1.2

package account

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

// directory tells package credential whose accounts there are.
type directory struct{ *Accounts }

func (d directory) Tenant(ctx context.Context, tx *db.Tx, tenantID string) (*credential.Tenant, error) {
	t, err := d.town(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return t.Tenant, nil
}

func (d directory) Owner(ctx context.Context, tx *db.Tx, tenantID, id string) (*credential.Owner, error) {
	t, one, err := d.load(ctx, tx, tenantID, id)
	if err != nil {
		return nil, err
	}
	return t.owner(one), nil
}

func (d directory) ByEmail(ctx context.Context, tx *db.Tx, tenantID, email string) (*credential.Owner, error) {
	t, err := d.town(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	one, err := t.one(ctx, tx, "token = $2", t.token(email))
	if err != nil {
		return nil, err
	}
	return t.owner(one), nil
}

func (t *town) owner(a *Account) *credential.Owner {
	return &credential.Owner{Tenant: t.Tenant, ID: a.ID, Name: a.name(), Email: a.Data.Email, Active: true}
}

// What happens to accounts, in the audit. The entry's subject is the account.
const (
	actMade    audit.Action = "account.made"
	actData    audit.Action = "account.data"
	actEmail   audit.Action = "account.email"
	actEnded   audit.Action = "account.ended"   // by its owner
	actUnused  audit.Action = "account.unused"  // its end was announced
	actExpired audit.Action = "account.expired" // nobody used it

	actLink     audit.Action = "account.link" // for a new password; no subject: of an address without account
	actPassword audit.Action = "account.password"
	actFactor   audit.Action = "account.factor" // detail: which
	actUnfactor audit.Action = "account.unfactor"
	actRecovery audit.Action = "account.recovery"
	actSessions audit.Action = "account.sessions"
)

// actions is what credential's events are called in the audit. Logins have a
// record of their own.
var actions = map[credential.What]audit.Action{
	credential.LinkAsked:       actLink,
	credential.PasswordByLink:  actPassword,
	credential.PasswordChanged: actPassword,
	credential.FactorAdded:     actFactor,
	credential.FactorRemoved:   actUnfactor,
	credential.NewRecovery:     actRecovery,
	credential.SessionsEnded:   actSessions,
}

// told are the events of which the owner gets a mail, since somebody else may have
// caused them.
var told = map[credential.What]bool{credential.PasswordByLink: true, credential.PasswordChanged: true, credential.FactorAdded: true,
	credential.FactorRemoved: true, credential.NewRecovery: true}

func (d directory) Note(ctx context.Context, tx *db.Tx, tenantID string, o *credential.Owner, e credential.Event) error {
	switch e.What {
	case credential.LoggedIn:
		_, err := tx.Exec(ctx, "UPDATE account SET used = $2, announced = NULL WHERE id = $1", o.ID, tx.Unix())
		if err != nil {
			return fmt.Errorf("note use of account: %w", err)
		}
		return nil
	case credential.Failed:
		return nil
	}
	id := ""
	if o != nil {
		id = o.ID
	}
	if cuts[e.What] && o != nil {
		if err := cutOff(ctx, tx, id); err != nil {
			return err
		}
	}
	if err := note(ctx, tx, audit.Citizen, tenantID, actions[e.What], id, e.How); err != nil || o == nil || !told[e.What] {
		return err
	}
	t, one, err := d.load(ctx, tx, tenantID, o.ID)
	if err != nil {
		return err
	}
	return d.mail(ctx, tx, t, message.SecurityMoved, one.Data.Email, one.Lang, "", time.Time{})
}

// note appends to the audit what happened to an account.
func note(ctx context.Context, tx *db.Tx, by audit.Kind, tenantID string, what audit.Action, id, detail string) error {
	return audit.Append(ctx, tx, audit.Entry{TenantID: tenantID, Actor: audit.Actor{Kind: by}, Action: what, SubjectID: id, Detail: detail})
}

// cuts are the events after which nobody goes on who was in the account before.
var cuts = map[credential.What]bool{credential.PasswordByLink: true, credential.PasswordChanged: true, credential.SessionsEnded: true}

// cutOff makes void what somebody may have begun, or kept, who was in the account:
// another address that waits to be confirmed, and links to appointments.
func cutOff(ctx context.Context, tx *db.Tx, id string) error {
	if err := dropPending(ctx, tx, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM secret WHERE channel = 'account'
		AND appointment_id IN (SELECT appointment_id FROM account_appointment WHERE account_id = $1)`, id)
	if err != nil {
		return fmt.Errorf("delete links of an account: %w", err)
	}
	return nil
}

func dropPending(ctx context.Context, tx *db.Tx, id string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM account_pending WHERE account_id = $1", id); err != nil {
		return fmt.Errorf("delete what is pending: %w", err)
	}
	return nil
}

// PasswordSet has nothing to do: an account is there from the first password on.
func (d directory) PasswordSet(context.Context, *db.Tx, *credential.Owner) error { return nil }

func (d directory) MailLink(ctx context.Context, tx *db.Tx, o *credential.Owner, s seal.Secret, until time.Time, l locale.Lang) error {
	t, one, err := d.load(ctx, tx, o.Tenant.ID, o.ID)
	if err != nil {
		return err
	}
	return d.mail(ctx, tx, t, message.NewPassword, one.Data.Email, l, d.Links.Password(t.ID, l, s), until)
}

// mail leaves a mail about an account.
func (a *Accounts) mail(ctx context.Context, tx *db.Tx, t *town, k message.Kind, to string, l locale.Lang, url string, until time.Time) error {
	if !until.IsZero() {
		until = until.In(t.catalogue.Tenant.Zone)
	}
	m, err := message.Account(a.Texts, k, to, message.AccountFacts{Lang: l, Town: t.Name, URL: url, Until: until})
	if err != nil {
		return err
	}
	return message.Enqueue(ctx, tx, message.Row{TenantID: t.ID, Recipient: message.ToAccount, Kind: k, Mail: m, Key: t.mails})
}
