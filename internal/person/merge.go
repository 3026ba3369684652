// SPDX-License-Identifier: EUPL-1.2

package person

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// UndoWithin is how long a merge can be undone. After that the record that
// went is deleted.
const UndoWithin = 24 * time.Hour

// Merge is two records that somebody found to be one person: what belonged to
// the one that is gone belongs to the one that is kept.
type Merge struct {
	ID         string
	Kept, Gone string // ids
	StaffID    string
	At         time.Time
}

// Until is when it is too late to undo the merge.
func (m *Merge) Until() time.Time { return m.At.Add(UndoWithin) }

// Merge puts one record into another: its notes move, and nothing finds it any
// more. What else points to it is the caller's to move, in the same
// transaction. Both records are locked, in the order of their ids. It answers
// Conflict "merge.same" for one record, "merge.gone" when one of them is part of
// another already, and NotFound.
func (v *Vault) Merge(ctx context.Context, tx *db.Tx, tenantID, kept, gone, staffID string) (*Merge, error) {
	if kept == gone {
		return nil, fault.New(fault.Conflict, "merge.same")
	}
	pair, err := v.lockPair(ctx, tx, tenantID, kept, gone)
	if err != nil {
		return nil, err
	}
	for _, r := range pair {
		into, err := v.MergedInto(ctx, tx, r.ID)
		if err != nil {
			return nil, err
		}
		if into != "" {
			return nil, fault.New(fault.Conflict, "merge.gone")
		}
	}
	m := &Merge{ID: db.NewID(), Kept: kept, Gone: gone, StaffID: staffID, At: time.Unix(tx.Unix(), 0)}
	_, err = tx.Exec(ctx, "INSERT INTO person_merge (id, tenant_id, kept, gone, staff_id, at) VALUES ($1, $2, $3, $4, $5, $6)",
		m.ID, tenantID, kept, gone, staffID, tx.Unix())
	if err != nil {
		return nil, fmt.Errorf("insert merge: %w", err)
	}
	if err := deleteTokens(ctx, tx, gone); err != nil {
		return nil, err
	}
	notes, err := handNotes(ctx, tx, pair[1].record(), pair[0].record(), "SELECT id, sealed FROM person_note WHERE person_id = $1", gone)
	if err != nil {
		return nil, err
	}
	for _, note := range notes {
		if _, err := tx.Exec(ctx, "INSERT INTO person_merge_note (merge_id, note_id) VALUES ($1, $2)", m.ID, note); err != nil {
			return nil, fmt.Errorf("remember note: %w", err)
		}
	}
	return m, nil
}

// Unmerge gives back what Merge took: the notes, as far as the kept record has
// them, and that the record is found. Both records are locked. It answers Gone
// "merge.over" when the time for it is over, and Conflict "merge.chain" while the
// kept record is itself gone into another.
func (v *Vault) Unmerge(ctx context.Context, tx *db.Tx, tenantID string, m *Merge) error {
	pair, err := v.lockPair(ctx, tx, tenantID, m.Kept, m.Gone)
	if fault.Of(err) == fault.NotFound {
		return fault.New(fault.Gone, "merge.over")
	}
	if err != nil {
		return err
	}
	now, err := v.LoadMerge(ctx, tx, tenantID, m.ID) // with the records locked it stays what it is
	if err != nil {
		return err
	}
	if !tx.Now().Before(now.Until()) {
		return fault.New(fault.Gone, "merge.over")
	}
	into, err := v.MergedInto(ctx, tx, m.Kept)
	if err != nil {
		return err
	}
	if into != "" {
		return fault.New(fault.Conflict, "merge.chain")
	}
	_, err = handNotes(ctx, tx, pair[0].record(), pair[1].record(), `SELECT n.id, n.sealed FROM person_merge_note r
		JOIN person_note n ON n.id = r.note_id WHERE r.merge_id = $1 AND n.person_id = $2`, m.ID, m.Kept)
	if err != nil {
		return err
	}
	tenant, err := v.tenantKey(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	if err := insertTokens(ctx, tx, tenantID, m.Gone, tokensOf(tenant, pair[1].Data)); err != nil {
		return err
	}
	return deleteMerge(ctx, tx, m.ID)
}

// FinishMerge deletes the record that went, if the time to undo that is over,
// and tells whether it did: somebody else may have been quicker, or the record to
// which all belongs by now, maybe through further merges, is Kept, and with it all
// that was typed.
func (v *Vault) FinishMerge(ctx context.Context, tx *db.Tx, tenantID string, m *Merge) (bool, error) {
	last, err := v.Current(ctx, tx, m.Kept)
	if err != nil {
		return false, err
	}
	if err := lockRows(ctx, tx, m.Kept, m.Gone, last); err != nil {
		return false, err
	}
	// With that one locked, nothing changes on the way to it.
	if again, err := v.Current(ctx, tx, m.Kept); err != nil {
		return false, err
	} else if again != last {
		return false, db.ErrRetry
	}
	now, err := v.LoadMerge(ctx, tx, tenantID, m.ID)
	if fault.Of(err) == fault.Gone || err == nil && tx.Now().Before(now.Until()) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if kept, err := IsKept(ctx, tx, last); err != nil || kept {
		return false, err
	}
	if err := deleteMerge(ctx, tx, m.ID); err != nil {
		return false, err
	}
	return true, v.Delete(ctx, tx, m.Gone)
}

func deleteMerge(ctx context.Context, tx *db.Tx, id string) error {
	for _, q := range []string{
		"DELETE FROM person_merge_note WHERE merge_id = $1",
		"DELETE FROM person_merge_appointment WHERE merge_id = $1",
		"DELETE FROM person_merge WHERE id = $1",
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return fmt.Errorf("delete merge %s: %w", id, err)
		}
	}
	return nil
}

// lockPair locks two records and opens them, in the order in which they were
// named.
func (v *Vault) lockPair(ctx context.Context, tx *db.Tx, tenantID, a, b string) ([2]*Person, error) {
	var pair [2]*Person
	if err := lockRows(ctx, tx, a, b); err != nil {
		return pair, err
	}
	for i, id := range []string{a, b} {
		var err error
		if pair[i], err = v.Load(ctx, tx, tenantID, id); err != nil {
			return pair, err
		}
	}
	return pair, nil
}

// lockRows makes everyone wait who changes one of the records, always in the
// same order.
func lockRows(ctx context.Context, tx *db.Tx, ids ...string) error {
	slices.Sort(ids)
	for _, id := range ids {
		var found string
		err := tx.QueryRow(ctx, "SELECT id FROM person WHERE id = $1"+tx.ForUpdate(), id).Scan(&found)
		if err != nil && !db.IsNoRows(err) {
			return fmt.Errorf("lock person %s: %w", id, err)
		}
	}
	return nil
}

func (p *Person) record() record { return record{p.ID, p.Key} }

// MergedInto is the id of the record that a record went into; empty if it did
// not.
func (v *Vault) MergedInto(ctx context.Context, tx *db.Tx, id string) (string, error) {
	var kept string
	err := tx.QueryRow(ctx, "SELECT kept FROM person_merge WHERE gone = $1", id).Scan(&kept)
	if err != nil && !db.IsNoRows(err) {
		return "", fmt.Errorf("select merge of %s: %w", id, err)
	}
	return kept, nil
}

const mergeColumns = "SELECT id, kept, gone, staff_id, at FROM person_merge WHERE "

func scanMerge(scan db.Scan) (*Merge, error) {
	m := &Merge{}
	var at int64
	err := scan(&m.ID, &m.Kept, &m.Gone, &m.StaffID, &at)
	m.At = time.Unix(at, 0)
	return m, err
}

// LoadMerge answers Gone "merge.over" for a merge that does not exist: it was
// undone, or is finished, or belongs to another tenant.
func (v *Vault) LoadMerge(ctx context.Context, tx *db.Tx, tenantID, id string) (*Merge, error) {
	m, err := scanMerge(tx.QueryRow(ctx, mergeColumns+"id = $1 AND tenant_id = $2", id, tenantID).Scan)
	if db.IsNoRows(err) {
		return nil, fault.New(fault.Gone, "merge.over")
	}
	if err != nil {
		return nil, fmt.Errorf("select merge: %w", err)
	}
	return m, nil
}

// MergesInto are those that can still be undone, the newest first.
func (v *Vault) MergesInto(ctx context.Context, tx *db.Tx, kept string) ([]*Merge, error) {
	list, err := db.Collect(ctx, tx, scanMerge, mergeColumns+"kept = $1 AND at > $2 ORDER BY at DESC, id DESC",
		kept, tx.Now().Add(-UndoWithin).Unix())
	if err != nil {
		return nil, fmt.Errorf("list merges: %w", err)
	}
	return list, nil
}

// Current is the id of a record or, when that went into another, of that one.
func (v *Vault) Current(ctx context.Context, tx *db.Tx, id string) (string, error) {
	for range 100 { // a chain of merges within a day
		into, err := v.MergedInto(ctx, tx, id)
		if err != nil || into == "" {
			return id, err
		}
		id = into
	}
	return "", errors.New("merges go in a circle")
}
