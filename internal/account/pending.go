// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/seal"
)

// OldPending are the links of a tenant that could be used until an instant.
var OldPending = db.Aged{Table: "account_pending", Key: "hash", Where: "tenant_id = $1 AND until <= $2", Order: "until"}

// pending is what waits until somebody opens the link of a mail. It is sealed
// under a key from the secret in the link, so that nobody else can read what was
// typed about a mailbox that may be a stranger's.
type pending struct {
	AccountID     string      `json:",omitempty"` // empty: there is none yet
	Data          person.Data // of an account to be, or the new address alone
	Lang          locale.Lang
	AppointmentID string `json:",omitempty"` // of the guest's booking that led here
}

func pendingKey(s seal.Secret) *seal.Key { return seal.KeyFrom([]byte(s.Reveal()), "account pending") }

func boundPending(s seal.Secret) string { return "account_pending/" + hex.EncodeToString(s.Hash()) }

func (p pending) store(ctx context.Context, tx *db.Tx, t *town) (seal.Secret, error) {
	plain, err := json.Marshal(p)
	if err != nil {
		return "", fmt.Errorf("encode what is pending: %w", err)
	}
	s := seal.NewSecret()
	err = tx.Later(ctx, nil, "INSERT INTO account_pending (hash, tenant_id, account_id, until, sealed) VALUES ($1, $2, NULLIF($3, ''), $4, $5)",
		s.Hash(), t.ID, p.AccountID, t.linkUntil(tx).Unix(), pendingKey(s).Seal(plain, boundPending(s)))
	if err != nil {
		return "", fmt.Errorf("insert what is pending: %w", err)
	}
	return s, nil
}

// linkUntil is how long a link in a mail can be used.
func (t *town) linkUntil(tx *db.Tx) time.Time {
	return tx.Now().Add(t.catalogue.Tenant.Retention.Keep(privacy.Registration))
}

func errGone() error { return fault.New(fault.Gone, "account.link.gone.text") }

// pendingOf reads what waits for a link. It answers Gone "account.link.gone.text"
// for a link that was used, is too old, or never was.
func pendingOf(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (pending, error) {
	var p pending
	var sealed []byte
	err := tx.QueryRow(ctx, "SELECT sealed FROM account_pending WHERE hash = $1 AND tenant_id = $2 AND until > $3",
		s.Hash(), tenantID, tx.Unix()).Scan(&sealed)
	if db.IsNoRows(err) {
		return p, errGone()
	}
	if err != nil {
		return p, fmt.Errorf("select what is pending: %w", err)
	}
	plain, err := pendingKey(s).Open(sealed, boundPending(s))
	if err != nil {
		return p, fmt.Errorf("open what is pending: %w", err)
	}
	if err := json.Unmarshal(plain, &p); err != nil {
		return p, fmt.Errorf("what is pending is no record")
	}
	return p, nil
}

// take is pendingOf for the one who goes on: the link is used up.
func take(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (pending, error) {
	p, err := pendingOf(ctx, tx, tenantID, s)
	if err != nil {
		return p, err
	}
	n, err := tx.Exec(ctx, "DELETE FROM account_pending WHERE hash = $1", s.Hash())
	if err != nil {
		return p, fmt.Errorf("use up a link: %w", err)
	}
	if n == 0 {
		return p, errGone() // somebody was quicker
	}
	return p, nil
}

// Pending is the address of the account that a link makes, or of the one that a
// link gives another address. It answers Gone "account.link.gone.text". Looking
// changes nothing: mail programs look too.
func (a *Accounts) Pending(ctx context.Context, tenantID string, s seal.Secret) (string, error) {
	var p pending
	err := a.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		p, err = pendingOf(ctx, tx, tenantID, s)
		return err
	})
	return p.Data.Email, err
}
