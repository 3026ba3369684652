// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// Report is what is due at a tenant and what was done. It holds counts only.
type Report struct {
	Tenant  string          `json:"tenant"`
	At      int64           `json:"at"`       // unix seconds
	LastRun int64           `json:"last_run"` // the end of the last run without an error; 0: none yet
	Late    bool            `json:"late"`     // there was none for more than a day
	Lines   []Line          `json:"lines"`
	Deleted []audit.Deleted `json:"deleted"` // in the last thirty days
}

// Line is about one class of data.
type Line struct {
	Class   string `json:"class"`
	Amount  int    `json:"amount"` // the period
	Unit    string `json:"unit"`   // minutes, hours or days
	Due     int    `json:"due"`    // what the next run deletes
	Overdue int    `json:"overdue"`
	Held    int    `json:"held"` // is due, and restricted or held for a legal claim
	Soon    int    `json:"soon"` // what runs of the next seven days delete, in addition
	Deleted int    `json:"deleted"`
}

// shown is how far back a report tells what was deleted, in days.
const shown = 30

// Overdue tells whether something should have been deleted a day ago.
func (r *Report) Overdue() bool {
	for _, l := range r.Lines {
		if l.Overdue > 0 {
			return true
		}
	}
	return r.Late
}

// Reports are those of all tenants in the database. One that cannot be made is left
// out, and part of the error.
func (j *Job) Reports(ctx context.Context) ([]*Report, error) {
	tenants, err := j.tenants(ctx)
	if err != nil {
		return nil, err
	}
	var list []*Report
	var problems []error
	for _, t := range tenants {
		r, err := j.look(ctx, t)
		if err != nil {
			problems = append(problems, fmt.Errorf("report on tenant %s: %w", t.id, err))
			continue
		}
		list = append(list, r)
	}
	return list, errors.Join(problems...)
}

func (j *Job) look(ctx context.Context, t tenant) (*Report, error) {
	if t.err != nil {
		return nil, t.err
	}
	var r *Report
	err := j.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		r, err = j.report(ctx, tx, t.Catalogue)
		return err
	})
	return r, err
}

// Report is that of one tenant.
func (j *Job) Report(ctx context.Context, tenantID string) (*Report, error) {
	var r *Report
	err := j.DB.Read(ctx, func(tx *db.Tx) error {
		c, err := j.Offices.Catalogue(ctx, tx, tenantID)
		if err == nil {
			r, err = j.report(ctx, tx, c)
		}
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("report on tenant %s: %w", tenantID, err)
	}
	return r, nil
}

func (j *Job) report(ctx context.Context, tx *db.Tx, c *office.Catalogue) (*Report, error) {
	now := tx.Now()
	r := &Report{Tenant: c.Tenant.ID, At: now.Unix()}
	run, err := lastRun(ctx, tx, c.Tenant.ID)
	if err != nil {
		return nil, err
	}
	r.LastRun = run.at
	r.Late = late(run.at, now)
	if r.Deleted, err = audit.DeletedSince(ctx, tx, c.Tenant.ID, slot.Date(now.Unix()/86400-shown)); err != nil {
		return nil, err
	}
	for _, k := range kinds {
		l := Line{Class: k.class.Key, Amount: c.Tenant.Retention.Amount(k.class), Unit: k.class.UnitName()}
		soon := 0
		for _, count := range []struct {
			at   time.Time
			n    *int
			held *int
		}{{now, &l.Due, &l.Held}, {now.Add(-Late), &l.Overdue, new(int)}, {now.Add(7 * 24 * time.Hour), &soon, new(int)}} {
			if *count.n, *count.held, err = k.due(ctx, tx, j, c, count.at); err != nil {
				return nil, err
			}
		}
		l.Soon = soon - l.Due
		for _, d := range r.Deleted {
			if d.Class == l.Class {
				l.Deleted += d.N
			}
		}
		r.Lines = append(r.Lines, l)
	}
	return r, nil
}

// run is the row of a tenant: zero before the first.
type run struct{ at, alarmed int64 }

func lastRun(ctx context.Context, tx *db.Tx, tenantID string) (run, error) {
	var r run
	err := tx.QueryRow(ctx, "SELECT at, alarmed FROM retention_run WHERE tenant_id = $1", tenantID).Scan(&r.at, &r.alarmed)
	if err != nil && !db.IsNoRows(err) {
		return r, fmt.Errorf("read last run: %w", err)
	}
	return r, nil
}

// mark notes a run without an error, once an hour, and looks then, or after an
// error, whether something is overdue: after the first error at once, and then once
// an hour, too.
func (j *Job) mark(ctx context.Context, t tenant, clean bool) error {
	var before run
	err := j.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		before, err = lastRun(ctx, tx, t.id)
		return err
	})
	now := j.DB.Now()
	if err != nil || !j.turn(t.id, clean, before, now) {
		return err
	}
	r, broken := j.look(ctx, t) // before the transaction: it takes long where there is a lot
	if broken != nil {
		r = &Report{Tenant: t.id, At: now.Unix()}
	}
	r.LastRun, r.Late = before.at, late(before.at, now) // also when this run has caught up
	tell := false
	err = j.DB.Write(ctx, func(tx *db.Tx) error {
		err := note(ctx, tx, t.id, clean)
		tell = false
		if err == nil && r.Overdue() {
			tell, err = j.alarm(ctx, tx, r)
		}
		return err
	})
	if tell && err == nil {
		j.say(r)
	}
	if t.err != nil {
		broken = nil // which has been said
	}
	return errors.Join(broken, err)
}

// turn tells whether it is time to look at a tenant, after a run of it.
func (j *Job) turn(id string, clean bool, before run, now time.Time) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	if clean {
		delete(j.unclean, id)
		if now.Sub(time.Unix(before.at, 0)) < markEvery {
			return false
		}
		j.scrub = true
		return true
	}
	if last, ok := j.unclean[id]; ok && now.Sub(last) < markEvery {
		return false
	}
	if j.unclean == nil {
		j.unclean = map[string]time.Time{}
	}
	j.unclean[id], j.scrub = now, true
	return true
}

// note writes when a run was. The first counts also when it had errors: from it on
// one is late.
func note(ctx context.Context, tx *db.Tx, id string, clean bool) error {
	then := "NOTHING"
	if clean {
		then = "UPDATE SET at = excluded.at"
	}
	_, err := tx.Exec(ctx, `INSERT INTO retention_run (tenant_id, at, alarmed) VALUES ($1, $2, 0)
		ON CONFLICT (tenant_id) DO `+then, id, tx.Unix())
	if err != nil {
		return fmt.Errorf("note run: %w", err)
	}
	return nil
}

// late tells whether the last run, in unix seconds, is too long ago.
func late(last int64, now time.Time) bool {
	return last != 0 && now.Sub(time.Unix(last, 0)) > Late+markEvery
}

// alarm writes to the operator, once a day, whichever process it is, and tells
// whether it is this one.
func (j *Job) alarm(ctx context.Context, tx *db.Tx, r *Report) (bool, error) {
	n, err := tx.Exec(ctx, "UPDATE retention_run SET alarmed = $2 WHERE tenant_id = $1 AND alarmed <= $3",
		r.Tenant, tx.Unix(), tx.Now().Add(-alarmEvery).Unix())
	if err != nil || n == 0 {
		return false, err
	}
	if j.Tell == nil {
		return true, nil
	}
	return true, j.Tell(ctx, tx, r)
}

// say is the alarm in the log.
func (j *Job) say(r *Report) {
	for _, l := range r.Lines {
		if l.Overdue > 0 {
			j.Log.Error("data should have been deleted a day ago", "tenant", r.Tenant, "class", l.Class, "rows", l.Overdue)
		}
	}
	if r.Late {
		j.Log.Error("the deletion job is late", "tenant", r.Tenant, "last_run", time.Unix(r.LastRun, 0).UTC())
	}
}

// Classes are those that a report has lines for.
func Classes() []*privacy.Class {
	list := make([]*privacy.Class, len(kinds))
	for i, k := range kinds {
		list[i] = k.class
	}
	return list
}
