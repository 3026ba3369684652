// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
)

// What happens to accounts, in the audit. The entry's subject is the account.
const (
	actInvited   audit.Action = "staff.invited"
	actAccepted  audit.Action = "staff.accepted" // set a password by the link of a mail
	actChanged   audit.Action = "staff.changed"  // detail: what
	actDisabled  audit.Action = "staff.disabled"
	actEnabled   audit.Action = "staff.enabled"
	actReset     audit.Action = "staff.reset"        // by somebody else: password, factors and sessions are gone
	actForgotten audit.Action = "staff.forgotten"    // somebody asked for a new password; no subject: for an address without account
	actPassword  audit.Action = "staff.password"     // changed their own
	actLogin     audit.Action = "staff.login"        // detail: by what
	actFailed    audit.Action = "staff.login.failed" // detail: by what
	actFactor    audit.Action = "staff.factor"       // set up; detail: which
	actUnfactor  audit.Action = "staff.unfactor"     // removed; detail: which
	actRecovery  audit.Action = "staff.recovery"     // new recovery codes
	actSessions  audit.Action = "staff.sessions"     // ended their other sessions
)

// note appends to the audit what somebody did to an account.
func note(ctx context.Context, tx *db.Tx, by *Member, what audit.Action, subject, detail string) error {
	return audit.Append(ctx, tx, audit.Entry{TenantID: by.TenantID, Actor: by.Actor(), Action: what, SubjectID: subject, Detail: detail})
}
