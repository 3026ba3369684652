// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// personFor is the record of whom a clerk books for: the one that the data were
// taken from, or the one that it went into, while name, telephone and e-mail
// address are the same; what else was filled in is added to it. With another
// name, number or address it may be another person, who gets a new record:
// putting two together is for MergePersons. It asks for Reveal as RevealContact
// does, or it would tell whether a guess about somebody is right.
func (b *Bookings) personFor(ctx context.Context, tx *db.Tx, by *staff.Member, r ForSomeone) (*person.Person, error) {
	if r.PersonID == "" {
		return b.Persons.Create(ctx, tx, by.TenantID, r.Data)
	}
	if err := by.May(staff.Reveal, ""); err != nil {
		return nil, err
	}
	p, err := b.current(ctx, tx, by.TenantID, r.PersonID)
	if err != nil {
		return nil, err
	}
	if err := b.mustBeNear(ctx, tx, by, p.ID); err != nil {
		return nil, err
	}
	p, err = b.Persons.Lock(ctx, tx, by.TenantID, p.ID)
	if fault.Of(err) == fault.Conflict {
		return nil, db.ErrRetry // went into another just now
	}
	if err != nil {
		return nil, err
	}
	if !sameContact(p.Data, r.Data) {
		return b.Persons.Create(ctx, tx, by.TenantID, r.Data)
	}
	d := completed(p.Data, r.Data)
	if d == p.Data {
		return p, nil
	}
	all, err := b.lockAll(ctx, tx, by.TenantID, "a.person_id = $2", p.ID)
	if err != nil {
		return nil, err
	}
	return p, b.changePerson(ctx, tx, by.Actor(), by.TenantID, p.ID, d, all)
}

// sameContact tells whether two sets of data have the same name and lead to the
// same person.
func sameContact(a, b person.Data) bool {
	return a.FirstName == b.FirstName && a.LastName == b.LastName && a.OneName == b.OneName && a.Email == b.Email && a.Phone == b.Phone
}

// completed is what is known with what was filled in now. An empty field takes
// nothing away: it may not have been shown.
func completed(known, now person.Data) person.Data {
	for _, f := range []struct {
		known *string
		now   string
	}{{&known.Street, now.Street}, {&known.Postcode, now.Postcode}, {&known.City, now.City},
		{&known.BirthDate, now.BirthDate}, {&known.Note, now.Note}} {
		if f.now != "" {
			*f.known = f.now
		}
	}
	return known
}
