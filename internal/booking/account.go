// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// Citizens who have an account see their appointments there. An appointment is in
// one account at most, and comes to it while its form is filled in by somebody
// who is logged in, or by a secret that reached its mailbox. What an account is
// stands elsewhere: here it is an id.

// keepOpened is how long a secret that an account was given opens its
// appointment, at least. It is cleared away when the next one is made.
const keepOpened = 24 * time.Hour

// Join puts an appointment into an account of the same tenant. One that is in
// another account already stays there.
func Join(ctx context.Context, tx *db.Tx, appointmentID, accountID string) error {
	_, err := tx.Exec(ctx, `INSERT INTO account_appointment (appointment_id, account_id)
		SELECT a.id, c.id FROM appointment a JOIN account c ON c.tenant_id = a.tenant_id
		WHERE a.id = $1 AND c.id = $2 ON CONFLICT (appointment_id) DO NOTHING`, appointmentID, accountID)
	if err != nil {
		return fmt.Errorf("put appointment %s into an account: %w", appointmentID, err)
	}
	return nil
}

// Mine lists the appointments of an account with their persons: those to come in
// the order of time, then those that are past or cancelled, the last first. Holds
// and what nobody confirmed in time are left out.
func (b *Bookings) Mine(ctx context.Context, tenantID, accountID string) ([]*View, error) {
	var all []*View
	var now time.Time
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		now = tx.Now()
		var err error
		all, err = b.readAll(ctx, tx, "'account', "+person.Columns,
			"account_appointment c JOIN appointment a ON a.id = c.appointment_id LEFT JOIN person p ON p.id = a.person_id",
			"c.account_id = $1 AND a.state NOT IN ('held', 'expired')", accountID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list the appointments of an account: %w", err)
	}
	var coming, over []*View
	for _, v := range all {
		switch {
		case v.TenantID != tenantID || v.RunOut(now):
		case (v.Active() || v.State == Arrived || v.State == Called) && v.End().After(now):
			coming = append(coming, v)
		default:
			over = append(over, v)
		}
	}
	slices.Reverse(over)
	return append(coming, over...), nil
}

// OpenFor makes a secret that opens an appointment for the owner of its account,
// and clears away those of more than a day ago. It answers NotFound for an
// appointment that is not in the account.
func (b *Bookings) OpenFor(ctx context.Context, tenantID, accountID, appointmentID string) (seal.Secret, error) {
	s := seal.NewSecret()
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		var owner, state string
		err := tx.QueryRow(ctx, `SELECT a.tenant_id, a.state FROM account_appointment c JOIN appointment a ON a.id = c.appointment_id
			WHERE c.appointment_id = $1 AND c.account_id = $2`, appointmentID, accountID).Scan(&owner, &state)
		if db.IsNoRows(err) || err == nil && (owner != tenantID || State(state) == Held) {
			return fault.New(fault.NotFound, "error.notfound.text")
		}
		if err != nil {
			return fmt.Errorf("select appointment of an account: %w", err)
		}
		_, err = tx.Exec(ctx, "DELETE FROM secret WHERE appointment_id = $1 AND channel = $2 AND created < $3",
			appointmentID, string(ChannelAccount), tx.Now().Add(-keepOpened).Unix())
		if err != nil {
			return fmt.Errorf("delete old secrets of appointment %s: %w", appointmentID, err)
		}
		return addSecret(ctx, tx, appointmentID, ChannelAccount, s)
	})
	if err != nil {
		return "", err
	}
	return s, nil
}

// EmailOf is the e-mail address of an appointment as it is now; empty for none, and
// for an appointment that is gone or another tenant's.
func (b *Bookings) EmailOf(ctx context.Context, tx *db.Tx, tenantID, appointmentID string) (string, error) {
	v, err := b.read(ctx, tx, deskColumns, deskTables, "a.id = $1", tenantID, appointmentID)
	if fault.Of(err) == fault.NotFound || err == nil && v.Person == nil {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	return v.Person.Data.Email, nil
}

// Adopt puts an appointment into an account by a secret that reached its
// mailbox; one that waits for that sign is confirmed by it, as by Verify, with its
// answers. Doing it twice is fine. It answers Forbidden "account.adopt" for any
// other secret, Conflict "account.adopted" when the appointment is in another
// account, and NotFound.
func (b *Bookings) Adopt(ctx context.Context, tenantID, accountID string, s seal.Secret) error {
	waits, err := b.Open(ctx, tenantID, s)
	if err == nil && waits.State == Unconfirmed && waits.Channel.mailed() {
		err = b.Verify(ctx, tenantID, s)
	}
	if err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockMailed(ctx, tx, tenantID, s)
		if err != nil {
			return err
		}
		if v.State == Held {
			return fault.New(fault.NotFound, "error.link.text")
		}
		if !v.Channel.mailed() {
			return fault.New(fault.Forbidden, "account.adopt")
		}
		if err := b.verified(ctx, tx, v); err != nil {
			return err
		}
		if err := Join(ctx, tx, v.ID, accountID); err != nil {
			return err
		}
		var owner string
		err = tx.QueryRow(ctx, "SELECT account_id FROM account_appointment WHERE appointment_id = $1", v.ID).Scan(&owner)
		switch {
		case db.IsNoRows(err): // the tenant has no such account
			return fault.New(fault.NotFound, "error.notfound.text")
		case err != nil:
			return fmt.Errorf("select account of appointment %s: %w", v.ID, err)
		case owner != accountID:
			return fault.New(fault.Conflict, "account.adopted")
		}
		return nil
	})
}

// ForAccount puts a hold whose details were just saved into the account of
// somebody who is logged in. email is the address of the account, which is
// verified: where the appointment has the same one, nobody needs to confirm it by
// mail. What is no longer held stays as it is.
func (b *Bookings) ForAccount(ctx context.Context, tenantID string, s seal.Secret, accountID, email string) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockHeld(ctx, tx, tenantID, s)
		if err != nil || v.State != Held {
			return err
		}
		if err := Join(ctx, tx, v.ID, accountID); err != nil {
			return err
		}
		if v.Person == nil || email == "" || v.Person.Data.Email != email {
			return nil
		}
		return b.Persons.MarkVerified(ctx, tx, v.PersonID)
	})
}

// inherit gives an appointment that replaces a hold the account of that.
func inherit(ctx context.Context, tx *db.Tx, from, to string) error {
	err := tx.Later(ctx, nil, "UPDATE account_appointment SET appointment_id = $2 WHERE appointment_id = $1", from, to)
	if err != nil {
		return fmt.Errorf("hand on the account of appointment %s: %w", from, err)
	}
	return nil
}

// leaveAccount takes an appointment out of its account, and voids what was made
// to open it from there.
func leaveAccount(ctx context.Context, tx *db.Tx, appointmentID string) error {
	for _, q := range []string{
		"DELETE FROM account_appointment WHERE appointment_id = $1",
		"DELETE FROM secret WHERE appointment_id = $1 AND channel = 'account'",
	} {
		if _, err := tx.Exec(ctx, q, appointmentID); err != nil {
			return fmt.Errorf("take appointment %s out of its account: %w", appointmentID, err)
		}
	}
	return nil
}
