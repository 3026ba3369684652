// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"
	"maps"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
)

// Closure is a stored closure.
type Closure struct {
	ID         string
	TenantID   string
	LocationID string // empty: the whole tenant
	CounterID  string // empty: the whole location
	Time       slot.Closure
	Reason     locale.Text
	Desk       bool // set at the desk; else it came with the tenant's file
}

const closureColumns = `SELECT id, tenant_id, COALESCE(location_id, ''), COALESCE(counter_id, ''), from_date, from_minute,
	until_date, until_minute, reason, source = 'desk' FROM closure`

func scanClosure(scan db.Scan) (Closure, error) {
	var c Closure
	err := scan(&c.ID, &c.TenantID, &c.LocationID, &c.CounterID, &c.Time.FromDate, &c.Time.FromMinute,
		&c.Time.UntilDate, &c.Time.UntilMinute, &c.Reason, &c.Desk)
	return c, err
}

// AddClosure stores a closure of the desk and returns its id, and whether it is
// new: one that is there already, with the same reason, stays the only one. The
// caller raises the revisions of its days afterwards, as Import does: the tenant
// comes first in the order of locks.
func AddClosure(ctx context.Context, tx *db.Tx, c Closure) (string, bool, error) {
	if err := raiseRevision(ctx, tx, c.TenantID); err != nil {
		return "", false, err
	}
	all, err := Closures(ctx, tx, c.TenantID, c.LocationID, c.Time.UntilDate)
	if err != nil {
		return "", false, err
	}
	for _, o := range all {
		if o.Desk && o.LocationID == c.LocationID && o.CounterID == c.CounterID && o.Time == c.Time && maps.Equal(o.Reason, c.Reason) {
			return o.ID, false, nil
		}
	}
	id := db.NewID()
	_, err = tx.Exec(ctx, `INSERT INTO closure (id, tenant_id, location_id, counter_id, from_date, from_minute,
			until_date, until_minute, reason, source)
		VALUES ($1, $2, NULLIF($3, ''), NULLIF($4, ''), $5, $6, $7, $8, $9, 'desk')`,
		id, c.TenantID, c.LocationID, c.CounterID, int64(c.Time.FromDate), c.Time.FromMinute,
		int64(c.Time.UntilDate), c.Time.UntilMinute, c.Reason)
	if err != nil {
		return "", false, fmt.Errorf("insert closure: %w", err)
	}
	return id, true, nil
}

// RemoveClosure takes a closure of the desk back; see AddClosure. It answers
// NotFound "closing.unknown" when somebody else was quicker.
func RemoveClosure(ctx context.Context, tx *db.Tx, tenantID, id string) error {
	if err := raiseRevision(ctx, tx, tenantID); err != nil {
		return err
	}
	n, err := tx.Exec(ctx, "DELETE FROM closure WHERE id = $1 AND tenant_id = $2 AND source = 'desk'", id, tenantID)
	if err != nil {
		return fmt.Errorf("delete closure %s: %w", id, err)
	}
	if n == 0 {
		return fault.New(fault.NotFound, "closing.unknown")
	}
	return nil
}

// ClosureByID is one closure. It answers NotFound "closing.unknown".
func ClosureByID(ctx context.Context, tx *db.Tx, tenantID, id string) (Closure, error) {
	found, err := db.Collect(ctx, tx, scanClosure, closureColumns+" WHERE id = $1 AND tenant_id = $2", id, tenantID)
	if err != nil {
		return Closure{}, fmt.Errorf("select closure %s: %w", id, err)
	}
	if len(found) == 0 {
		return Closure{}, fault.New(fault.NotFound, "closing.unknown")
	}
	return found[0], nil
}

// Closures lists what shuts a location, all of it or a part, on a date or later,
// in the order of time.
func Closures(ctx context.Context, tx *db.Tx, tenantID, locationID string, since slot.Date) ([]Closure, error) {
	list, err := db.Collect(ctx, tx, scanClosure, closureColumns+` WHERE tenant_id = $1
		AND (location_id IS NULL OR location_id = $2) AND until_date >= $3
		ORDER BY from_date, from_minute, until_date, until_minute, id`, tenantID, locationID, int64(since))
	if err != nil {
		return nil, fmt.Errorf("list closures of location %s: %w", locationID, err)
	}
	return list, nil
}
