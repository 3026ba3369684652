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
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// checkStaff opens everything that is sealed for those who work here: their
// accounts, mails to them, and the lists of days. It also opens the mails that
// belong to a tenant alone.
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
			return c.checkTenantMails(ctx, tx, id, key)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// checkTenantMails opens the mails that are not about appointments.
func (c *checker) checkTenantMails(ctx context.Context, tx *db.Tx, tenantID string, key *seal.Key) error {
	toStaff, lists, others := staff.MailKey(key), person.ListKey(key), message.AccountKey(key)
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var m letter
		var owner string
		var isList bool
		if err := scan(&m.id, &m.tenant, &owner, &m.to, &isList, &m.state, &m.due, &m.sealed); err != nil {
			return struct{}{}, err
		}
		c.counts.Messages++
		if owner != m.tenant {
			c.wrong("message_person", "message", m.id)
		}
		if (isList || m.to.OfTenant()) && m.state == "failed" && m.sealed == nil {
			c.warn("message_failed", "message", m.id) // nobody needs it any more
			return struct{}{}, nil
		}
		key := toStaff
		switch {
		case isList:
			key = lists
		case m.to.OfTenant():
			key = others
		}
		c.checkDelivery(&m, tx.Unix(), func() bool {
			plain, err := key.Open(m.sealed, message.Bound(m.id))
			return err == nil && json.Unmarshal(plain, &message.Mail{}) == nil
		})
		return struct{}{}, nil
	}, `SELECT m.id, m.tenant_id, COALESCE(s.tenant_id, l.tenant_id, m.tenant_id), m.recipient, m.location_id IS NOT NULL, m.state, m.due, m.sealed
		FROM message m LEFT JOIN staff s ON s.id = m.staff_id LEFT JOIN location l ON l.id = m.location_id
		WHERE m.tenant_id = $1 AND m.appointment_id IS NULL ORDER BY m.id`, tenantID)
	if err != nil {
		return fmt.Errorf("read messages that are about no appointment: %w", err)
	}
	return nil
}
