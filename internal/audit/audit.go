// SPDX-License-Identifier: EUPL-1.2

// Package audit records who did what, and who looked at whose data.
//
// An entry is appended in the transaction that it is about, so that there is
// one exactly if that committed. It holds ids and never a name, an address or
// anything that somebody typed. Nothing is changed or taken back; an entry goes when
// its period is over.
package audit

import (
	"context"
	"fmt"
	"strings"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
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
	// FirstDay and LastDay are, of an entry about an appointment, the day on which
	// it is from then on, and of one about a list by days, those of the list. They
	// tell who was on a list that somebody saw.
	FirstDay, LastDay slot.Date
}

const (
	// MaxDays is how many days a list of an entry spans at most.
	MaxDays = 31
	// SameLook is how long, in seconds, whoever looks at the same thing again is
	// still taken to look at it: a list that keeps itself up to date is one look,
	// and one entry.
	SameLook = 600
)

// Append records an entry, and that it is about some persons more; its id and
// instant are those of the transaction.
func Append(ctx context.Context, tx *db.Tx, e Entry, persons ...string) error {
	id := db.NewID()
	var first, last any
	if e.FirstDay != 0 {
		first, last = int64(e.FirstDay), int64(e.LastDay)
	}
	err := tx.Later(ctx, nil, `INSERT INTO audit (id, tenant_id, at, actor, staff_id, role, action, appointment_id, person_id,
		location_id, subject_id, detail, first_day, last_day)
		VALUES ($1, $2, $3, $4, NULLIF($5, ''), $6, $7, NULLIF($8, ''), NULLIF($9, ''), NULLIF($10, ''), NULLIF($11, ''), $12, $13, $14)`,
		id, e.TenantID, tx.Unix(), string(e.Actor.Kind), e.Actor.StaffID, e.Actor.Role, string(e.Action),
		e.AppointmentID, e.PersonID, e.LocationID, e.SubjectID, e.Detail, first, last)
	for _, p := range persons {
		if err == nil {
			err = tx.Later(ctx, nil, "INSERT INTO audit_also (audit_id, person_id) VALUES ($1, $2)", id, p)
		}
	}
	if err != nil {
		return fmt.Errorf("append to audit: %w", err)
	}
	return nil
}

// Filter chooses entries. Empty fields choose all.
type Filter struct {
	PersonID      string // also lists on which the person was
	AppointmentID string // also lists on which it was
	StaffID       string
	Before        string // id: only older ones, to page on
}

// PageSize is how many entries List returns at most: the older ones are on the
// next page.
const PageSize = 100

// List returns entries of a tenant, the newest first, at most a hundred.
func List(ctx context.Context, tx *db.Tx, tenantID string, f Filter) ([]Entry, error) {
	where, args := query(tenantID, f)
	return read(ctx, tx, where, args...)
}

// LastChange is the newest entry about a change of an appointment, the zero Entry
// where there is none.
func LastChange(ctx context.Context, tx *db.Tx, appointmentID string) (Entry, error) {
	list, err := read(ctx, tx, "appointment_id = $1 AND first_day IS NOT NULL ORDER BY id DESC LIMIT 1", appointmentID)
	if err != nil || len(list) == 0 {
		return Entry{}, err
	}
	return list[0], nil
}

// LastAbout is the newest entry about an action on a person, and on a subject unless
// that is empty; the zero Entry where there is none, or none any more.
func LastAbout(ctx context.Context, tx *db.Tx, a Action, personID, subjectID string) (Entry, error) {
	list, err := read(ctx, tx, "person_id = $1 AND action = $2 AND ($3 = '' OR subject_id = $3) ORDER BY id DESC LIMIT 1",
		personID, string(a), subjectID)
	if err != nil || len(list) == 0 {
		return Entry{}, err
	}
	return list[0], nil
}

func read(ctx context.Context, tx *db.Tx, where string, args ...any) ([]Entry, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Entry, error) {
		var e Entry
		return e, scan(&e.ID, &e.TenantID, &e.At, &e.Actor.Kind, &e.Actor.StaffID, &e.Actor.Role, &e.Action,
			&e.AppointmentID, &e.PersonID, &e.LocationID, &e.SubjectID, &e.Detail, &e.FirstDay, &e.LastDay)
	}, columns+where, args...)
	if err != nil {
		return nil, fmt.Errorf("read audit: %w", err)
	}
	return list, nil
}

const columns = `SELECT id, tenant_id, at, actor, COALESCE(staff_id, ''), role, action, COALESCE(appointment_id, ''),
	COALESCE(person_id, ''), COALESCE(location_id, ''), COALESCE(subject_id, ''), detail, COALESCE(first_day, 0),
	COALESCE(last_day, 0) FROM audit WHERE `

// listed finds the entries about lists on which somebody was: those that showed
// the day of an appointment between an entry that tells it and the next one, or
// may still have been on a screen then.
const listed = `SELECT l.id FROM audit a JOIN audit l ON l.location_id = a.location_id AND l.appointment_id IS NULL
		AND l.first_day BETWEEN a.first_day - %d AND a.first_day AND l.last_day >= a.first_day AND l.at > a.at - %d
	WHERE a.%s AND a.appointment_id IS NOT NULL AND NOT EXISTS (SELECT 1 FROM audit n WHERE n.appointment_id = a.appointment_id
		AND n.id > a.id AND n.id < l.id AND (n.location_id <> a.location_id OR n.first_day <> a.first_day))`

// query is the condition for what a filter chooses and nothing else, so that an
// index serves it. Where there is one for an id, the tenant is compared in a way
// that tempts no planner to walk through all that happened at the tenant.
func query(tenantID string, f Filter) (string, []any) {
	where, args := condition(tenantID, f)
	return fmt.Sprintf("%s ORDER BY id DESC LIMIT %d", where, PageSize), args
}

// condition is query without order and limit.
func condition(tenantID string, f Filter) (string, []any) {
	where, args := "tenant_id = $1", []any{tenantID}
	if f != (Filter{Before: f.Before}) {
		where = "tenant_id || '' = $1"
	}
	about := func(is string) string {
		return "SELECT id FROM audit WHERE " + is + " UNION " + fmt.Sprintf(listed, MaxDays-1, SameLook, is)
	}
	for _, c := range []struct{ condition, value string }{
		{"id IN (" + about("appointment_id = ?") + ")", f.AppointmentID},
		{"id IN (" + about("person_id = ?") + " UNION SELECT audit_id FROM audit_also WHERE person_id = ?)", f.PersonID},
		{"staff_id = ?", f.StaffID},
		{"id < ?", f.Before},
	} {
		if c.value != "" {
			args = append(args, c.value)
			where += " AND " + strings.ReplaceAll(c.condition, "?", fmt.Sprintf("$%d", len(args)))
		}
	}
	return where, args
}
