// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/netip"
	"unicode/utf8"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/session"

	"github.com/go-webauthn/webauthn/protocol"
	"github.com/go-webauthn/webauthn/webauthn"
)

// Passkey is a key that lives in somebody's device (WebAuthn).
type Passkey struct {
	ID      string // credential id in base64url
	Name    string // as its owner calls it
	Created int64  // unix seconds
	Used    int64  // last time; 0: never
}

// passkey is a row with what it seals.
type passkey struct {
	Passkey
	sealedKey
}

// sealedKey is what a row seals. Neither is secret, but nobody may slip in a
// key of their own, and the name was typed by somebody.
type sealedKey struct {
	Name       string
	Credential webauthn.Credential
}

// boundPasskey names the row that a passkey is sealed for.
func boundPasskey(k session.Kind, ownerID string, id []byte) string {
	return string(k) + "/" + ownerID + "/passkey/" + hex.EncodeToString(id)
}

// passkeys reads those of an account, the oldest first.
func (l *Logins) passkeys(ctx context.Context, tx *db.Tx, one *account) ([]passkey, error) {
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (passkey, error) {
		var p passkey
		var id, sealed []byte
		if err := scan(&id, &p.Created, &p.Used, &sealed); err != nil {
			return p, err
		}
		plain, err := one.Data.Open(sealed, boundPasskey(l.o.Kind, one.ID, id))
		if err != nil {
			return p, fmt.Errorf("passkey of account %s: %w", one.ID, err)
		}
		if err := json.Unmarshal(plain, &p.sealedKey); err != nil {
			return p, fmt.Errorf("passkey of account %s is no record", one.ID)
		}
		p.Passkey.ID, p.Passkey.Name = base64.RawURLEncoding.EncodeToString(id), p.sealedKey.Name
		return p, nil
	}, "SELECT id, created, used, sealed FROM passkey WHERE owner_id = $1 ORDER BY created, id", one.ID)
	if err != nil {
		return nil, fmt.Errorf("read passkeys: %w", err)
	}
	return list, nil
}

func (l *Logins) sealPasskey(one *account, k sealedKey) ([]byte, error) {
	plain, err := json.Marshal(k)
	if err != nil {
		return nil, fmt.Errorf("encode passkey: %w", err)
	}
	return one.Data.Seal(plain, boundPasskey(l.o.Kind, one.ID, k.Credential.ID)), nil
}

// holder is an account as the WebAuthn library wants it.
type holder struct {
	*account
	keys []passkey
}

// WebAuthnID is the account's id, which says nothing about its owner.
func (h holder) WebAuthnID() []byte { return []byte(h.ID) }

// WebAuthnName tells accounts apart on the owner's device.
func (h holder) WebAuthnName() string { return h.Email }

// WebAuthnDisplayName is what the owner is called there.
func (h holder) WebAuthnDisplayName() string { return h.Name }

// WebAuthnCredentials are the account's keys.
func (h holder) WebAuthnCredentials() []webauthn.Credential {
	var out []webauthn.Credential
	for _, k := range h.keys {
		out = append(out, k.Credential)
	}
	return out
}

// party is the tenant as the one that passkeys are for: they work under its
// host name alone. The device has to know its owner (user verification), so a
// passkey counts as both factors.
func (l *Logins) party(t *Tenant) (*webauthn.WebAuthn, error) {
	base := l.o.Base(t.ID)
	if base == nil {
		return nil, fmt.Errorf("tenant %s has no address", t.ID)
	}
	name, origin := base.Hostname(), base.Scheme+"://"+base.Host
	if ip, err := netip.ParseAddr(name); err == nil && ip.IsLoopback() {
		// Passkeys are for names. Whoever tries the program on this machine
		// can open it as localhost.
		name, origin = "localhost", base.Scheme+"://localhost:"+base.Port()
	}
	resident := true
	w, err := webauthn.New(&webauthn.Config{RPID: name, RPDisplayName: t.Name,
		RPOrigins:             []string{origin},
		AttestationPreference: protocol.PreferNoAttestation,
		AuthenticatorSelection: protocol.AuthenticatorSelection{RequireResidentKey: &resident,
			ResidentKey: protocol.ResidentKeyRequirementRequired, UserVerification: protocol.VerificationRequired}})
	if err != nil {
		return nil, fmt.Errorf("set up passkeys: %w", err)
	}
	return w, nil
}

// ceremonyOf is the answer to a browser and the state until it answers.
func (l *Logins) ceremonyOf(kind string, options any, s *webauthn.SessionData) ([]byte, []byte, error) {
	data, err := json.Marshal(s)
	if err != nil {
		return nil, nil, fmt.Errorf("encode ceremony: %w", err)
	}
	state, err := l.newCeremony(kind, data)
	if err != nil {
		return nil, nil, err
	}
	out, err := json.Marshal(options)
	if err != nil {
		return nil, nil, fmt.Errorf("encode options: %w", err)
	}
	return out, state, nil
}

// resume is the state of a passkey ceremony.
func (l *Logins) resume(s session.Data, kind string) (webauthn.SessionData, error) {
	var out webauthn.SessionData
	data, err := l.ongoing(s, kind)
	if err != nil {
		return out, err
	}
	if err := json.Unmarshal(data, &out); err != nil {
		return out, fmt.Errorf("the state of a passkey is none: %w", err)
	}
	return out, nil
}

// BeginPasskey begins to add a passkey. options is the JSON of what
// navigator.credentials.create takes; the state has to be the session's
// Ceremony when FinishPasskey comes.
func (l *Logins) BeginPasskey(ctx context.Context, v Visit) ([]byte, []byte, error) {
	var h holder
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if h.account, err = l.owner(ctx, tx, v, toLook); err != nil {
			return err
		}
		h.keys, err = l.passkeys(ctx, tx, h.account)
		return err
	})
	if err == nil {
		err = l.maySetUp(v.Session, h.account)
	}
	if err != nil {
		return nil, nil, err
	}
	party, err := l.party(h.Tenant)
	if err != nil {
		return nil, nil, err
	}
	var have []protocol.CredentialDescriptor
	for _, c := range h.WebAuthnCredentials() {
		have = append(have, c.Descriptor())
	}
	options, state, err := party.BeginRegistration(h, webauthn.WithExclusions(have))
	if err != nil {
		return nil, nil, fmt.Errorf("begin passkey: %w", err)
	}
	return l.ceremonyOf("register", options, state)
}

// maxKeyName is the length of the longest name of a passkey, in characters;
// maxPasskeys is how many one account may have.
const (
	maxKeyName  = 60
	maxPasskeys = 20
)

// FinishPasskey adds the passkey that BeginPasskey asked for; response is what
// the browser answered, as JSON. The session goes on under a new id, with
// everything given. It returns recovery codes, unless there are some: they are
// shown this once. Invalid names the field name; Forbidden
// "login.passkey.refused" says that the answer proves nothing.
func (l *Logins) FinishPasskey(ctx context.Context, v Visit, name string, response []byte) ([]string, error) {
	state, err := l.resume(v.Session, "register")
	if err != nil {
		return nil, err
	}
	if name = OneLine(name); name == "" || utf8.RuneCountInString(name) > maxKeyName {
		return nil, wrong("name", "login.passkey.name", "Max", maxKeyName)
	}
	parsed, err := protocol.ParseCredentialCreationResponseBytes(response)
	if err != nil {
		return nil, errPasskey(err)
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
		if one.passkeys >= maxPasskeys {
			return fault.New(fault.TooMany, "login.passkey.many")
		}
		party, err := l.party(one.Tenant)
		if err != nil {
			return err
		}
		credential, err := party.CreateCredential(holder{account: one}, state, parsed)
		if err != nil {
			return errPasskey(err)
		}
		if err := l.insertPasskey(ctx, tx, one, sealedKey{name, *credential}); err != nil {
			return err
		}
		recovery, err = l.added(ctx, tx, v, one, "passkey")
		return err
	})
	if err != nil {
		return nil, err
	}
	return recovery, nil
}

func (l *Logins) insertPasskey(ctx context.Context, tx *db.Tx, one *account, k sealedKey) error {
	k.Credential.Attestation = webauthn.CredentialAttestation{} // nobody asked for it
	sealed, err := l.sealPasskey(one, k)
	if err != nil {
		return err
	}
	n, err := tx.Exec(ctx, `INSERT INTO passkey (id, owner_id, created, used, sealed) VALUES ($1, $2, $3, 0, $4)
		ON CONFLICT (id) DO NOTHING`, k.Credential.ID, one.ID, tx.Unix(), sealed)
	if err != nil {
		return fmt.Errorf("insert passkey: %w", err)
	}
	if n == 0 {
		return fault.New(fault.Conflict, "login.passkey.exists")
	}
	return nil
}

// errPasskey is the one answer to all that may be wrong with what a browser
// sent. The cause is for the log of those who look for it.
func errPasskey(cause error) error {
	return fault.Wrap(cause, fault.Forbidden, "login.passkey.refused")
}

// RemovePasskey takes away one of the owner's. Forbidden "login.prove" wants
// the password first; see Prove. NotFound says that it is none of theirs;
// Conflict "login.factor.last" that the tenant wants a second factor and this is
// the only one, "login.passkey.last" that there is no password to log in with
// instead.
func (l *Logins) RemovePasskey(ctx context.Context, v Visit, id string) error {
	if err := l.mustProve(v.Session); err != nil {
		return err
	}
	raw, err := base64.RawURLEncoding.DecodeString(id)
	if err != nil {
		return unknown()
	}
	return l.o.DB.Write(ctx, func(tx *db.Tx) error {
		one, err := l.member(ctx, tx, v, toChange)
		if err != nil {
			return err
		}
		n, err := tx.Exec(ctx, "DELETE FROM passkey WHERE id = $1 AND owner_id = $2", raw, one.ID)
		if err != nil {
			return fmt.Errorf("delete passkey: %w", err)
		}
		if n == 0 {
			return unknown()
		}
		if err := one.keeps(one.totp != nil, one.passkeys-1); err != nil {
			return err
		}
		if err := dropRecovery(ctx, tx, one.ID, one.totp != nil, one.passkeys-1); err != nil {
			return err
		}
		return l.note(ctx, tx, v, one.Owner, FactorRemoved, "passkey")
	})
}
