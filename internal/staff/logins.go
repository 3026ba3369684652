// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"slices"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// Reason is why somebody wants to see from where logins came. There are no others
// for which the addresses are kept.
type Reason string

// The reasons.
const (
	Fault Reason = "fault" // in the working of the service
	Abuse Reason = "abuse"
)

// Reasons lists them.
var Reasons = []Reason{Fault, Abuse}

const actLogins audit.Action = "logins.viewed" // detail: the reason

// LoginRecord are the logins at the member's tenant, of citizens and of those who
// work here, with the IP addresses as long as they are kept: the newest first, at
// most a hundred, older ones than one of an id if that is not empty. The right is
// SeeLogins. It is recorded with the reason, without which it answers Invalid with
// the field reason.
func (a *Accounts) LoginRecord(ctx context.Context, by *Member, why Reason, before string) ([]credential.Login, error) {
	if err := by.May(SeeLogins, ""); err != nil {
		return nil, err
	}
	if !slices.Contains(Reasons, why) {
		return nil, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: []fault.Field{{Name: "reason", Key: "field.choose"}}}
	}
	var list []credential.Login
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := a.Tenant(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		if list, err = credential.Record(ctx, tx, t, before); err != nil {
			return err
		}
		return note(ctx, tx, by, actLogins, "", string(why))
	})
	return list, err
}
