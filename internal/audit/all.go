// SPDX-License-Identifier: EUPL-1.2

package audit

import (
	"context"

	"vorzimmer/internal/db"
)

// OfPerson is everything on record about a person, the newest first, also the lists
// on which they were: for the person, who may see all of it.
func OfPerson(ctx context.Context, tx *db.Tx, tenantID, personID string) ([]Entry, error) {
	where, args := condition(tenantID, Filter{PersonID: personID})
	return read(ctx, tx, where+" ORDER BY id DESC", args...)
}

// OfSubject is everything on record about an account, or another subject of entries,
// the newest first.
func OfSubject(ctx context.Context, tx *db.Tx, tenantID, subjectID string) ([]Entry, error) {
	return read(ctx, tx, "subject_id = $1 AND tenant_id || '' = $2 ORDER BY id DESC", subjectID, tenantID)
}
