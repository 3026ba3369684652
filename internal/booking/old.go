// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// DeletedOn is the day in the location's zone at whose beginning the appointment
// is deleted, with the record of its person if that has no other: so many days
// after its date, or after the day on which it was cancelled, if that was before.
func (v *View) DeletedOn() slot.Date {
	zone := v.Location.Plan.Zone
	last := slot.DateIn(v.Start.Unix(), zone)
	if v.State == Cancelled || v.State == Expired {
		last = min(last, slot.DateIn(v.Changed, zone))
	}
	services := make([]*office.Service, len(v.Services))
	for i, s := range v.Services {
		services[i] = s.Service
	}
	return last.AddDays(v.Tenant.KeepDays(services...))
}

// old is a query for the ids of a tenant's appointments that are to be deleted on
// the local day of an instant, and its arguments. kept chooses those that nobody
// may delete, instead of the others.
func old(c *office.Catalogue, at time.Time, kept bool) (string, []any) {
	zone := c.Tenant.Zone
	today := slot.DateIn(at.Unix(), zone)
	args := []any{at.Unix()} // $1, of person.Kept
	arg := func(v any) string {
		args = append(args, v)
		return fmt.Sprintf("$%d", len(args))
	}
	blocked := "NOT EXISTS"
	if kept {
		blocked = "EXISTS"
	}
	blocked += " (SELECT 1 FROM person p WHERE p.id = a.person_id AND " + person.Kept + ")"
	tenant := arg(c.Tenant.ID)
	places := make([]string, len(c.Locations))
	for i := range c.Locations {
		places[i] = arg(c.Locations[i].ID)
	}
	var parts []string
	for _, k := range c.Keeps() {
		before, _ := today.AddDays(1 - k.Days).Bounds(zone)
		tick, instant := arg(before/slot.TickSeconds), arg(before)
		started, ended := "a.start_tick < "+tick, "a.changed < "+instant+" AND a.state IN ('cancelled', 'expired')"
		if len(k.Services) > 0 {
			// Only these services' appointments are looked at: by date, those of all others
			// would be, too, for the days between two periods.
			ids := make([]string, len(k.Services))
			for i, id := range k.Services {
				ids[i] = arg(id)
			}
			parts = append(parts, "SELECT a.id FROM appointment_service s JOIN appointment a ON a.id = s.appointment_id WHERE s.service_id IN ("+
				strings.Join(ids, ", ")+") AND ("+started+" OR "+ended+") AND a.state <> 'held' AND "+blocked)
			continue
		}
		parts = append(parts, "SELECT a.id FROM appointment a WHERE a.location_id IN ("+strings.Join(places, ", ")+") AND "+started+
			" AND a.state <> 'held' AND "+blocked)
		parts = append(parts, "SELECT a.id FROM appointment a WHERE a.tenant_id = "+tenant+" AND "+ended+" AND "+blocked)
	}
	return strings.Join(parts, " UNION "), args
}

// CountOld counts the appointments of a tenant that can be deleted at an instant,
// and those that would be if they were not restricted or held for a legal claim.
func (b *Bookings) CountOld(ctx context.Context, tx *db.Tx, c *office.Catalogue, at time.Time) (int, int, error) {
	var n [2]int
	for i := range n {
		query, args := old(c, at, i == 1)
		if err := tx.QueryRow(ctx, "SELECT COUNT(*) FROM ("+query+") x", args...).Scan(&n[i]); err != nil {
			return 0, 0, fmt.Errorf("count old appointments: %w", err)
		}
	}
	return n[0], n[1], nil
}

// DeleteOld deletes appointments of a tenant that are kept no longer, each with its
// links and mails, and with the record of its person if that was the last. It
// takes so many batches at most, and stops after half a minute: the next call goes
// on. It returns how many it dealt with. One that cannot be deleted is an error at
// the end and holds nobody up.
func (b *Bookings) DeleteOld(ctx context.Context, c *office.Catalogue, batches int) (int, error) {
	query, args := old(c, b.DB.Now(), false)
	after := fmt.Sprintf("$%d", len(args)+1)
	query = fmt.Sprintf("SELECT id FROM (%s) x WHERE id > %s ORDER BY id LIMIT %d", query, after, housekeepBatch)
	done, last, stop := 0, "", b.DB.Now().Add(deleteWithin)
	var failed failures
	for range batches {
		var ids []string
		err := b.DB.Read(ctx, func(tx *db.Tx) error {
			var err error
			ids, err = db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
				var id string
				return id, scan(&id)
			}, query, append(slices.Clone(args), last)...)
			return err
		})
		if err != nil {
			return done, errors.Join(fmt.Errorf("list old appointments: %w", err), failed.err())
		}
		for _, id := range ids {
			if ctx.Err() != nil {
				return done, ctx.Err()
			}
			if b.DB.Now().After(stop) {
				return done, failed.err()
			}
			if err := b.deleteOld(ctx, c.Tenant.ID, id); err != nil {
				failed.add(fmt.Errorf("appointment %s: %w", id, err))
			} else {
				done++
			}
			last = id
		}
		if len(ids) < housekeepBatch {
			break
		}
	}
	return done, failed.err()
}

// deleteWithin is how long one tenant's appointments may keep the others waiting.
const deleteWithin = 30 * time.Second

// failures are what went wrong with single rows, the first of them in full.
type failures struct {
	first []error
	more  int
}

func (f *failures) add(err error) {
	if len(f.first) < 10 {
		f.first = append(f.first, err)
	} else {
		f.more++
	}
}

func (f *failures) err() error {
	if f.more > 0 {
		return errors.Join(append(f.first, fmt.Errorf("and %d more", f.more))...)
	}
	return errors.Join(f.first...)
}

func (b *Bookings) deleteOld(ctx context.Context, tenantID, id string) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockOne(ctx, tx, tenantID, id)
		if fault.Of(err) == fault.NotFound {
			return nil // another process was quicker
		}
		if err != nil {
			return err
		}
		if v.State == Held || slot.DateIn(tx.Unix(), v.Location.Plan.Zone) < v.DeletedOn() {
			return nil // somebody has moved it
		}
		// Whoever is about to keep the record has it locked.
		if err := b.Persons.LockRecord(ctx, tx, v.PersonID); err != nil {
			return err
		}
		kept, err := person.IsKept(ctx, tx, v.PersonID)
		if err != nil || kept {
			return err
		}
		if err := b.erase(ctx, tx, v); err != nil {
			return err
		}
		return audit.CountDeleted(ctx, tx, tenantID, privacy.Appointment, 1)
	})
}

// lockOne waits until nobody else changes an appointment or its day.
func (b *Bookings) lockOne(ctx context.Context, tx *db.Tx, tenantID, id string) (*View, error) {
	before, err := b.load(ctx, tx, tenantID, id)
	if err != nil {
		return nil, err
	}
	if _, err := b.lockDays(ctx, tx, before.day()); err != nil {
		return nil, err
	}
	if err := lockRow(ctx, tx, id); err != nil {
		return nil, err
	}
	after, err := b.load(ctx, tx, tenantID, id)
	if err == nil && after.day() != before.day() {
		return nil, db.ErrRetry
	}
	return after, err
}
