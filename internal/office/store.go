// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"
	"sync"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// Store gives out catalogues and keeps the newest of each tenant. It is safe
// for concurrent use, and several of them see the same.
type Store struct {
	mu        sync.Mutex
	newest    map[string]*Catalogue // by tenant
	revisions db.Shared[string, int64]
}

// NewStore makes a store that has loaded nothing yet.
func NewStore() *Store { return &Store{newest: map[string]*Catalogue{}} }

// Catalogue is the tenant's catalogue as the transaction sees it; that costs
// one small query as long as nothing has changed. The error is NotFound with
// "tenant.unknown", or the database's.
//
// It must not be called in a transaction that imports: what it keeps has to
// be committed.
func (s *Store) Catalogue(ctx context.Context, tx *db.Tx, tenantID string) (*Catalogue, error) {
	revision, err := revisionOf(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return s.At(ctx, tx, tenantID, revision)
}

// At is Catalogue for those who have just read the tenant's revision.
func (s *Store) At(ctx context.Context, tx *db.Tx, tenantID string, revision int64) (*Catalogue, error) {
	for {
		if c := s.kept(tenantID, revision); c != nil {
			return c, nil
		}
		c, err := load(ctx, tx, tenantID)
		if err != nil {
			return nil, fmt.Errorf("load tenant %s: %w", tenantID, err)
		}
		// At READ COMMITTED each query sees the latest commit. If the revision
		// is the same after them, they all saw one state.
		if revision, err = revisionOf(ctx, tx, tenantID); err != nil {
			return nil, err
		}
		if revision == c.Tenant.Revision {
			s.keep(c)
			return c, nil
		}
	}
}

// Newest is the tenant's catalogue in force, for those who are in no
// transaction. It answers like Catalogue.
func (s *Store) Newest(ctx context.Context, d *db.DB, tenantID string) (*Catalogue, error) {
	revision, err := s.revisions.Get(ctx, tenantID, func(ctx context.Context) (int64, error) {
		var n int64
		err := d.Look(ctx, func(tx *db.Tx) error {
			var err error
			n, err = revisionOf(ctx, tx, tenantID)
			return err
		})
		return n, err
	})
	if err != nil {
		return nil, err
	}
	if c := s.kept(tenantID, revision); c != nil {
		return c, nil
	}
	var c *Catalogue
	err = d.Read(ctx, func(tx *db.Tx) error {
		var err error
		c, err = s.Catalogue(ctx, tx, tenantID)
		return err
	})
	return c, err
}

// Tenants lists the ids of all tenants in alphabetical order.
func (s *Store) Tenants(ctx context.Context, tx *db.Tx) ([]string, error) {
	ids, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		err := scan(&id)
		return id, err
	}, `SELECT id FROM tenant ORDER BY id`)
	if err != nil {
		return nil, fmt.Errorf("list tenants: %w", err)
	}
	return ids, nil
}

func revisionOf(ctx context.Context, tx *db.Tx, tenantID string) (int64, error) {
	var revision int64
	err := tx.QueryRow(ctx, `SELECT revision FROM tenant WHERE id = $1`, tenantID).Scan(&revision)
	if db.IsNoRows(err) {
		return 0, fault.Wrap(err, fault.NotFound, "tenant.unknown")
	}
	if err != nil {
		return 0, fmt.Errorf("read revision of tenant %s: %w", tenantID, err)
	}
	return revision, nil
}

func (s *Store) kept(tenantID string, revision int64) *Catalogue {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.newest[tenantID]; c != nil && c.Tenant.Revision == revision {
		return c
	}
	return nil
}

// keep does not replace a newer one: a long reading transaction still sees an
// old revision.
func (s *Store) keep(c *Catalogue) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if old := s.newest[c.Tenant.ID]; old == nil || old.Tenant.Revision <= c.Tenant.Revision {
		s.newest[c.Tenant.ID] = c
	}
}
