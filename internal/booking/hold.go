// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
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
	// Leaves is another hold of the same visitor, which is given back as well;
	// it may be empty.
	Leaves seal.Secret
	// Once is a secret that was made for the form on which the time was
	// picked; it may be empty. It becomes the hold's secret, so that a second
	// click on the same time finds the first one's hold.
	Once seal.Secret
	// Also is done in the same transaction, given the hold's secret; it may be
	// nil.
	Also func(ctx context.Context, tx *db.Tx, s seal.Secret) error
}

// Step is something that is done in the same transaction as something else.
type Step func(ctx context.Context, tx *db.Tx) error

func steps(ctx context.Context, tx *db.Tx, all []Step) error {
	for _, step := range all {
		if err := step(ctx, tx); err != nil {
			return err
		}
	}
	return nil
}

// Hold keeps a slot for the tenant's hold time and returns the secret that
// opens it. It answers Conflict "booking.taken" for a slot that is not free,
// and what office.Catalogue.Select answers for services that cannot be.
func (b *Bookings) Hold(ctx context.Context, r HoldRequest) (seal.Secret, error) {
	cat, err := b.Catalogue(ctx, r.TenantID)
	if err != nil {
		return "", err
	}
	key, err := b.early(ctx, r, cat)
	if err != nil {
		return "", err
	}
	secret, err := b.try(ctx, r, cat, key)
	if key != "" && fault.Of(err) == fault.Conflict && b.clicked(ctx, r) { // while this one waited
		return b.try(ctx, r, cat, "")
	}
	return secret, err
}

// try lets a request with a key share a transaction with others of the same key,
// and trusts what was seen of the day; but only the first time: when the clock was
// set back a long way, the claims that had run out are missing there.
func (b *Bookings) try(ctx context.Context, r HoldRequest, cat *office.Catalogue, key string) (seal.Secret, error) {
	var secret seal.Secret
	first := true
	err := b.DB.WriteFor(ctx, key, func(tx *db.Tx) error {
		trust, err := key != "" && first, error(nil)
		if !first {
			if cat, err = b.Offices.Catalogue(ctx, tx, r.TenantID); err != nil {
				return err
			}
		}
		first = false
		if secret, err = b.hold(ctx, tx, r, cat, trust); err != nil || r.Also == nil {
			return err
		}
		return r.Also(ctx, tx, secret)
	})
	return secret, err
}

// hold may be told to trust what was seen of the day by those who give nothing up.
func (b *Bookings) hold(ctx context.Context, tx *db.Tx, r HoldRequest, cat *office.Catalogue, trust bool) (seal.Secret, error) {
	if !trust { // else a second click finds that its secret exists, and comes again
		asked := r
		again, err := b.again(ctx, tx, &r)
		if again || err != nil {
			return asked.Once, err
		}
	}
	a, w, err := request(cat, r, tx.Now())
	if err != nil {
		return "", err
	}
	if trust {
		if err := b.inTime(tx, w); err != nil {
			return "", err
		}
	}
	old, err := b.held(ctx, tx, r.TenantID, r.Replaces)
	if err != nil {
		return "", err
	}
	other, err := b.held(ctx, tx, r.TenantID, r.Leaves)
	if err != nil {
		return "", err
	}
	days := []day{w.day()}
	for _, v := range []*View{old, other} {
		if v != nil {
			days = append(days, v.day())
		}
	}
	known := knows(tx, w.day())
	revisions, err := b.lockDays(ctx, tx, days...)
	if err != nil {
		return "", err
	}
	if err := b.unchanged(ctx, tx, cat, w.day()); err != nil {
		return "", err
	}
	n := revisions[w.day()]
	if trust {
		w.seen = b.before(known, w, *n)
	}
	if err := b.giveUp(ctx, tx, old, a); err != nil {
		return "", err
	}
	if err := b.giveUp(ctx, tx, other, nil); err != nil {
		return "", err
	}
	got, err := place(ctx, tx, &w)
	if err != nil {
		return "", err
	}
	if old == nil && other == nil { // else what is given up on that day is not known to be free
		b.learn(tx, w, got, n, func() *seenDay { return w.seen })
	}
	secret, err := insert(ctx, tx, a, got.counter, ChannelPage, r.Once)
	if err != nil || old == nil {
		return secret, err
	}
	return secret, inherit(ctx, tx, old.ID, a.ID)
}

// inForce is by what a transaction keeps the revision of the catalogue that it
// found under a day's lock.
type inForce day

// unchanged makes sure that a catalogue still is in force: a change of hours
// raises the revisions of its days, so it waits for those who hold their locks.
// On SQLite it may share the transaction, and asking again costs next to nothing.
func (b *Bookings) unchanged(ctx context.Context, tx *db.Tx, cat *office.Catalogue, d day) error {
	if tx.Kept(inForce(d)) == cat.Tenant.Revision && tx.ForUpdate() != "" {
		return nil
	}
	now, err := b.Offices.Catalogue(ctx, tx, cat.Tenant.ID)
	if err != nil {
		return err
	}
	if now.Tenant.Revision != cat.Tenant.Revision {
		return db.ErrRetry
	}
	tx.Keep(inForce(d), now.Tenant.Revision)
	return nil
}

// giveUp releases a hold that a new one replaces and copies what was typed, if
// there is somewhere to copy it to.
func (b *Bookings) giveUp(ctx context.Context, tx *db.Tx, old *View, a *Appointment) error {
	if old == nil {
		return nil
	}
	err := b.release(ctx, tx, old.TenantID, old.ID)
	if err != nil && fault.Of(err) != fault.NotFound { // not found: deleted while this waited
		return err
	}
	if old.Person == nil || a == nil {
		return nil
	}
	p, err := b.Persons.Create(ctx, tx, old.TenantID, old.Person.Data)
	if err != nil {
		return err
	}
	a.PersonID = p.ID
	if !old.Person.EmailVerified {
		return nil
	}
	return b.Persons.MarkVerified(ctx, tx, p.ID)
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
func request(cat *office.Catalogue, r HoldRequest, now time.Time) (*Appointment, wish, error) {
	sel, err := cat.Select(r.Wanted)
	if err != nil {
		return nil, wish{}, err
	}
	location, ok := cat.Location(r.Location)
	if !ok {
		return nil, wish{}, fault.New(fault.NotFound, "location.unknown")
	}
	start, err := startOf(location, r.Start, now, false)
	if err != nil {
		return nil, wish{}, err
	}
	a := newAppointment(cat, location, sel, start, r.Lang)
	a.State, a.Origin, a.Until = Held, OriginOnline, now.Add(cat.Tenant.Booking.Hold).Unix()
	return a, a.wish(kindHold), nil
}

func newAppointment(cat *office.Catalogue, l *office.Location, sel office.Selection, start slot.Tick, lang locale.Lang) *Appointment {
	a := &Appointment{ID: db.NewID(), TenantID: cat.Tenant.ID, Tenant: &cat.Tenant, Location: l, Lang: lang,
		Start: start, Ticks: sel.Ticks(), Minutes: sel.Minutes()}
	for _, item := range sel {
		a.Services = append(a.Services, Booked{item.Service, item.Quantity, item.Service.Minutes})
	}
	return a
}

// wish is what the appointment has, or wants to have again.
func (a *Appointment) wish(k kind) wish {
	return wish{location: a.Location, services: a.serviceIDs(), start: a.Start, ticks: a.Ticks,
		owner: a.ID, kind: k, until: a.Until}
}

// held is a hold that the visitor gives up, nil when there is none.
func (b *Bookings) held(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*View, error) {
	if s == "" {
		return nil, nil
	}
	old, err := b.open(ctx, tx, tenantID, s)
	if fault.Of(err) == fault.NotFound {
		return nil, nil
	}
	if err != nil || old.State != Held {
		return nil, err
	}
	return old, nil
}

// insert stores an appointment with its services and a secret, a new one if
// none was made before.
func insert(ctx context.Context, tx *db.Tx, a *Appointment, counter string, c Channel, once seal.Secret) (seal.Secret, error) {
	if err := insertAppointment(ctx, tx, a, counter); err != nil {
		return "", err
	}
	for i, s := range a.Services {
		err := tx.Later(ctx, nil, `INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
			VALUES ($1, $2, $3, $4, $5)`, a.ID, i, s.Service.ID, s.Quantity, s.Minutes)
		if err != nil {
			return "", fmt.Errorf("insert service: %w", err)
		}
	}
	if once == "" {
		once = seal.NewSecret()
		return once, addSecret(ctx, tx, a.ID, c, once)
	}
	// Another click on the same form may just have used it.
	err := tx.Later(ctx, db.Want(1, db.ErrRetry), `INSERT INTO secret (hash, appointment_id, channel, created)
		VALUES ($1, $2, $3, $4) ON CONFLICT (hash) DO NOTHING`, once.Hash(), a.ID, string(c), tx.Unix())
	if err != nil {
		return "", fmt.Errorf("insert secret of a form: %w", err)
	}
	return once, nil
}

// insertAppointment gives the appointment a reference. One that somebody has
// already makes the transaction run again.
func insertAppointment(ctx context.Context, tx *db.Tx, a *Appointment, counter string) error {
	a.Reference = newReference()
	err := tx.Later(ctx, db.Want(1, db.ErrRetry), `INSERT INTO appointment (id, tenant_id, location_id, counter_id,
		reference, state, lang, start_tick, ticks, minutes, until, extensions, sequence, created, changed, person_id,
		origin, overbooked)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0, 0, $12, $12, NULLIF($13, ''), $14, $15)
		ON CONFLICT (tenant_id, reference) DO NOTHING`,
		a.ID, a.TenantID, a.Location.ID, counter, a.Reference, string(a.State), string(a.Lang),
		int64(a.Start), a.Ticks, a.Minutes, a.Until, tx.Unix(), a.PersonID, a.Origin, a.reason)
	if err != nil {
		return fmt.Errorf("insert appointment: %w", err)
	}
	return nil
}

// newReference is eight random digits: digits alone are never misheard on the
// phone, and random ones tell nobody how many appointments there are.
func newReference() string { return fmt.Sprintf("%08d", rand.N(100_000_000)) }
