// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/person"
)

// checkNotes opens what the desk wrote about persons.
func (c *checker) checkNotes(ctx context.Context) error {
	return c.stretches(ctx, func(tx *db.Tx, s *stretch) error {
		type note struct {
			id, person, tenant string
			key, sealed        []byte
		}
		list, err := db.Collect(ctx, tx, func(scan db.Scan) (note, error) {
			var n note
			return n, scan(&n.id, &n.person, &n.tenant, &n.key, &n.sealed)
		}, `SELECT n.id, n.person_id, p.tenant_id, p.sealed_key, n.sealed FROM person_note n JOIN person p ON p.id = n.person_id
			WHERE n.id > $1 ORDER BY n.id LIMIT $2`, s.after, checkBatch)
		if err != nil {
			return fmt.Errorf("read notes: %w", err)
		}
		if len(list) == checkBatch {
			s.last = list[checkBatch-1].id
		}
		for _, n := range list {
			tenant, err := c.tenantKey(ctx, tx, n.tenant)
			if err != nil {
				return err
			}
			if tenant == nil {
				continue // reported with the tenant
			}
			key, err := tenant.Unwrap(n.key, person.BoundKey(n.person))
			if err != nil {
				continue // reported with the person
			}
			if _, err := key.Open(n.sealed, person.BoundNote(n.id, n.person)); err != nil {
				c.wrong("note", "person_note", n.id)
			}
		}
		return nil
	})
}

// checkMerges makes sure that nothing belongs any more to records that went
// into others, and that nothing crosses the border between two tenants. There
// are as many merges as in the last day, so one query is enough.
func (c *checker) checkMerges(ctx context.Context) error {
	return c.db.Read(ctx, func(tx *db.Tx) error {
		list, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
			var id string
			return id, scan(&id)
		}, `SELECT m.id FROM person_merge m JOIN person k ON k.id = m.kept JOIN person g ON g.id = m.gone
			WHERE m.tenant_id <> k.tenant_id OR m.tenant_id <> g.tenant_id OR m.kept = m.gone
			OR EXISTS (SELECT 1 FROM appointment WHERE person_id = m.gone)
			OR EXISTS (SELECT 1 FROM message WHERE person_id = m.gone)
			OR EXISTS (SELECT 1 FROM person_note WHERE person_id = m.gone)
			OR EXISTS (SELECT 1 FROM person_token WHERE person_id = m.gone)
			ORDER BY m.id`)
		if err != nil {
			return fmt.Errorf("read merges: %w", err)
		}
		for _, id := range list {
			c.wrong("merge", "person_merge", id)
		}
		return nil
	})
}
