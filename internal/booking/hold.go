// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"cmp"
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
	// Once is a secret that was made for the form on which the time was
	// picked; it may be empty. It becomes the hold's secret, so that a second
	// click on the same time finds the first one's hold.
	Once seal.Secret
}

// Hold keeps a slot for the tenant's hold time and returns the secret that
// opens it. It answers Conflict "booking.taken" for a slot that is not free,
// and what office.Catalogue.Select answers for services that cannot be.
func (b *Bookings) Hold(ctx context.Context, r HoldRequest) (seal.Secret, error) {
	var secret seal.Secret
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		var err error
		secret, err = b.hold(ctx, tx, r)
		return err
	})
	return secret, err
}

func (b *Bookings) hold(ctx context.Context, tx *db.Tx, r HoldRequest) (seal.Secret, error) {
	asked := r
	again, err := b.again(ctx, tx, &r)
	if again || err != nil {
		return asked.Once, err
	}
	cat, err := b.Offices.Catalogue(ctx, tx, r.TenantID)
	if err != nil {
		return "", err
	}
	a, w, err := request(cat, r, tx)
	if err != nil {
		return "", err
	}
	old, err := b.replaced(ctx, tx, r)
	if err != nil {
		return "", err
	}
	days := []day{w.day()}
	if old != nil {
		days = append(days, old.day())
	}
	if err := lockDays(ctx, tx, days...); err != nil {
		return "", err
	}
	if err := b.unchanged(ctx, tx, cat, r); err != nil {
		return "", err
	}
	if err := b.giveUp(ctx, tx, old, a); err != nil {
		return "", err
	}
	return b.insert(ctx, tx, a, w, r.Once)
}

// giveUp releases the hold that a new one replaces and copies what was typed.
func (b *Bookings) giveUp(ctx context.Context, tx *db.Tx, old *View, a *Appointment) error {
	if old == nil {
		return nil
	}
	err := b.release(ctx, tx, old.TenantID, old.ID)
	if err != nil && fault.Of(err) != fault.NotFound { // not found: deleted while this waited
		return err
	}
	if old.Person == nil {
		return nil
	}
	p, err := b.Persons.Create(ctx, tx, old.TenantID, old.Person.Data)
	if err != nil {
		return err
	}
	a.PersonID = p.ID
	return nil
}

// again tells whether the request is a second click on a time that is held
// already. A form that was used for another time before, as after the back
// button, gives that hold up; one that led to a booking counts as a new form.
func (b *Bookings) again(ctx context.Context, tx *db.Tx, r *HoldRequest) (bool, error) {
	if r.Once == "" {
		return false, nil
	}
	v, err := b.open(ctx, tx, r.TenantID, r.Once)
	if fault.Of(err) == fault.NotFound {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if v.State == Held && v.Start.Unix() == r.Start && !v.RunOut(tx.Now()) {
		return true, nil
	}
	if v.State == Held && !v.RunOut(tx.Now()) {
		r.Replaces = r.Once
	}
	r.Once = ""
	return false, nil
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

// unchanged makes sure that what was read before the lock is still true: the
// catalogue, since a change of hours raises the same revision rows, and that
// no first click has made the hold while this one waited.
func (b *Bookings) unchanged(ctx context.Context, tx *db.Tx, cat *office.Catalogue, r HoldRequest) error {
	now, err := b.Offices.Catalogue(ctx, tx, cat.Tenant.ID)
	if err != nil {
		return err
	}
	later := r
	again, err := b.again(ctx, tx, &later)
	if err != nil {
		return err
	}
	if again || later.Once != r.Once || now.Tenant.Revision != cat.Tenant.Revision {
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

func (b *Bookings) insert(ctx context.Context, tx *db.Tx, a *Appointment, w wish, once seal.Secret) (seal.Secret, error) {
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
	if once == "" {
		once = seal.NewSecret()
	}
	return once, addSecret(ctx, tx, a.ID, ChannelPage, once)
}

// insertAppointment looks for a reference that nobody has.
func insertAppointment(ctx context.Context, tx *db.Tx, a *Appointment, counter string) error {
	for range 20 {
		a.Reference = newReference()
		n, err := tx.Exec(ctx, `INSERT INTO appointment (id, tenant_id, location_id, counter_id, reference, state, lang,
			start_tick, ticks, minutes, until, extensions, sequence, created, changed, person_id)
			VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $12, NULLIF($13, ''))
			ON CONFLICT (tenant_id, reference) DO NOTHING`,
			a.ID, a.TenantID, a.Location.ID, counter, a.Reference, string(a.State), string(a.Lang),
			int64(a.Start), a.Ticks, a.Minutes, a.Until, tx.Unix(), a.PersonID)
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

// secondClick is how soon after the first, in seconds, asking for more time
// again is taken for the same click.
const secondClick = 2

// Extend prolongs a hold by the tenant's hold time, up to the tenant's number
// of times, and keeps what was typed so far, checked or not. A hold that had
// run out is held again if its slot is still free. It answers Gone
// "booking.extensions" when the number is used up and Conflict "booking.taken"
// when the slot is gone; what was typed is kept all the same.
func (b *Bookings) Extend(ctx context.Context, tenantID string, s seal.Secret, typed *person.Data) error {
	var lost error
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		lost = nil
		if err != nil || v.State != Held {
			return err
		}
		if typed != nil {
			if err := b.keep(ctx, tx, v, *typed); err != nil {
				return err
			}
		}
		if v.Until-tx.Unix() < int64(v.Tenant.Booking.Hold.Seconds())-secondClick {
			if lost, err = b.extend(ctx, tx, v); err != nil {
				return err
			}
		}
		return save(ctx, tx, &v.Appointment)
	})
	return cmp.Or(err, lost)
}

// extend is renew for people who ask for more time, which they may do only so
// often.
func (b *Bookings) extend(ctx context.Context, tx *db.Tx, v *View) (error, error) {
	if v.Extensions >= v.Tenant.Booking.MaxExtensions {
		return fault.New(fault.Gone, "booking.extensions"), nil
	}
	lost, err := b.renew(ctx, tx, v)
	if lost == nil && err == nil {
		v.Extensions++
	}
	return lost, err
}

// renew holds the slot for the tenant's hold time from now on, again if the
// hold had run out. The first error is the answer when that cannot be; nothing
// was changed then, so the transaction may commit what was typed.
func (b *Bookings) renew(ctx context.Context, tx *db.Tx, v *View) (error, error) {
	w := v.wish(kindHold)
	w.until = min(tx.Now().Add(v.Tenant.Booking.Hold).Unix(), v.Start.Unix())
	err := b.reclaim(ctx, tx, v, w)
	if k := fault.Of(err); k == fault.Conflict || k == fault.Gone {
		return err, nil
	}
	if err != nil {
		return nil, err
	}
	v.Until = w.until
	return nil, nil
}

// reclaim prolongs the claims of an appointment; where they have run out it
// takes the same time again, on any counter. It answers Gone "booking.past"
// once the appointment would have begun.
func (b *Bookings) reclaim(ctx context.Context, tx *db.Tx, v *View, w wish) error {
	if v.Start.Unix() <= tx.Unix() {
		return fault.New(fault.Gone, "booking.past")
	}
	ok, err := prolong(ctx, tx, v.ID, v.Ticks, w.kind, w.until)
	if err != nil || ok {
		return err
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

// Release gives a held slot back at once. What was typed, checked or not, is
// kept for a while, in case the visitor takes another time. Doing it twice is
// fine.
func (b *Bookings) Release(ctx context.Context, tenantID string, s seal.Secret, typed *person.Data) error {
	return b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lock(ctx, tx, tenantID, s)
		if err != nil || v.State != Held {
			return err
		}
		if typed != nil {
			if err := b.keep(ctx, tx, v, *typed); err != nil {
				return err
			}
			if err := save(ctx, tx, &v.Appointment); err != nil {
				return err
			}
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
