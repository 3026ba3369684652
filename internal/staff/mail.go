// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
)

// letter is a kind of mail with a link, and how long the link lasts.
type letter struct {
	kind  message.Kind
	lasts time.Duration
}

var (
	invitationMail = letter{message.Invited, invitationLasts}
	resetMail      = letter{message.Reset, invitationLasts}
	forgottenMail  = letter{message.Forgotten, time.Hour}
)

// mail leaves a mail with a link to set the account's password.
func (a *Accounts) mail(ctx context.Context, tx *db.Tx, d *desk, to *account, m letter, l locale.Lang) error {
	s, err := invite(ctx, tx, to.ID, m.lasts)
	if err != nil {
		return err
	}
	if !locale.Known(string(l)) {
		l = locale.DE
	}
	t := &d.catalogue.Tenant
	content, err := message.Staff(a.Texts, m.kind, to.Email, message.StaffFacts{Lang: l, Town: t.Name,
		URL: a.Link(t.ID, l, s), Until: tx.Now().Add(m.lasts).In(t.Zone)})
	if err != nil {
		return fmt.Errorf("write mail to staff: %w", err)
	}
	return message.Enqueue(ctx, tx, message.Row{TenantID: t.ID, StaffID: to.ID, Recipient: message.ToStaff, Kind: m.kind,
		Mail: content, Key: d.data})
}
