// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"vorzimmer/internal/db"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// checkStaff opens everything that is sealed for those who work here: their
// accounts, and mails to them.
func (c *checker) checkStaff(ctx context.Context) error {
	for _, id := range slices.Sorted(maps.Keys(c.tenants)) {
		key := c.tenants[id]
		if key == nil {
			continue // reported with the tenant
		}
		err := c.db.Read(ctx, func(tx *db.Tx) error {
			err := staff.Check(ctx, tx, id, key, func(f staff.Finding) {
				c.report(Finding{Key: f.Key, Row: "staff " + f.ID})
			})
			if err != nil {
				return err
			}
			return c.checkStaffMails(ctx, tx, id, key)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (c *checker) checkStaffMails(ctx context.Context, tx *db.Tx, tenantID string, key *seal.Key) error {
	key = staff.MailKey(key)
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var m letter
		var owner string
		if err := scan(&m.id, &m.tenant, &owner, &m.state, &m.due, &m.sealed); err != nil {
			return struct{}{}, err
		}
		c.counts.Messages++
		if owner != m.tenant {
			c.wrong("message_person", "message", m.id)
		}
		c.checkDelivery(&m, tx.Unix(), func() bool {
			plain, err := key.Open(m.sealed, message.Bound(m.id))
			return err == nil && json.Unmarshal(plain, &message.Mail{}) == nil
		})
		return struct{}{}, nil
	}, `SELECT m.id, m.tenant_id, s.tenant_id, m.state, m.due, m.sealed FROM message m JOIN staff s ON s.id = m.staff_id
		WHERE m.tenant_id = $1 ORDER BY m.id`, tenantID)
	if err != nil {
		return fmt.Errorf("read messages to staff: %w", err)
	}
	return nil
}
