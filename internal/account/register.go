// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"

	"github.com/google/uuid"
)

// Register sends a link that makes an account to the address in d. If the address
// has an account, it gets a mail that says so; the answer is the same, after the
// same work. It answers Invalid "form.incomplete" with fields, as of
// person.Check, and TooMany "login.many" when a network, or all together for one
// address, ask too often.
func (a *Accounts) Register(ctx context.Context, tenantID string, d person.Data, l locale.Lang, network string) error {
	d, fields := person.Check(d, a.DB.Now())
	if len(fields) > 0 {
		return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
	}
	return a.register(ctx, tenantID, pending{Data: d, Lang: l}, network)
}

// RegisterGuest is Register for who has just booked as a guest and needs to type
// nothing again: s is a secret of the booking. The appointment joins the account
// once the link was opened, which went to the mailbox of the booking.
func (a *Accounts) RegisterGuest(ctx context.Context, tenantID string, s seal.Secret, l locale.Lang, network string) error {
	v, err := a.Bookings.Open(ctx, tenantID, s)
	if err != nil {
		return err
	}
	if v.Person == nil || v.Person.Data.Email == "" || v.Channel == booking.ChannelOffice {
		return fault.New(fault.NotFound, "error.link.text")
	}
	// What is not needed stays behind: if the address was mistyped, this is a
	// stranger's mailbox.
	d := v.Person.Data
	d.Street, d.Postcode, d.City, d.BirthDate = "", "", "", ""
	return a.register(ctx, tenantID, pending{Data: d, Lang: l, AppointmentID: v.ID}, network)
}

func (a *Accounts) register(ctx context.Context, tenantID string, p pending, network string) error {
	if !a.MayMail(credential.Visit{TenantID: tenantID, Network: network}, p.Data.Email) {
		return fault.New(fault.TooMany, "login.many")
	}
	p.Data.Note = "" // it belongs to an appointment
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := a.town(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		known, err := t.known(ctx, tx, p.Data.Email)
		if err != nil {
			return err
		}
		// Stored in both cases, and void in one: the time must not tell.
		s, err := p.store(ctx, tx, t)
		if err != nil {
			return err
		}
		if known {
			return a.mail(ctx, tx, t, message.Registered, p.Data.Email, p.Lang, a.Links.Login(tenantID, p.Lang), time.Time{})
		}
		return a.mail(ctx, tx, t, message.Register, p.Data.Email, p.Lang, a.Links.Confirm(tenantID, p.Lang, s), t.linkUntil(tx))
	})
	if err == nil {
		a.Wake()
	}
	return err
}

// known tells whether an address has an account.
func (t *town) known(ctx context.Context, tx *db.Tx, email string) (bool, error) {
	_, err := t.one(ctx, tx, "token = $2", t.token(email))
	if fault.Of(err) == fault.NotFound {
		return false, nil
	}
	return err == nil, err
}

// Complete makes the account of a link and logs its owner in. Without a password a
// passkey is to be set up next; somebody who does not gets in by a link that sets
// a password. It answers Invalid with the field password, and Gone
// "account.link.gone.text", also when the address has got an account meanwhile.
func (a *Accounts) Complete(ctx context.Context, v credential.Visit, s seal.Secret, password string) error {
	hash, err := a.newHash(ctx, v.TenantID, s, password)
	if err != nil {
		return err
	}
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		t, err := a.town(ctx, tx, v.TenantID)
		if err != nil {
			return err
		}
		p, err := take(ctx, tx, v.TenantID, s)
		if err != nil {
			return err
		}
		one, err := t.insert(ctx, tx, p)
		if err != nil {
			return err
		}
		if err := a.Create(ctx, tx, t.ID, one.ID); err != nil {
			return err
		}
		if hash != "" {
			if err := a.SavePassword(ctx, tx, t.owner(one), hash); err != nil {
				return err
			}
		}
		if err := note(ctx, tx, audit.Citizen, t.ID, actMade, one.ID, ""); err != nil {
			return err
		}
		if err := a.joinFirst(ctx, tx, t.ID, p, one.ID); err != nil {
			return err
		}
		if err := a.Began(ctx, tx, v, t.owner(one), "link"); err != nil {
			return err
		}
		return v.Remember(ctx, tx, session.Data{AccountID: one.ID, Full: true, Proved: tx.Unix()})
	})
}

// joinFirst gives an account the appointment that led to it, if that still has the
// address whose mailbox has just been shown: the desk may have corrected it.
func (a *Accounts) joinFirst(ctx context.Context, tx *db.Tx, tenantID string, p pending, accountID string) error {
	if p.AppointmentID == "" {
		return nil
	}
	email, err := a.Bookings.EmailOf(ctx, tx, tenantID, p.AppointmentID)
	if err != nil || credential.NormalEmail(email) != credential.NormalEmail(p.Data.Email) {
		return err
	}
	return booking.Join(ctx, tx, p.AppointmentID, accountID)
}

// newHash is the hash of a password for the account of a link; empty for none.
func (a *Accounts) newHash(ctx context.Context, tenantID string, s seal.Secret, password string) (string, error) {
	var o *credential.Owner
	err := a.DB.Read(ctx, func(tx *db.Tx) error {
		t, err := a.town(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		p, err := pendingOf(ctx, tx, tenantID, s)
		if err == nil && p.AccountID != "" {
			err = errGone()
		}
		o = t.owner(&Account{Data: p.Data})
		return err
	})
	if err != nil || password == "" {
		return "", err
	}
	return a.Hash(ctx, o, password)
}

// insert makes the row of an account.
func (t *town) insert(ctx context.Context, tx *db.Tx, p pending) (*Account, error) {
	id, err := uuid.NewV7()
	if err != nil {
		return nil, fmt.Errorf("make account id: %w", err)
	}
	one := &Account{ID: id.String(), TenantID: t.ID, Data: p.Data, Lang: p.Lang, Created: tx.Unix(), Used: tx.Unix()}
	sealed, err := t.seal(one)
	if err != nil {
		return nil, err
	}
	n, err := tx.Exec(ctx, `INSERT INTO account (id, tenant_id, created, used, lang, token, sealed) VALUES ($1, $2, $3, $3, $4, $5, $6)
		ON CONFLICT (tenant_id, token) DO NOTHING`, one.ID, t.ID, tx.Unix(), string(p.Lang), t.token(p.Data.Email), sealed)
	if err != nil {
		return nil, fmt.Errorf("insert account: %w", err)
	}
	if n == 0 {
		return nil, errGone()
	}
	return one, nil
}
