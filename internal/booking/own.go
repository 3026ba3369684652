// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
)

// What people do with their own records. Who they are, and which records are theirs,
// is decided by the caller, in the same transaction.

// actionErased: the person wanted it.
const actionErased audit.Action = "person.erased"

func citizen() audit.Actor { return audit.Actor{Kind: audit.Citizen} }

// Own is a record as the person sees it.
type Own struct {
	Person       *person.Person
	Appointments []*View            // booked ones, in the order of time
	Holds        []person.LegalHold // in force, the one that ends last first
	NameFixed    bool               // a coming appointment is for a service for which the desk changes names
}

// Coming are the appointments that are not over at an instant.
func (o *Own) Coming(now time.Time) []*View {
	var list []*View
	for _, v := range o.Appointments {
		if !v.RunOut(now) && (v.Active() || v.State == Arrived || v.State == Called) && v.End().After(now) {
			list = append(list, v)
		}
	}
	return list
}

// OwnRecord reads a record. It answers NotFound.
func (b *Bookings) OwnRecord(ctx context.Context, tx *db.Tx, tenantID, personID string) (*Own, error) {
	p, err := b.Persons.Load(ctx, tx, tenantID, personID)
	if err != nil {
		return nil, err
	}
	o := &Own{Person: p}
	o.Appointments, err = b.readAll(ctx, tx, bareColumns, bareTables, "a.tenant_id = $1 AND a.person_id = $2 AND a.state <> 'held'", tenantID, personID)
	if err != nil {
		return nil, err
	}
	if o.Holds, err = b.Persons.Holds(ctx, tx, p); err != nil {
		return nil, err
	}
	o.NameFixed = slices.ContainsFunc(o.Coming(tx.Now()), func(v *View) bool {
		return slices.ContainsFunc(v.Services, func(s Booked) bool { return s.Service.NameFixed })
	})
	return o, nil
}

// OfficeMail is the mailbox that got the mails about an appointment; empty where the
// office has not heard of it.
func (v *View) OfficeMail() string {
	if v.State == Held || v.State == Unconfirmed || v.State == Expired {
		return ""
	}
	return officeMail(v)
}

// EraseOwn erases records of one person with their appointments, links and mails,
// and with the records that went into them. What is to come is cancelled by that, and
// its time is free. It returns the records as they were, and apart from them those
// that the office keeps for a legal claim, which stay as they are. One that is gone
// already is left out; a restriction, which the person may lift, is no hindrance.
func (b *Bookings) EraseOwn(ctx context.Context, tx *db.Tx, tenantID string, ids []string) ([]*Own, []*Own, error) {
	if len(ids) == 0 {
		return nil, nil, nil
	}
	marks, args := make([]string, len(ids)), make([]any, len(ids))
	for i, id := range ids {
		marks[i], args[i] = fmt.Sprintf("$%d", i+2), id
	}
	all, err := b.lockAll(ctx, tx, tenantID, "a.person_id IN ("+strings.Join(marks, ", ")+")", args...)
	if err != nil {
		return nil, nil, err
	}
	var gone, kept []*Own
	for _, id := range ids {
		theirs := slices.DeleteFunc(slices.Clone(all), func(v *View) bool { return v.PersonID != id })
		o, err := b.lockOwn(ctx, tx, tenantID, id, theirs)
		if fault.Of(err) == fault.NotFound {
			continue // the deletion job was quicker
		}
		if err != nil {
			return nil, nil, err
		}
		if len(o.Holds) > 0 {
			kept = append(kept, o)
			continue
		}
		if err := b.eraseOne(ctx, tx, tenantID, id, theirs); err != nil {
			return nil, nil, err
		}
		gone = append(gone, o)
	}
	return gone, kept, nil
}

// lockOwn waits until nobody else changes a record, whose appointments are on days
// that are locked, and reads it.
func (b *Bookings) lockOwn(ctx context.Context, tx *db.Tx, tenantID, id string, theirs []*View) (*Own, error) {
	for _, v := range theirs {
		if err := lockRow(ctx, tx, v.ID); err != nil {
			return nil, err
		}
	}
	_, err := b.Persons.Lock(ctx, tx, tenantID, id)
	if fault.Of(err) == fault.Conflict {
		return nil, db.ErrRetry // went into another just now
	}
	if err != nil {
		return nil, err
	}
	if err := sameNumber(ctx, tx, id, len(theirs)); err != nil {
		return nil, err
	}
	return b.OwnRecord(ctx, tx, tenantID, id)
}

func (b *Bookings) eraseOne(ctx context.Context, tx *db.Tx, tenantID, id string, theirs []*View) error {
	for _, v := range theirs {
		if err := b.Erasures.Add(tx.Now(), erasure.Appointment, v.ID); err != nil {
			return err
		}
		if err := deleteAppointment(ctx, tx, v.ID); err != nil {
			return err
		}
	}
	if err := b.erasePerson(ctx, tx, id); err != nil {
		return err
	}
	if err := audit.CountDeleted(ctx, tx, tenantID, privacy.Appointment, len(theirs)); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{TenantID: tenantID, Actor: citizen(), Action: actionErased, PersonID: id})
}

// RestrictOwn restricts the processing of a record because its person wants that, or
// lifts that, whoever had restricted it. Doing it twice does it once. It answers
// NotFound.
func (b *Bookings) RestrictOwn(ctx context.Context, tx *db.Tx, tenantID, personID string, on bool) error {
	_, err := b.Persons.Lock(ctx, tx, tenantID, personID)
	if fault.Of(err) == fault.Conflict {
		return db.ErrRetry
	}
	if err != nil {
		return err
	}
	set, action := b.Persons.Unrestrict, actionUnrestricted
	if on {
		set, action = b.Persons.Restrict, actionRestricted
	}
	changed, err := set(ctx, tx, personID)
	if err != nil || !changed {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{TenantID: tenantID, Actor: citizen(), Action: action, PersonID: personID})
}

// CorrectOwn replaces what a record says about its person, but for the e-mail address,
// which it does not change. It calls leave, and keeps the name, where the desk has to
// decide about that. It answers Invalid "form.incomplete" with fields, Conflict
// "rights.correct.restricted" for a restricted record, NotFound.
func (b *Bookings) CorrectOwn(ctx context.Context, tx *db.Tx, tenantID, personID string, typed person.Data,
	leave func(t *office.Tenant, p *person.Person, firstName, lastName string) error) error {
	cat, err := b.Offices.Catalogue(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	all, err := b.lockAll(ctx, tx, tenantID, "a.person_id = $2", personID)
	if err != nil {
		return err
	}
	o, err := b.lockOwn(ctx, tx, tenantID, personID, all)
	if err != nil {
		return err
	}
	if !o.Person.Restricted.IsZero() {
		return fault.New(fault.Conflict, "rights.correct.restricted")
	}
	was := o.Person.Data
	typed.Email = was.Email
	wanted, fields := person.Check(typed, tx.Now())
	if was.Email == "" {
		wanted, fields = person.CheckAtDesk(typed, tx.Now())
	}
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
	}
	if o.NameFixed && (wanted.FirstName != was.FirstName || wanted.LastName != was.LastName) {
		if err := leave(&cat.Tenant, o.Person, wanted.FirstName, wanted.LastName); err != nil {
			return err
		}
		wanted.FirstName, wanted.LastName, wanted.OneName = was.FirstName, was.LastName, was.OneName
	}
	if wanted == was {
		return nil
	}
	return b.changePerson(ctx, tx, citizen(), tenantID, personID, wanted, all)
}
