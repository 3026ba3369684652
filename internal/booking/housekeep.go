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
)

// KeepAbandoned is how long what was typed into a form outlives its hold. The
// privacy notice prints it.
const KeepAbandoned = time.Hour

// housekeepBatch is how many are listed at once.
const housekeepBatch = 200

// Housekeep expires appointments that nobody confirmed in time, with a mail
// that says so, and deletes holds that came to nothing together with what was
// typed. Slots do not depend on it: they are free the moment their claim runs
// out. It also deletes the records of persons that went into others more than a
// day ago. Several processes may run it at once. It returns how many
// appointments and records it dealt with.
func (b *Bookings) Housekeep(ctx context.Context) (int, error) {
	now := b.DB.Now()
	expired, err1 := b.sweep(ctx, Unconfirmed, now.Unix(), b.expire)
	if expired > 0 {
		b.Wake()
	}
	forgotten, err2 := b.sweep(ctx, Held, now.Add(-KeepAbandoned).Unix(), b.forget)
	merged, err3 := b.finishMerges(ctx)
	return expired + forgotten + merged, errors.Join(err1, err2, err3)
}

// sweep does something with every appointment in a state whose time was over
// at until. One that fails stays for the next run and holds nobody up.
func (b *Bookings) sweep(ctx context.Context, s State, until int64, do func(context.Context, overdue) error) (int, error) {
	var done int
	var problems []error
	for {
		list, err := b.due(ctx, s, until, len(problems))
		if err != nil {
			return done, errors.Join(append(problems, err)...)
		}
		for _, d := range list {
			if err := do(ctx, d); err != nil {
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
func (b *Bookings) due(ctx context.Context, s State, until int64, skip int) ([]overdue, error) {
	var list []overdue
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		list, err = db.Collect(ctx, tx, func(scan db.Scan) (overdue, error) {
			var d overdue
			err := scan(&d.id, &d.tenantID)
			return d, err
		}, "SELECT id, tenant_id FROM appointment WHERE state = '"+string(s)+"'"+ // written out: planned for any state, it would be a scan
			" AND until <= $1 ORDER BY until, id LIMIT $2 OFFSET $3", until, housekeepBatch, skip)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list %s appointments that ran out: %w", s, err)
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
		a, err := b.lockByID(ctx, tx, d, Held, tx.Now().Add(-KeepAbandoned).Unix())
		if err != nil || a == nil {
			return err
		}
		if err := drop(ctx, tx, a.ID); err != nil {
			return err
		}
		for _, q := range []string{
			"DELETE FROM account_appointment WHERE appointment_id = $1",
			"DELETE FROM secret WHERE appointment_id = $1",
			"DELETE FROM appointment_service WHERE appointment_id = $1",
			"DELETE FROM appointment WHERE id = $1",
		} {
			if _, err := tx.Exec(ctx, q, a.ID); err != nil {
				return fmt.Errorf("delete hold %s: %w", a.ID, err)
			}
		}
		if a.PersonID == "" {
			return nil
		}
		return b.Persons.Delete(ctx, tx, a.PersonID)
	})
}
