// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"encoding/json"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// tenantKey opens the key of a tenant once. It is nil, and reported, for one
// that does not open.
func (c *checker) tenantKey(ctx context.Context, tx *db.Tx, id string) (*seal.Key, error) {
	if key, known := c.tenants[id]; known {
		return key, nil
	}
	cat, err := c.offices.Catalogue(ctx, tx, id)
	if err != nil && fault.Of(err) != fault.NotFound {
		return nil, err
	}
	var key *seal.Key
	if err == nil {
		key, err = cat.Tenant.OpenKey(c.key)
	}
	if err != nil {
		key = nil
		c.wrong("tenant_key", "tenant", id)
	}
	c.tenants[id] = key
	return key, nil
}

// personRow is a row of table person.
type personRow struct {
	id, tenant  string
	key, sealed []byte
	used        bool // has an appointment, or went into another
}

// checkPersons opens every record, and makes sure that something will delete it one
// day. It compares the tenants of its tokens.
func (c *checker) checkPersons(ctx context.Context) error {
	return c.stretches(ctx, func(tx *db.Tx, s *stretch) error {
		list, err := db.Collect(ctx, tx, func(scan db.Scan) (personRow, error) {
			var r personRow
			err := scan(&r.id, &r.tenant, &r.key, &r.sealed, &r.used)
			return r, err
		}, `SELECT p.id, p.tenant_id, p.sealed_key, p.sealed, EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id)
			OR EXISTS (SELECT 1 FROM person_merge m WHERE m.gone = p.id)
			FROM person p WHERE p.id > $1 ORDER BY p.id LIMIT $2`, s.after, checkBatch)
		if err != nil {
			return fmt.Errorf("read persons: %w", err)
		}
		if len(list) == checkBatch {
			s.last = list[checkBatch-1].id
		}
		c.counts.Persons += len(list)
		tenantOf := map[string]string{}
		for _, r := range list {
			tenantOf[r.id] = r.tenant
			tenant, err := c.tenantKey(ctx, tx, r.tenant)
			if err != nil {
				return err
			}
			c.openPerson(tenant, r)
		}
		return c.checkTokens(ctx, tx, s, tenantOf)
	})
}

func (c *checker) openPerson(tenant *seal.Key, r personRow) {
	if tenant == nil {
		return // reported with the tenant
	}
	if !r.used {
		c.wrong("person_alone", "person", r.id)
	}
	key, err := tenant.Unwrap(r.key, person.BoundKey(r.id))
	if err != nil {
		c.wrong("person_key", "person", r.id)
		return
	}
	plain, err := key.Open(r.sealed, person.BoundData(r.id))
	if err != nil || json.Unmarshal(plain, &person.Data{}) != nil {
		c.wrong("person_data", "person", r.id)
	}
}

// reasonOpens tells whether the reason for overbooking can be read. It is also
// true when a key above it does not open, or the person is a wrong one, which is
// reported by itself.
func (a *checked) reasonOpens(tenant *seal.Key) bool {
	if a.reason == nil || a.badPerson || tenant == nil {
		return true
	}
	key, err := tenant.Unwrap(a.personKey, person.BoundKey(a.person))
	if err != nil {
		return true
	}
	_, err = key.Open(a.reason, boundReason(a.id))
	return err == nil
}

// checkTokens reports a record once, however many of its tokens are wrong.
func (c *checker) checkTokens(ctx context.Context, tx *db.Tx, s *stretch, tenantOf map[string]string) error {
	err := s.each(ctx, tx, "person_id", `SELECT DISTINCT person_id, tenant_id FROM person_token
		WHERE %s ORDER BY person_id`, func(scan db.Scan) error {
		var id, tenant string
		if err := scan(&id, &tenant); err != nil {
			return err
		}
		if tenantOf[id] != tenant {
			c.wrong("token", "person_token", id)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read tokens: %w", err)
	}
	return nil
}

// opens tells whether the content of a message is a mail. It is also true when
// a key above it does not open, which is reported with that key. The tenants
// of the batch have been opened before.
func (c *checker) opens(m *letter) bool {
	if m.keyTenant == nil || c.tenants[*m.keyTenant] == nil {
		return true
	}
	key, err := c.tenants[*m.keyTenant].Unwrap(m.key, person.BoundKey(m.person))
	if err != nil {
		return true
	}
	plain, err := key.Open(m.sealed, message.Bound(m.id))
	return err == nil && json.Unmarshal(plain, &message.Mail{}) == nil
}
