// SPDX-License-Identifier: EUPL-1.2

package session

import (
	"context"
	"encoding/base64"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

// Kind is a kind of accounts. Those of two kinds share nothing, ids included.
type Kind string

// The kinds.
const (
	Staff   Kind = "staff"   // who works here
	Account Kind = "account" // a citizen who has an account
)

// column holds the owner of a session of the kind.
func (k Kind) column() string {
	if k == Staff {
		return "staff_id"
	}
	return "account_id"
}

// limits are how long the sessions of a kind last: from the last request, and
// from the login.
var limits = map[Kind]struct{ idle, absolute time.Duration }{
	Staff:   {StaffIdle, StaffAbsolute},
	Account: {AccountIdle, AccountAbsolute},
}

// Of is a session of one owner that remembers nothing else.
func Of(k Kind, id string) Data {
	if k == Staff {
		return Data{StaffID: id}
	}
	return Data{AccountID: id}
}

// Owner is whose session it is, if it is one of a kind; else empty.
func (d Data) Owner(k Kind) string {
	if k == Staff {
		return d.StaffID
	}
	return d.AccountID
}

// Owned tells whether somebody has logged in, or begun to.
func (d Data) Owned() bool { return d.StaffID != "" || d.AccountID != "" }

// whose is the owner with the kind.
func (d Data) whose() (Kind, string) {
	if d.StaffID != "" {
		return Staff, d.StaffID
	}
	return Account, d.AccountID
}

// Entry is one session in the list of an owner's.
type Entry struct {
	ID      string // ends it, and opens nothing
	Created int64  // unix seconds of the login
	Seen    int64  // unix seconds of the last request; up to a minute old
}

// IDOf is the ID of the session of a secret.
func IDOf(secret seal.Secret) string { return base64.RawURLEncoding.EncodeToString(secret.Hash()) }

// List is every session of an owner that still lasts, the one that was used
// last first.
func (s *Store) List(ctx context.Context, tx *db.Tx, k Kind, owner string) ([]Entry, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (Entry, error) {
		var e Entry
		var hash []byte
		err := scan(&hash, &e.Created, &e.Seen)
		e.ID = base64.RawURLEncoding.EncodeToString(hash)
		return e, err
	}, "SELECT hash, created, seen FROM session WHERE "+k.column()+" = $1 AND seen > $2 AND created > $3 ORDER BY seen DESC, hash",
		owner, tx.Now().Add(-limits[k].idle).Unix(), tx.Now().Add(-limits[k].absolute).Unix())
	if err != nil {
		return nil, fmt.Errorf("list sessions of %s: %w", owner, err)
	}
	return list, nil
}

// Count is how many sessions an owner has that still last.
func (s *Store) Count(ctx context.Context, tx *db.Tx, k Kind, owner string) (int, error) {
	var n int
	err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM session WHERE "+k.column()+" = $1 AND seen > $2 AND created > $3",
		owner, tx.Now().Add(-limits[k].idle).Unix(), tx.Now().Add(-limits[k].absolute).Unix()).Scan(&n)
	if err != nil {
		return 0, fmt.Errorf("count sessions of %s: %w", owner, err)
	}
	return n, nil
}

// EndOne deletes the session of an ID. NotFound says that the owner has no such
// session.
func (s *Store) EndOne(ctx context.Context, tx *db.Tx, k Kind, owner, id string) error {
	unknown := fault.New(fault.NotFound, "error.notfound.text")
	hash, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return unknown
	}
	n, err := tx.Exec(ctx, "DELETE FROM session WHERE hash = $1 AND "+k.column()+" = $2", hash, owner)
	if err != nil {
		return fmt.Errorf("delete session of %s: %w", owner, err)
	}
	if n == 0 {
		return unknown
	}
	return nil
}

// EndAll deletes every session of an owner.
func (s *Store) EndAll(ctx context.Context, tx *db.Tx, k Kind, owner string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM session WHERE "+k.column()+" = $1", owner); err != nil {
		return fmt.Errorf("delete sessions of %s: %w", owner, err)
	}
	return nil
}
