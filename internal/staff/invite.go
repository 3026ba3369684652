// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"

	"github.com/google/uuid"
)

// InvitationDays is how long the link of an invitation can be used.
const InvitationDays = 7

const invitationLasts = InvitationDays * 24 * time.Hour

// NewAccount is what has to be known to invite somebody.
type NewAccount struct {
	Email      string
	Name       string
	Role       Role
	Everywhere bool
	Locations  []string    // ids, unless everywhere
	Lang       locale.Lang // of the mail; German when empty
}

// Invite makes an account and sends its owner a link to set a password with.
// It returns the account's id. Needs ManageStaff. Invalid names the fields:
// email, name, role, locations. Conflict "staff.exists" says that the address
// has an account.
func (a *Accounts) Invite(ctx context.Context, by *Member, n NewAccount) (string, error) {
	var id string
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		d, one, err := a.create(ctx, tx, by, n)
		if err != nil {
			return err
		}
		id = one.ID
		return a.mail(ctx, tx, d, one, message.Invited, n.Lang)
	})
	if err != nil {
		return "", err
	}
	a.Wake()
	return id, nil
}

// InviteLink is Invite for the command line, which prints the link instead.
func (a *Accounts) InviteLink(ctx context.Context, by *Member, n NewAccount) (seal.Secret, error) {
	var s seal.Secret
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := onlyCommandLine(by); err != nil {
			return err
		}
		_, one, err := a.create(ctx, tx, by, n)
		if err != nil {
			return err
		}
		s, err = a.NewLink(ctx, tx, one.ID, invitationLasts)
		return err
	})
	return s, err
}

// onlyCommandLine keeps everybody else from links that go to another's
// mailbox.
func onlyCommandLine(by *Member) error {
	if by.ID != "" {
		return fault.New(fault.Forbidden, "staff.forbidden")
	}
	return nil
}

func (a *Accounts) create(ctx context.Context, tx *db.Tx, by *Member, n NewAccount) (*desk, *account, error) {
	if err := by.May(ManageStaff, ""); err != nil {
		return nil, nil, err
	}
	d, err := a.desk(ctx, tx, by.TenantID)
	if err != nil {
		return nil, nil, err
	}
	if err := n.check(d.catalogue); err != nil {
		return nil, nil, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, nil, fmt.Errorf("make account id: %w", err)
	}
	one := &account{Account: Account{State: Invited, Created: tx.Unix(), Member: Member{ID: id.String(), TenantID: by.TenantID,
		Role: n.Role, Everywhere: n.Everywhere, Locations: n.Locations, Name: n.Name, Email: n.Email}}}
	if err := mayManage(by, &one.Member); err != nil {
		return nil, nil, err
	}
	sealed, err := d.seal(one.ID, identity{n.Name, n.Email})
	if err != nil {
		return nil, nil, err
	}
	rows, err := tx.Exec(ctx, `INSERT INTO staff (id, tenant_id, role, everywhere, state, created, version, token, sealed)
		VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8) ON CONFLICT (tenant_id, token) DO NOTHING`,
		one.ID, by.TenantID, string(n.Role), n.Everywhere, string(Invited), tx.Unix(), d.token(n.Email), sealed)
	if err != nil {
		return nil, nil, fmt.Errorf("insert account: %w", err)
	}
	if rows == 0 {
		return nil, nil, fault.New(fault.Conflict, "staff.exists")
	}
	if err := a.Create(ctx, tx, by.TenantID, one.ID); err != nil {
		return nil, nil, err
	}
	if err := saveLocations(ctx, tx, one.ID, n.Locations); err != nil {
		return nil, nil, err
	}
	return d, one, note(ctx, tx, by, actInvited, one.ID, string(n.Role))
}

func saveLocations(ctx context.Context, tx *db.Tx, id string, locations []string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM staff_location WHERE staff_id = $1", id); err != nil {
		return fmt.Errorf("delete locations of account: %w", err)
	}
	for _, l := range locations {
		if _, err := tx.Exec(ctx, "INSERT INTO staff_location (staff_id, location_id) VALUES ($1, $2)", id, l); err != nil {
			return fmt.Errorf("insert location of account: %w", err)
		}
	}
	return nil
}
