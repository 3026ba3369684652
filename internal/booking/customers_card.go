// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"slices"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// Card is what the desk sees of a person at a glance.
type Card struct {
	PersonID            string // not the one that was asked for, when that went into another
	FirstName, LastName string
	Email, Phone        string // masked
	EmailVerified       bool
	MayReveal           bool          // RevealContact would answer
	Coming              []Visit       // the next first
	Past                []Visit       // the last first; also what was cancelled, and nothing sensitive
	Notes               []person.Note // the newest first
	Duplicates          []Duplicate   // the likeliest first
	Merges              []Merged      // that can be undone, the newest first
	Restricted          *Restriction  // nil: not
	Holds               []LegalHold   // in force, the one that ends last first
	MayRestrict         bool          // Restrict and Unrestrict would do it
	MayKeep             bool          // KeepForClaim and EndClaim would do it
}

// Duplicate is a record that may be of the same person, and why.
type Duplicate struct {
	Found
	SameEmail, SamePhone, SameName, SameBirth bool // the last: name and birth date
}

// Merged is a merge that can be undone, with the name in the record that went.
type Merged struct {
	person.Merge
	FirstName, LastName string
}

// Card shows a person. The right is FindPerson, and the view is recorded. Of
// appointments at locations where the member does not work it tells date and
// place. A record that went into another shows that one; it answers NotFound
// for one that does not exist, and Forbidden "customer.hidden.text" for a restricted
// one without the right RestrictRecord, as the next two do.
func (b *Bookings) Card(ctx context.Context, by *staff.Member, personID string) (*Card, error) {
	if err := by.May(staff.FindPerson, ""); err != nil {
		return nil, err
	}
	var c *Card
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		p, err := b.current(ctx, tx, by.TenantID, personID)
		if err != nil {
			return err
		}
		if err := mustSee(by, p); err != nil {
			return err
		}
		c, err = b.card(ctx, tx, by, p)
		return err
	})
	if err != nil {
		return nil, err
	}
	// Nobody sees it unless that is on record.
	err = b.DB.Write(ctx, func(tx *db.Tx) error { return about(ctx, tx, by, actionCard, c.PersonID, "", "") })
	if err != nil {
		return nil, err
	}
	return c, nil
}

func (b *Bookings) card(ctx context.Context, tx *db.Tx, by *staff.Member, p *person.Person) (*Card, error) {
	c := &Card{PersonID: p.ID, FirstName: p.Data.FirstName, LastName: p.Data.LastName, EmailVerified: p.EmailVerified,
		Email: person.MaskEmail(p.Data.Email), Phone: person.MaskPhone(p.Data.Phone)}
	visits, err := b.visits(ctx, tx, by, []string{p.ID})
	if err != nil {
		return nil, err
	}
	for _, v := range visits[p.ID].shown {
		if v.Coming {
			c.Coming = append(c.Coming, v)
		} else {
			c.Past = append(c.Past, v)
		}
	}
	slices.Reverse(c.Past)
	here := near(by, visits[p.ID].locations)
	c.MayReveal = by.Has(staff.Reveal) && here
	c.MayRestrict, c.MayKeep = by.Has(staff.RestrictRecord) && here, by.Has(staff.KeepRecord) && here
	if err := b.addKeeping(ctx, tx, by.TenantID, c, p); err != nil {
		return nil, err
	}
	if c.Notes, err = b.Persons.Notes(ctx, tx, p); err != nil {
		return nil, err
	}
	if c.Duplicates, err = b.duplicates(ctx, tx, by, p); err != nil {
		return nil, err
	}
	c.Merges, err = b.merges(ctx, tx, by.TenantID, p)
	return c, err
}

func (b *Bookings) duplicates(ctx context.Context, tx *db.Tx, by *staff.Member, p *person.Person) ([]Duplicate, error) {
	likely, err := b.Persons.LikelySame(ctx, tx, by.TenantID, p)
	if err != nil {
		return nil, err
	}
	likely = slices.DeleteFunc(likely, func(l person.Likely) bool { return !visible(by, l.Person) })
	persons := make([]*person.Person, len(likely))
	for i, l := range likely {
		persons[i] = l.Person
	}
	found, err := b.foundOf(ctx, tx, by, persons)
	if err != nil {
		return nil, err
	}
	var list []Duplicate
	for i, l := range likely {
		if found[i].booked { // else somebody is just filling in a form
			list = append(list, Duplicate{found[i], l.SameEmail, l.SamePhone, l.SameName, l.SameBirth})
		}
	}
	return list, nil
}

func (b *Bookings) merges(ctx context.Context, tx *db.Tx, tenantID string, p *person.Person) ([]Merged, error) {
	merges, err := b.Persons.MergesInto(ctx, tx, p.ID)
	if err != nil {
		return nil, err
	}
	var list []Merged
	for _, m := range merges {
		gone, err := b.Persons.Load(ctx, tx, tenantID, m.Gone)
		if err != nil {
			return nil, err
		}
		list = append(list, Merged{*m, gone.Data.FirstName, gone.Data.LastName})
	}
	return list, nil
}

// RevealContact is everything that a person told the town. The right is Reveal;
// a member who does not work at all locations needs to work at one where the
// person has, or had, an appointment: otherwise the answer is Forbidden
// "customer.elsewhere". It is recorded.
func (b *Bookings) RevealContact(ctx context.Context, by *staff.Member, personID string) (person.Data, error) {
	if err := by.May(staff.Reveal, ""); err != nil {
		return person.Data{}, err
	}
	var d person.Data
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := b.current(ctx, tx, by.TenantID, personID)
		if err != nil {
			return err
		}
		if err := b.mustBeNear(ctx, tx, by, p.ID); err != nil {
			return err
		}
		if err := mustSee(by, p); err != nil {
			return err
		}
		d = p.Data
		return about(ctx, tx, by, actionRevealed, p.ID, "", "")
	})
	if err != nil {
		return person.Data{}, err
	}
	return d, nil
}

// AddNote keeps what somebody at the desk wants to remember about a person. All
// who find the person see it. The same form sent twice leaves one. The right is
// FindPerson. It answers Invalid
// "note.empty", and "form.incomplete" with the field of the note.
func (b *Bookings) AddNote(ctx context.Context, by *staff.Member, personID, text string) error {
	if err := by.May(staff.FindPerson, ""); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := b.current(ctx, tx, by.TenantID, personID)
		if err != nil {
			return err
		}
		if err := mustSee(by, p); err != nil {
			return err
		}
		note, err := b.Persons.AddNote(ctx, tx, by.TenantID, p.ID, by.ID, text)
		if err != nil || note == "" {
			return err
		}
		return about(ctx, tx, by, actionNoted, p.ID, note, "")
	})
}

// about records what a member did with the record of a person.
func about(ctx context.Context, tx *db.Tx, by *staff.Member, a audit.Action, personID, subjectID, detail string) error {
	return audit.Append(ctx, tx, audit.Entry{TenantID: by.TenantID, Actor: by.Actor(), Action: a,
		PersonID: personID, SubjectID: subjectID, Detail: detail})
}
