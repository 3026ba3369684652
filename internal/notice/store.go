// SPDX-License-Identifier: EUPL-1.2

package notice

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"

	"vorzimmer/internal/db"
	"vorzimmer/internal/document"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
)

// Version is what a notice said from some moment on.
type Version struct {
	Number    int
	Created   int64                             // unix seconds
	Documents map[locale.Lang]document.Document // nil in a list
}

// Store keeps every version of the notices. It is safe for concurrent use.
type Store struct {
	Options
	mu    sync.Mutex
	known map[string]known // by tenant
}

// known is the version that a revision of the catalogue led to.
type known struct {
	revision int64
	version  *Version
}

// New makes a store that has looked at nothing yet.
func New(o Options) *Store { return &Store{Options: o, known: map[string]known{}} }

// Current is the version in force for a catalogue. Where the notice says something
// else than the newest stored version, it becomes the next one, in force from then
// on. That is looked at once for each revision of the catalogue: a page costs
// nothing, and two programs side by side that say something different make one
// version each and not one for each page.
func (s *Store) Current(ctx context.Context, c *office.Catalogue) (*Version, error) {
	s.mu.Lock()
	k := s.known[c.Tenant.ID]
	s.mu.Unlock()
	if k.version != nil && k.revision == c.Tenant.Revision {
		return k.version, nil
	}
	docs := s.Notice(c)
	content, err := json.Marshal(docs)
	if err != nil {
		return nil, fmt.Errorf("encode notice of %s: %w", c.Tenant.ID, err)
	}
	v, err := s.save(ctx, c.Tenant.ID, string(content))
	if err != nil {
		return nil, fmt.Errorf("save notice of %s: %w", c.Tenant.ID, err)
	}
	v.Documents = docs
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.known[c.Tenant.ID].revision <= c.Tenant.Revision { // a slow reader brings back no old one
		s.known[c.Tenant.ID] = known{c.Tenant.Revision, v}
	}
	return v, nil
}

// save makes the next version unless the newest says the same.
func (s *Store) save(ctx context.Context, tenantID, content string) (*Version, error) {
	var v *Version
	same := func(tx *db.Tx) (bool, error) {
		newest, stored, err := read(ctx, tx, "tenant_id = $1 ORDER BY version DESC LIMIT 1", tenantID)
		v = newest
		return stored == content, err
	}
	var done bool
	err := s.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		done, err = same(tx)
		return err
	})
	if err != nil || done {
		return v, err
	}
	err = s.DB.Write(ctx, func(tx *db.Tx) error {
		if done, err := same(tx); err != nil || done {
			return err
		}
		v = &Version{Number: v.Number + 1, Created: tx.Unix()}
		_, err := tx.Exec(ctx, "INSERT INTO notice (tenant_id, version, created, content) VALUES ($1, $2, $3, $4)",
			tenantID, v.Number, v.Created, content)
		if db.IsUnique(err) {
			return db.ErrRetry // another process was quicker, and perhaps says the same
		}
		return err
	})
	return v, err
}

// read is one version with its content; number 0 where there is none.
func read(ctx context.Context, tx *db.Tx, where string, args ...any) (*Version, string, error) {
	v := &Version{}
	var content string
	err := tx.QueryRow(ctx, "SELECT version, created, content FROM notice WHERE "+where, args...).Scan(&v.Number, &v.Created, &content)
	if err != nil && !db.IsNoRows(err) {
		return nil, "", fmt.Errorf("read notice: %w", err)
	}
	return v, content, nil
}

// Version is one version of a tenant's notice. NotFound "error.notfound.text" where
// there is no such.
func (s *Store) Version(ctx context.Context, tenantID string, number int) (*Version, error) {
	var v *Version
	var content string
	err := s.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		v, content, err = read(ctx, tx, "tenant_id = $1 AND version = $2", tenantID, number)
		return err
	})
	if err != nil {
		return nil, err
	}
	if v.Number == 0 {
		return nil, fault.New(fault.NotFound, "error.notfound.text")
	}
	if err := json.Unmarshal([]byte(content), &v.Documents); err != nil {
		return nil, fmt.Errorf("decode notice %d of %s: %w", number, tenantID, err)
	}
	return v, nil
}

// Versions lists those of a tenant, the newest first, without what they say.
func (s *Store) Versions(ctx context.Context, tenantID string) ([]Version, error) {
	var list []Version
	err := s.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		list, err = db.Collect(ctx, tx, func(scan db.Scan) (Version, error) {
			var v Version
			err := scan(&v.Number, &v.Created)
			return v, err
		}, "SELECT version, created FROM notice WHERE tenant_id = $1 ORDER BY version DESC", tenantID)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list notices of %s: %w", tenantID, err)
	}
	return list, nil
}
