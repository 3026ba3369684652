// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// Whoever books without an account gets a new record each time, since anybody can
// type anything. Once the mailbox has shown that it was its owner, the appointment
// goes to the record that the same person has from before.

// maxSharing is how many records of one mailbox are opened to find one in.
const maxSharing = 200

// lockMailed is lock for what may show that a mailbox is the person's: who leads
// to that mailbox is locked before days, as in all that changes records.
func (b *Bookings) lockMailed(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*View, error) {
	if tx.ForUpdate() != "" {
		before, err := b.open(ctx, tx, tenantID, s)
		if err != nil {
			return nil, err
		}
		if err := b.lockReach(ctx, tx, before); err != nil {
			return nil, err
		}
	}
	return b.lock(ctx, tx, tenantID, s)
}

// lockReach locks the tokens of a person whose mailbox a secret is about to prove.
func (b *Bookings) lockReach(ctx context.Context, tx *db.Tx, v *View) error {
	if v.Channel != ChannelMail || v.Person == nil {
		return nil
	}
	_, err := b.Persons.LockTokens(ctx, tx, v.TenantID, v.Person)
	return err
}

// recognise gives an appointment, whose person's mailbox is verified, to the
// oldest other record that is surely the same person's: with the same name,
// address and number, and verified too. The one that is left over is deleted, since
// it says nothing more. The caller holds the appointment, so
// that nobody gives it to somebody else.
//
// Two records stay side by side where the new one says anything else, such as
// another birth date, where the desk has begun to work with it, and where one of them
// is restricted or kept for a legal claim.
func (b *Bookings) recognise(ctx context.Context, tx *db.Tx, v *View) error {
	known, err := b.known(ctx, tx, v)
	if err != nil || known == nil {
		return err
	}
	mine, was := v.Person, known.Data
	if known, err = b.lockBoth(ctx, tx, v.TenantID, mine.ID, known.ID); err != nil {
		return err
	}
	if known.Data != was || !known.EmailVerified {
		return db.ErrRetry // changed just now
	}
	busy, err := inUse(ctx, tx, mine.ID)
	if err != nil || busy {
		return err
	}
	kept, err := person.IsKept(ctx, tx, known.ID)
	if err != nil {
		return err
	}
	if kept {
		return db.ErrRetry // since just now
	}
	if err := handAll(ctx, tx, v.actor(), []*View{v}, mine, known); err != nil {
		return err
	}
	v.Person = known
	v.Person.Data.Note = mine.Data.Note // another one was about another appointment
	return b.clear(ctx, tx, v, mine.ID)
}

// known is the record that recognise gives an appointment to, nil when there is
// none. It locks what leads to the mailbox, so that of two who verify at once the
// second finds the first.
func (b *Bookings) known(ctx context.Context, tx *db.Tx, v *View) (*person.Person, error) {
	tokens, err := b.Persons.LockTokens(ctx, tx, v.TenantID, v.Person)
	if err != nil || tokens.Email == nil {
		return nil, err
	}
	// A record that nobody has booked with yet is deleted with its hold.
	ids, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		return id, scan(&id)
	}, `SELECT p.id FROM person_token t JOIN person p ON p.id = t.person_id
		WHERE t.tenant_id = $2 AND t.kind = 'email' AND t.token = $3 AND p.email_verified IS NOT NULL AND p.id <> $4
			AND EXISTS (SELECT 1 FROM appointment a WHERE a.person_id = p.id AND a.state <> 'held')
			AND NOT `+person.Kept+`
		ORDER BY p.created, p.id LIMIT $5`, tx.Unix(), v.TenantID, tokens.Email, v.PersonID, maxSharing)
	if err != nil {
		return nil, fmt.Errorf("look for the record of the same person: %w", err)
	}
	list, err := b.Persons.LoadAll(ctx, tx, v.TenantID, ids)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(list, func(p *person.Person) bool { return samePerson(p.Data, v.Person.Data) })
	if i < 0 {
		return nil, nil
	}
	return list[i], nil
}

// samePerson is sameContact for a machine, which cannot ask: father and son may
// have one name, one mailbox and one telephone. Whoever says something new keeps a
// record of their own, and the desk decides. A note belongs to its appointment.
func samePerson(known, now person.Data) bool {
	return sameContact(known, now) && completed(known, now) == known
}

// lockBoth locks two records, in the order in which everybody does, and opens the
// second. If one of them is gone, all begins again.
func (b *Bookings) lockBoth(ctx context.Context, tx *db.Tx, tenantID, first, second string) (*person.Person, error) {
	var opened *person.Person
	for _, id := range slices.Sorted(slices.Values([]string{first, second})) {
		p, err := b.Persons.Lock(ctx, tx, tenantID, id)
		if k := fault.Of(err); k == fault.Conflict || k == fault.NotFound {
			return nil, db.ErrRetry
		}
		if err != nil {
			return nil, err
		}
		if id == second {
			opened = p
		}
	}
	return opened, nil
}

// inUse tells whether somebody at the desk has written a note about a record, put
// another one into it a short time ago, restricted it or kept it for a legal claim.
func inUse(ctx context.Context, tx *db.Tx, personID string) (bool, error) {
	var notes, merges, holds, restricted int
	err := tx.QueryRow(ctx, `SELECT (SELECT COUNT(*) FROM person_note WHERE person_id = $1),
		(SELECT COUNT(*) FROM person_merge WHERE kept = $1), (SELECT COUNT(*) FROM legal_hold WHERE person_id = $1),
		CASE WHEN p.restricted IS NULL THEN 0 ELSE 1 END FROM person p WHERE p.id = $1`, personID).Scan(&notes, &merges, &holds, &restricted)
	if err != nil {
		return false, fmt.Errorf("count what hangs on person %s: %w", personID, err)
	}
	return notes+merges+holds+restricted > 0, nil
}

// clear deletes a record, whose row is locked, once it has no appointment any
// more. v is the one that went from it to another record.
func (b *Bookings) clear(ctx context.Context, tx *db.Tx, v *View, personID string) error {
	left, err := countOf(ctx, tx, personID)
	if err != nil || left > 0 {
		return err
	}
	if err := b.Persons.Delete(ctx, tx, personID); err != nil {
		return err
	}
	return audit.Append(ctx, tx, audit.Entry{TenantID: v.TenantID, Actor: v.actor(), Action: actionDeleted,
		PersonID: personID, SubjectID: v.PersonID})
}
