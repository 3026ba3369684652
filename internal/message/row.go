// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// The states of a row.
const (
	queued = "queued"
	sent   = "sent"
	failed = "failed" // the content stays, sealed, until the person's data go
)

// List is one of those who come to a location on a day. Each is sent once.
type List struct {
	LocationID string
	Day        slot.Date
	Until      int64 // unix seconds: when it is of no use any more
}

// Row is a mail to be sent for an appointment, to somebody who works here, with a
// list, or one that belongs to the tenant alone.
type Row struct {
	// ID is set for a mail of which there is to be one only: EnqueueOnce stores no
	// second one under it. Empty: the mail gets one of its own.
	ID            string
	TenantID      string
	AppointmentID string
	PersonID      string // whose key seals a mail about an appointment, also one to the office
	StaffID       string // whose account the mail is about; empty: none
	List          *List  // that the mail brings; nil: none
	Recipient     Recipient
	Kind          Kind
	Mail          Mail
	Key           *seal.Key // what OpenKey of the person, or of the account, opens
}

const insertRow = `INSERT INTO message (id, tenant_id, appointment_id, person_id, staff_id, recipient, kind,
		state, attempts, due, created, problem, sealed, location_id, day, until)
	VALUES ($1, $2, NULLIF($3, ''), NULLIF($4, ''), NULLIF($5, ''), $6, $7, $8, 0, $9, $9, '', $10, $11, $12, $13)
	ON CONFLICT DO NOTHING` // on the id, or on location and day

// Enqueue stores a mail to be sent as soon as tx has committed. Call
// Worker.Wake after that, or it waits for the worker's next round.
func Enqueue(ctx context.Context, tx *db.Tx, r Row) error {
	values, err := r.values(tx)
	if err != nil {
		return err
	}
	if err := tx.Later(ctx, nil, insertRow, values...); err != nil {
		return fmt.Errorf("store message: %w", err)
	}
	return nil
}

// EnqueueOnce is Enqueue and tells whether the mail was stored: a list, or
// an id, that was stored before, by whichever process, is not.
func EnqueueOnce(ctx context.Context, tx *db.Tx, r Row) (bool, error) {
	values, err := r.values(tx)
	if err != nil {
		return false, err
	}
	n, err := tx.Exec(ctx, insertRow, values...)
	if err != nil {
		return false, fmt.Errorf("store message: %w", err)
	}
	return n == 1, nil
}

// Withdraw deletes the mails to the citizen about an appointment that were not sent
// yet: their address is no longer the right one. One that a worker has opened
// already is sent all the same.
func Withdraw(ctx context.Context, tx *db.Tx, appointmentID string) error {
	_, err := tx.Exec(ctx, "DELETE FROM message WHERE appointment_id = $1 AND recipient = $2 AND state = $3",
		appointmentID, string(ToCitizen), queued)
	if err != nil {
		return fmt.Errorf("withdraw mails about appointment %s: %w", appointmentID, err)
	}
	return nil
}

// values are those of insertRow.
func (r Row) values(tx *db.Tx) ([]any, error) {
	// Ids rise with time, which keeps the mails of an appointment in order.
	id := cmp.Or(r.ID, db.NewID())
	plain, err := json.Marshal(r.Mail)
	if err != nil {
		return nil, fmt.Errorf("encode message %s: %w", id, err)
	}
	var location, day, until any // null but for a list
	if r.List != nil {
		location, day, until = r.List.LocationID, int64(r.List.Day), r.List.Until
	}
	return []any{id, r.TenantID, r.AppointmentID, r.PersonID, r.StaffID, string(r.Recipient), string(r.Kind),
		queued, tx.Unix(), r.Key.Seal(plain, Bound(id)), location, day, until}, nil
}

// Bound names the row that a sealed mail belongs to.
func Bound(id string) string { return "message/" + id + "/mail" }
