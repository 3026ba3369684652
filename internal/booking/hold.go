// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"math/rand/v2"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"

	"github.com/google/uuid"
)

// HoldRequest is a time that somebody picked.
type HoldRequest struct {
	TenantID string
	Wanted   []office.Wanted
	Location string // key
	Start    int64  // unix seconds
	Lang     locale.Lang
	// Replaces is the hold that the same visitor gives up; it may be empty.
	// What was typed there is copied.
	Replaces seal.Secret
}

// Hold keeps a slot for the tenant's hold time and returns the secret that
// opens it. It answers Conflict "booking.taken" for a slot that is not free,
// and what office.Catalogue.Select answers for services that cannot be.
func (b *Bookings) Hold(ctx context.Context, r HoldRequest) (seal.Secret, error) {
	var secret seal.Secret
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		cat, err := b.Offices.Catalogue(ctx, tx, r.TenantID)
		if err != nil {
			return err
		}
		a, w, err := request(cat, r, tx)
		if err != nil {
			return err
		}
		old, err := b.replaced(ctx, tx, r)
		if err != nil {
			return err
		}
		days := []day{w.day()}
		if old != nil {
			days = append(days, old.day())
		}
		if err := lockDays(ctx, tx, days...); err != nil {
			return err
		}
		if err := b.unchanged(ctx, tx, cat); err != nil {
			return err
		}
		if old != nil {
			if err := b.release(ctx, tx, r.TenantID, old.ID); err != nil {
				return err
			}
			if old.Person != nil {
				p, err := b.Persons.Create(ctx, tx, r.TenantID, old.Person.Data)
				if err != nil {
					return err
				}
				a.PersonID = p.ID
			}
		}
		secret, err = b.insert(ctx, tx, a, w)
		return err
	})
	return secret, err
}

// request checks what was asked for against the catalogue.
func request(cat *office.Catalogue, r HoldRequest, tx *db.Tx) (*Appointment, wish, error) {
	sel, err := cat.Select(r.Wanted)
	if err != nil {
		return nil, wish{}, err
	}
	location, ok := cat.Location(r.Location)
	if !ok {
		return nil, wish{}, fault.New(fault.NotFound, "location.unknown")
	}
	start, err := startOf(location, r.Start, tx.Now())
	if err != nil {
		return nil, wish{}, err
	}
	id, err := uuid.NewV7()
	if err != nil {
		return nil, wish{}, fmt.Errorf("make appointment id: %w", err)
	}
	a := &Appointment{ID: id.String(), TenantID: r.TenantID, Tenant: &cat.Tenant, Location: location, State: Held,
		Lang: r.Lang, Start: start, Ticks: sel.Ticks(), Minutes: sel.Minutes(),
		Until: tx.Now().Add(cat.Tenant.Booking.Hold).Unix()}
	for _, item := range sel {
		a.Services = append(a.Services, Booked{item.Service, item.Quantity, item.Service.Minutes})
	}
	return a, a.wish(kindHold), nil
}

// wish is what the appointment has, or wants to have again.
func (a *Appointment) wish(k kind) wish {
	return wish{location: a.Location, services: a.serviceIDs(), start: a.Start, ticks: a.Ticks,
		owner: a.ID, kind: k, until: a.Until}
}

// unchanged makes sure that the catalogue read before the lock is still the
// one in force: a change of hours raises the same revision rows.
func (b *Bookings) unchanged(ctx context.Context, tx *db.Tx, cat *office.Catalogue) error {
	now, err := b.Offices.Catalogue(ctx, tx, cat.Tenant.ID)
	if err != nil {
		return err
	}
	if now.Tenant.Revision != cat.Tenant.Revision {
		return db.ErrRetry
	}
	return nil
}

// replaced is the hold that the visitor gives up, nil when there is none.
func (b *Bookings) replaced(ctx context.Context, tx *db.Tx, r HoldRequest) (*View, error) {
	if r.Replaces == "" {
		return nil, nil
	}
	old, err := b.open(ctx, tx, r.TenantID, r.Replaces)
	if fault.Of(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil || old.State != Held {
		return nil, err
	}
	return old, nil
}

func (b *Bookings) insert(ctx context.Context, tx *db.Tx, a *Appointment, w wish) (seal.Secret, error) {
	counter, err := place(ctx, tx, w)
	if err != nil {
		return "", err
	}
	if err := insertAppointment(ctx, tx, a, counter); err != nil {
		return "", err
	}
	for i, s := range a.Services {
		_, err := tx.Exec(ctx, `INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
			VALUES ($1, $2, $3, $4, $5)`, a.ID, i, s.Service.ID, s.Quantity, s.Minutes)
		if err != nil {
			return "", fmt.Errorf("insert service: %w", err)
		}
	}
	return addSecret(ctx, tx, a.ID, ChannelPage)
}

// insertAppointment looks for a reference that nobody has.
func insertAppointment(ctx context.Context, tx *db.Tx, a *Appointment, counter string) error {
	var personID *string
	if a.PersonID != "" {
		personID = &a.PersonID
	}
	for range 20 {
		a.Reference = newReference()
		n, err := tx.Exec(ctx, `INSERT INTO appointment (id, tenant_id, location_id, counter_id, reference, state, lang,
			start_tick, ticks, minutes, until, extensions, sequence, created, changed, person_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $12, $13)
			ON CONFLICT (tenant_id, reference) DO NOTHING`,
			a.ID, a.TenantID, a.Location.ID, counter, a.Reference, string(a.State), string(a.Lang),
			int64(a.Start), a.Ticks, a.Minutes, a.Until, tx.Unix(), personID)
		if err != nil {
			return fmt.Errorf("insert appointment: %w", err)
		}
		if n == 1 {
			return nil
		}
	}
	return fmt.Errorf("no free reference found for tenant %s", a.TenantID)
}

// newReference is eight random digits: digits alone are never misheard on the
// phone, and random ones tell nobody how many appointments there are.
func newReference() string { return fmt.Sprintf("%08d", rand.N(100_000_000)) }

// Extend prolongs a hold by the tenant's hold time, up to the tenant's number
// of times, and keeps what was typed so far, checked or not. A hold that had
// run out is held again if its slot is still free. It answers Gone
// "booking.extensions" when the number is used up.
func (b *Bookings) Extend(ctx context.Context, tenantID string, s seal.Secret, typed *person.Data) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		if err != nil || v.State != Held {
			return err
		}
		if typed != nil {
			if err := b.keep(ctx, tx, v, *typed); err != nil {
				return err
			}
		}
		if err := b.extend(ctx, tx, v); err != nil {
			return err
		}
		return save(ctx, tx, &v.Appointment)
	})
}

func (b *Bookings) extend(ctx context.Context, tx *db.Tx, v *View) error {
	if v.Extensions >= v.Tenant.Booking.MaxExtensions {
		return fault.New(fault.Gone, "booking.extensions")
	}
	v.Extensions++
	v.Until = tx.Now().Add(v.Tenant.Booking.Hold).Unix()
	return b.reclaim(ctx, tx, v, v.wish(kindHold))
}

// reclaim prolongs the claims of an appointment; where they have run out it
// takes the same time again, on any counter.
func (b *Bookings) reclaim(ctx context.Context, tx *db.Tx, v *View, w wish) error {
	ok, err := prolong(ctx, tx, v.ID, v.Ticks, w.kind, w.until)
	if err != nil || ok {
		return err
	}
	if v.Start.Unix() <= tx.Unix() {
		return fault.New(fault.Gone, "booking.past")
	}
	if err := drop(ctx, tx, v.ID); err != nil {
		return err
	}
	counter, err := place(ctx, tx, w)
	if err != nil {
		return err
	}
	return b.put(ctx, tx, &v.Appointment, w, counter)
}

// Release gives a held slot back at once. What was typed stays for a while,
// in case the visitor comes back. Doing it twice is fine.
func (b *Bookings) Release(ctx context.Context, tenantID string, s seal.Secret) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		if err != nil || v.State != Held {
			return err
		}
		return b.release(ctx, tx, tenantID, v.ID)
	})
}

func (b *Bookings) release(ctx context.Context, tx *db.Tx, tenantID, id string) error {
	a, err := b.load(ctx, tx, tenantID, id)
	if err != nil || a.State != Held {
		return err
	}
	if err := drop(ctx, tx, a.ID); err != nil {
		return err
	}
	a.Until = min(a.Until, tx.Unix())
	return save(ctx, tx, a)
}

// keep stores what was typed under the hold.
func (b *Bookings) keep(ctx context.Context, tx *db.Tx, v *View, d person.Data) error {
	if v.PersonID != "" {
		return b.Persons.Update(ctx, tx, v.TenantID, v.PersonID, d)
	}
	p, err := b.Persons.Create(ctx, tx, v.TenantID, d)
	if err != nil {
		return err
	}
	v.PersonID, v.Person = p.ID, p
	return nil
}
