// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
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

// Reports are those of all tenants in the database.
func (j *Job) Reports(ctx context.Context) ([]*Report, error) {
	tenants, err := j.tenants(ctx)
	if err != nil {
		return nil, err
	}
	var list []*Report
	for _, c := range tenants {
		err := j.DB.Read(ctx, func(tx *db.Tx) error {
			r, err := j.report(ctx, tx, c)
			list = append(list, r)
			return err
		})
		if err != nil {
			return nil, fmt.Errorf("report on tenant %s: %w", c.Tenant.ID, err)
		}
	}
	return list, nil
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
// error, whether something is overdue. It tells whether it noted the run.
func (j *Job) mark(ctx context.Context, c *office.Catalogue, clean bool) (bool, error) {
	var before run
	err := j.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		before, err = lastRun(ctx, tx, c.Tenant.ID)
		return err
	})
	now := j.DB.Now()
	if err != nil || clean && now.Sub(time.Unix(before.at, 0)) < markEvery {
		return false, err
	}
	return clean, j.DB.Write(ctx, func(tx *db.Tx) error {
		then := "NOTHING" // the first try counts as a run: from it on one is late
		if clean {
			then = "UPDATE SET at = excluded.at"
		}
		_, err := tx.Exec(ctx, `INSERT INTO retention_run (tenant_id, at, alarmed) VALUES ($1, $2, 0)
			ON CONFLICT (tenant_id) DO `+then, c.Tenant.ID, tx.Unix())
		if err != nil {
			return fmt.Errorf("note run: %w", err)
		}
		r, err := j.report(ctx, tx, c)
		if err != nil {
			return err
		}
		r.LastRun, r.Late = before.at, late(before.at, now) // also when this run has caught up
		if !r.Overdue() {
			return nil
		}
		return j.alarm(ctx, tx, r)
	})
}

// late tells whether the last run, in unix seconds, is too long ago.
func late(last int64, now time.Time) bool {
	return last != 0 && now.Sub(time.Unix(last, 0)) > Late+markEvery
}

// alarm tells the operator, once a day, whichever process it is.
func (j *Job) alarm(ctx context.Context, tx *db.Tx, r *Report) error {
	n, err := tx.Exec(ctx, "UPDATE retention_run SET alarmed = $2 WHERE tenant_id = $1 AND alarmed <= $3",
		r.Tenant, tx.Unix(), tx.Now().Add(-alarmEvery).Unix())
	if err != nil || n == 0 {
		return err
	}
	for _, l := range r.Lines {
		if l.Overdue > 0 {
			j.Log.Error("data should have been deleted a day ago", "tenant", r.Tenant, "class", l.Class, "rows", l.Overdue)
		}
	}
	if r.Late {
		j.Log.Error("the deletion job is late", "tenant", r.Tenant, "last_run", time.Unix(r.LastRun, 0).UTC())
	}
	if j.Tell == nil {
		return nil
	}
	return j.Tell(ctx, tx, r)
}

// Classes are those that a report has lines for.
func Classes() []*privacy.Class {
	list := make([]*privacy.Class, len(kinds))
	for i, k := range kinds {
		list[i] = k.class
	}
	return list
}
