// SPDX-License-Identifier: EUPL-1.2

package credential

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
func (l *Logins) BeginCode(ctx context.Context, v Visit) (*CodeSetup, []byte, error) {
	var one *account
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		one, err = l.owner(ctx, tx, v, toLook)
		return err
	})
	if err == nil {
		err = l.maySetUp(v.Session, one)
	}
	if err != nil {
		return nil, nil, err
	}
	state := v.Session.Ceremony
	uri, err := l.ongoing(v.Session, "code")
	if err != nil {
		fresh, err := totp.Generate(totp.GenerateOpts{Issuer: one.Tenant.Name, AccountName: one.Email, SecretSize: 20,
			Period: codeSeconds, Digits: otp.DigitsSix, Algorithm: otp.AlgorithmSHA1})
		if err != nil {
			return nil, nil, fmt.Errorf("make secret of code generator: %w", err)
		}
		uri = []byte(fresh.URL())
		if state, err = l.newCeremony("code", uri); err != nil {
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
// they are shown this once. Invalid "login.code.wrong" names the field code.
func (l *Logins) ConfirmCode(ctx context.Context, v Visit, code string) ([]string, error) {
	uri, err := l.ongoing(v.Session, "code")
	if err != nil {
		return nil, err
	}
	key, err := otp.NewKeyFromURL(string(uri))
	if err != nil {
		return nil, errors.New("the state of a code generator is none") // the cause would show it
	}
	var recovery []string
	err = l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.owner(ctx, tx, v, toChange)
		if err == nil {
			err = l.maySetUp(v.Session, one)
		}
		if err != nil {
			return err
		}
		step, ok := matches(key.Secret(), typedCode(code), tx.Unix(), 0)
		if !ok {
			return errCode()
		}
		_, err = tx.Exec(ctx, "UPDATE credential SET totp = $2, totp_step = $3 WHERE owner_id = $1",
			one.ID, one.Data.Seal([]byte(key.Secret()), boundCode(l.o.Kind, one.ID)), step)
		if err != nil {
			return fmt.Errorf("save code generator: %w", err)
		}
		recovery, err = l.added(ctx, tx, v, one, "code")
		return err
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

func errCode() error { return wrong("code", "login.code.wrong") }

// boundCode names the row that the secret of a code generator is sealed for.
func boundCode(k session.Kind, ownerID string) string { return string(k) + "/" + ownerID + "/totp" }

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
// id. Invalid "login.code.wrong" names the field code; TooMany
// "login.code.many" asks for patience.
func (l *Logins) CheckCode(ctx context.Context, v Visit, code string) error {
	id := v.Session.Owner(l.o.Kind)
	if id == "" {
		return unknown()
	}
	if !l.attempts.take(secondFactor, id) {
		return fault.New(fault.TooMany, "login.code.many")
	}
	var owner *Owner
	err := l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.owner(ctx, tx, v, toChange)
		if err != nil {
			return err
		}
		owner = one.Owner
		how, err := l.check(ctx, tx, one, typedCode(code))
		if err != nil {
			return err
		}
		return l.passed(ctx, tx, v, one, "password, "+how)
	})
	if fault.Of(err) == fault.Invalid {
		if err := l.failed(ctx, v, owner, "code"); err != nil {
			return err
		}
	}
	if err == nil {
		l.attempts.giveBack(secondFactor, id)
	}
	return err
}

// check uses up a code and tells what it was.
func (l *Logins) check(ctx context.Context, tx *db.Tx, one *account, code string) (string, error) {
	if !sixDigits.MatchString(code) {
		ok, err := useRecovery(ctx, tx, one, code)
		if err == nil && !ok {
			err = errCode()
		}
		return "recovery code", err
	}
	if one.totp == nil {
		return "", errCode()
	}
	secret, err := one.Data.Open(one.totp, boundCode(l.o.Kind, one.ID))
	if err != nil {
		return "", fmt.Errorf("code generator of account %s: %w", one.ID, err)
	}
	step, ok := matches(string(secret), code, tx.Unix(), one.totpStep)
	if !ok {
		return "", errCode()
	}
	if _, err := tx.Exec(ctx, "UPDATE credential SET totp_step = $2 WHERE owner_id = $1", one.ID, step); err != nil {
		return "", fmt.Errorf("note code: %w", err)
	}
	return "code", nil
}

// RemoveCode takes away the owner's code generator. Forbidden "login.prove"
// wants the password first; see Prove. NotFound says that there is none;
// Conflict "login.factor.last" that the tenant wants a second factor and this is
// the only one.
func (l *Logins) RemoveCode(ctx context.Context, v Visit) error {
	if err := l.mustProve(v.Session); err != nil {
		return err
	}
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.member(ctx, tx, v, toChange)
		if err != nil {
			return err
		}
		if one.totp == nil {
			return unknown()
		}
		if err := one.keeps(false, one.passkeys); err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE credential SET totp = NULL, totp_step = 0 WHERE owner_id = $1", one.ID); err != nil {
			return fmt.Errorf("remove code generator: %w", err)
		}
		if err := dropRecovery(ctx, tx, one.ID, false, one.passkeys); err != nil {
			return err
		}
		return l.note(ctx, tx, v, one.Owner, FactorRemoved, "code")
	})
}
