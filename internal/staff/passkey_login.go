// SPDX-License-Identifier: EUPL-1.2

package staff

import (
	"cmp"
	"context"
	"errors"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// BeginPasskeyLogin begins a login by passkey: as the only step, or as the
// second one after a password. options is the JSON of what
// navigator.credentials.get takes; the state has to be the session's Ceremony
// when FinishPasskeyLogin comes. TooMany "staff.login.many" asks a network for
// patience.
func (a *Accounts) BeginPasskeyLogin(ctx context.Context, tenantID, network string) ([]byte, []byte, error) {
	if !a.attempts.take(passkeyBegun, network) {
		return nil, nil, fault.New(fault.TooMany, "staff.login.many")
	}
	var d *desk
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		d, err = a.desk(ctx, tx, tenantID)
		return err
	})
	if err != nil {
		return nil, nil, err
	}
	party, err := a.party(d)
	if err != nil {
		return nil, nil, err
	}
	options, state, err := party.BeginDiscoverableLogin(webauthn.WithUserVerification(protocol.VerificationRequired))
	if err != nil {
		return nil, nil, fmt.Errorf("begin login by passkey: %w", err)
	}
	return a.ceremonyOf("login", options, state)
}

// FinishPasskeyLogin logs in whose passkey answered; response is what the
// browser sent, as JSON. After a password it has to be the same person. The
// session goes on under a new id, with everything given. Forbidden
// "staff.passkey.refused" is the answer to all that may be wrong.
func (a *Accounts) FinishPasskeyLogin(ctx context.Context, tenantID string, s session.Data, response []byte, network string, remember Remember) error {
	if !a.attempts.take(passkeyHere, network) {
		return fault.New(fault.TooMany, "staff.login.many")
	}
	state, err := a.resume(s, "login")
	if err != nil {
		return err
	}
	parsed, err := protocol.ParseCredentialRequestResponseBytes(response)
	if err != nil {
		return errPasskey(err)
	}
	owner := string(parsed.Response.UserHandle)
	whose := cmp.Or(s.StaffID, owner)
	known := "" // whose, if there is such an account, also a disabled one
	err = a.DB.Write(ctx, func(tx *db.Tx) error {
		d, one, err := a.owner(ctx, tx, tenantID, whose, (*desk).lock)
		if one != nil {
			known = one.ID
		}
		if fault.Of(err) == fault.NotFound {
			return errPasskey(errors.New("no active account"))
		}
		if err != nil {
			return err
		}
		if owner != one.ID {
			return errPasskey(errors.New("another account's passkey"))
		}
		keys, err := d.passkeys(ctx, tx, one.ID)
		if err != nil {
			return err
		}
		party, err := a.party(d)
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
		if err := d.used(ctx, tx, one.ID, keys, credential); err != nil {
			return err
		}
		how := "passkey"
		if s.StaffID != "" {
			how = "password, passkey"
		} else {
			s.Since = 0
		}
		return a.passed(ctx, tx, one, s, how, remember)
	})
	if err == nil {
		a.attempts.giveBack(passkeyHere, network)
	}
	if fault.Of(err) == fault.Forbidden {
		if err := a.refused(ctx, tenantID, known, network); err != nil {
			return err
		}
	}
	return err
}

// refused records a passkey that proved nothing for an account; without one,
// which is the empty id, nothing. Beyond as many as passwords may be tried it
// records nothing more: what anybody can cause must not fill the audit.
func (a *Accounts) refused(ctx context.Context, tenantID, id, network string) error {
	if id != "" && (!a.attempts.take(loginHere, id, network) || !a.attempts.take(loginAnywhere, id)) {
		id = ""
	}
	return a.failed(ctx, tenantID, id, "passkey", network)
}

// used stores the counter of a key, and when it was.
func (d *desk) used(ctx context.Context, tx *db.Tx, staffID string, keys []passkey, c *webauthn.Credential) error {
	for _, k := range keys {
		if string(k.Credential.ID) != string(c.ID) {
			continue
		}
		sealed, err := d.sealPasskey(staffID, sealedKey{k.sealedKey.Name, *c})
		if err != nil {
			return err
		}
		if _, err := tx.Exec(ctx, "UPDATE staff_passkey SET used = $3, sealed = $4 WHERE id = $1 AND staff_id = $2",
			c.ID, staffID, tx.Unix(), sealed); err != nil {
			return fmt.Errorf("note use of passkey: %w", err)
		}
		return nil
	}
	return fmt.Errorf("a passkey of account %s is gone", staffID)
}
