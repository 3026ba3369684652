// SPDX-License-Identifier: EUPL-1.2

// Package retention deletes what is kept no longer, and can prove it.
//
// It runs in every process that serves, without being set up, in small batches.
// How long something is kept stands in package privacy and the tenant's file, what
// is old in the package that owns a table. This package knows neither pages nor
// mails' texts; it decides when, counts, and raises the alarm when it is late.
package retention

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"vorzimmer/internal/accesslog"
	"vorzimmer/internal/account"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/office"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// Job is the deletion job. Fields are set before it runs; it is safe for
// concurrent use, and several processes may run one on the same database.
type Job struct {
	DB       *db.DB
	Offices  *office.Store
	Bookings *booking.Bookings
	Accounts *account.Accounts
	Staff    *staff.Accounts
	Sessions *session.Store
	Erasures *erasure.List
	Logs     *accesslog.Log // nil: none are written
	Log      *slog.Logger
	// Served are the tenants whose citizens can be written to: those that this
	// installation serves. Only their unused accounts end, since that is announced.
	Served []string
	// Tell writes to the operator that something is overdue, in the transaction; nil:
	// the log alone does.
	Tell func(ctx context.Context, tx *db.Tx, r *Report) error

	mu      sync.Mutex
	unclean map[string]time.Time // when a tenant was looked at last, whose runs have errors since
	scrub   bool                 // what was deleted is to be taken out of the files
}

const (
	// batch is how many rows are deleted at once.
	batch = 500
	// rounds bounds how many batches of one kind a run deletes at a tenant: the others
	// have their turn, and the next run goes on.
	rounds = 200
	// markEvery is how often a run that had nothing to do is noted.
	markEvery = time.Hour
	// Late is how long after its time something has to be deleted at the latest.
	Late = 24 * time.Hour
	// alarmEvery is how often the operator is told.
	alarmEvery = 24 * time.Hour
)

// Run deletes what is due at every tenant in the database. What fails is tried
// again by the next run and holds nothing else up. It raises the alarm for what
// should have been deleted a day ago.
func (j *Job) Run(ctx context.Context) error {
	_, err1 := j.Bookings.Housekeep(ctx)
	_, err2 := j.Accounts.Housekeep(ctx, j.Served)
	_, err3 := j.Sessions.Housekeep(ctx)
	common := errors.Join(err1, err2, err3)
	tenants, err := j.tenants(ctx)
	if err != nil {
		return errors.Join(common, err)
	}
	problems := []error{common}
	keep, all := time.Duration(0), true
	for _, t := range tenants {
		err := t.err
		if err == nil {
			keep = max(keep, t.Tenant.Retention.Keep(backup))
			err = j.runTenant(ctx, t.Catalogue)
		} else {
			all = false
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			problems = append(problems, fmt.Errorf("tenant %s: %w", t.id, err))
		}
		problems = append(problems, j.mark(ctx, t, err == nil && common == nil))
	}
	problems = append(problems, j.clear(ctx))
	if len(tenants) > 0 && all { // or nobody knows how old copies are
		problems = append(problems, j.Erasures.Forget(j.DB.Now().Add(-keep)))
	}
	return errors.Join(problems...)
}

// clear takes what was deleted out of the files, once an hour: when it cannot, the
// next run tries again.
func (j *Job) clear(ctx context.Context) error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if !j.scrub {
		return nil
	}
	done, err := j.DB.Scrub(ctx)
	j.scrub = !done
	return err
}

func (j *Job) runTenant(ctx context.Context, c *office.Catalogue) error {
	var problems []error
	for _, k := range kinds {
		if k.remove == nil {
			continue // its package does that by itself
		}
		for range rounds {
			n, err := k.remove(ctx, j, c)
			if err != nil {
				problems = append(problems, fmt.Errorf("delete old %s: %w", k.class.Key, err))
				break
			}
			if n == 0 || ctx.Err() != nil {
				break
			}
		}
	}
	return errors.Join(problems...)
}

// tenant is one of the database, with its catalogue or why that cannot be read.
type tenant struct {
	id string
	*office.Catalogue
	err error
}

// tenants are all that the database has: what was served once is deleted, too. One
// that is broken holds no other up.
func (j *Job) tenants(ctx context.Context) ([]tenant, error) {
	var list []tenant
	err := j.DB.Read(ctx, func(tx *db.Tx) error {
		list = nil
		ids, err := j.Offices.Tenants(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			c, err := j.Offices.Catalogue(ctx, tx, id)
			list = append(list, tenant{id, c, err})
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("read tenants: %w", err)
	}
	return list, nil
}
