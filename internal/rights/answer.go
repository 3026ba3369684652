// SPDX-License-Identifier: EUPL-1.2

package rights

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/document"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/staff"
)

// AccessFor is what Access says about the record of a request for access that came by
// letter or telephone, for the answer. The right is HandleRequests, and it is
// recorded that somebody has made the answer. It answers NotFound for a request that
// is about no record or another right, and when the record is gone.
func (r *Rights) AccessFor(ctx context.Context, by *staff.Member, requestID string, l locale.Lang) (document.Document, error) {
	a, err := r.Requests.Answer(ctx, by, requestID, l)
	if err != nil {
		return document.Document{}, err
	}
	if !a.HasData() {
		return document.Document{}, fault.New(fault.NotFound, "error.notfound.text")
	}
	var d document.Document
	err = r.DB.Read(ctx, func(tx *db.Tx) error {
		id, err := r.Persons.Current(ctx, tx, a.PersonID)
		if err != nil {
			return err
		}
		d, err = r.AccessOf(ctx, tx, &Subject{TenantID: by.TenantID, Persons: []string{id}}, l)
		return err
	})
	return d, err
}
