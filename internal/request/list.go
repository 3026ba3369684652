// SPDX-License-Identifier: EUPL-1.2

package request

import (
	"context"
	"fmt"
	"slices"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// maxListed is how many requests each part of List has at most.
const maxListed = 200

// List are the open requests of the member's tenant, the one that has to be answered
// first first, and those that were closed last. The right is HandleRequests. That
// somebody has seen the list is no entry in the audit: it shows kinds and days. Names
// are on the page of one.
func (q *Requests) List(ctx context.Context, by *staff.Member) ([]*Request, []*Request, error) {
	if err := by.May(staff.HandleRequests, ""); err != nil {
		return nil, nil, err
	}
	var open, closed []*Request
	err := q.DB.Read(ctx, func(tx *db.Tx) error {
		cat, err := q.Offices.Catalogue(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		open, err = q.read(ctx, tx, &cat.Tenant, fmt.Sprintf("tenant_id = $1 AND state = 'open' ORDER BY due, id LIMIT %d", maxListed), by.TenantID)
		if err != nil {
			return err
		}
		closed, err = q.read(ctx, tx, &cat.Tenant,
			fmt.Sprintf("tenant_id = $1 AND state IN ('done', 'refused') ORDER BY closed DESC, id LIMIT %d", maxListed), by.TenantID)
		return err
	})
	for _, r := range slices.Concat(open, closed) {
		r.Content = Content{}
	}
	return open, closed, err
}

// One shows a request. The right is HandleRequests, and the view is recorded. It
// answers NotFound.
func (q *Requests) One(ctx context.Context, by *staff.Member, id string) (*Request, error) {
	return q.look(ctx, by, id, false)
}

// look reads a request; answer tells whether to write the answer.
func (q *Requests) look(ctx context.Context, by *staff.Member, id string, answer bool) (*Request, error) {
	if err := by.May(staff.HandleRequests, ""); err != nil {
		return nil, err
	}
	action := actSeen
	if answer {
		action = actAnswered
	}
	var r *Request
	err := q.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		if r, _, err = q.one(ctx, tx, by, id, ""); err != nil {
			return err
		}
		return note(ctx, tx, by.Actor(), r, action)
	})
	return r, err
}

// Urgent is how many requests should have been answered, and how many have to be
// within a week. It is for those who have HandleRequests; others have none.
func (q *Requests) Urgent(ctx context.Context, by *staff.Member) (int, int, error) {
	if !by.Has(staff.HandleRequests) {
		return 0, 0, nil
	}
	var late, soon int
	err := q.DB.Look(ctx, func(tx *db.Tx) error {
		cat, err := q.Offices.Catalogue(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		today := slot.DateIn(tx.Unix(), cat.Tenant.Zone)
		return tx.QueryRow(ctx, `SELECT COUNT(CASE WHEN due < $2 THEN 1 END), COUNT(CASE WHEN due >= $2 THEN 1 END)
			FROM request WHERE tenant_id = $1 AND state = 'open' AND due < $3`, by.TenantID, int64(today), int64(today.AddDays(Warn))).Scan(&late, &soon)
	})
	if err != nil {
		return 0, 0, fmt.Errorf("count urgent requests: %w", err)
	}
	return late, soon, nil
}

// OfPerson are those about a record, the oldest first. Who may see them is decided by
// the caller.
func (q *Requests) OfPerson(ctx context.Context, tx *db.Tx, t *office.Tenant, personID string) ([]*Request, error) {
	return q.read(ctx, tx, t, "tenant_id = $1 AND person_id = $2 ORDER BY id", t.ID, personID)
}
