// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/person"
)

// checkHolds opens why records are kept, and compares tenants.
func (c *checker) checkHolds(ctx context.Context) error {
	return c.stretches(ctx, func(tx *db.Tx, s *stretch) error {
		type hold struct {
			id, tenant, person, owner string // owner is the person's tenant
			key, sealed               []byte
		}
		list, err := db.Collect(ctx, tx, func(scan db.Scan) (hold, error) {
			var h hold
			return h, scan(&h.id, &h.tenant, &h.person, &h.owner, &h.key, &h.sealed)
		}, `SELECT h.id, h.tenant_id, h.person_id, COALESCE(p.tenant_id, ''), p.sealed_key, h.sealed
			FROM legal_hold h LEFT JOIN person p ON p.id = h.person_id WHERE h.id > $1 ORDER BY h.id LIMIT $2`, s.after, checkBatch)
		if err != nil {
			return fmt.Errorf("read legal holds: %w", err)
		}
		if len(list) == checkBatch {
			s.last = list[checkBatch-1].id
		}
		for _, h := range list {
			if h.tenant != h.owner {
				c.wrong("legal_hold", "legal_hold", h.id)
				continue
			}
			tenant, err := c.tenantKey(ctx, tx, h.tenant)
			if err != nil {
				return err
			}
			if tenant == nil {
				continue // reported with the tenant
			}
			key, err := tenant.Unwrap(h.key, person.BoundKey(h.person))
			if err != nil {
				continue // reported with the person
			}
			if _, err := key.Open(h.sealed, person.BoundHold(h.id, h.person)); err != nil {
				c.wrong("legal_hold", "legal_hold", h.id)
			}
		}
		return nil
	})
}
