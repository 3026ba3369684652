// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// A restricted record (Art. 18 GDPR) is stored, and used for its appointments: they
// are on the lists of their days, and there are mails about what becomes of them. It
// is not deleted, not changed, not put together with another, found by nobody without
// the right to lift the restriction, and nobody is reminded.

// Restriction is since when a record is restricted, as the desk sees it.
type Restriction struct {
	Since time.Time
	Role  string // of whoever did it; empty when that is no longer on record
}

// Restrict restricts the processing of a record. Doing it twice does it once. The
// right is RestrictRecord, at one location of the person. It answers Conflict
// "merge.gone" for a record that went into another, Forbidden "customer.elsewhere",
// NotFound.
func (b *Bookings) Restrict(ctx context.Context, by *staff.Member, personID string) error {
	return b.setRestricted(ctx, by, personID, actionRestricted, b.Persons.Restrict)
}

// Unrestrict lifts that. Right and answers are those of Restrict.
func (b *Bookings) Unrestrict(ctx context.Context, by *staff.Member, personID string) error {
	return b.setRestricted(ctx, by, personID, actionUnrestricted, b.Persons.Unrestrict)
}

func (b *Bookings) setRestricted(ctx context.Context, by *staff.Member, personID string, a audit.Action,
	set func(context.Context, *db.Tx, string) (bool, error)) error {
	if err := by.May(staff.RestrictRecord, ""); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		if _, err := b.lockNear(ctx, tx, by, personID); err != nil {
			return err
		}
		changed, err := set(ctx, tx, personID)
		if err != nil || !changed {
			return err
		}
		return about(ctx, tx, by, a, personID, "", "")
	})
}

// Restricted tells whether the record of who comes is.
func (e *Entry) Restricted() bool { return e.Person != nil && !e.Person.Restricted.IsZero() }

// Visible opens a record for a member, who has the right FindPerson; of one that went
// into another, that one. It answers Forbidden "customer.hidden.text" for a restricted
// one without the right RestrictRecord, and NotFound. It is for what is recorded about
// the person elsewhere, in the same transaction.
func (b *Bookings) Visible(ctx context.Context, tx *db.Tx, by *staff.Member, personID string) (*person.Person, error) {
	if err := by.May(staff.FindPerson, ""); err != nil {
		return nil, err
	}
	p, err := b.current(ctx, tx, by.TenantID, personID)
	if err != nil {
		return nil, err
	}
	return p, mustSee(by, p)
}

// visible tells whether a member finds a record.
func visible(by *staff.Member, p *person.Person) bool {
	return p.Restricted.IsZero() || by.Has(staff.RestrictRecord)
}

// mustSee answers Forbidden "customer.hidden.text" unless a record is visible.
func mustSee(by *staff.Member, p *person.Person) error {
	if !visible(by, p) {
		return fault.New(fault.Forbidden, "customer.hidden.text")
	}
	return nil
}
