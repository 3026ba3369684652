// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// ChangeContact replaces what is known about who comes. It asks for Book, and
// answers Invalid "form.incomplete" with fields, and Gone for an appointment that
// was given up or that nobody confirmed, and Conflict "customer.restricted" while the
// record is restricted. Forms about the person's other appointments are old from
// then on.
//
// Another e-mail address is another mailbox, and the old one may have been a
// stranger's: links that went there open nothing any more, for none of the
// person's appointments, nor do accounts show them any more, mails that wait do not
// go there, and the new address gets a mail about each appointment that is to come.
func (b *Bookings) ChangeContact(ctx context.Context, by *staff.Member, appointmentID string, version int64, data person.Data) error {
	wanted, fields := person.CheckAtDesk(data, b.DB.Now())
	d := deed{action: actionContact, done: func(v *View) bool { return v.Person.Data == wanted }}
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		before, err := b.find(ctx, tx, by, staff.Book, appointmentID)
		if err != nil {
			return err
		}
		if _, err := b.Persons.LockTokens(ctx, tx, by.TenantID, before.Person); err != nil { // before days, as Confirm does
			return err
		}
		all, err := b.lockAll(ctx, tx, by.TenantID, "a.person_id = $2", before.PersonID)
		if err != nil {
			return err
		}
		v, err := b.lockFor(ctx, tx, by, staff.Book, appointmentID, version)
		if err != nil {
			return err
		}
		if v.PersonID != before.PersonID {
			return db.ErrRetry
		}
		if err := over(v); err != nil {
			return err
		}
		if len(fields) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
		}
		return b.changePerson(ctx, tx, by.Actor(), by.TenantID, v.PersonID, wanted, all)
	})
	if err == nil {
		b.Wake()
	}
	return b.stale(ctx, by, appointmentID, version, d, err)
}

// changePerson gives a record other data. all are the appointments of the person,
// on days that are locked.
func (b *Bookings) changePerson(ctx context.Context, tx *db.Tx, who audit.Actor, tenantID, personID string, wanted person.Data, all []*View) error {
	p, err := b.Persons.Lock(ctx, tx, tenantID, personID)
	if fault.Of(err) == fault.Conflict {
		return db.ErrRetry // went into another just now
	}
	if err != nil {
		return err
	}
	if !p.Restricted.IsZero() {
		return fault.New(fault.Conflict, "customer.restricted")
	}
	if err := sameNumber(ctx, tx, personID, len(all)); err != nil {
		return err
	}
	readdressed := p.Data.Email != wanted.Email
	if err := b.Persons.Update(ctx, tx, tenantID, p, wanted); err != nil {
		return err
	}
	for _, v := range all {
		v.Person = p
		if err := save(ctx, tx, &v.Appointment); err != nil {
			return err
		}
		if err := record(ctx, tx, who, &v.Appointment, deed{action: actionContact}); err != nil {
			return err
		}
		if !readdressed {
			continue
		}
		if err := b.readdress(ctx, tx, v); err != nil {
			return err
		}
	}
	return nil
}

// sameNumber makes all begin again unless a person, whose record is locked, has
// as many appointments as were found before that.
func sameNumber(ctx context.Context, tx *db.Tx, personID string, found int) error {
	var have int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM appointment WHERE person_id = $1", personID).Scan(&have); err != nil {
		return fmt.Errorf("count appointments of person %s: %w", personID, err)
	}
	if have != found {
		return db.ErrRetry
	}
	return nil
}

// readdress takes the old mailbox all links to an appointment, and the account to
// which it may have come by one of them, and sends new ones to the new address if
// it is to come.
func (b *Bookings) readdress(ctx context.Context, tx *db.Tx, v *View) error {
	_, err := tx.Exec(ctx, "DELETE FROM secret WHERE appointment_id = $1 AND channel IN ('mail', 'former_mail')", v.ID)
	if err != nil {
		return fmt.Errorf("delete links to appointment %s: %w", v.ID, err)
	}
	if err := leaveAccount(ctx, tx, v.ID); err != nil {
		return err
	}
	if !v.Active() || v.RunOut(tx.Now()) || v.Start.Unix() <= tx.Unix() {
		return nil
	}
	if err := message.Withdraw(ctx, tx, v.ID); err != nil {
		return err
	}
	kind := message.Booked
	if v.State == Unconfirmed {
		kind = message.Verify
	}
	return b.tellCitizen(ctx, tx, v, kind)
}
