// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
	"time"

	"vorzimmer/internal/account"
	"vorzimmer/internal/audit"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/request"
	"vorzimmer/internal/rights"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"
)

// backup is how long copies of the database are kept: what must not come back
// with one is remembered as long.
var backup = privacy.Backup

// kind is one kind of rows with a period.
type kind struct {
	class *privacy.Class
	// due counts what of a tenant could go at an instant, and what somebody keeps
	// from going.
	due func(ctx context.Context, tx *db.Tx, j *Job, c *office.Catalogue, at time.Time) (int, int, error)
	// remove deletes a batch and returns how many there were; nil: another job does.
	remove func(ctx context.Context, j *Job, c *office.Catalogue) (int, error)
}

// kinds are all of them, in the order in which they go: what points to something
// before that.
var kinds = []kind{
	{class: privacy.Hold, due: counted(booking.OldHolds, keep(privacy.Hold))},
	{class: privacy.Appointment, due: appointments, remove: func(ctx context.Context, j *Job, c *office.Catalogue) (int, error) {
		_, err := j.Bookings.DeleteOld(ctx, c, rounds)
		return 0, err // it has gone through all
	}},
	rows(privacy.Message, message.Old, keep(privacy.Message)),
	rows(privacy.Registration, account.OldPending, atOnce),
	rows(privacy.RightsLink, rights.OldLinks, atOnce),
	{class: privacy.Account, due: func(ctx context.Context, tx *db.Tx, _ *Job, c *office.Catalogue, at time.Time) (int, int, error) {
		n, err := account.CountUnused(ctx, tx, &c.Tenant, at)
		return n, 0, err
	}},
	rows(privacy.LoginAddress, credential.OldAddresses, func(t *office.Tenant) time.Duration {
		return min(t.Retention.Keep(privacy.LoginAddress), t.Retention.Keep(privacy.Login))
	}),
	rows(privacy.Login, credential.OldLogins, keep(privacy.Login)),
	rows(privacy.Consent, account.OldConsents, keep(privacy.Consent)),
	rows(privacy.Request, request.Old, keep(privacy.Request)),
	{class: privacy.Session, due: counted(session.Old, keep(privacy.Session))},
	rows(privacy.Audit, audit.Old, keep(privacy.Audit)),
	{class: privacy.Staff, due: counted(staff.Gone, keep(privacy.Staff)), remove: func(ctx context.Context, j *Job, c *office.Catalogue) (int, error) {
		return j.Staff.DeleteGone(ctx, c, j.Erasures)
	}},
	{class: privacy.AccessLog, due: logFiles, remove: cleanLogs},
	rows(privacy.Deletion, audit.OldCounts, keep(privacy.Deletion)),
	rows(privacy.Statistic, statistics.Old, keep(privacy.Statistic)),
}

func keep(c *privacy.Class) func(*office.Tenant) time.Duration {
	return func(t *office.Tenant) time.Duration { return t.Retention.Keep(c) }
}

// atOnce is for rows that say themselves until when.
func atOnce(*office.Tenant) time.Duration { return 0 }

// rows is a kind that one statement deletes.
func rows(class *privacy.Class, old db.Aged, period func(*office.Tenant) time.Duration) kind {
	return kind{class: class, due: counted(old, period), remove: func(ctx context.Context, j *Job, c *office.Catalogue) (int, error) {
		n := 0
		err := j.DB.Write(ctx, func(tx *db.Tx) error {
			var err error
			if n, err = old.Delete(ctx, tx, c.Tenant.ID, tx.Now().Add(-period(&c.Tenant)).Unix(), batch); err != nil {
				return err
			}
			return audit.CountDeleted(ctx, tx, c.Tenant.ID, class, n)
		})
		return n, err
	}}
}

func counted(old db.Aged, period func(*office.Tenant) time.Duration) func(context.Context, *db.Tx, *Job, *office.Catalogue, time.Time) (int, int, error) {
	return func(ctx context.Context, tx *db.Tx, _ *Job, c *office.Catalogue, at time.Time) (int, int, error) {
		n, err := old.Count(ctx, tx, c.Tenant.ID, at.Add(-period(&c.Tenant)).Unix())
		return n, 0, err
	}
}

func appointments(ctx context.Context, tx *db.Tx, j *Job, c *office.Catalogue, at time.Time) (int, int, error) {
	return j.Bookings.CountOld(ctx, tx, c, at)
}

func logFiles(_ context.Context, _ *db.Tx, j *Job, c *office.Catalogue, at time.Time) (int, int, error) {
	if j.Logs == nil {
		return 0, 0, nil
	}
	n, err := j.Logs.Due(c.Tenant.ID, at, c.Tenant.Retention.Keep(privacy.AccessLog))
	return n, 0, err
}

// cleanLogs does all at once: 0 says that nothing is left.
func cleanLogs(ctx context.Context, j *Job, c *office.Catalogue) (int, error) {
	if j.Logs == nil {
		return 0, nil
	}
	r := c.Tenant.Retention
	_, deleted, err := j.Logs.Clean(c.Tenant.ID, j.DB.Now(), r.Keep(privacy.AccessAddress), r.Keep(privacy.AccessLog))
	if err != nil || deleted == 0 {
		return 0, err
	}
	return 0, j.DB.Write(ctx, func(tx *db.Tx) error {
		return audit.CountDeleted(ctx, tx, c.Tenant.ID, privacy.AccessLog, deleted)
	})
}
