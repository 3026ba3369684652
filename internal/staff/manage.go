// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// mayManage answers Forbidden "staff.above" unless somebody may give a role at
// these places, or change the account of somebody who has it there.
func mayManage(by, other *Member) error {
	inside := by.Everywhere
	if !inside && !other.Everywhere {
		inside = !slices.ContainsFunc(other.Locations, func(id string) bool { return !by.At(id) })
	}
	if !slices.Contains(Grants(by), other.Role) || !inside {
		return fault.New(fault.Forbidden, "staff.above")
	}
	return nil
}

// List is all accounts of the member's tenant by name. Needs ManageStaff.
func (a *Accounts) List(ctx context.Context, by *Member) ([]Account, error) {
	if err := by.May(ManageStaff, ""); err != nil {
		return nil, err
	}
	list, err := a.all(ctx, by.TenantID)
	if err != nil {
		return nil, err
	}
	out := make([]Account, len(list))
	for i, one := range list {
		out[i] = one.Account
	}
	slices.SortFunc(out, func(x, y Account) int {
		return cmp.Or(strings.Compare(strings.ToLower(x.Name), strings.ToLower(y.Name)), strings.Compare(x.ID, y.ID))
	})
	return out, nil
}

// Account is one account of the member's tenant. Needs ManageStaff.
func (a *Accounts) Account(ctx context.Context, by *Member, id string) (*Account, error) {
	return a.look(ctx, by, func(tx *db.Tx, d *desk) (*account, error) { return d.load(ctx, tx, id) })
}

// Find is the account of an address, for the command line.
func (a *Accounts) Find(ctx context.Context, by *Member, email string) (*Account, error) {
	return a.look(ctx, by, func(tx *db.Tx, d *desk) (*account, error) { return d.find(ctx, tx, email) })
}

func (a *Accounts) look(ctx context.Context, by *Member, find func(*db.Tx, *desk) (*account, error)) (*Account, error) {
	if err := by.May(ManageStaff, ""); err != nil {
		return nil, err
	}
	var one *account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := a.desk(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		one, err = find(tx, d)
		return err
	})
	if err != nil {
		return nil, err
	}
	return &one.Account, nil
}

// change is one change of an account by somebody who manages it. Conflict
// "staff.stale" says that it is no longer as the form showed it.
func (a *Accounts) change(ctx context.Context, by *Member, id string, version int64, f func(*db.Tx, *desk, *account) error) error {
	if err := by.May(ManageStaff, ""); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		d, err := a.desk(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		if err := d.lockAdmins(ctx, tx); err != nil {
			return err
		}
		if err := a.Lock(ctx, tx, id); err != nil {
			return err
		}
		one, err := d.load(ctx, tx, id)
		if err != nil {
			return err
		}
		if err := mayManage(by, &one.Member); err != nil {
			return err
		}
		if one.Version != version {
			return fault.New(fault.Conflict, "staff.stale")
		}
		return f(tx, d, one)
	})
}

// lockAdmins makes changes of a tenant's accounts wait for each other as far
// as they are about who administrates: two who remove each other at the same
// time must not both succeed. It locks what Lock does, and in order.
func (d *desk) lockAdmins(ctx context.Context, tx *db.Tx) error {
	if tx.ForUpdate() == "" {
		return nil // nobody else writes
	}
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		return id, scan(&id)
	}, "SELECT c.owner_id FROM credential c JOIN staff s ON s.id = c.owner_id WHERE s.tenant_id = $1 AND s.role = $2 ORDER BY c.owner_id"+
		tx.ForUpdate()+" OF c", d.ID, string(Admin))
	if err != nil {
		return fmt.Errorf("lock administrators: %w", err)
	}
	return nil
}

// keepsAdmin answers Conflict "staff.last_admin" if nobody but this account
// administrates the tenant. Only an operator may do without.
func keepsAdmin(ctx context.Context, tx *db.Tx, by *Member, one *account) error {
	if by.Role == Operator || one.Role != Admin || one.State != Active {
		return nil
	}
	var others int
	err := tx.QueryRow(ctx, `SELECT COUNT(*) FROM staff s JOIN credential c ON c.owner_id = s.id
		WHERE s.tenant_id = $1 AND s.role = $2 AND s.state = $3 AND c.password <> '' AND s.id <> $4`,
		one.TenantID, string(Admin), string(Active), one.ID).Scan(&others)
	if err != nil {
		return fmt.Errorf("count administrators: %w", err)
	}
	if others == 0 {
		return fault.New(fault.Conflict, "staff.last_admin")
	}
	return nil
}

// Change is what somebody who manages an account may change.
type Change struct {
	Name       string
	Role       Role
	Everywhere bool
	Locations  []string // ids, unless everywhere
}

// Update changes name, role and locations, from the owner's next request on.
// Needs ManageStaff. Invalid names the fields name, role, locations.
func (a *Accounts) Update(ctx context.Context, by *Member, id string, version int64, c Change) error {
	return a.change(ctx, by, id, version, func(tx *db.Tx, d *desk, one *account) error {
		c.Name = credential.OneLine(c.Name)
		wrong := checkName(c.Name)
		var err error
		c.Everywhere, c.Locations, err = checkPlace(d.catalogue, c.Role, c.Everywhere, c.Locations, &wrong)
		if err == nil {
			err = invalid(wrong)
		}
		if err == nil {
			err = mayManage(by, &Member{Role: c.Role, Everywhere: c.Everywhere, Locations: c.Locations})
		}
		if err == nil && c.Role != Admin {
			err = keepsAdmin(ctx, tx, by, one)
		}
		if err != nil {
			return err
		}
		sealed, err := d.seal(id, identity{c.Name, one.Email})
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "UPDATE staff SET role = $2, everywhere = $3, sealed = $4, version = version + 1 WHERE id = $1",
			id, string(c.Role), c.Everywhere, sealed)
		if err != nil {
			return fmt.Errorf("update account: %w", err)
		}
		if err := saveLocations(ctx, tx, id, c.Locations); err != nil {
			return err
		}
		return note(ctx, tx, by, actChanged, id, c.against(one))
	})
}

// against says what a change changes, without personal data.
func (c Change) against(one *account) string {
	var parts []string
	if c.Role != one.Role {
		parts = append(parts, string(one.Role)+" > "+string(c.Role))
	}
	if c.Everywhere != one.Everywhere || !slices.Equal(c.Locations, one.Locations) {
		parts = append(parts, "locations")
	}
	if c.Name != one.Name {
		parts = append(parts, "name")
	}
	return strings.Join(parts, ", ")
}

// Disable keeps somebody out from this moment on. Needs ManageStaff.
func (a *Accounts) Disable(ctx context.Context, by *Member, id string, version int64) error {
	return a.change(ctx, by, id, version, func(tx *db.Tx, _ *desk, one *account) error {
		if err := keepsAdmin(ctx, tx, by, one); err != nil {
			return err
		}
		if err := a.setState(ctx, tx, one, Disabled); err != nil {
			return err
		}
		return note(ctx, tx, by, actDisabled, id, "")
	})
}

// Enable undoes Disable. Whoever was logged in then is not again. Needs
// ManageStaff.
func (a *Accounts) Enable(ctx context.Context, by *Member, id string, version int64) error {
	return a.change(ctx, by, id, version, func(tx *db.Tx, _ *desk, one *account) error {
		if one.State != Disabled {
			return fault.New(fault.Conflict, "staff.stale")
		}
		state := Active
		if !one.hasPassword {
			state = Invited
		}
		if err := a.setState(ctx, tx, one, state); err != nil {
			return err
		}
		return note(ctx, tx, by, actEnabled, id, "")
	})
}

func (a *Accounts) setState(ctx context.Context, tx *db.Tx, one *account, s State) error {
	_, err := tx.Exec(ctx, `UPDATE staff SET state = $2, version = version + 1,
		disabled = CASE WHEN $2 = 'disabled' THEN COALESCE(disabled, $3) END WHERE id = $1`, one.ID, string(s), tx.Unix())
	if err != nil {
		return fmt.Errorf("set state of account: %w", err)
	}
	if err := a.DropLinks(ctx, tx, one.ID); err != nil {
		return err
	}
	return a.Sessions.EndAll(ctx, tx, session.Staff, one.ID)
}

// Reset takes away password, second factors and sessions, and sends a link to
// begin again: for a lost telephone, or when somebody else knows the password.
// It also sends an invitation again. Needs ManageStaff. Conflict
// "staff.is_disabled" says that the account has to be enabled first.
func (a *Accounts) Reset(ctx context.Context, by *Member, id string, version int64, l locale.Lang) error {
	err := a.change(ctx, by, id, version, func(tx *db.Tx, d *desk, one *account) error {
		if err := a.reset(ctx, tx, by, one); err != nil {
			return err
		}
		kind := message.Reset
		if one.State == Invited {
			kind = message.Invited
		}
		return a.mail(ctx, tx, d, one, kind, l)
	})
	if err == nil {
		a.Wake()
	}
	return err
}

// ResetLink is Reset for the command line, which prints the link instead.
func (a *Accounts) ResetLink(ctx context.Context, by *Member, id string, version int64) (seal.Secret, error) {
	if err := onlyCommandLine(by); err != nil {
		return "", err
	}
	var s seal.Secret
	err := a.change(ctx, by, id, version, func(tx *db.Tx, _ *desk, one *account) error {
		err := a.reset(ctx, tx, by, one)
		if err == nil {
			s, err = a.NewLink(ctx, tx, id, invitationLasts)
		}
		return err
	})
	return s, err
}

func (a *Accounts) reset(ctx context.Context, tx *db.Tx, by *Member, one *account) error {
	if one.State == Disabled {
		return fault.New(fault.Conflict, "staff.is_disabled")
	}
	if err := keepsAdmin(ctx, tx, by, one); err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "UPDATE staff SET version = version + 1 WHERE id = $1", one.ID); err != nil {
		return fmt.Errorf("reset account: %w", err)
	}
	if err := a.Logins.Reset(ctx, tx, one.ID); err != nil {
		return err
	}
	if err := a.Sessions.EndAll(ctx, tx, session.Staff, one.ID); err != nil {
		return err
	}
	return note(ctx, tx, by, actReset, one.ID, "")
}
