// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
)

// Notice is how long before its end that of an unused account is announced.
const Notice = privacy.NoticeDays * 24 * time.Hour

// CountUnused counts the accounts of a tenant that can be deleted at an instant:
// nobody has used them for their period, and their end was announced Notice before.
func CountUnused(ctx context.Context, tx *db.Tx, t *office.Tenant, at time.Time) (int, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM account WHERE tenant_id = $1 AND used <= $2 AND announced <= $3",
		t.ID, at.Add(-t.Retention.Keep(privacy.Account)).Unix(), at.Add(-Notice).Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count unused accounts: %w", err)
	}
	return n, nil
}

// Housekeep announces the end of accounts that nobody uses, and deletes those that
// nobody used after that. It returns how many accounts it deleted.
func (a *Accounts) Housekeep(ctx context.Context, tenants []string) (int, error) {
	var problems []error
	deleted := 0
	for _, tenantID := range tenants {
		n, err := a.sweep(ctx, tenantID)
		deleted += n
		if err != nil {
			problems = append(problems, fmt.Errorf("unused accounts of %s: %w", tenantID, err))
		}
	}
	return deleted, errors.Join(problems...)
}

// sweep looks for unused accounts of a tenant. One that fails holds no other up.
func (a *Accounts) sweep(ctx context.Context, tenantID string) (int, error) {
	var ids []string
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := a.town(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		rules := t.catalogue.Tenant.Retention
		ids, err = db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
			var id string
			return id, scan(&id)
		}, "SELECT id FROM account WHERE tenant_id = $1 AND used <= $2 AND (announced IS NULL OR announced <= $3) ORDER BY id",
			tenantID, tx.Now().Add(-rules.Keep(privacy.Account)).Unix(), tx.Now().Add(-Notice).Unix())
		return err
	})
	if err != nil {
		return 0, err
	}
	deleted := 0
	var problems []error
	for _, id := range ids {
		gone, err := a.outdated(ctx, tenantID, id)
		if err != nil {
			problems = append(problems, fmt.Errorf("account %s: %w", id, err))
		}
		if gone {
			deleted++
		}
	}
	if len(ids) > 0 {
		a.Wake()
	}
	return deleted, errors.Join(problems...)
}

// outdated announces the end of an account that nobody uses, or deletes it, if
// that is still so, and tells whether it did.
func (a *Accounts) outdated(ctx context.Context, tenantID, id string) (bool, error) {
	deleted := false
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		deleted = false
		if err := a.Lock(ctx, tx, id); err != nil {
			return err
		}
		t, one, err := a.load(ctx, tx, tenantID, id)
		if fault.Of(err) == fault.NotFound {
			return nil // its owner was quicker
		}
		if err != nil {
			return err
		}
		var announced int64
		err = tx.QueryRow(ctx, "SELECT COALESCE(announced, 0) FROM account WHERE id = $1", id).Scan(&announced)
		switch {
		case err != nil:
			return fmt.Errorf("select account: %w", err)
		case tx.Now().Sub(time.Unix(one.Used, 0)) < t.catalogue.Tenant.Retention.Keep(privacy.Account):
			return nil
		case announced == 0:
			return a.announce(ctx, tx, t, one)
		case tx.Now().Sub(time.Unix(announced, 0)) < Notice:
			return nil
		}
		deleted = true
		return a.end(ctx, tx, t, one, audit.System, actExpired)
	})
	return deleted, err
}

func (a *Accounts) announce(ctx context.Context, tx *db.Tx, t *town, one *Account) error {
	if _, err := tx.Exec(ctx, "UPDATE account SET announced = $2 WHERE id = $1", one.ID, tx.Unix()); err != nil {
		return fmt.Errorf("note announcement: %w", err)
	}
	err := a.mail(ctx, tx, t, message.Unused, one.Data.Email, one.Lang, a.Links.Login(t.ID, one.Lang), tx.Now().Add(Notice))
	if err != nil {
		return err
	}
	return note(ctx, tx, audit.System, t.ID, actUnused, one.ID, "")
}
