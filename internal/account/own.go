// SPDX-License-Identifier: EUPL-1.2

package account

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// SaveData replaces what the owner told us, but for the e-mail address, which has
// to be confirmed. It is for bookings to come; those that there are stay as they
// were made. It answers Invalid "form.incomplete" with fields.
func (a *Accounts) SaveData(ctx context.Context, v credential.Visit, d person.Data) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		t, one, err := a.lock(ctx, tx, v)
		if err != nil {
			return err
		}
		d.Email, d.Note = one.Data.Email, ""
		wanted, fields := person.Check(d, tx.Now())
		if len(fields) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
		}
		if wanted == one.Data {
			return nil
		}
		one.Data = wanted
		if err := t.save(ctx, tx, one); err != nil {
			return err
		}
		return note(ctx, tx, audit.Citizen, t.ID, actData, one.ID, "")
	})
}

// ChangeEmail sends a link to another address, which the account has once the link
// was opened, and tells the present one. Whether the other address has an account
// of its own is told to nobody but its mailbox. It answers Forbidden
// "login.prove", Invalid with the field email, TooMany "login.many".
func (a *Accounts) ChangeEmail(ctx context.Context, v credential.Visit, email string, l locale.Lang) error {
	if err := a.mustProve(v); err != nil {
		return err
	}
	if !person.ValidEmail(email) {
		return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: []fault.Field{{Name: person.FieldEmail, Key: "field.email"}}}
	}
	if !a.MayMail(v, email) {
		return fault.New(fault.TooMany, "login.many")
	}
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		t, one, err := a.lock(ctx, tx, v)
		if err != nil {
			return err
		}
		known, err := t.known(ctx, tx, email)
		if err != nil {
			return err
		}
		if err := dropPending(ctx, tx, one.ID); err != nil { // only the newest counts
			return err
		}
		s, err := pending{AccountID: one.ID, Data: person.Data{Email: email}, Lang: l}.store(ctx, tx, t)
		if err != nil {
			return err
		}
		kind, url, until := message.NewAddress, a.Links.NewEmail(t.ID, l, s), t.linkUntil(tx)
		if known {
			kind, url, until = message.Registered, a.Links.Login(t.ID, l), time.Time{}
		}
		if err := a.mail(ctx, tx, t, kind, email, l, url, until); err != nil {
			return err
		}
		return a.mail(ctx, tx, t, message.AddressAsked, one.Data.Email, l, "", time.Time{})
	})
	if err == nil {
		a.Wake()
	}
	return err
}

// ConfirmEmail gives an account the address that a link was sent to, and tells
// both. It answers Gone "account.link.gone.text", also when the address has got
// another account meanwhile.
func (a *Accounts) ConfirmEmail(ctx context.Context, tenantID string, s seal.Secret) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := take(ctx, tx, tenantID, s)
		if err == nil && p.AccountID == "" {
			err = errGone()
		}
		if err != nil {
			return err
		}
		if err := a.Lock(ctx, tx, p.AccountID); err != nil {
			return err
		}
		t, one, err := a.load(ctx, tx, tenantID, p.AccountID)
		if err != nil {
			return err
		}
		before := one.Data.Email
		if known, err := t.known(ctx, tx, p.Data.Email); err != nil || known && credential.NormalEmail(before) != credential.NormalEmail(p.Data.Email) {
			if err == nil {
				err = errGone()
			}
			return err
		}
		if err := dropPending(ctx, tx, one.ID); err != nil {
			return err
		}
		if err := a.DropLinks(ctx, tx, one.ID); err != nil { // they went to the old mailbox
			return err
		}
		one.Data.Email = p.Data.Email
		if err := t.save(ctx, tx, one); err != nil {
			return err
		}
		for _, to := range []string{before, p.Data.Email} {
			if err := a.mail(ctx, tx, t, message.AddressMoved, to, one.Lang, "", time.Time{}); err != nil {
				return err
			}
		}
		return note(ctx, tx, audit.Citizen, t.ID, actEmail, one.ID, "")
	})
	if err == nil {
		a.Wake()
	}
	return err
}

// Delete deletes the account of a session with all that hangs on it. Appointments
// stay, and their links; so does, for its own time, the record of logins, and the
// evidence of consent, which is withdrawn. It answers Forbidden "login.prove".
func (a *Accounts) Delete(ctx context.Context, v credential.Visit) error {
	err := a.DB.Write(ctx, func(tx *db.Tx) error { return a.DeleteIn(ctx, tx, v) })
	if err == nil {
		a.Wake()
	}
	return err
}

// DeleteIn is Delete as a part of something larger, whose caller wakes the worker.
func (a *Accounts) DeleteIn(ctx context.Context, tx *db.Tx, v credential.Visit) error {
	if err := a.mustProve(v); err != nil {
		return err
	}
	t, one, err := a.lock(ctx, tx, v)
	if err != nil {
		return err
	}
	return a.end(ctx, tx, t, one, audit.Citizen, actEnded)
}

// MustProve answers Forbidden "login.prove" unless the owner has just proved who
// they are.
func (a *Accounts) MustProve(v credential.Visit) error { return a.mustProve(v) }

// erase deletes the rows of an account.
func (a *Accounts) erase(ctx context.Context, tx *db.Tx, id string) error {
	if err := withdrawAll(ctx, tx, id); err != nil {
		return err
	}
	if err := cutOff(ctx, tx, id); err != nil {
		return err
	}
	for _, q := range []string{
		"DELETE FROM account_appointment WHERE account_id = $1",
		"DELETE FROM account WHERE id = $1",
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return fmt.Errorf("delete account: %w", err)
		}
	}
	return a.Logins.Delete(ctx, tx, id)
}

// EraseAgain deletes an account that was deleted before and came back with an old
// copy of the database, and tells whether there was one. Nobody is told: they were
// told then. One that was used after it was listed was not deleted after all.
func (a *Accounts) EraseAgain(ctx context.Context, e erasure.Entry) (bool, error) {
	found := false
	err := a.DB.Write(ctx, func(tx *db.Tx) error {
		if err := a.Lock(ctx, tx, e.ID); err != nil {
			return err
		}
		var n int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM account WHERE id = $1 AND used <= $2", e.ID, e.At).Scan(&n); err != nil {
			return fmt.Errorf("select account: %w", err)
		}
		if found = n > 0; !found {
			return nil
		}
		return a.erase(ctx, tx, e.ID)
	})
	return found, err
}

// end deletes an account that is locked.
func (a *Accounts) end(ctx context.Context, tx *db.Tx, t *town, one *Account, by audit.Kind, what audit.Action) error {
	if err := a.Bookings.Erasures.Add(tx.Now(), erasure.Account, one.ID); err != nil {
		return err
	}
	if err := a.erase(ctx, tx, one.ID); err != nil {
		return err
	}
	if err := audit.CountDeleted(ctx, tx, t.ID, privacy.Account, 1); err != nil {
		return err
	}
	if err := a.mail(ctx, tx, t, message.AccountEnded, one.Data.Email, one.Lang, "", time.Time{}); err != nil {
		return err
	}
	return note(ctx, tx, by, t.ID, what, one.ID, "")
}

// SessionList is where the owner is logged in, the newest first, and the id of the
// session at hand.
func (a *Accounts) SessionList(ctx context.Context, v credential.Visit, at seal.Secret) ([]session.Entry, string, error) {
	var list []session.Entry
	err := a.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		list, err = a.Sessions.List(ctx, tx, session.Account, v.Session.AccountID)
		return err
	})
	return list, session.IDOf(at), err
}

// EndSession ends one of the owner's sessions. It answers NotFound.
func (a *Accounts) EndSession(ctx context.Context, v credential.Visit, id string) error {
	return a.DB.Write(ctx, func(tx *db.Tx) error {
		_, one, err := a.lock(ctx, tx, v)
		if err != nil {
			return err
		}
		return a.Sessions.EndOne(ctx, tx, session.Account, one.ID, id)
	})
}
