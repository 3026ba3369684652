// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// Two records of one person become one only when somebody at the desk says so.
// The appointments of the one that is gone, their messages and its notes go to
// the one that is kept; what the person told the town stays sealed in each, so
// that a day long all can be taken back. Links in mails belong to appointments
// and go on working.

// MergePersons puts the record gone into the record kept. The right is
// MergePersons, and a member who does not work at all locations needs to work,
// for each of the two, at one where it has, or had, an appointment: a merge
// opens the one to whoever may see the other. It answers Conflict "merge.same"
// for one record, "merge.gone" when one of them is part of another already,
// "merge.kept" when one is restricted or kept for a legal claim,
// Forbidden "customer.elsewhere", NotFound.
func (b *Bookings) MergePersons(ctx context.Context, by *staff.Member, kept, gone string) error {
	if err := by.May(staff.MergePersons, ""); err != nil {
		return err
	}
	if kept == gone {
		return fault.New(fault.Conflict, "merge.same")
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		for _, id := range []string{kept, gone} {
			p, err := b.booked(ctx, tx, by.TenantID, id) // whoever fills in a form is nobody yet
			if err != nil {
				return err
			}
			if _, err := b.Persons.LockTokens(ctx, tx, by.TenantID, p); err != nil { // before days, as Confirm does
				return err
			}
		}
		moved, err := b.lockAll(ctx, tx, by.TenantID, "a.person_id = $2", gone)
		if err != nil {
			return err
		}
		if err := b.mustBeNear(ctx, tx, by, kept, gone); err != nil {
			return err
		}
		m, err := b.Persons.Merge(ctx, tx, by.TenantID, kept, gone, by.ID)
		if err != nil {
			return err
		}
		if err := mustBeFree(ctx, tx, kept, gone); err != nil { // now that they are locked
			return err
		}
		// Now that the record is locked nothing more can come to it.
		if err := sameNumber(ctx, tx, gone, len(moved)); err != nil {
			return err
		}
		for _, v := range moved {
			_, err := tx.Exec(ctx, "INSERT INTO person_merge_appointment (merge_id, appointment_id) VALUES ($1, $2)", m.ID, v.ID)
			if err != nil {
				return fmt.Errorf("remember appointment: %w", err)
			}
		}
		return b.hand(ctx, tx, by, moved, m.ID, actionMerged, gone, kept)
	})
}

// UndoMerge takes a merge back within a day: what it moved goes back, as far
// as it is still there. What came to the kept record afterwards stays there. One of
// the two that has no appointment any more is deleted.
// The right is MergePersons. It answers Gone "merge.over" when that time is over
// or it was undone already, and Conflict "merge.chain" while the kept record is
// itself part of another: that merge has to be undone first; "merge.kept" while
// the kept record is restricted or kept for a legal claim.
func (b *Bookings) UndoMerge(ctx context.Context, by *staff.Member, mergeID string) error {
	if err := by.May(staff.MergePersons, ""); err != nil {
		return err
	}
	const which = `a.person_id = $2 AND a.id IN (SELECT appointment_id FROM person_merge_appointment WHERE merge_id = $3)`
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		m, err := b.Persons.LoadMerge(ctx, tx, by.TenantID, mergeID)
		if err != nil {
			return err
		}
		list, err := b.lockAll(ctx, tx, by.TenantID, which, m.Kept, m.ID)
		if err != nil {
			return err
		}
		if err := b.mustBeNear(ctx, tx, by, m.Kept); err != nil {
			return err
		}
		if err := b.Persons.Unmerge(ctx, tx, by.TenantID, m); err != nil {
			return err
		}
		if err := mustBeFree(ctx, tx, m.Kept); err != nil { // now that it is locked
			return err
		}
		if err := b.hand(ctx, tx, by, list, m.ID, actionUnmerged, m.Kept, m.Gone); err != nil {
			return err
		}
		return b.eraseEmpty(ctx, tx, by, m)
	})
}

// eraseEmpty erases what a merge that was undone leaves without an appointment,
// since those were deleted meanwhile: nothing would ever delete it. Both records are
// locked.
func (b *Bookings) eraseEmpty(ctx context.Context, tx *db.Tx, by *staff.Member, m *person.Merge) error {
	for _, id := range []string{m.Kept, m.Gone} {
		left, err := countOf(ctx, tx, id)
		if err != nil {
			return err
		}
		kept, err := person.IsKept(ctx, tx, id)
		if err != nil {
			return err
		}
		if left > 0 || kept {
			continue
		}
		if err := b.erasePerson(ctx, tx, id); err != nil {
			return err
		}
		if err := about(ctx, tx, by, actionDeleted, id, m.ID, ""); err != nil {
			return err
		}
	}
	return nil
}

// lockAll waits until nobody else changes the appointments of a condition, and
// reads them. Whoever gives an appointment to another person locks its day, so
// that those who write on that day find the right one.
func (b *Bookings) lockAll(ctx context.Context, tx *db.Tx, tenantID, where string, args ...any) ([]*View, error) {
	args = append([]any{tenantID}, args...)
	read := func() ([]*View, error) {
		return b.readAll(ctx, tx, bareColumns, bareTables, "a.tenant_id = $1 AND "+where, args...)
	}
	before, err := read()
	if err != nil {
		return nil, err
	}
	var days []day
	for _, v := range before {
		days = append(days, v.day())
	}
	if _, err := b.lockDays(ctx, tx, slices.Clone(days)...); err != nil {
		return nil, err
	}
	after, err := read()
	if err != nil {
		return nil, err
	}
	for _, v := range after {
		if !slices.Contains(days, v.day()) {
			return nil, db.ErrRetry // moved to a day that is not locked, or new
		}
	}
	return after, nil
}

// hand gives appointments from one person to another as a merge, or its undoing,
// does, and records that of both.
func (b *Bookings) hand(ctx context.Context, tx *db.Tx, by *staff.Member, list []*View, mergeID string, a audit.Action, from, to string) error {
	var pair [2]*person.Person
	for i, id := range []string{from, to} {
		var err error
		if pair[i], err = b.Persons.Load(ctx, tx, by.TenantID, id); err != nil {
			return err
		}
		if err := about(ctx, tx, by, a, id, mergeID, ""); err != nil {
			return err
		}
	}
	return handAll(ctx, tx, by.Actor(), list, pair[0], pair[1])
}

// handAll gives appointments with their messages from one person to another, and
// records it. Raising the version tells those whose form shows the one person
// that it is now the other's.
func handAll(ctx context.Context, tx *db.Tx, who audit.Actor, list []*View, from, to *person.Person) error {
	for _, v := range list {
		if v.reason != nil {
			reason, err := from.Key.Open(v.reason, boundReason(v.ID))
			if err != nil {
				return fmt.Errorf("reason of appointment %s: %w", v.ID, err)
			}
			v.reason = to.Key.Seal(reason, boundReason(v.ID))
		}
		_, err := tx.Exec(ctx, "UPDATE appointment SET person_id = $2, overbooked = $3, version = version + 1 WHERE id = $1",
			v.ID, to.ID, v.reason)
		if err != nil {
			return fmt.Errorf("hand over appointment %s: %w", v.ID, err)
		}
		v.PersonID, v.Version = to.ID, v.Version+1
		if from.Data.Email != to.Data.Email {
			if err := formerMail(ctx, tx, v.ID); err != nil {
				return err
			}
		}
		err = message.Hand(ctx, tx, v.ID, message.Owner{PersonID: from.ID, Key: from.Key}, message.Owner{PersonID: to.ID, Key: to.Key})
		if err != nil {
			return err
		}
		if err := record(ctx, tx, who, &v.Appointment, deed{action: actionHanded}); err != nil {
			return err
		}
	}
	return nil
}

// formerMail notes of the links to an appointment that went to a mailbox that it
// was not the one of the record to which the appointment belongs from now on.
// Undoing leaves it at that: such a link proves no mailbox, and is good for all
// else.
func formerMail(ctx context.Context, tx *db.Tx, appointmentID string) error {
	_, err := tx.Exec(ctx, "UPDATE secret SET channel = 'former_mail' WHERE appointment_id = $1 AND channel = 'mail'", appointmentID)
	if err != nil {
		return fmt.Errorf("note where links to appointment %s went: %w", appointmentID, err)
	}
	return nil
}

// overdueMerge is a merge that can no longer be undone.
type overdueMerge struct {
	tenantID string
	merge    person.Merge
}

// finishMerges deletes the records that went into others more than a day ago,
// the oldest first: one may have gone into the next. Those that went into one which
// is kept for now stay with it. It returns how many it deleted.
func (b *Bookings) finishMerges(ctx context.Context) (int, error) {
	var list []overdueMerge
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		list, err = db.Collect(ctx, tx, func(scan db.Scan) (overdueMerge, error) {
			var o overdueMerge
			return o, scan(&o.merge.ID, &o.tenantID, &o.merge.Kept, &o.merge.Gone)
		}, "SELECT id, tenant_id, kept, gone FROM person_merge WHERE at <= $1 ORDER BY at, id", tx.Now().Add(-person.UndoWithin).Unix())
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("list merges that are over: %w", err)
	}
	finished := 0
	var problems []error
	for _, o := range list {
		deleted := false
		err := b.DB.Write(ctx, func(tx *db.Tx) error {
			var err error
			deleted, err = b.Persons.FinishMerge(ctx, tx, o.tenantID, &o.merge)
			if err != nil || !deleted {
				return err
			}
			return audit.Append(ctx, tx, audit.Entry{TenantID: o.tenantID, Actor: audit.Actor{Kind: audit.System},
				Action: actionDeleted, PersonID: o.merge.Gone, SubjectID: o.merge.ID})
		})
		if err != nil {
			problems = append(problems, fmt.Errorf("merge %s: %w", o.merge.ID, err))
		} else if deleted {
			finished++
		}
	}
	return finished, errors.Join(problems...)
}
