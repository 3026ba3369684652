// SPDX-License-Identifier: EUPL-1.2

package credential

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/seal"
)

// NewLink makes a secret that lets somebody set the password of an account.
func (l *Logins) NewLink(ctx context.Context, tx *db.Tx, ownerID string, lasts time.Duration) (seal.Secret, error) {
	if _, err := tx.Exec(ctx, "DELETE FROM credential_link WHERE until <= $1", tx.Unix()); err != nil {
		return "", fmt.Errorf("delete old links: %w", err)
	}
	s := seal.NewSecret()
	_, err := tx.Exec(ctx, "INSERT INTO credential_link (hash, owner_id, until) VALUES ($1, $2, $3)",
		s.Hash(), ownerID, tx.Now().Add(lasts).Unix())
	if err != nil {
		return "", fmt.Errorf("insert link: %w", err)
	}
	return s, nil
}

// DropLinks makes all links to set the password of an account useless.
func (l *Logins) DropLinks(ctx context.Context, tx *db.Tx, ownerID string) error {
	if _, err := tx.Exec(ctx, "DELETE FROM credential_link WHERE owner_id = $1", ownerID); err != nil {
		return fmt.Errorf("delete links: %w", err)
	}
	return nil
}

// Invitation is the address of the account whose password a link sets. Gone
// "login.link.gone.text" says that it was used, is too old, or never was.
// Looking changes nothing: mail programs look too.
func (l *Logins) Invitation(ctx context.Context, tenantID string, s seal.Secret) (string, error) {
	o, err := l.linked(ctx, tenantID, s)
	if err != nil {
		return "", err
	}
	return o.Email, nil
}

func (l *Logins) linked(ctx context.Context, tenantID string, s seal.Secret) (*Owner, error) {
	var o *Owner
	err := l.o.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		o, err = l.byLink(ctx, tx, tenantID, s)
		return err
	})
	return o, err
}

func (l *Logins) byLink(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*Owner, error) {
	gone := fault.New(fault.Gone, "login.link.gone.text")
	var id string
	err := tx.QueryRow(ctx, "SELECT owner_id FROM credential_link WHERE hash = $1 AND until > $2", s.Hash(), tx.Unix()).Scan(&id)
	if db.IsNoRows(err) {
		return nil, gone
	}
	if err != nil {
		return nil, fmt.Errorf("select link: %w", err)
	}
	o, err := l.o.Directory.Owner(ctx, tx, tenantID, id)
	if fault.Of(err) == fault.NotFound || err == nil && o.Barred {
		return nil, gone
	}
	return o, err
}

// Accept sets the password by a link, once. It ends the account's sessions and
// makes its other links useless. Whoever has the link is the owner: from then on
// the limits on guessing that others have used up do not keep the visit's network
// out. The visit needs no session. Invalid names the field password.
func (l *Logins) Accept(ctx context.Context, v Visit, s seal.Secret, password string) error {
	o, err := l.linked(ctx, v.TenantID, s)
	if err != nil {
		return err
	}
	hash, err := l.Hash(ctx, o, password)
	if err != nil {
		return err
	}
	if err := l.o.DB.Write(ctx, func(tx *db.Tx) error { return l.accept(ctx, tx, v, s, o.ID, hash) }); err != nil {
		return err
	}
	l.attempts.proved(counted(v.TenantID, o.Email), v.Network)
	return nil
}

func (l *Logins) accept(ctx context.Context, tx *db.Tx, v Visit, s seal.Secret, ownerID, hash string) error {
	if err := l.Lock(ctx, tx, ownerID); err != nil {
		return err
	}
	o, err := l.byLink(ctx, tx, v.TenantID, s) // again: somebody may have been quicker
	if err != nil {
		return err
	}
	if l.o.LinkResets {
		if err := l.Reset(ctx, tx, o.ID); err != nil {
			return err
		}
	}
	if err := l.SavePassword(ctx, tx, o, hash); err != nil {
		return err
	}
	if err := l.o.Directory.PasswordSet(ctx, tx, o); err != nil {
		return err
	}
	if err := l.o.Sessions.EndAll(ctx, tx, l.o.Kind, o.ID); err != nil {
		return err
	}
	return l.note(ctx, tx, v, o, PasswordByLink, "")
}

// Hash checks a new password and hashes it. Invalid names the field password.
func (l *Logins) Hash(ctx context.Context, o *Owner, password string) (string, error) {
	if err := CheckPassword(password, o); err != nil {
		return "", err
	}
	return l.o.Hasher.Hash(ctx, password)
}

// SavePassword stores the hash of a new password and makes all links to set one
// useless. The sessions that the old one began are for the caller to end.
func (l *Logins) SavePassword(ctx context.Context, tx *db.Tx, o *Owner, hash string) error {
	if _, err := tx.Exec(ctx, "UPDATE credential SET password = $2 WHERE owner_id = $1", o.ID, hash); err != nil {
		return fmt.Errorf("save password: %w", err)
	}
	return l.DropLinks(ctx, tx, o.ID)
}

// forgottenLasts is how long the link can be used that somebody asked for.
const forgottenLasts = time.Hour

// MayMail counts one mail that a visitor asks for at an address that may be
// somebody else's, and tells whether it may be sent.
func (l *Logins) MayMail(v Visit, email string) bool {
	return l.attempts.take(mailHere, v.Network) && l.attempts.take(mailAnywhere, counted(v.TenantID, email))
}

// Forgotten sends a link to set a new password, if the address has an account.
// The answer is the same if it has none. TooMany "login.many" says that this was
// asked for too often.
func (l *Logins) Forgotten(ctx context.Context, v Visit, email string, lang locale.Lang) error {
	if !l.attempts.take(forgottenHere, v.Network) || !l.attempts.take(forgottenAnywhere, counted(v.TenantID, email)) {
		return fault.New(fault.TooMany, "login.many")
	}
	err := l.o.DB.Write(ctx, func(tx *db.Tx) error {
		o, err := l.o.Directory.ByEmail(ctx, tx, v.TenantID, email)
		switch {
		case fault.Of(err) == fault.NotFound || err == nil && o.Barred:
			return l.note(ctx, tx, v, nil, LinkAsked, "")
		case err != nil:
			return err
		}
		s, err := l.NewLink(ctx, tx, o.ID, forgottenLasts)
		if err != nil {
			return err
		}
		if err := l.o.Directory.MailLink(ctx, tx, o, s, tx.Now().Add(forgottenLasts), lang); err != nil {
			return err
		}
		return l.note(ctx, tx, v, o, LinkAsked, "")
	})
	if err != nil {
		return err
	}
	l.o.Wake()
	return nil
}
