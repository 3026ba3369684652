// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/erasure"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
)

// erase deletes an appointment that is locked, with everything that hangs on it,
// and the record of its person if that has no other appointment.
func (b *Bookings) erase(ctx context.Context, tx *db.Tx, v *View) error {
	if err := b.Erasures.Add(tx.Now(), erasure.Appointment, v.ID); err != nil {
		return err
	}
	if err := deleteAppointment(ctx, tx, v.ID); err != nil || v.PersonID == "" {
		return err
	}
	// Whoever gives the person another appointment waits for this row, or is waited for.
	if err := b.Persons.LockRecord(ctx, tx, v.PersonID); err != nil {
		return err
	}
	left, err := countOf(ctx, tx, v.PersonID)
	if err != nil || left > 0 {
		return err
	}
	return b.erasePerson(ctx, tx, v.PersonID)
}

// countOf counts the appointments of a record, reservations too.
func countOf(ctx context.Context, tx *db.Tx, personID string) (int, error) {
	var n int
	if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM appointment WHERE person_id = $1", personID).Scan(&n); err != nil {
		return 0, fmt.Errorf("count appointments of person %s: %w", personID, err)
	}
	return n, nil
}

// erasePerson deletes a record that has no appointments.
func (b *Bookings) erasePerson(ctx context.Context, tx *db.Tx, id string) error {
	if err := message.DeleteOfPerson(ctx, tx, id); err != nil {
		return err
	}
	all, err := b.Persons.Erase(ctx, tx, id)
	if err != nil {
		return err
	}
	return b.Erasures.Add(tx.Now(), erasure.Person, all...)
}

// deleteAppointment deletes the row and what points to it.
func deleteAppointment(ctx context.Context, tx *db.Tx, id string) error {
	for _, q := range []string{
		"DELETE FROM claim WHERE owner = $1",
		"DELETE FROM account_appointment WHERE appointment_id = $1",
		"DELETE FROM person_merge_appointment WHERE appointment_id = $1",
		"DELETE FROM message WHERE appointment_id = $1",
		"DELETE FROM secret WHERE appointment_id = $1",
		"DELETE FROM appointment_service WHERE appointment_id = $1",
		"DELETE FROM appointment WHERE id = $1",
	} {
		if _, err := tx.Exec(ctx, q, id); err != nil {
			return fmt.Errorf("delete appointment %s: %w", id, err)
		}
	}
	return nil
}

// EraseAgain erases a record that was erased before and came back with an old copy
// of the database, and tells whether there was one. Appointments of a person go
// with it. Nobody is told: they were told then. What was listed and then not
// erased, since the transaction failed, and is in use since, is left alone.
func (b *Bookings) EraseAgain(ctx context.Context, e erasure.Entry) (bool, error) {
	found := false
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		found = false
		where := map[erasure.Kind]string{erasure.Appointment: "id = $1", erasure.Person: "person_id = $1"}[e.Kind]
		list, err := db.Collect(ctx, tx, func(scan db.Scan) ([2]string, error) {
			var id [2]string
			return id, scan(&id[0], &id[1])
		}, "SELECT tenant_id, id FROM appointment WHERE "+where, e.ID)
		if err != nil {
			return fmt.Errorf("select appointments: %w", err)
		}
		if in, err := inUseSince(ctx, tx, where, e); err != nil || in {
			return err
		}
		for _, id := range list {
			v, err := b.lockOne(ctx, tx, id[0], id[1])
			if fault.Of(err) == fault.NotFound {
				continue
			}
			if err != nil {
				return err
			}
			found = true
			if err := b.erase(ctx, tx, v); err != nil {
				return err
			}
		}
		if e.Kind != erasure.Person || len(list) > 0 {
			return nil
		}
		var n int
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM person WHERE id = $1", e.ID).Scan(&n); err != nil || n == 0 {
			return err
		}
		found = true
		return b.erasePerson(ctx, tx, e.ID)
	})
	return found, err
}

// inUseSince tells whether somebody did something with a record after it was
// listed. An old copy of the database cannot know of that time.
func inUseSince(ctx context.Context, tx *db.Tx, where string, e erasure.Entry) (bool, error) {
	persons := "(SELECT person_id FROM appointment WHERE " + where + ")"
	if e.Kind == erasure.Person {
		persons = "($1)"
	}
	var n int
	err := tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM appointment WHERE `+where+` AND changed >= $2)
		+ (SELECT COUNT(*) FROM person WHERE id IN `+persons+` AND restricted >= $2)
		+ (SELECT COUNT(*) FROM legal_hold WHERE person_id IN `+persons+` AND created >= $2)`, e.ID, e.At).Scan(&n)
	if err != nil {
		return false, fmt.Errorf("ask whether a record is in use: %w", err)
	}
	return n > 0, nil
}
