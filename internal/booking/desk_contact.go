// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// ChangeContact replaces what is known about who comes. It asks for Book, and
// answers Invalid "form.incomplete" with fields, and Gone for an appointment that
// was given up or that nobody confirmed.
//
// Another e-mail address is another mailbox, and the old one may have been a
// stranger's: links that went there open nothing any more, for none of the
// person's appointments, and the new address gets a mail about each that is to
// come.
func (b *Bookings) ChangeContact(ctx context.Context, by *staff.Member, appointmentID string, version int64, data person.Data) error {
	wanted, fields := person.CheckAtDesk(data, b.DB.Now())
	d := deed{action: actionContact, done: func(v *View) bool { return v.Person.Data == wanted }}
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, all, err := b.lockContact(ctx, tx, by, appointmentID, version, wanted.Email)
		if err != nil {
			return err
		}
		if err := over(v); err != nil {
			return err
		}
		if len(fields) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: fields}
		}
		if err := b.Persons.Update(ctx, tx, v.TenantID, v.PersonID, wanted); err != nil {
			return err
		}
		v.Person.Data = wanted
		if err := b.contactChanged(ctx, tx, by, v, d); err != nil {
			return err
		}
		return b.readdress(ctx, tx, by, v, all, d)
	})
	if err == nil {
		b.Wake()
	}
	return b.stale(ctx, by, appointmentID, version, d, err)
}

// lockContact is lockFor for a change of who comes, and locks the record of the
// person. Where another address is wanted it also returns all appointments of the
// person and waits until nobody else changes them: whoever opened one by an old
// link is done before that link is gone.
func (b *Bookings) lockContact(ctx context.Context, tx *db.Tx, by *staff.Member, id string, version int64, email string) (*View, []*View, error) {
	before, err := b.find(ctx, tx, by, staff.Book, id)
	if err != nil {
		return nil, nil, err
	}
	var all []*View
	another := before.Person.Data.Email != email
	if another {
		if all, err = b.lockAll(ctx, tx, by.TenantID, "a.person_id = $2", before.PersonID); err != nil {
			return nil, nil, err
		}
	}
	v, err := b.lockFor(ctx, tx, by, staff.Book, id, version)
	if err != nil {
		return nil, nil, err
	}
	v.Person, err = b.Persons.Lock(ctx, tx, by.TenantID, v.PersonID)
	switch {
	case fault.Of(err) == fault.Conflict:
		return nil, nil, db.ErrRetry // went into another just now
	case err != nil:
		return nil, nil, err
	case v.PersonID != before.PersonID || another != (v.Person.Data.Email != email):
		return nil, nil, db.ErrRetry
	case another:
		return v, all, sameNumber(ctx, tx, v.PersonID, len(all))
	}
	return v, nil, nil
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

// contactChanged raises the version of an appointment, so that other forms about
// it are known to be old, and records why.
func (b *Bookings) contactChanged(ctx context.Context, tx *db.Tx, by *staff.Member, v *View, d deed) error {
	if err := save(ctx, tx, &v.Appointment); err != nil {
		return err
	}
	return record(ctx, tx, by.Actor(), &v.Appointment, d)
}

// readdress takes the old mailbox all links to a person's appointments, and sends
// new ones to the new address. v, the appointment at hand, has the new data.
func (b *Bookings) readdress(ctx context.Context, tx *db.Tx, by *staff.Member, v *View, all []*View, d deed) error {
	for _, other := range all {
		_, err := tx.Exec(ctx, "DELETE FROM secret WHERE appointment_id = $1 AND channel IN ('mail', 'former_mail')", other.ID)
		if err != nil {
			return fmt.Errorf("delete links to appointment %s: %w", other.ID, err)
		}
		if !other.Active() || other.RunOut(tx.Now()) || other.Start.Unix() <= tx.Unix() {
			continue
		}
		if other.ID == v.ID {
			other = v
		} else {
			other.Person = v.Person
			if err := b.contactChanged(ctx, tx, by, other, d); err != nil {
				return err
			}
		}
		kind := message.Booked
		if other.State == Unconfirmed {
			kind = message.Verify
		}
		if err := b.tellCitizen(ctx, tx, other, kind); err != nil {
			return err
		}
	}
	return nil
}
