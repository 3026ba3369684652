// SPDX-License-Identifier: EUPL-1.2

// Package session keeps what the one cookie stands for.
//
// A session is made only when there is something to remember. The cookie
// holds a random secret; the database holds its hash and the data sealed
// under a key derived from the secret, so the data are readable only together
// with the cookie. A session belongs to one tenant. This package knows no
// HTTP.
package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
)

// Idle is how long a session lasts on the server. The browser forgets the cookie when it is closed.
const Idle = 24 * time.Hour

// Data is what a session remembers.
type Data struct {
	Hold seal.Secret // of the visitor's last reservation; may be empty
}

// Store reads and writes sessions.
type Store struct{ DB *db.DB }

// Load is what the session of a secret remembers, and false if there is no
// such session at this tenant.
func (s *Store) Load(ctx context.Context, tenantID string, secret seal.Secret) (Data, bool, error) {
	var sealed []byte
	err := s.DB.Look(ctx, func(tx *db.Tx) error {
		return tx.QueryRow(ctx, "SELECT sealed FROM session WHERE hash = $1 AND tenant_id = $2 AND seen > $3",
			secret.Hash(), tenantID, tx.Now().Add(-Idle).Unix()).Scan(&sealed)
	})
	if db.IsNoRows(err) {
		return Data{}, false, nil
	}
	if err != nil {
		return Data{}, false, fmt.Errorf("select session: %w", err)
	}
	plain, err := key(secret).Open(sealed, bound(secret))
	if err != nil {
		return Data{}, false, fmt.Errorf("open session: %w", err)
	}
	var d Data
	if err := json.Unmarshal(plain, &d); err != nil {
		return Data{}, false, fmt.Errorf("session data are no record")
	}
	return d, true, nil
}

// Replace stores data in a new session, whose secret is what the cookie has to
// hold, and ends the old one, if there is one.
func (s *Store) Replace(ctx context.Context, tx *db.Tx, tenantID string, old, secret seal.Secret, d Data) error {
	plain, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if err := s.End(ctx, tx, tenantID, old); err != nil {
		return err
	}
	err = tx.Later(ctx, nil, "INSERT INTO session (hash, tenant_id, seen, sealed) VALUES ($1, $2, $3, $4)",
		secret.Hash(), tenantID, tx.Unix(), key(secret).Seal(plain, bound(secret)))
	if err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	return nil
}

// End deletes the session of a secret, if there is one.
func (s *Store) End(ctx context.Context, tx *db.Tx, tenantID string, secret seal.Secret) error {
	if secret == "" {
		return nil
	}
	err := tx.Later(ctx, nil, "DELETE FROM session WHERE hash = $1 AND tenant_id = $2", secret.Hash(), tenantID)
	if err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// Housekeep deletes sessions that nobody used for Idle and returns how many.
func (s *Store) Housekeep(ctx context.Context) (int64, error) {
	var n int64
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		n, err = tx.Exec(ctx, "DELETE FROM session WHERE seen <= $1", tx.Now().Add(-Idle).Unix())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("delete old sessions: %w", err)
	}
	return n, nil
}

func key(s seal.Secret) *seal.Key { return seal.KeyFrom([]byte(s.Reveal()), "session") }

func bound(s seal.Secret) string { return "session/" + hex.EncodeToString(s.Hash()) }
