// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
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
	ChannelSlip   Channel = "slip"   // printed at the desk
	// Made for the owner of the account that the appointment is in. It proves the
	// account, not the mailbox: who is logged in may book for somebody else.
	ChannelAccount Channel = "account"
	// In a mail to an address that is not, or no longer surely, the one of the
	// record: the appointment came to it from another by a merge.
	ChannelFormerMail Channel = "former_mail"
)

// mailed tells whether a secret came back from the mailbox that the appointment
// was booked with.
func (c Channel) mailed() bool { return c == ChannelMail || c == ChannelFormerMail }

// View is an appointment as its link shows it.
type View struct {
	Appointment
	Channel Channel
	Person  *person.Person // nil until the form was filled in
	was     time.Time      // where Move took it from, for the mails
	locked  bool           // its day is
}

// Open shows the appointment of a secret. It answers NotFound "error.link" for
// a secret that opens nothing at this tenant.
func (b *Bookings) Open(ctx context.Context, tenantID string, s seal.Secret) (*View, error) {
	var v *View
	err := b.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		v, err = b.open(ctx, tx, tenantID, s)
		return err
	})
	return v, err
}

func (b *Bookings) open(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*View, error) {
	return b.read(ctx, tx, "s.channel, "+person.Columns,
		"secret s JOIN appointment a ON a.id = s.appointment_id LEFT JOIN person p ON p.id = a.person_id",
		"s.hash = $1", tenantID, s.Hash())
}

// load is open for an appointment whose id is known, without its person.
func (b *Bookings) load(ctx context.Context, tx *db.Tx, tenantID, id string) (*View, error) {
	return b.read(ctx, tx, bareColumns, bareTables, "a.id = $1", tenantID, id)
}

// bareColumns and bareTables are for readAll without persons.
const (
	bareColumns = "'', NULL, NULL, NULL, NULL"
	bareTables  = "appointment a"
)

// loaded is one row of read.
type loaded struct {
	Appointment
	channel                    Channel
	revision                   int64 // of the catalogue
	calledAt                   string
	location, counter, service string
	quantity, minutes          int
	person                     person.Row // none without a person
}

// read loads the appointment that readAll finds. It answers NotFound
// "error.link.text" when the tenant has none. The tenant is compared here: in
// the query it would tempt a planner without statistics to begin with all
// appointments of the tenant.
func (b *Bookings) read(ctx context.Context, tx *db.Tx, columns, from, where, tenantID string, arg any) (*View, error) {
	found, err := b.readAll(ctx, tx, columns, from, where, arg)
	if err != nil {
		return nil, err
	}
	if len(found) == 0 || found[0].TenantID != tenantID {
		return nil, fault.New(fault.NotFound, "error.link.text")
	}
	return found[0], nil
}

// readAll loads appointments with their frozen services, and their persons, by
// one query with a row for each service, in the order of time.
func (b *Bookings) readAll(ctx context.Context, tx *db.Tx, columns, from, where string, args ...any) ([]*View, error) {
	rows, err := db.Collect(ctx, tx, func(scan db.Scan) (*loaded, error) {
		r := &loaded{}
		return r, scan(slices.Concat([]any{&r.channel}, r.person.Into(), []any{&r.revision, &r.ID, &r.TenantID, &r.location,
			&r.counter, &r.PersonID, &r.Reference, &r.State, &r.Lang, &r.Start, &r.Ticks, &r.Minutes, &r.Until,
			&r.Extensions, &r.Sequence, &r.Changed, &r.Version, &r.Origin, &r.reason, &r.Arrived, &r.Called,
			&r.Finished, &r.calledAt, &r.service, &r.quantity, &r.minutes})...)
	}, "SELECT "+columns+`, t.revision, a.id, a.tenant_id, a.location_id, a.counter_id, COALESCE(a.person_id, ''), a.reference,
		a.state, a.lang, a.start_tick, a.ticks, a.minutes, a.until, a.extensions, a.sequence, a.changed,
		a.version, a.origin, a.overbooked, COALESCE(a.arrived, 0), COALESCE(a.called, 0), COALESCE(a.finished, 0),
		COALESCE(a.called_counter, ''), v.service_id, v.quantity, v.minutes
		FROM `+from+` JOIN tenant t ON t.id = a.tenant_id JOIN appointment_service v ON v.appointment_id = a.id
		WHERE `+where+" ORDER BY a.start_tick, a.reference, v.position", args...)
	if err != nil {
		return nil, fmt.Errorf("select appointment: %w", err)
	}
	var all []*View
	for from, until := 0, 0; from < len(rows); from = until {
		for until = from; until < len(rows) && rows[until].ID == rows[from].ID; until++ {
		}
		v, err := b.assemble(ctx, tx, rows[from:until])
		if err != nil {
			return nil, err
		}
		all = append(all, v)
	}
	return all, nil
}

// assemble makes a view of the rows of one appointment.
func (b *Bookings) assemble(ctx context.Context, tx *db.Tx, rows []*loaded) (*View, error) {
	r := rows[0]
	cat, err := b.Offices.At(ctx, tx, r.TenantID, r.revision)
	if err != nil {
		return nil, err
	}
	v := &View{Appointment: r.Appointment, Channel: r.channel}
	v.Tenant = &cat.Tenant
	var ok bool
	if v.Location, ok = cat.LocationByID(r.location); !ok {
		return nil, fmt.Errorf("appointment %s: no location %s", v.ID, r.location)
	}
	if v.Counter, ok = cat.CounterByID(r.counter); !ok {
		return nil, fmt.Errorf("appointment %s: no counter %s", v.ID, r.counter)
	}
	if r.calledAt != "" {
		if v.CalledAt, ok = cat.CounterByID(r.calledAt); !ok {
			return nil, fmt.Errorf("appointment %s: no counter %s", v.ID, r.calledAt)
		}
	}
	for _, r := range rows {
		service, ok := cat.ServiceByID(r.service)
		if !ok {
			return nil, fmt.Errorf("appointment %s: no service %s", v.ID, r.service)
		}
		v.Services = append(v.Services, Booked{service, r.quantity, r.minutes})
	}
	if r.person.Exists() {
		if v.Person, err = b.Persons.Open(ctx, tx, v.TenantID, v.PersonID, &r.person); err != nil {
			return nil, err
		}
		if v.reason != nil {
			reason, err := v.Person.Key.Open(v.reason, boundReason(v.ID))
			if err != nil {
				return nil, fmt.Errorf("appointment %s: reason: %w", v.ID, err)
			}
			v.Overbooked = string(reason)
		}
	}
	return v, nil
}

// lock is open for writers: it waits until nobody else changes the
// appointment or its day, and those of the wishes.
func (b *Bookings) lock(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret, wishes ...wish) (*View, error) {
	id, before, err := b.dayOf(ctx, tx, tenantID, s)
	if err != nil {
		return nil, err
	}
	days := []day{before}
	for _, w := range wishes {
		days = append(days, w.day())
	}
	if _, err := b.lockDays(ctx, tx, days...); err != nil {
		return nil, err
	}
	if err := lockRow(ctx, tx, id); err != nil {
		return nil, err
	}
	after, err := b.open(ctx, tx, tenantID, s)
	if err != nil {
		return nil, err
	}
	if after.day() != before {
		return nil, db.ErrRetry // moved to a day that is not locked
	}
	after.locked = true
	return after, nil
}

// lockHeld is lock for the visitor whose hold is running: it waits only for
// others who change the appointment. Nobody else may have its claims, so the day
// is locked at the end, or not at all where they stay as they are. Everything
// else is left to lock.
func (b *Bookings) lockHeld(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (*View, error) {
	if tx.ForUpdate() != "" {
		err := tx.Later(ctx, nil, `SELECT id FROM appointment WHERE id = (SELECT appointment_id FROM secret WHERE hash = $1)
			AND state = 'held' AND until > $2`+tx.ForUpdate(), s.Hash(), tx.Unix())
		if err != nil {
			return nil, fmt.Errorf("lock a hold: %w", err)
		}
	}
	v, err := b.open(ctx, tx, tenantID, s)
	if err != nil || v.State == Held && !v.RunOut(tx.Now()) {
		return v, err
	}
	return b.lock(ctx, tx, tenantID, s)
}

// lockRow makes this transaction wait for those who came by lockHeld. Where one
// who holds the day waits for the row, and one who holds the row for the day,
// the engine has one of them begin again.
func lockRow(ctx context.Context, tx *db.Tx, id string) error {
	if tx.ForUpdate() == "" {
		return nil
	}
	if err := tx.Later(ctx, nil, "SELECT id FROM appointment WHERE id = $1"+tx.ForUpdate(), id); err != nil {
		return fmt.Errorf("lock appointment %s: %w", id, err)
	}
	return nil
}

// dayOf is the id and the day of a secret's appointment, which is all that has
// to be known before the lock.
func (b *Bookings) dayOf(ctx context.Context, tx *db.Tx, tenantID string, s seal.Secret) (string, day, error) {
	var location string
	var start slot.Tick
	var revision int64
	var id, owner string
	err := tx.QueryRow(ctx, `SELECT a.id, a.tenant_id, a.location_id, a.start_tick, t.revision FROM secret s
		JOIN appointment a ON a.id = s.appointment_id JOIN tenant t ON t.id = a.tenant_id
		WHERE s.hash = $1`, s.Hash()).Scan(&id, &owner, &location, &start, &revision)
	if db.IsNoRows(err) || err == nil && owner != tenantID {
		return "", day{}, fault.New(fault.NotFound, "error.link.text")
	}
	if err != nil {
		return "", day{}, fmt.Errorf("select day of a secret: %w", err)
	}
	cat, err := b.Offices.At(ctx, tx, tenantID, revision)
	if err != nil {
		return "", day{}, err
	}
	l, ok := cat.LocationByID(location)
	if !ok {
		return "", day{}, fmt.Errorf("no location %s", location)
	}
	return id, day{l.ID, slot.DateIn(start.Unix(), l.Plan.Zone)}, nil
}

// addSecret stores a new secret that opens an appointment.
func addSecret(ctx context.Context, tx *db.Tx, appointmentID string, c Channel, s seal.Secret) error {
	err := tx.Later(ctx, nil, "INSERT INTO secret (hash, appointment_id, channel, created) VALUES ($1, $2, $3, $4)",
		s.Hash(), appointmentID, string(c), tx.Unix())
	if err != nil {
		return fmt.Errorf("insert secret: %w", err)
	}
	return nil
}

// save writes what a transition may change, and raises the version. If somebody
// else has done so since the appointment was read, all begins again.
func save(ctx context.Context, tx *db.Tx, a *Appointment) error {
	a.Changed = tx.Unix()
	var calledAt string
	if a.CalledAt != nil {
		calledAt = a.CalledAt.ID
	}
	err := tx.Later(ctx, db.Want(1, db.ErrRetry), `UPDATE appointment SET location_id = $2, counter_id = $3,
		person_id = NULLIF($4, ''), state = $5, start_tick = $6, until = $7, extensions = $8, sequence = $9, changed = $10,
		lang = $11, overbooked = $12, arrived = NULLIF($13, 0), called = NULLIF($14, 0), finished = NULLIF($15, 0),
		called_counter = NULLIF($16, ''), version = version + 1 WHERE id = $1 AND version = $17`,
		a.ID, a.Location.ID, a.Counter.ID, a.PersonID, string(a.State),
		int64(a.Start), a.Until, a.Extensions, a.Sequence, a.Changed, string(a.Lang), a.reason,
		a.Arrived, a.Called, a.Finished, calledAt, a.Version)
	if err != nil {
		return fmt.Errorf("update appointment %s: %w", a.ID, err)
	}
	a.Version++
	return nil
}

// put notes where place has put an appointment.
func put(a *Appointment, w wish, counterID string) error {
	counter, ok := w.location.CounterByID(counterID)
	if !ok {
		return fmt.Errorf("no counter %s", counterID)
	}
	a.Location, a.Counter, a.Start = w.location, counter, w.start
	if !counter.Overflow {
		a.Overbooked, a.reason = "", nil
	}
	return nil
}
