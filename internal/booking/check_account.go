// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
)

// checkAccounts makes sure that nobody sees an appointment of another tenant in
// their account.
func (b *batch) checkAccounts(ctx context.Context) error {
	err := b.each(ctx, b.tx, "c.appointment_id", `SELECT c.appointment_id, k.tenant_id FROM account_appointment c
		LEFT JOIN account k ON k.id = c.account_id WHERE %s ORDER BY c.appointment_id`, func(scan db.Scan) error {
		var id string
		var tenant *string // nil: no such account
		if err := scan(&id, &tenant); err != nil {
			return err
		}
		switch a := b.byID[id]; {
		case a == nil:
			b.wrong("owner", "account_appointment", id)
		case tenant == nil || *tenant != a.tenant:
			b.wrong("account_appointment", "account_appointment", id)
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("read appointments of accounts: %w", err)
	}
	return nil
}
