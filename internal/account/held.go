// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/session"
)

// Held is everything that is kept about an account but the appointments in it.
type Held struct {
	*Account
	Announced int64     // unix seconds: when its end was announced; 0: not
	EndsOn    time.Time // unless somebody logs in, in the tenant's zone
	Pending   []int64   // unix seconds: until when links can be used that confirm another address
	Login     *credential.Held
	Sessions  []session.Entry
	Consents  []Consent
	Audit     []audit.Entry
}

// Held is for the owner, who may see all of it. It answers NotFound.
func (a *Accounts) Held(ctx context.Context, tx *db.Tx, tenantID, id string) (*Held, error) {
	t, one, err := a.load(ctx, tx, tenantID, id)
	if err != nil {
		return nil, err
	}
	tenant := &t.catalogue.Tenant
	h := &Held{Account: one, EndsOn: time.Unix(one.Used, 0).In(tenant.Zone).Add(tenant.Retention.Keep(privacy.Account) + Notice)}
	if err := tx.QueryRow(ctx, "SELECT COALESCE(announced, 0) FROM account WHERE id = $1", id).Scan(&h.Announced); err != nil {
		return nil, fmt.Errorf("select announcement of an account: %w", err)
	}
	h.Pending, err = db.Collect(ctx, tx, func(scan db.Scan) (int64, error) {
		var until int64
		return until, scan(&until)
	}, "SELECT until FROM account_pending WHERE account_id = $1 ORDER BY until", id)
	if err != nil {
		return nil, fmt.Errorf("read what is pending: %w", err)
	}
	if h.Login, err = a.Logins.Held(ctx, tx, tenantID, id); err != nil {
		return nil, err
	}
	if h.Sessions, err = a.Sessions.List(ctx, tx, session.Account, id); err != nil {
		return nil, err
	}
	if h.Consents, err = consents(ctx, tx, id); err != nil {
		return nil, err
	}
	h.Audit, err = audit.OfSubject(ctx, tx, tenantID, id)
	return h, err
}
