// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

// mail leaves a mail with a new link to set the account's password.
func (a *Accounts) mail(ctx context.Context, tx *db.Tx, d *desk, to *account, kind message.Kind, l locale.Lang) error {
	s, err := a.NewLink(ctx, tx, to.ID, invitationLasts)
	if err != nil {
		return err
	}
	return a.mailLink(ctx, tx, d, to.ID, to.Email, kind, s, tx.Now().Add(invitationLasts), l)
}

func (a *Accounts) mailLink(ctx context.Context, tx *db.Tx, d *desk, id, email string, kind message.Kind, s seal.Secret,
	until time.Time, l locale.Lang) error {
	if !locale.Known(string(l)) {
		l = locale.DE
	}
	content, err := message.Staff(a.Texts, kind, email, message.StaffFacts{Lang: l, Town: d.Name,
		URL: a.Link(d.ID, l, s), Until: until.In(d.catalogue.Tenant.Zone)})
	if err != nil {
		return fmt.Errorf("write mail to staff: %w", err)
	}
	return message.Enqueue(ctx, tx, message.Row{TenantID: d.ID, StaffID: id, Recipient: message.ToStaff, Kind: kind,
		Mail: content, Key: d.Data})
}
