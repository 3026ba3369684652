// SPDX-License-Identifier: EUPL-1.2

package credential

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

// Factors are what an account has to log in with.
type Factors struct {
	Password bool
	Code     bool // a code generator is set up
	Passkeys []Passkey
	Recovery int  // recovery codes that are left
	Required bool // a second factor, by the tenant
}

// Factors tells what the owner of the session has beside the address.
func (l *Logins) Factors(ctx context.Context, v Visit) (*Factors, error) {
	f := &Factors{}
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		one, err := l.owner(ctx, tx, v, toLook)
		if err != nil {
			return err
		}
		*f, err = l.factors(ctx, tx, one)
		return err
	})
	if err != nil {
		return nil, err
	}
	return f, nil
}

func (l *Logins) factors(ctx context.Context, tx *db.Tx, one *account) (Factors, error) {
	f := Factors{Password: one.password != "", Code: one.totp != nil, Required: one.Second}
	keys, err := l.passkeys(ctx, tx, one)
	if err != nil {
		return f, err
	}
	for _, k := range keys {
		f.Passkeys = append(f.Passkeys, k.Passkey)
	}
	f.Recovery, err = countRecovery(ctx, tx, one.ID)
	return f, err
}

// maySetUp answers Forbidden unless a factor may be added in a session: all
// was given, and the password again, or there is none yet that could be asked
// for ("login.factor.asked").
func (l *Logins) maySetUp(s session.Data, one *account) error {
	if s.Full {
		return l.mustProve(s)
	}
	if one.hasFactor() {
		return fault.New(fault.Forbidden, "login.factor.asked")
	}
	return nil
}

// provedFor is how long factors can be changed after Prove.
const provedFor = ceremonyLasts

// Proved tells whether the password, or a passkey, was given again in a session
// not long ago, so that factors can be changed in it: whoever finds a desk
// unattended, or has got hold of a cookie, must not be able to stay.
func (l *Logins) Proved(s session.Data) bool {
	since := l.o.DB.Now().Sub(time.Unix(s.Proved, 0))
	return s.Full && since >= 0 && since < provedFor
}

// mustProve answers Forbidden "login.prove" unless that is so.
func (l *Logins) mustProve(s session.Data) error {
	if !l.Proved(s) {
		return fault.New(fault.Forbidden, "login.prove")
	}
	return nil
}

// Prove takes the password again in a session, which goes on under a new id.
// A passkey proves, too: see FinishPasskeyLogin. Invalid "login.password.old"
// names the field password; TooMany "login.many" limits guessing.
func (l *Logins) Prove(ctx context.Context, v Visit, password string) error {
	found, err := l.own(ctx, v)
	if err == nil {
		err = l.give(ctx, v, found, "password", password)
	}
	if err != nil {
		return err
	}
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := l.unchanged(ctx, tx, v, found); err != nil {
			return err
		}
		return l.prove(ctx, tx, v)
	})
}

// prove stores that the owner of the session was asked again, just now.
func (l *Logins) prove(ctx context.Context, tx *db.Tx, v Visit) error {
	d := v.Session
	d.Proved = tx.Unix()
	return v.Remember(ctx, tx, d)
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
func (l *Logins) newCeremony(kind string, data []byte) ([]byte, error) {
	state, err := json.Marshal(ceremony{kind, l.o.DB.Now().Add(ceremonyLasts).Unix(), data})
	if err != nil {
		return nil, fmt.Errorf("encode ceremony: %w", err)
	}
	return state, nil
}

// ongoing is the data of a ceremony of a kind that has begun in a session.
// Gone "login.ceremony.over" says that there is none, or that it took too long.
func (l *Logins) ongoing(s session.Data, kind string) ([]byte, error) {
	var c ceremony
	if len(s.Ceremony) == 0 || json.Unmarshal(s.Ceremony, &c) != nil || c.Kind != kind || l.o.DB.Now().Unix() >= c.Until {
		return nil, fault.New(fault.Gone, "login.ceremony.over")
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
// record, and a session in which everything was given.
func (l *Logins) added(ctx context.Context, tx *db.Tx, v Visit, one *account, what string) ([]string, error) {
	left, err := countRecovery(ctx, tx, one.ID)
	if err != nil {
		return nil, err
	}
	var codes []string
	if left == 0 {
		if codes, err = makeRecovery(ctx, tx, one); err != nil {
			return nil, err
		}
	}
	if err := l.note(ctx, tx, v, one.Owner, FactorAdded, what); err != nil {
		return nil, err
	}
	if !v.Session.Full {
		how := what
		if one.password != "" {
			how = "password, " + what
		}
		if err := l.note(ctx, tx, v, one.Owner, LoggedIn, how); err != nil {
			return nil, err
		}
	}
	d := session.Of(l.o.Kind, one.ID)
	d.Full, d.Second, d.Since, d.Proved = true, true, v.Session.Since, v.Session.Proved
	return codes, v.Remember(ctx, tx, d)
}

// keeps answers Conflict if an account could not log in any more with what it
// would have left: "login.factor.last" if the tenant wants a second factor,
// "login.passkey.last" if there is no password.
func (one *account) keeps(code bool, passkeys int) error {
	switch {
	case one.Second && !code && passkeys == 0:
		return fault.New(fault.Conflict, "login.factor.last")
	case one.password == "" && passkeys == 0:
		return fault.New(fault.Conflict, "login.passkey.last")
	}
	return nil
}
