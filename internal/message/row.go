// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"context"
	"encoding/json"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"

	"github.com/google/uuid"
)

// The states of a row.
const (
	queued = "queued"
	sent   = "sent"
	failed = "failed" // the content stays, sealed, until the person's data go
)

// Row is a mail to be sent for an appointment, or to somebody who works here.
type Row struct {
	TenantID      string
	AppointmentID string
	PersonID      string // whose key seals a mail about an appointment, also one to the office
	StaffID       string // whose account the mail is about; empty: an appointment
	Recipient     Recipient
	Kind          Kind
	Mail          Mail
	Key           *seal.Key // what OpenKey of the person, or of the account, opens
}

// Enqueue stores a mail to be sent as soon as tx has committed. Call
// Worker.Wake after that, or it waits for the worker's next round.
func Enqueue(ctx context.Context, tx *db.Tx, r Row) error {
	// Version 7 ids rise with time, which keeps the mails of an appointment in order.
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make id of message: %w", err)
	}
	plain, err := json.Marshal(r.Mail)
	if err != nil {
		return fmt.Errorf("encode message %s: %w", id, err)
	}
	err = tx.Later(ctx, nil, `INSERT INTO message (id, tenant_id, appointment_id, person_id, staff_id, recipient, kind,
			state, attempts, due, created, problem, sealed)
		VALUES ($1, $2, NULLIF($3, ''), NULLIF($4, ''), NULLIF($5, ''), $6, $7, $8, 0, $9, $9, '', $10)`,
		id.String(), r.TenantID, r.AppointmentID, r.PersonID, r.StaffID, string(r.Recipient), string(r.Kind),
		queued, tx.Unix(), r.Key.Seal(plain, Bound(id.String())))
	if err != nil {
		return fmt.Errorf("store message %s: %w", id, err)
	}
	return nil
}

// Bound names the row that a sealed mail belongs to.
func Bound(id string) string { return "message/" + id + "/mail" }
