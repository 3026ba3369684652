// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/slot"
)

// RemindByMail is the purpose of the consent that Remind asks for.
const RemindByMail = "remind_mail"

// reminded is the condition for appointments that want a reminder now or soon: in
// an account whose owner has agreed, not reminded of this time yet, and of nobody
// whose record is restricted.
const reminded = `a.state = 'confirmed' AND a.reminded <> a.start_tick
	AND EXISTS (SELECT 1 FROM account_appointment k JOIN consent c ON c.account_id = k.account_id
		WHERE k.appointment_id = a.id AND c.purpose = '` + RemindByMail + `' AND c.withdrawn IS NULL)
	AND NOT EXISTS (SELECT 1 FROM person r WHERE r.id = a.person_id AND r.restricted IS NOT NULL)`

// Remind leaves a mail about each appointment that is one day ahead, at the same
// time on the clock, of those who have agreed to that in their account, if the
// mailbox was shown to be theirs. It is left
// once for a time, whichever process is first. Whoever booked or moved less than
// a day before has just had a mail. It returns how many were left.
func (b *Bookings) Remind(ctx context.Context, tenants []string) (int, error) {
	n := 0
	var problems []error
	for _, tenantID := range tenants {
		list, err := b.toRemind(ctx, tenantID)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		for _, v := range list {
			left, err := b.remind(ctx, tenantID, v.ID)
			if err != nil {
				problems = append(problems, fmt.Errorf("remind of appointment %s: %w", v.ID, err))
			}
			if left {
				n++
			}
		}
	}
	if n > 0 {
		b.Wake()
	}
	return n, errors.Join(problems...)
}

// toRemind are the appointments of a tenant that begin within a day and an hour,
// which is a day when clocks change, and whose time has come.
func (b *Bookings) toRemind(ctx context.Context, tenantID string) ([]*View, error) {
	var due []*View
	err := b.DB.Look(ctx, func(tx *db.Tx) error {
		due = nil
		cat, err := b.Offices.Catalogue(ctx, tx, tenantID)
		if err != nil {
			return err
		}
		for _, l := range cat.Locations { // by the index on location and time
			list, err := b.readAll(ctx, tx, bareColumns, bareTables, "a.location_id = $1 AND a.start_tick > $2 AND a.start_tick <= $3 AND "+reminded,
				l.ID, int64(slot.TickOf(tx.Unix())), int64(slot.TickOf(tx.Now().Add(25*time.Hour).Unix())))
			if err != nil {
				return err
			}
			for _, v := range list {
				if v.remindAt() <= tx.Unix() {
					due = append(due, v)
				}
			}
		}
		return nil
	})
	return due, err
}

// remindAt is one day before, at the same time on the clock; unix seconds.
func (v *View) remindAt() int64 {
	t := v.Begin()
	return v.day().date.AddDays(-1).At(t.Hour()*60+t.Minute(), v.Location.Plan.Zone)
}

// remind leaves one reminder if it is still wanted, and tells whether it did.
func (b *Bookings) remind(ctx context.Context, tenantID, id string) (bool, error) {
	left := false
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		left = false
		if err := lockRow(ctx, tx, id); err != nil {
			return err
		}
		v, err := b.read(ctx, tx, deskColumns, deskTables, "a.id = $1 AND "+reminded, tenantID, id)
		if fault.Of(err) == fault.NotFound {
			return nil // another process was quicker, or it is not wanted any more
		}
		if err != nil {
			return err
		}
		if v.remindAt() > tx.Unix() {
			return nil // moved just now
		}
		_, err = tx.Exec(ctx, "UPDATE appointment SET reminded = start_tick WHERE id = $1", id)
		if err != nil {
			return fmt.Errorf("note reminder: %w", err)
		}
		if v.Changed > v.remindAt() || v.Person == nil || !v.Person.EmailVerified {
			return nil
		}
		left = true
		return b.tellCitizen(ctx, tx, v, message.Reminder)
	})
	return left, err
}
