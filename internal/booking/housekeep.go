// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
)

// housekeepBatch is how many are listed at once.
const housekeepBatch = 200

// Housekeep expires appointments that nobody confirmed in time, with a mail
// that says so, and deletes holds that came to nothing together with what was
// typed. Slots do not depend on it: they are free the moment their claim runs
// out. It also deletes the records of persons that went into others more than a
// day ago. Several processes may run it at once. It returns how many
// appointments and records it dealt with.
func (b *Bookings) Housekeep(ctx context.Context) (int, error) {
	expired, err1 := b.sweep(ctx, sweep{state: Unconfirmed, until: b.DB.Now().Unix(), do: b.expire})
	if expired > 0 {
		b.Wake()
	}
	forgotten, err2 := b.forgetHolds(ctx)
	merged, err3 := b.finishMerges(ctx)
	return expired + forgotten + merged, errors.Join(err1, err2, err3)
}

// forgetHolds deletes the holds that came to nothing, at each tenant those that it
// keeps no longer.
func (b *Bookings) forgetHolds(ctx context.Context) (int, error) {
	tenants, err := b.tenants(ctx)
	done := 0
	problems := []error{err}
	for _, t := range tenants {
		n, err := b.sweep(ctx, sweep{Held, b.DB.Now().Add(-t.Retention.Keep(privacy.Hold)).Unix(), t.ID, b.forget})
		done += n
		problems = append(problems, err)
	}
	return done, errors.Join(problems...)
}

// OldHolds are the reservations of a tenant that ran out at an instant or before.
var OldHolds = db.Aged{Table: "appointment", Key: "id", Where: "tenant_id = $1 AND state = 'held' AND until <= $2"}

// tenants are all that the database has, served or not. One that cannot be read is
// left out, and part of the error.
func (b *Bookings) tenants(ctx context.Context) ([]*office.Tenant, error) {
	var list []*office.Tenant
	var broken []error
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		list, broken = nil, nil
		ids, err := b.Offices.Tenants(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c, err := b.Offices.Catalogue(ctx, tx, id)
			if err != nil {
				broken = append(broken, fmt.Errorf("read tenant %s: %w", id, err))
				continue
			}
			list = append(list, &c.Tenant)
		}
		return nil
	})
	return list, errors.Join(append(broken, err)...)
}

// sweep is something to do with every appointment in a state whose time was over.
type sweep struct {
	state    State
	until    int64
	tenantID string // of one tenant; empty: of all
	do       func(context.Context, overdue) error
}

// sweep does it. One that fails stays for the next run and holds nobody up.
func (b *Bookings) sweep(ctx context.Context, s sweep) (int, error) {
	var done int
	var problems []error
	for {
		list, err := b.due(ctx, s, len(problems))
		if err != nil {
			return done, errors.Join(append(problems, err)...)
		}
		for _, d := range list {
			if err := s.do(ctx, d); err != nil {
				problems = append(problems, fmt.Errorf("appointment %s: %w", d.id, err))
			} else {
				done++
			}
		}
		if len(list) < housekeepBatch || ctx.Err() != nil {
			return done, errors.Join(problems...)
		}
	}
}

// overdue is an appointment that time has run out for.
type overdue struct{ id, tenantID string }

// due lists a batch, the first skip of them left out.
func (b *Bookings) due(ctx context.Context, s sweep, skip int) ([]overdue, error) {
	var list []overdue
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		list, err = db.Collect(ctx, tx, func(scan db.Scan) (overdue, error) {
			var d overdue
			err := scan(&d.id, &d.tenantID)
			return d, err
		}, "SELECT id, tenant_id FROM appointment WHERE state = '"+string(s.state)+"'"+ // written out: planned for any state, it would be a scan
			" AND until <= $1 AND ($4 = '' OR tenant_id || '' = $4) ORDER BY until, id LIMIT $2 OFFSET $3", s.until, housekeepBatch, skip, s.tenantID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s appointments that ran out: %w", s.state, err)
	}
	return list, nil
}

// lockByID waits like lock and tells whether the appointment still is in the
// state and its time still over: somebody may just have confirmed it.
func (b *Bookings) lockByID(ctx context.Context, tx *db.Tx, d overdue, s State, until int64) (*Appointment, error) {
	before, err := b.load(ctx, tx, d.tenantID, d.id)
	if fault.Of(err) == fault.NotFound {
		return nil, nil // another process was quicker
	}
	if err != nil {
		return nil, err
	}
	if _, err := b.lockDays(ctx, tx, before.day()); err != nil {
		return nil, err
	}
	if err := lockRow(ctx, tx, d.id); err != nil {
		return nil, err
	}
	after, err := b.load(ctx, tx, d.tenantID, d.id)
	switch {
	case fault.Of(err) == fault.NotFound:
		return nil, nil
	case err != nil:
		return nil, err
	case after.day() != before.day():
		return nil, db.ErrRetry
	case after.State != s || after.Until > until:
		return nil, nil
	}
	return &after.Appointment, nil
}

func (b *Bookings) expire(ctx context.Context, d overdue) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := b.lockByID(ctx, tx, d, Unconfirmed, tx.Unix())
		if err != nil || a == nil {
			return err
		}
		if err := drop(ctx, tx, a.ID); err != nil {
			return err
		}
		a.State = Expired
		if err := save(ctx, tx, a); err != nil {
			return err
		}
		if err := record(ctx, tx, audit.Actor{Kind: audit.System}, a, deed{action: actionExpired}); err != nil {
			return err
		}
		p, err := b.Persons.Load(ctx, tx, a.TenantID, a.PersonID)
		if err != nil {
			return err
		}
		return b.tellCitizen(ctx, tx, &View{Appointment: *a, Person: p}, message.Expired)
	})
}

// forget deletes a hold with everything that hangs on it.
func (b *Bookings) forget(ctx context.Context, d overdue) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		a, err := b.lockByID(ctx, tx, d, Held, tx.Unix())
		if err != nil || a == nil || tx.Now().Sub(time.Unix(a.Until, 0)) < a.Tenant.Retention.Keep(privacy.Hold) {
			return err
		}
		if err := audit.CountDeleted(ctx, tx, a.TenantID, privacy.Hold, 1); err != nil {
			return err
		}
		if err := deleteAppointment(ctx, tx, a.ID); err != nil {
			return err
		}
		if a.PersonID == "" {
			return nil
		}
		return b.Persons.Delete(ctx, tx, a.PersonID)
	})
}
