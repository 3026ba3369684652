// SPDX-License-Identifier: EUPL-1.2

// Package audit records who did what, and who looked at whose data.
//
// An entry is appended in the transaction that it is about, so that there is
// one exactly if that committed. It holds ids and never a name, an address or
// anything that somebody typed. Nothing is ever changed or taken back.
package audit

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"

	"github.com/google/uuid"
)

// Kind of actor.
type Kind string

// The kinds.
const (
	Staff    Kind = "staff"
	Citizen  Kind = "citizen"
	System   Kind = "system"   // a job of the program
	Operator Kind = "operator" // the command line
)

// Actor is who did something.
type Actor struct {
	Kind    Kind
	StaffID string // empty unless Staff
	Role    string // of the staff at that moment
}

// Action is what was done: "appointment.called", "person.revealed" ... Each has
// a text of the key "audit." and its name.
type Action string

// Entry is one line of the record. Ids may be empty.
type Entry struct {
	ID            string
	TenantID      string
	At            int64 // unix seconds
	Actor         Actor
	Action        Action
	AppointmentID string
	PersonID      string
	LocationID    string
	SubjectID     string // another account, a closure ...
	Detail        string // what changed, without personal data
}

// Append records an entry; its id and instant are those of the transaction.
func Append(ctx context.Context, tx *db.Tx, e Entry) error {
	id, err := uuid.NewV7()
	if err != nil {
		return fmt.Errorf("make audit id: %w", err)
	}
	_, err = tx.Exec(ctx, `INSERT INTO audit (id, tenant_id, at, actor, staff_id, role, action, appointment_id, person_id,
		location_id, subject_id, detail)
		VALUES ($1, $2, $3, $4, NULLIF($5, ''), $6, $7, NULLIF($8, ''), NULLIF($9, ''), NULLIF($10, ''), NULLIF($11, ''), $12)`,
		id.String(), e.TenantID, tx.Unix(), string(e.Actor.Kind), e.Actor.StaffID, e.Actor.Role, string(e.Action),
		e.AppointmentID, e.PersonID, e.LocationID, e.SubjectID, e.Detail)
	if err != nil {
		return fmt.Errorf("append to audit: %w", err)
	}
	return nil
}

// Filter chooses entries. Empty fields choose all.
type Filter struct {
	PersonID      string
	AppointmentID string
	StaffID       string
	Before        string // id: only older ones, to page on
}

// PageSize is how many entries List returns at most: the older ones are on the
// next page.
const PageSize = 100

// List returns entries of a tenant, the newest first, at most a hundred.
func List(ctx context.Context, tx *db.Tx, tenantID string, f Filter) ([]Entry, error) {
	q, args := query(tenantID, f)
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Entry, error) {
		e := Entry{TenantID: tenantID}
		return e, scan(&e.ID, &e.At, &e.Actor.Kind, &e.Actor.StaffID, &e.Actor.Role, &e.Action,
			&e.AppointmentID, &e.PersonID, &e.LocationID, &e.SubjectID, &e.Detail)
	}, q, args...)
	if err != nil {
		return nil, fmt.Errorf("list audit: %w", err)
	}
	return list, nil
}

// query asks for what a filter chooses and for nothing else, so that an index
// serves it. Where there is one for an id, the tenant is compared in a way that
// tempts no planner to walk through all that happened at the tenant.
func query(tenantID string, f Filter) (string, []any) {
	where, args := "tenant_id = $1", []any{tenantID}
	if f.PersonID != "" || f.AppointmentID != "" {
		where = "tenant_id || '' = $1"
	}
	for _, c := range []struct{ condition, value string }{
		{"person_id =", f.PersonID}, {"appointment_id =", f.AppointmentID}, {"staff_id =", f.StaffID}, {"id <", f.Before},
	} {
		if c.value != "" {
			args = append(args, c.value)
			where += fmt.Sprintf(" AND %s $%d", c.condition, len(args))
		}
	}
	return fmt.Sprintf(`SELECT id, at, actor, COALESCE(staff_id, ''), role, action, COALESCE(appointment_id, ''), COALESCE(person_id, ''),
		COALESCE(location_id, ''), COALESCE(subject_id, ''), detail FROM audit
		WHERE %s ORDER BY id DESC LIMIT %d`, where, PageSize), args
}
