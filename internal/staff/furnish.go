// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"

	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
)

// Furnish makes active accounts with one password, which everybody may know:
// they share its hash. Those whose address has an account already stay as they
// are. It is for the command line and for invented people. Invalid names the
// field.
func (a *Accounts) Furnish(ctx context.Context, by *Member, list []NewAccount, password string) error {
	if err := onlyCommandLine(by); err != nil {
		return err
	}
	missing, err := a.missing(ctx, by.TenantID, list)
	if err != nil || len(missing) == 0 {
		return err
	}
	hash, err := a.Hasher.Hash(ctx, password)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		for _, n := range missing {
			d, one, err := a.create(ctx, tx, by, n)
			if err != nil {
				return err
			}
			owner := d.owner(one)
			err = credential.CheckPassword(password, owner)
			if err == nil {
				err = a.SavePassword(ctx, tx, owner, hash)
			}
			if err == nil {
				err = a.PasswordSet(ctx, tx, owner)
			}
			if err == nil {
				err = note(ctx, tx, &one.Member, actAccepted, one.ID, "")
			}
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// missing are those whose address has no account.
func (a *Accounts) missing(ctx context.Context, tenantID string, list []NewAccount) ([]NewAccount, error) {
	var out []NewAccount
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		d, err := a.desk(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		for _, n := range list {
			_, err := d.find(ctx, tx, n.Email)
			if fault.Of(err) == fault.NotFound {
				out = append(out, n)
			} else if err != nil {
				return err
			}
		}
		return nil
	})
	return out, err
}
