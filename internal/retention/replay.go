// SPDX-License-Identifier: EUPL-1.2

package retention

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
)

// Prepare comes before the service opens, and before anything else is deleted. It
// erases again what was erased and came back with an old copy of the database. It
// answers Conflict "operator.erasures.gap" when the database is older than
// what the list of erasures tells, so that nobody can know what came back; accept
// is for an operator who does.
func (j *Job) Prepare(ctx context.Context, accept bool) error {
	if j.Erasures == nil {
		return nil
	}
	since, err := j.Erasures.Since()
	if err != nil {
		return err
	}
	last, begins, err := j.lastUse(ctx)
	if err != nil {
		return err
	}
	gap := last != 0 && last < since.Unix()
	if gap && !accept {
		return fault.New(fault.Conflict, "operator.erasures.gap",
			"Since", since.UTC().Format(time.DateTime), "Last", time.Unix(last, 0).UTC().Format(time.DateTime))
	}
	n, err := j.replay(ctx)
	if err == nil && (gap || begins) {
		err = j.inUse(ctx)
	}
	if n > 0 {
		j.Log.Warn("records that had been erased came back with an old copy of the database and were erased again", "records", n)
	}
	return err
}

// lastUse is when this copy of the database was last in use, in unix seconds, to the
// hour, and whether no deletion job knows it yet.
func (j *Job) lastUse(ctx context.Context) (int64, bool, error) {
	var last int64
	ask := func(query string) error {
		err := j.DB.Look(ctx, func(tx *db.Tx) error { return tx.QueryRow(ctx, query).Scan(&last) })
		if err != nil {
			return fmt.Errorf("read when the database was in use: %w", err)
		}
		return nil
	}
	// While runs have errors, only the daily alarm is noted.
	err := ask("SELECT COALESCE(MAX(CASE WHEN alarmed > at THEN alarmed ELSE at END), 0) FROM retention_run")
	if err != nil || last != 0 {
		return last, false, err
	}
	// Either both begin, or this is a copy from before there was a list: then that has
	// entries, since the first use is noted before anything is erased.
	list, err := j.Erasures.Entries()
	if err == nil && len(list) > 0 {
		err = ask("SELECT COALESCE(MAX(at), 0) FROM audit")
	}
	return last, true, err
}

// inUse notes that the database is in use from now on, so that what an operator has
// accepted is asked once.
func (j *Job) inUse(ctx context.Context) error {
	return j.DB.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, `INSERT INTO retention_run (tenant_id, at, alarmed) SELECT id, CAST($1 AS BIGINT), 0 FROM tenant WHERE TRUE
			ON CONFLICT (tenant_id) DO UPDATE SET at = excluded.at`, tx.Unix())
		if err != nil {
			return fmt.Errorf("note that the database is in use: %w", err)
		}
		return nil
	})
}

// replay returns how many records it erased.
func (j *Job) replay(ctx context.Context) (int, error) {
	list, err := j.Erasures.Entries()
	if err != nil {
		return 0, err
	}
	back, err := j.present(ctx, list)
	if err != nil {
		return 0, err
	}
	n := 0
	var problems []error
	for _, e := range back {
		found, err := j.eraseAgain(ctx, e)
		if err != nil {
			problems = append(problems, fmt.Errorf("erase %s %s again: %w", e.Kind, e.ID, err))
		}
		if found {
			n++
		}
	}
	return n, errors.Join(problems...)
}

func (j *Job) eraseAgain(ctx context.Context, e erasure.Entry) (bool, error) {
	switch e.Kind {
	case erasure.Person, erasure.Appointment:
		return j.Bookings.EraseAgain(ctx, e)
	case erasure.Account:
		return j.Accounts.EraseAgain(ctx, e)
	case erasure.Staff:
		return j.Staff.EraseAgain(ctx, e)
	}
	return false, fmt.Errorf("unknown kind %q", e.Kind)
}

// present are the entries whose record is there, asked for many at a time: nearly
// always there is none.
func (j *Job) present(ctx context.Context, list []erasure.Entry) ([]erasure.Entry, error) {
	byKind := map[erasure.Kind][]erasure.Entry{}
	for _, e := range list {
		byKind[e.Kind] = append(byKind[e.Kind], e)
	}
	var found []erasure.Entry
	// Appointments first, so that a person goes with the last of theirs.
	for _, k := range []erasure.Kind{erasure.Appointment, erasure.Person, erasure.Account, erasure.Staff} {
		for chunk := range slices.Chunk(byKind[k], batch) {
			there, err := j.chunk(ctx, k, chunk)
			if err != nil {
				return nil, fmt.Errorf("look for erased %ss: %w", k, err)
			}
			for _, e := range chunk {
				if slices.Contains(there, e.ID) {
					found = append(found, e)
				}
			}
		}
	}
	return found, nil
}

func (j *Job) chunk(ctx context.Context, k erasure.Kind, list []erasure.Entry) ([]string, error) {
	marks, args := make([]string, len(list)), make([]any, len(list))
	for i, e := range list {
		marks[i], args[i] = fmt.Sprintf("$%d", i+1), e.ID
	}
	var ids []string
	err := j.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		ids, err = db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
			var id string
			return id, scan(&id)
		}, "SELECT id FROM "+string(k)+" WHERE id IN ("+strings.Join(marks, ", ")+")", args...)
		return err
	})
	return ids, err
}
