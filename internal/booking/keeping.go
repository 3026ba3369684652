// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// A record that is needed for legal claims is not deleted when its time comes. It
// is used as ever, except that nothing goes from it to another record.

// What is decided about keeping and restricting, in the audit.
const (
	actionHeld         audit.Action = "person.held"
	actionHoldEnded    audit.Action = "person.hold_ended"
	actionRestricted   audit.Action = "person.restricted"
	actionUnrestricted audit.Action = "person.unrestricted"
)

// MaxKeepYears is how far ahead a record can be kept at once.
const MaxKeepYears = 5

// LegalHold is why a record is kept, as the desk sees it.
type LegalHold struct {
	person.LegalHold
	LastDay slot.Date // in the tenant's zone, included
	Role    string    // of whoever set it; empty when that is no longer on record
}

// KeepForClaim keeps a record up to the end of a day in the tenant's zone, from
// tomorrow to five years ahead, for a reason, whatever its period says. The same form
// sent twice does it once. The right is KeepRecord, at one location of the person.
// It answers Invalid "form.incomplete" with fields, Conflict "merge.gone" for a record
// that went into another, Forbidden "customer.elsewhere", NotFound.
func (b *Bookings) KeepForClaim(ctx context.Context, by *staff.Member, personID, reason string, until slot.Date) error {
	if err := by.May(staff.KeepRecord, ""); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		p, err := b.lockNear(ctx, tx, by, personID)
		if err != nil {
			return err
		}
		zone, err := b.zone(ctx, tx, by.TenantID)
		if err != nil {
			return err
		}
		text, wrong := person.CheckReason(reason)
		if today := slot.DateIn(tx.Unix(), zone); until <= today || until > inYears(today, MaxKeepYears) {
			wrong = append([]fault.Field{{Name: person.FieldKeepUntil, Key: "keeping.until", Args: []any{"Max", MaxKeepYears}}}, wrong...)
		}
		if len(wrong) > 0 {
			return &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: wrong}
		}
		_, end := until.Bounds(zone)
		id, err := b.Persons.AddHold(ctx, tx, by.TenantID, p, by.ID, text, end)
		if err != nil || id == "" {
			return err
		}
		return about(ctx, tx, by, actionHeld, p.ID, id, until.String())
	})
}

// EndClaim ends such a hold now. Ending one that is over does nothing. The right is
// KeepRecord, at one location of the person. It answers NotFound, Forbidden
// "customer.elsewhere".
func (b *Bookings) EndClaim(ctx context.Context, by *staff.Member, holdID string) error {
	if err := by.May(staff.KeepRecord, ""); err != nil {
		return err
	}
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		id, err := b.Persons.HeldBy(ctx, tx, by.TenantID, holdID)
		if err != nil {
			return err
		}
		if _, err := b.lockNear(ctx, tx, by, id); err != nil {
			return err
		}
		ended, err := b.Persons.EndHold(ctx, tx, holdID)
		if err != nil || !ended {
			return err
		}
		return about(ctx, tx, by, actionHoldEnded, id, holdID, "")
	})
}

// lockNear opens a record that a member is near to, and keeps it as it is until
// commit. Whoever fills in a form is nobody yet.
func (b *Bookings) lockNear(ctx context.Context, tx *db.Tx, by *staff.Member, personID string) (*person.Person, error) {
	if _, err := b.booked(ctx, tx, by.TenantID, personID); err != nil {
		return nil, err
	}
	p, err := b.Persons.Lock(ctx, tx, by.TenantID, personID)
	if err != nil {
		return nil, err
	}
	return p, b.mustBeNear(ctx, tx, by, personID)
}

// mustBeFree answers Conflict "merge.kept" if one of some records, which are locked,
// is restricted or kept for a legal claim.
func mustBeFree(ctx context.Context, tx *db.Tx, persons ...string) error {
	for _, id := range persons {
		kept, err := person.IsKept(ctx, tx, id)
		if err != nil {
			return err
		}
		if kept {
			return fault.New(fault.Conflict, "merge.kept")
		}
	}
	return nil
}

func (b *Bookings) zone(ctx context.Context, tx *db.Tx, tenantID string) (*time.Location, error) {
	cat, err := b.Offices.Catalogue(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	return cat.Tenant.Zone, nil
}

// inYears is the same day so many years later; of 29 February it may be 1 March.
func inYears(d slot.Date, n int) slot.Date {
	y, m, day := d.Civil()
	return slot.DateOf(y+n, m, day)
}

// addKeeping puts on a card why nobody may delete the record.
func (b *Bookings) addKeeping(ctx context.Context, tx *db.Tx, tenantID string, c *Card, p *person.Person) error {
	zone, err := b.zone(ctx, tx, tenantID)
	if err != nil {
		return err
	}
	holds, err := b.Persons.Holds(ctx, tx, p)
	if err != nil {
		return err
	}
	for _, h := range holds {
		e, err := audit.LastAbout(ctx, tx, actionHeld, p.ID, h.ID)
		if err != nil {
			return err
		}
		c.Holds = append(c.Holds, LegalHold{h, slot.DateIn(h.Until.Unix()-1, zone), e.Actor.Role})
	}
	if p.Restricted.IsZero() {
		return nil
	}
	e, err := audit.LastAbout(ctx, tx, actionRestricted, p.ID, "")
	c.Restricted = &Restriction{p.Restricted, e.Actor.Role}
	return err
}

// Kept says why data of a person may not be deleted when their period is over. The
// zero value says nothing: then View.DeletedOn holds.
type Kept struct {
	Restricted bool      // until somebody lifts that
	Until      time.Time // the last second, in the tenant's zone; zero: for no legal claim
	Reason     string    // what the office wrote, for that
}

// KeptOf tells whoever opened an appointment why its person's data are kept longer.
// Of several legal holds it is the one that ends last.
func (b *Bookings) KeptOf(ctx context.Context, v *View) (Kept, error) {
	if v.Person == nil {
		return Kept{}, nil
	}
	k := Kept{Restricted: !v.Person.Restricted.IsZero()}
	err := b.DB.Look(ctx, func(tx *db.Tx) error {
		holds, err := b.Persons.Holds(ctx, tx, v.Person)
		if err != nil || len(holds) == 0 {
			return err
		}
		k.Until, k.Reason = holds[0].Until.Add(-time.Second).In(v.Tenant.Zone), holds[0].Reason
		return nil
	})
	return k, err
}
