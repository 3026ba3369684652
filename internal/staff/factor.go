// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"
)

// Factors are the second factors of an account.
type Factors struct {
	Code     bool // a code generator is set up
	Passkeys []Passkey
	Recovery int  // recovery codes that are left
	Required bool // by the tenant
}

// Factors tells which second factors the owner of a session has.
func (a *Accounts) Factors(ctx context.Context, tenantID string, s session.Data) (*Factors, error) {
	f := &Factors{}
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, tenantID, s.StaffID, (*desk).load)
		if err != nil {
			return err
		}
		f.Code, f.Required = one.HasCode, d.catalogue.Tenant.SecondFactor
		keys, err := d.passkeys(ctx, tx, one.ID)
		for _, k := range keys {
			f.Passkeys = append(f.Passkeys, k.Passkey)
		}
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, "SELECT COUNT(*) FROM staff_recovery WHERE staff_id = $1", one.ID).Scan(&f.Recovery)
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

// maySetUp answers Forbidden unless a factor may be added in a session: all
// was given, and the password again, or there is none yet that could be asked
// for.
func (a *Accounts) maySetUp(s session.Data, one *account) error {
	if s.Full {
		return a.mustProve(s, one.ID)
	}
	if one.HasCode || one.Passkeys > 0 {
		return fault.New(fault.Forbidden, "staff.forbidden")
	}
	return nil
}

// provedFor is how long second factors can be changed after Prove.
const provedFor = ceremonyLasts

// Proved tells whether the password was given in a session not long ago, so
// that second factors can be changed in it: whoever finds a desk unattended, or
// has got hold of a cookie, must not be able to stay.
func (a *Accounts) Proved(s session.Data) bool {
	since := a.DB.Now().Sub(time.Unix(s.Proved, 0))
	return s.Full && since >= 0 && since < provedFor
}

// mustProve answers Forbidden "staff.prove" unless that is so in a session of
// the account.
func (a *Accounts) mustProve(s session.Data, id string) error {
	if s.StaffID != id || !a.Proved(s) {
		return fault.New(fault.Forbidden, "staff.prove")
	}
	return nil
}

// Prove takes the password again in a session, which goes on under a new id.
// Invalid "staff.password.old" names the field password; TooMany
// "staff.login.many" limits guessing.
func (a *Accounts) Prove(ctx context.Context, by *Member, s session.Data, password, network string, remember Remember) error {
	if s.StaffID != by.ID || !s.Full {
		return unknown()
	}
	found, err := a.ownPassword(ctx, by, "password", password, network)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, one, err := a.owner(ctx, tx, by.TenantID, s.StaffID, (*desk).lock)
		if err != nil {
			return err
		}
		if one.password != found.password { // changed since it was read
			return fault.New(fault.Conflict, "staff.stale")
		}
		s.Proved = tx.Unix()
		return remember(ctx, tx, s)
	})
}

// ceremonyLasts is how long somebody may take between the two halves of a
// ceremony.
const ceremonyLasts = 15 * time.Minute

// ceremony is the state between the two halves. It lives in the session, which
// is sealed, so that any process can go on with it.
type ceremony struct {
	Kind  string // code, register, login
	Until int64  // unix seconds
	Data  []byte
}

// newCeremony is what a session has to hold until the second half.
func (a *Accounts) newCeremony(kind string, data []byte) ([]byte, error) {
	state, err := json.Marshal(ceremony{kind, a.DB.Now().Add(ceremonyLasts).Unix(), data})
	if err != nil {
		return nil, fmt.Errorf("encode ceremony: %w", err)
	}
	return state, nil
}

// ongoing is the data of a ceremony of a kind that has begun in a session.
// Gone "staff.ceremony.over" says that there is none, or that it took too long.
func (a *Accounts) ongoing(s session.Data, kind string) ([]byte, error) {
	var c ceremony
	if len(s.Ceremony) == 0 || json.Unmarshal(s.Ceremony, &c) != nil || c.Kind != kind || a.DB.Now().Unix() >= c.Until {
		return nil, fault.New(fault.Gone, "staff.ceremony.over")
	}
	return c.Data, nil
}

// typedCode is a code as it was printed, without the spaces and hyphens that
// people put in or leave out.
func typedCode(s string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -\u00a0\u2010\u2011\u2013\t", r) {
			return -1
		}
		return r
	}, strings.ToLower(strings.TrimSpace(s)))
}

// added finishes setting up a factor: recovery codes if there are none, the
// audit, and a session in which everything was given.
func (d *desk) added(ctx context.Context, tx *db.Tx, one *account, s session.Data, what string, remember Remember) ([]string, error) {
	var left int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM staff_recovery WHERE staff_id = $1", one.ID).Scan(&left); err != nil {
		return nil, fmt.Errorf("count recovery codes: %w", err)
	}
	var codes []string
	if left == 0 {
		var err error
		if codes, err = d.makeRecovery(ctx, tx, one.ID); err != nil {
			return nil, err
		}
	}
	if err := note(ctx, tx, &one.Member, actFactor, one.ID, what); err != nil {
		return nil, err
	}
	if !s.Full {
		if err := note(ctx, tx, &one.Member, actLogin, one.ID, "password, "+what); err != nil {
			return nil, err
		}
	}
	return codes, remember(ctx, tx, session.Data{StaffID: one.ID, Full: true, Second: true, Since: s.Since, Proved: s.Proved})
}

// keepsFactor answers Conflict "staff.factor.last" if the tenant wants a
// second factor and none would be left.
func (d *desk) keepsFactor(codes bool, passkeys int) error {
	if d.catalogue.Tenant.SecondFactor && !codes && passkeys == 0 {
		return fault.New(fault.Conflict, "staff.factor.last")
	}
	return nil
}
