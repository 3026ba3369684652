// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"fmt"
	"slices"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"

	"github.com/google/uuid"
)

// Purpose is something for which consent is the legal basis. Booking is none: it
// never waits for a tick.
type Purpose string

// The purposes: those that the program acts on, and no others. Each has a text of
// the key "consent." and its name.
const (
	RemindByMail Purpose = booking.RemindByMail
)

// Purposes lists them.
var Purposes = []Purpose{RemindByMail}

const (
	actConsent    audit.Action = "consent.given" // detail: the purpose
	actWithdrawal audit.Action = "consent.withdrawn"
)

// Consent is the evidence of one: what was agreed to, and when.
type Consent struct {
	Purpose          Purpose
	Lang             locale.Lang // of the words
	Words            string      // as they were read then
	Given, Withdrawn int64       // unix seconds; Withdrawn 0: not
}

// Consents are all that the owner of a session has given, the newest first.
func (a *Accounts) Consents(ctx context.Context, v credential.Visit) ([]Consent, error) {
	var list []Consent
	id, err := owner(v)
	if err != nil {
		return nil, err
	}
	err = a.DB.Read(ctx, func(tx *db.Tx) error {
		list, err = consents(ctx, tx, id)
		return err
	})
	return list, err
}

func consents(ctx context.Context, tx *db.Tx, accountID string) ([]Consent, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Consent, error) {
		var c Consent
		return c, scan(&c.Purpose, &c.Lang, &c.Words, &c.Given, &c.Withdrawn)
	}, "SELECT purpose, lang, words, given, COALESCE(withdrawn, 0) FROM consent WHERE account_id = $1 ORDER BY id DESC", accountID)
	if err != nil {
		return nil, fmt.Errorf("read consents: %w", err)
	}
	return list, nil
}

// Give records consent to a purpose, in the words that a page shows in a language.
// Giving it twice is fine. It answers NotFound for a purpose that there is not.
func (a *Accounts) Give(ctx context.Context, v credential.Visit, p Purpose, l locale.Lang) error {
	return a.consent(ctx, v, p, func(tx *db.Tx, one *Account, have bool) error {
		if have {
			return nil
		}
		id, err := uuid.NewV7()
		if err != nil {
			return fmt.Errorf("make id of consent: %w", err)
		}
		_, err = tx.Exec(ctx, "INSERT INTO consent (id, tenant_id, account_id, purpose, lang, words, given) VALUES ($1, $2, $3, $4, $5, $6, $7)",
			id.String(), one.TenantID, one.ID, string(p), string(l), a.Texts.Printer(l).T("consent."+string(p)), tx.Unix())
		if err != nil {
			return fmt.Errorf("insert consent: %w", err)
		}
		return note(ctx, tx, audit.Citizen, one.TenantID, actConsent, one.ID, string(p))
	})
}

// Withdraw takes consent back, from now on. It is as easy as giving it; doing it
// twice is fine.
func (a *Accounts) Withdraw(ctx context.Context, v credential.Visit, p Purpose) error {
	return a.consent(ctx, v, p, func(tx *db.Tx, one *Account, have bool) error {
		if !have {
			return nil
		}
		_, err := tx.Exec(ctx, "UPDATE consent SET withdrawn = $3 WHERE account_id = $1 AND purpose = $2 AND withdrawn IS NULL",
			one.ID, string(p), tx.Unix())
		if err != nil {
			return fmt.Errorf("withdraw consent: %w", err)
		}
		return note(ctx, tx, audit.Citizen, one.TenantID, actWithdrawal, one.ID, string(p))
	})
}

func (a *Accounts) consent(ctx context.Context, v credential.Visit, p Purpose, change func(tx *db.Tx, one *Account, have bool) error) error {
	if !slices.Contains(Purposes, p) {
		return fault.New(fault.NotFound, "error.notfound.text")
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, one, err := a.lock(ctx, tx, v)
		if err != nil {
			return err
		}
		list, err := consents(ctx, tx, one.ID)
		if err != nil {
			return err
		}
		return change(tx, one, slices.ContainsFunc(list, func(c Consent) bool { return c.Purpose == p && c.Withdrawn == 0 }))
	})
}

// OldConsents are those of a tenant that were withdrawn at an instant or before.
var OldConsents = db.Aged{Table: "consent", Key: "id", Where: "tenant_id = $1 AND withdrawn <= $2", Order: "withdrawn"}

// withdrawAll is for an account that ends: nothing more happens on its consents.
func withdrawAll(ctx context.Context, tx *db.Tx, accountID string) error {
	_, err := tx.Exec(ctx, "UPDATE consent SET withdrawn = $2 WHERE account_id = $1 AND withdrawn IS NULL", accountID, tx.Unix())
	if err != nil {
		return fmt.Errorf("withdraw consents: %w", err)
	}
	return nil
}
