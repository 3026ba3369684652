// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// BeginPasskeyLogin begins a login by passkey: as the only step, or as the
// second one after a password, or to prove again who one is. options is the JSON of what
// navigator.credentials.get takes; the state has to be the session's Ceremony
// when FinishPasskeyLogin comes. TooMany "login.many" asks a network for
// patience.
func (l *Logins) BeginPasskeyLogin(ctx context.Context, v Visit) ([]byte, []byte, error) {
	if !l.attempts.take(passkeyBegun, v.Network) {
		return nil, nil, fault.New(fault.TooMany, "login.many")
	}
	var t *Tenant
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		t, err = l.o.Directory.Tenant(ctx, tx, v.TenantID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	party, err := l.party(t)
	if err != nil {
		return nil, nil, err
	}
	options, state, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("begin login by passkey: %w", err)
	}
	return l.ceremonyOf("login", options, state)
}

// FinishPasskeyLogin logs in whose passkey answered; response is what the
// browser sent, as JSON. After a password it has to be the same person. The
// session goes on under a new id, with everything given. In a session where all
// was given already it proves who one is; see Proved. Forbidden
// "login.passkey.refused" is the answer to all that may be wrong.
func (l *Logins) FinishPasskeyLogin(ctx context.Context, v Visit, response []byte) error {
	if !l.attempts.take(passkeyHere, v.Network) {
		return fault.New(fault.TooMany, "login.many")
	}
	state, err := l.resume(v.Session, "login")
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return errPasskey(err)
	}
	handle := string(parsed.Response.UserHandle)
	before := v.Session.Owner(l.o.Kind)
	var known *Owner // whose it is, if there is such an account, also a disabled one
	err = l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.active(ctx, tx, v.TenantID, cmp.Or(before, handle), toChange)
		if one != nil {
			known = one.Owner
		}
		if fault.Of(err) == fault.NotFound {
			return errPasskey(errors.New("no active account"))
		}
		if err != nil {
			return err
		}
		if handle != one.ID {
			return errPasskey(errors.New("another account's passkey"))
		}
		keys, err := l.passkeys(ctx, tx, one)
		if err != nil {
			return err
		}
		party, err := l.party(one.Tenant)
		if err != nil {
			return err
		}
		find := func([]byte, []byte) (webauthn.User, error) { return holder{one, keys}, nil }
		_, credential, err := party.ValidatePasskeyLogin(find, state, parsed)
		if err != nil {
			return errPasskey(err)
		}
		if credential.Authenticator.CloneWarning {
			return errPasskey(errors.New("the counter went back: there may be a copy of the key"))
		}
		if err := l.used(ctx, tx, one, keys, credential); err != nil {
			return err
		}
		switch {
		case before == "":
			return l.passed(ctx, tx, v, one, "passkey")
		case complete(v.Session, one.Tenant):
			v.Session.Second, v.Session.Ceremony = true, nil
			return l.prove(ctx, tx, v)
		}
		return l.passed(ctx, tx, v, one, "password, passkey")
	})
	if err == nil {
		l.attempts.giveBack(passkeyHere, v.Network)
	}
	if fault.Of(err) == fault.Forbidden {
		if err := l.refused(ctx, v, known); err != nil {
			return err
		}
	}
	return err
}

// refused records a passkey that proved nothing for an account; nil: for none.
// Beyond as many as passwords may be tried it records nothing more: what anybody
// can cause must not fill the record.
func (l *Logins) refused(ctx context.Context, v Visit, o *Owner) error {
	if o != nil && (!l.attempts.take(loginHere, o.ID, v.Network) || !l.attempts.take(loginAnywhere, o.ID)) {
		o = nil
	}
	return l.failed(ctx, v, o, "passkey")
}

// used stores the counter of a key, and when it was.
func (l *Logins) used(ctx context.Context, tx *db.Tx, one *account, keys []passkey, c *webauthn.Credential) error {
	for _, k := range keys {
		if string(k.Credential.ID) != string(c.ID) {
			continue
		}
		sealed, err := l.sealPasskey(one, sealedKey{k.sealedKey.Name, *c})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE passkey SET used = $3, sealed = $4 WHERE id = $1 AND owner_id = $2",
			c.ID, one.ID, tx.Unix(), sealed); err != nil {
			return fmt.Errorf("note use of passkey: %w", err)
		}
		return nil
	}
	return fmt.Errorf("a passkey of account %s is gone", one.ID)
}
