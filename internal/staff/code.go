// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"regexp"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"

	"github.com/pquerna/otp"
	"github.com/pquerna/otp/hotp"
	"github.com/pquerna/otp/totp"
)

// codeSeconds is how long one code of a generator is shown (RFC 6238, 4.1).
const codeSeconds = 30

// CodeSetup is what a code generator has to know.
type CodeSetup struct {
	Secret string // base32, to be typed
	URI    string // otpauth://, to be shown as a QR code
}

// BeginCode begins to set up a code generator (TOTP, RFC 6238: SHA-1, six
// digits, 30 seconds). The state has to be the session's Ceremony when
// ConfirmCode comes; while it is, the answer stays the same.
func (a *Accounts) BeginCode(ctx context.Context, tenantID string, s session.Data) (*CodeSetup, []byte, error) {
	var d *desk
	var one *account
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		d, one, err = a.owner(ctx, tx, tenantID, s.StaffID, (*desk).load)
		return err
	})
	if err == nil {
		err = a.maySetUp(s, one)
	}
	if err != nil {
		return nil, nil, err
	}
	state := s.Ceremony
	uri, err := a.ongoing(s, "code")
	if err != nil {
		fresh, err := totp.Generate(totp.GenerateOpts{Issuer: d.catalogue.Tenant.Name, AccountName: one.Email, SecretSize: 20,
			Period: codeSeconds, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return nil, nil, fmt.Errorf("make secret of code generator: %w", err)
		}
		uri = []byte(fresh.URL())
		if state, err = a.newCeremony("code", uri); err != nil {
			return nil, nil, err
		}
	}
	key, err := otp.NewKeyFromURL(string(uri))
	if err != nil {
		return nil, nil, errors.New("the state of a code generator is none") // the cause would show it
	}
	return &CodeSetup{Secret: key.Secret(), URI: key.URL()}, state, nil
}

// ConfirmCode sets up the code generator of BeginCode with the first code that
// it shows, in place of an earlier one. The session goes on under a new id,
// with everything given. It returns recovery codes, unless there are some:
// they are shown this once. Invalid "staff.code.wrong" names the field code.
func (a *Accounts) ConfirmCode(ctx context.Context, tenantID string, s session.Data, code string, remember Remember) ([]string, error) {
	uri, err := a.ongoing(s, "code")
	if err != nil {
		return nil, err
	}
	key, err := otp.NewKeyFromURL(string(uri))
	if err != nil {
		return nil, errors.New("the state of a code generator is none") // the cause would show it
	}
	var recovery []string
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, tenantID, s.StaffID, (*desk).lock)
		if err == nil {
			err = a.maySetUp(s, one)
		}
		if err != nil {
			return err
		}
		step, ok := matches(key.Secret(), typedCode(code), tx.Unix(), 0)
		if !ok {
			return errCode()
		}
		_, err = tx.Exec(ctx, "UPDATE staff SET totp = $2, totp_step = $3 WHERE id = $1",
			one.ID, d.data.Seal([]byte(key.Secret()), boundCode(one.ID)), step)
		if err != nil {
			return fmt.Errorf("save code generator: %w", err)
		}
		recovery, err = d.added(ctx, tx, one, s, "code", remember)
		return err
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

func errCode() error { return invalid([]fault.Field{{Name: "code", Key: "staff.code.wrong"}}) }

// matches finds the step whose code was typed: the present one, the one
// before or the one after, but none up to used.
func matches(secret, code string, now, used int64) (int64, bool) {
	present, found := now/codeSeconds, int64(0)
	for step := present - 1; step <= present+1; step++ {
		want, err := hotp.GenerateCodeCustom(secret, uint64(step), hotp.ValidateOpts{Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err == nil && step > used && subtle.ConstantTimeCompare([]byte(want), []byte(code)) == 1 {
			found = step
		}
	}
	return found, found != 0
}

// sixDigits is what a code generator shows; anything else is meant to be a
// recovery code.
var sixDigits = regexp.MustCompile(`^[0-9]{6}$`)

// CheckCode gives the second factor: what the code generator shows, or a
// recovery code. Neither can be used twice. The session goes on under a new
// id. Invalid "staff.code.wrong" names the field code; TooMany
// "staff.code.many" asks for patience.
func (a *Accounts) CheckCode(ctx context.Context, tenantID string, s session.Data, code, network string, remember Remember) error {
	if s.StaffID == "" {
		return unknown()
	}
	if !a.attempts.take(secondFactor, s.StaffID) {
		return fault.New(fault.TooMany, "staff.code.many")
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, tenantID, s.StaffID, (*desk).lock)
		if err != nil {
			return err
		}
		how, err := d.check(ctx, tx, one, typedCode(code))
		if err != nil {
			return err
		}
		return a.passed(ctx, tx, one, s, "password, "+how, remember)
	})
	if fault.Of(err) == fault.Invalid {
		if err := a.failed(ctx, tenantID, s.StaffID, "code", network); err != nil {
			return err
		}
	}
	if err == nil {
		a.attempts.giveBack(secondFactor, s.StaffID)
	}
	return err
}

// check uses up a code and tells what it was.
func (d *desk) check(ctx context.Context, tx *db.Tx, one *account, code string) (string, error) {
	if !sixDigits.MatchString(code) {
		ok, err := d.useRecovery(ctx, tx, one.ID, code)
		if err == nil && !ok {
			err = errCode()
		}
		return "recovery code", err
	}
	if !one.HasCode {
		return "", errCode()
	}
	secret, err := d.data.Open(one.totp, boundCode(one.ID))
	if err != nil {
		return "", fmt.Errorf("code generator of account %s: %w", one.ID, err)
	}
	step, ok := matches(string(secret), code, tx.Unix(), one.totpStep)
	if !ok {
		return "", errCode()
	}
	if _, err := tx.Exec(ctx, "UPDATE staff SET totp_step = $2 WHERE id = $1", one.ID, step); err != nil {
		return "", fmt.Errorf("note code: %w", err)
	}
	return "code", nil
}

// RemoveCode takes away the member's code generator. Forbidden "staff.prove"
// wants the password first; see Prove. Conflict
// "staff.factor.last" says that the tenant wants a second factor and this is
// the only one.
func (a *Accounts) RemoveCode(ctx context.Context, by *Member, s session.Data) error {
	if err := a.mustProve(s, by.ID); err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, by.TenantID, by.ID, (*desk).lock)
		if err != nil {
			return err
		}
		if !one.HasCode {
			return unknown()
		}
		if err := d.keepsFactor(false, one.Passkeys); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE staff SET totp = NULL, totp_step = 0 WHERE id = $1", one.ID); err != nil {
			return fmt.Errorf("remove code generator: %w", err)
		}
		if err := dropRecovery(ctx, tx, one.ID, false, one.Passkeys); err != nil {
			return err
		}
		return note(ctx, tx, by, actUnfactor, by.ID, "code")
	})
}
