// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// Channel is the way by which a secret reached somebody. Only what went
// through the mailbox proves the mailbox.
type Channel string

// The channels.
const (
	ChannelPage   Channel = "page"   // shown in the browser that booked
	ChannelMail   Channel = "mail"   // in a mail to the citizen
	ChannelOffice Channel = "office" // in a mail to the office
)

// View is an appointment as its link shows it.
type View struct {
	Appointment
	Channel Channel
	Person  *person.Person // nil until the form was filled in
	was     time.Time      // where Move took it from, for the mails
}

// Open shows the appointment of a secret. It answers NotFound "error.link" for
// a secret that opens nothing at this tenant.
func (b *Bookings) Open(ctx context.Context, tenantID string, s seal.Secret) (*View, error) {
	var v *View
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		v, err = b.open(ctx, tx, tenantID, s)
		return err
	})
	return v, err
}

func (b *Bookings) open(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*View, error) {
	id, channel, err := b.find(ctx, tx, tenantID, s)
	if err != nil {
		return nil, err
	}
	a, err := b.load(ctx, tx, tenantID, id)
	if err != nil {
		return nil, err
	}
	v := &View{Appointment: *a, Channel: channel}
	if a.PersonID == "" {
		return v, nil
	}
	v.Person, err = b.Persons.Load(ctx, tx, tenantID, a.PersonID)
	return v, err
}

// lock is open for writers: it waits until nobody else changes the
// appointment or its day, and those of the wishes.
func (b *Bookings) lock(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret, wishes ...wish) (*View, error) {
	before, err := b.dayOf(ctx, tx, tenantID, s)
	if err != nil {
		return nil, err
	}
	days := []day{before}
	for _, w := range wishes {
		days = append(days, w.day())
	}
	if err := lockDays(ctx, tx, days...); err != nil {
		return nil, err
	}
	after, err := b.open(ctx, tx, tenantID, s)
	if err != nil {
		return nil, err
	}
	if after.day() != before {
		return nil, db.ErrRetry // moved to a day that is not locked
	}
	return after, nil
}

// dayOf is the day of a secret's appointment, which is all that has to be known
// before the lock.
func (b *Bookings) dayOf(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (day, error) {
	cat, err := b.Offices.Catalogue(ctx, tx, tenantID)
	if err != nil {
		return day{}, err
	}
	var location string
	var start slot.Tick
	err = tx.QueryRow(ctx, `SELECT a.location_id, a.start_tick FROM secret s JOIN appointment a ON a.id = s.appointment_id
		WHERE s.hash = $1 AND a.tenant_id = $2`, s.Hash(), tenantID).Scan(&location, &start)
	if db.IsNoRows(err) {
		return day{}, fault.New(fault.NotFound, "error.link.text")
	}
	if err != nil {
		return day{}, fmt.Errorf("select day of a secret: %w", err)
	}
	l, ok := cat.LocationByID(location)
	if !ok {
		return day{}, fmt.Errorf("no location %s", location)
	}
	return day{l.ID, slot.DateIn(start.Unix(), l.Plan.Zone)}, nil
}

func (b *Bookings) find(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (string, Channel, error) {
	var id string
	var c Channel
	err := tx.QueryRow(ctx, `SELECT a.id, s.channel FROM secret s JOIN appointment a ON a.id = s.appointment_id
		WHERE s.hash = $1 AND a.tenant_id = $2`, s.Hash(), tenantID).Scan(&id, &c)
	if db.IsNoRows(err) {
		return "", "", fault.New(fault.NotFound, "error.link.text")
	}
	if err != nil {
		return "", "", fmt.Errorf("select secret: %w", err)
	}
	return id, c, nil
}

// load reads an appointment with its frozen services. It answers NotFound
// "error.link.text" when there is none.
func (b *Bookings) load(ctx context.Context, tx *db.Tx, tenantID, id string) (*Appointment, error) {
	cat, err := b.Offices.Catalogue(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	a := &Appointment{ID: id, TenantID: tenantID, Tenant: &cat.Tenant}
	var location, counter string
	err = tx.QueryRow(ctx, `SELECT location_id, counter_id, COALESCE(person_id, ''), reference, state, lang, start_tick,
		ticks, minutes, until, extensions, sequence, changed FROM appointment WHERE id = $1`, id).
		Scan(&location, &counter, &a.PersonID, &a.Reference, &a.State, &a.Lang, &a.Start,
			&a.Ticks, &a.Minutes, &a.Until, &a.Extensions, &a.Sequence, &a.Changed)
	if db.IsNoRows(err) {
		return nil, fault.New(fault.NotFound, "error.link.text") // deleted meanwhile
	}
	if err != nil {
		return nil, fmt.Errorf("select appointment %s: %w", id, err)
	}
	var ok bool
	if a.Location, ok = cat.LocationByID(location); !ok {
		return nil, fmt.Errorf("appointment %s: no location %s", id, location)
	}
	if a.Counter, ok = cat.CounterByID(counter); !ok {
		return nil, fmt.Errorf("appointment %s: no counter %s", id, counter)
	}
	a.Services, err = db.Collect(ctx, tx, func(scan db.Scan) (Booked, error) {
		var service string
		var s Booked
		if err := scan(&service, &s.Quantity, &s.Minutes); err != nil {
			return s, err
		}
		if s.Service, ok = cat.ServiceByID(service); !ok {
			return s, fmt.Errorf("no service %s", service)
		}
		return s, nil
	}, "SELECT service_id, quantity, minutes FROM appointment_service WHERE appointment_id = $1 ORDER BY position", id)
	if err != nil {
		return nil, fmt.Errorf("select services of appointment %s: %w", id, err)
	}
	return a, nil
}

// addSecret stores a secret that opens an appointment. A secret that a form
// was made with may just have been used by another click.
func addSecret(ctx context.Context, tx *db.Tx, appointmentID string, c Channel, s seal.Secret) error {
	n, err := tx.Exec(ctx, `INSERT INTO secret (hash, appointment_id, channel, created) VALUES ($1, $2, $3, $4)
		ON CONFLICT (hash) DO NOTHING`, s.Hash(), appointmentID, string(c), tx.Unix())
	if err != nil {
		return fmt.Errorf("insert secret: %w", err)
	}
	if n == 0 {
		return db.ErrRetry
	}
	return nil
}

// save writes what a transition may change.
func save(ctx context.Context, tx *db.Tx, a *Appointment) error {
	a.Changed = tx.Unix()
	_, err := tx.Exec(ctx, `UPDATE appointment SET location_id = $2, counter_id = $3, person_id = NULLIF($4, ''), state = $5,
		start_tick = $6, until = $7, extensions = $8, sequence = $9, changed = $10, lang = $11 WHERE id = $1`,
		a.ID, a.Location.ID, a.Counter.ID, a.PersonID, string(a.State),
		int64(a.Start), a.Until, a.Extensions, a.Sequence, a.Changed, string(a.Lang))
	if err != nil {
		return fmt.Errorf("update appointment %s: %w", a.ID, err)
	}
	return nil
}

// put notes where place has put an appointment.
func (b *Bookings) put(ctx context.Context, tx *db.Tx, a *Appointment, w wish, counterID string) error {
	cat, err := b.Offices.Catalogue(ctx, tx, a.TenantID)
	if err != nil {
		return err
	}
	counter, ok := cat.CounterByID(counterID)
	if !ok {
		return fmt.Errorf("no counter %s", counterID)
	}
	a.Location, a.Counter, a.Start = w.location, counter, w.start
	return nil
}
