// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"strings"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/staff"
)

// RecordFilter chooses entries of the audit. Empty fields choose all.
type RecordFilter struct {
	PersonID  string
	Reference string // of an appointment, as somebody typed it
	StaffID   string
	Before    string // id of an entry: only older ones
}

// RecordEntry is one line of the audit.
type RecordEntry struct {
	audit.Entry
	Reference string // of the appointment that it is about; empty when there is none any more
}

// Record returns entries of the member's own tenant, the newest first, at most
// a hundred. The right is ReadAudit. A reference that no appointment has
// answers Invalid for the field "appointment".
func (b *Bookings) Record(ctx context.Context, by *staff.Member, f RecordFilter) ([]RecordEntry, error) {
	if err := by.May(staff.ReadAudit, ""); err != nil {
		return nil, err
	}
	var out []RecordEntry
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		choice := audit.Filter{PersonID: f.PersonID, StaffID: f.StaffID, Before: f.Before}
		var err error
		if f.Reference != "" {
			if choice.AppointmentID, err = byReference(ctx, tx, by.TenantID, f.Reference); err != nil {
				return err
			}
		}
		list, err := audit.List(ctx, tx, by.TenantID, choice)
		if err != nil {
			return err
		}
		out, err = withReferences(ctx, tx, by.TenantID, list)
		return err
	})
	return out, err
}

// byReference is the id of the appointment with a reference, which may be
// grouped by spaces.
func byReference(ctx context.Context, tx *db.Tx, tenantID, typed string) (string, error) {
	var id string
	err := tx.QueryRow(ctx, "SELECT id FROM appointment WHERE tenant_id = $1 AND reference = $2", tenantID,
		strings.Join(strings.Fields(typed), "")).Scan(&id)
	if db.IsNoRows(err) {
		return "", &fault.Error{Kind: fault.Invalid, Key: "form.incomplete",
			Fields: []fault.Field{{Name: "appointment", Key: "desk.audit.unknown_reference"}}}
	}
	if err != nil {
		return "", fmt.Errorf("select appointment by reference: %w", err)
	}
	return id, nil
}

// withReferences adds the numbers by which people know the appointments.
func withReferences(ctx context.Context, tx *db.Tx, tenantID string, list []audit.Entry) ([]RecordEntry, error) {
	known := map[string]string{}
	out := make([]RecordEntry, 0, len(list))
	for _, e := range list {
		reference, seen := known[e.AppointmentID]
		if !seen && e.AppointmentID != "" {
			err := tx.QueryRow(ctx, "SELECT reference FROM appointment WHERE id = $1 AND tenant_id = $2",
				e.AppointmentID, tenantID).Scan(&reference)
			if err != nil && !db.IsNoRows(err) {
				return nil, fmt.Errorf("select reference of appointment %s: %w", e.AppointmentID, err)
			}
			known[e.AppointmentID] = reference
		}
		out = append(out, RecordEntry{Entry: e, Reference: reference})
	}
	return out, nil
}
