// SPDX-License-Identifier: EUPL-1.2

// Package session keeps what the one cookie stands for.
//
// A session is made only when there is something to remember. The cookie
// holds a random secret; the database holds its hash and the data sealed
// under a key derived from the secret, so the data are readable only together
// with the cookie. A session belongs to one tenant. Whose it is stands beside
// the data when somebody has logged in, so that it can be ended without the
// cookie. This package knows no HTTP.
package session

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/seal"
)

// How long a session lasts on the server. The browser forgets the cookie when
// it is closed.
const (
	// Idle is for visitors, counted from when something was remembered.
	Idle = privacy.SessionHours * time.Hour
	// StaffIdle is for those who work here, counted from their last request.
	StaffIdle = time.Hour
	// StaffAbsolute is for them too, counted from their login.
	StaffAbsolute = 12 * time.Hour
	// AccountIdle is for citizens who have logged in to an account, counted
	// from their last request.
	AccountIdle = 2 * time.Hour
	// AccountAbsolute is for them too, counted from their login.
	AccountAbsolute = 24 * time.Hour
	// HalfWay is how long somebody may take between the password and the
	// second factor.
	HalfWay = 30 * time.Minute
)

// touchEvery is how often a request is noted at most.
const touchEvery = time.Minute

// Data is what a session remembers.
type Data struct {
	Hold      seal.Secret `json:",omitempty"` // of the visitor's last reservation; may be empty
	StaffID   string      `json:",omitempty"` // who works here and gave the password, or a passkey
	AccountID string      `json:",omitempty"` // the same of a citizen who has an account; never both
	Full      bool        `json:",omitempty"` // and everything else that was asked for then
	Second    bool        `json:",omitempty"` // with a second factor, asked for or not
	Since     int64       `json:",omitempty"` // unix seconds of that login; set by Replace
	Proved    int64       `json:",omitempty"` // unix seconds: when password or passkey were last asked for again
	Ceremony  []byte      `json:",omitempty"` // what package credential needs to know at the next step

	// Alone is for Replace, which then ends all other sessions of the same
	// owner. It is not remembered.
	Alone bool `json:"-"`
}

// ErrEnded says that a login was to go on in a new session and has been ended
// meanwhile.
var ErrEnded = errors.New("the session of the login has ended")

// Old are the sessions of a tenant that were last used at an instant or before.
var Old = db.Aged{Table: "session", Key: "hash", Where: "tenant_id = $1 AND seen <= $2"}

// Store reads and writes sessions. It is safe for concurrent use.
type Store struct{ DB *db.DB }

// row is what stands beside the cookie's hash.
type row struct {
	sealed        []byte
	kind          Kind  // empty: a visitor's
	seen, created int64 // unix seconds
}

// Load is what the session of a secret remembers, and false if there is no
// such session at this tenant. It notes the request, once a minute at most, in
// the session of somebody who has logged in.
func (s *Store) Load(ctx context.Context, tenantID string, secret seal.Secret) (Data, bool, error) {
	d, r, err := s.read(ctx, tenantID, secret)
	if r == nil || err != nil {
		return Data{}, false, err
	}
	if now := s.DB.Now(); r.kind != "" && now.Sub(time.Unix(r.seen, 0)) >= touchEvery {
		return d, true, s.touch(ctx, secret, now)
	}
	return d, true, nil
}

// Look is Load for a request that nobody made by hand: it is not noted, so that
// a page that keeps itself up to date keeps nobody logged in.
func (s *Store) Look(ctx context.Context, tenantID string, secret seal.Secret) (Data, bool, error) {
	d, r, err := s.read(ctx, tenantID, secret)
	return d, r != nil && err == nil, err
}

// read is the session of a secret; nil if there is none any more.
func (s *Store) read(ctx context.Context, tenantID string, secret seal.Secret) (Data, *row, error) {
	var r row
	var now time.Time
	err := s.DB.Look(ctx, func(tx *db.Tx) error {
		now = tx.Now()
		return tx.QueryRow(ctx, `SELECT sealed, CASE WHEN staff_id IS NOT NULL THEN 'staff' WHEN account_id IS NOT NULL THEN 'account' ELSE '' END,
			seen, created FROM session WHERE hash = $1 AND tenant_id = $2`, secret.Hash(), tenantID).Scan(&r.sealed, &r.kind, &r.seen, &r.created)
	})
	if db.IsNoRows(err) || err == nil && r.over(now) {
		return Data{}, nil, nil
	}
	if err != nil {
		return Data{}, nil, fmt.Errorf("select session: %w", err)
	}
	plain, err := key(secret).Open(r.sealed, bound(secret))
	if err != nil {
		return Data{}, nil, fmt.Errorf("open session: %w", err)
	}
	var d Data
	if err := json.Unmarshal(plain, &d); err != nil {
		return Data{}, nil, fmt.Errorf("session data are no record")
	}
	if d.Owned() && !d.Full && !now.Before(time.Unix(d.Since, 0).Add(HalfWay)) {
		return Data{}, nil, nil
	}
	return d, &r, nil
}

// over tells whether a session has lasted too long.
func (r row) over(now time.Time) bool {
	if r.kind == "" {
		return !now.Before(time.Unix(r.seen, 0).Add(Idle))
	}
	l := limits[r.kind]
	return !now.Before(time.Unix(r.seen, 0).Add(l.idle)) || !now.Before(time.Unix(r.created, 0).Add(l.absolute))
}

func (s *Store) touch(ctx context.Context, secret seal.Secret, now time.Time) error {
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, "UPDATE session SET seen = $2 WHERE hash = $1 AND seen < $2", secret.Hash(), now.Unix())
		return err
	})
	if err != nil {
		return fmt.Errorf("note request in session: %w", err)
	}
	return nil
}

// Replace stores data in a new session, whose secret is what the cookie has to
// hold, and ends the old one, if there is one. A login that goes on in the new
// session, as told by Since, is no younger for it, and ErrEnded when the old
// one is gone: data that were read before must not bring back what somebody has
// ended.
func (s *Store) Replace(ctx context.Context, tx *db.Tx, tenantID string, old, secret seal.Secret, d Data) error {
	if d.StaffID != "" && d.AccountID != "" {
		return errors.New("a session of two owners")
	}
	goesOn := d.Owned() && d.Since != 0
	if d.Owned() && !goesOn {
		d.Since = tx.Unix()
	}
	created := tx.Unix()
	if d.Owned() {
		created = d.Since
	}
	plain, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	if goesOn {
		err = s.hand(ctx, tx, tenantID, old, d)
	} else {
		err = s.End(ctx, tx, tenantID, old)
	}
	if err != nil {
		return err
	}
	err = tx.Later(ctx, nil, `INSERT INTO session (hash, tenant_id, seen, sealed, staff_id, account_id, created)
		VALUES ($1, $2, $3, $4, NULLIF($5, ''), NULLIF($6, ''), $7)`,
		secret.Hash(), tenantID, tx.Unix(), key(secret).Seal(plain, bound(secret)), d.StaffID, d.AccountID, created)
	if err != nil {
		return fmt.Errorf("insert session: %w", err)
	}
	return nil
}

// hand ends the session that a login goes on from, and the others of the
// owner where that is wanted.
func (s *Store) hand(ctx context.Context, tx *db.Tx, tenantID string, old seal.Secret, d Data) error {
	k, owner := d.whose()
	n, err := tx.Exec(ctx, "DELETE FROM session WHERE hash = $1 AND tenant_id = $2 AND "+k.column()+" = $3", old.Hash(), tenantID, owner)
	if err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	if n == 0 {
		return ErrEnded
	}
	if d.Alone {
		return s.EndAll(ctx, tx, k, owner)
	}
	return nil
}

// Save changes what a session remembers and leaves its secret. Whose session
// it is must not change by that: Replace does so. A session that has ended
// stays ended.
func (s *Store) Save(ctx context.Context, tx *db.Tx, tenantID string, secret seal.Secret, d Data) error {
	plain, err := json.Marshal(d)
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	_, err = tx.Exec(ctx, `UPDATE session SET sealed = $3 WHERE hash = $1 AND tenant_id = $2
		AND COALESCE(staff_id, '') = $4 AND COALESCE(account_id, '') = $5`,
		secret.Hash(), tenantID, key(secret).Seal(plain, bound(secret)), d.StaffID, d.AccountID)
	if err != nil {
		return fmt.Errorf("update session: %w", err)
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

// Housekeep deletes sessions that have lasted too long and returns how many.
func (s *Store) Housekeep(ctx context.Context) (int64, error) {
	var deleted int64
	err := s.DB.Write(ctx, func(tx *db.Tx) error {
		deleted = 0
		perTenant := map[string]int{}
		for _, rule := range []struct { // a statement each, for which there is an index each
			over string
			age  time.Duration
		}{
			{"seen <= $1", Idle},
			{"staff_id IS NOT NULL AND seen <= $1", StaffIdle},
			{"staff_id IS NOT NULL AND created <= $1", StaffAbsolute},
			{"account_id IS NOT NULL AND seen <= $1", AccountIdle},
			{"account_id IS NOT NULL AND created <= $1", AccountAbsolute},
		} {
			tenants, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
				var id string
				return id, scan(&id)
			}, "DELETE FROM session WHERE "+rule.over+" RETURNING tenant_id", tx.Now().Add(-rule.age).Unix())
			if err != nil {
				return err
			}
			for _, id := range tenants {
				perTenant[id]++
			}
			deleted += int64(len(tenants))
		}
		for _, id := range slices.Sorted(maps.Keys(perTenant)) { // in one order, whoever does it
			if err := audit.CountDeleted(ctx, tx, id, privacy.Session, perTenant[id]); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return 0, fmt.Errorf("delete old sessions: %w", err)
	}
	return deleted, nil
}

func key(s seal.Secret) *seal.Key { return seal.KeyFrom([]byte(s.Reveal()), "session") }

func bound(s seal.Secret) string { return "session/" + hex.EncodeToString(s.Hash()) }
