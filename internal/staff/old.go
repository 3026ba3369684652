// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"errors"
	"fmt"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/office"
	"vorzimmer/internal/privacy"
)

// Gone are the accounts of a tenant that were disabled at an instant or before.
var Gone = db.Aged{Table: "staff", Key: "id", Where: "tenant_id = $1 AND disabled <= $2"}

// DeleteGone deletes the accounts of those who no longer work at a tenant and are
// kept no longer, and returns how many. The audit keeps their ids.
func (a *Accounts) DeleteGone(ctx context.Context, c *office.Catalogue, list *erasure.List) (int, error) {
	before := a.DB.Now().Add(-c.Tenant.Retention.Keep(privacy.Staff)).Unix()
	var ids []string
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		ids, err = db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
			var id string
			return id, scan(&id)
		}, "SELECT id FROM staff WHERE "+Gone.Where+" ORDER BY id LIMIT 100", c.Tenant.ID, before)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("list accounts that are gone: %w", err)
	}
	deleted := 0
	var problems []error
	for _, id := range ids {
		done, err := a.erase(ctx, c.Tenant.ID, id, before, list)
		if err != nil {
			problems = append(problems, fmt.Errorf("account %s: %w", id, err))
		} else if done {
			deleted++
		}
	}
	return deleted, errors.Join(problems...)
}

// erase deletes an account, if it is disabled since an instant or longer.
func (a *Accounts) erase(ctx context.Context, tenantID, id string, before int64, list *erasure.List) (bool, error) {
	done := false
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		done = false
		if err := a.Lock(ctx, tx, id); err != nil {
			return err
		}
		var n int
		err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM staff WHERE "+Gone.Where+" AND id = $3", tenantID, before, id).Scan(&n)
		if err != nil || n == 0 {
			return err
		}
		if err := list.Add(tx.Now(), erasure.Staff, id); err != nil {
			return err
		}
		done = true
		if err := a.deleteRows(ctx, tx, id); err != nil {
			return err
		}
		return audit.CountDeleted(ctx, tx, tenantID, privacy.Staff, 1)
	})
	return done, err
}

func (a *Accounts) deleteRows(ctx context.Context, tx *db.Tx, id string) error {
	if err := a.Logins.Delete(ctx, tx, id); err != nil {
		return err
	}
	for _, q := range []string{
		"DELETE FROM message WHERE staff_id = $1",
		"DELETE FROM staff_location WHERE staff_id = $1",
		"DELETE FROM staff WHERE id = $1",
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return fmt.Errorf("delete account: %w", err)
		}
	}
	return nil
}

// EraseAgain deletes an account that was deleted before and came back with an old
// copy of the database, and tells whether there was one. One that was enabled after
// it was listed was not deleted after all, and is in use: an old copy, in which
// somebody who left may still work here, cannot know of that time.
func (a *Accounts) EraseAgain(ctx context.Context, e erasure.Entry) (bool, error) {
	found := false
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := a.Lock(ctx, tx, e.ID); err != nil {
			return err
		}
		var n int
		err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM staff s WHERE s.id = $1 AND (s.disabled IS NULL OR s.disabled <= $2)
			AND NOT EXISTS (SELECT 1 FROM audit u WHERE u.subject_id = s.id AND u.action = $3 AND u.at >= $2)`,
			e.ID, e.At, string(actEnabled)).Scan(&n)
		if err != nil {
			return fmt.Errorf("select account: %w", err)
		}
		if found = n > 0; !found {
			return nil
		}
		return a.deleteRows(ctx, tx, e.ID)
	})
	return found, err
}
