// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"errors"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// What this package records in the audit.
const (
	actionArrived   audit.Action = "appointment.arrived"
	actionCalled    audit.Action = "appointment.called"
	actionServed    audit.Action = "appointment.served"
	actionMissed    audit.Action = "appointment.missed"
	actionBack      audit.Action = "appointment.back"
	actionBooked    audit.Action = "appointment.booked"
	actionMoved     audit.Action = "appointment.moved"
	actionCancelled audit.Action = "appointment.cancelled"
	actionContact   audit.Action = "appointment.contact"
	actionVerified  audit.Action = "appointment.verified"
	actionExpired   audit.Action = "appointment.expired"
	actionViewed    audit.Action = "appointment.viewed"
	actionDay       audit.Action = "day.viewed"
	actionDayMailed audit.Action = "day.mailed"
	actionBoard     audit.Action = "board.viewed"
	actionPreview   audit.Action = "closing.previewed"
	actionClosed    audit.Action = "closing.set"
	actionReopened  audit.Action = "closing.removed"
)

// deed is what somebody does to an appointment.
type deed struct {
	action audit.Action
	detail string
	// done tells whether an appointment is already what was wished for; nil: it
	// is, once the deed is the last that was done.
	done func(*View) bool
}

// errStale says that a form was made of another version.
var errStale = errors.New("another version of the appointment")

// at is a location of the member's tenant, if the member has the right there. It
// answers NotFound "location.unknown" and Forbidden "staff.forbidden".
func (b *Bookings) at(ctx context.Context, by *staff.Member, r staff.Right, locationID string) (*office.Location, error) {
	cat, err := b.Catalogue(ctx, by.TenantID)
	if err != nil {
		return nil, err
	}
	l, ok := cat.LocationByID(locationID)
	if !ok {
		return nil, fault.New(fault.NotFound, "location.unknown")
	}
	return l, by.May(r, l.ID)
}

// step is one change of an appointment by somebody at the desk: change alters
// what it gets, or says why not; the rest is the same for all.
func (b *Bookings) step(ctx context.Context, by *staff.Member, r staff.Right, id string, version int64, d deed,
	change func(*db.Tx, *View) error) error {
	var calledAt *office.Counter
	err := b.DB.Write(ctx, func(tx *db.Tx) error {
		v, err := b.lockFor(ctx, tx, by, r, id, version)
		if err != nil {
			return err
		}
		if err := change(tx, v); err != nil {
			return err
		}
		calledAt = v.CalledAt
		if err := save(ctx, tx, &v.Appointment); err != nil {
			return err
		}
		return record(ctx, tx, by.Actor(), &v.Appointment, d)
	})
	if calledAt != nil && db.IsUnique(err) { // the index that lets a counter have one person
		err = fault.Wrap(err, fault.Conflict, "visit.counter_busy", "Counter", calledAt.Name)
	}
	if err == nil {
		b.Wake()
	}
	return b.stale(ctx, by, id, version, d, err)
}

// lockFor loads an appointment for somebody at the desk and waits, like lock,
// until nobody else changes it.
func (b *Bookings) lockFor(ctx context.Context, tx *db.Tx, by *staff.Member, r staff.Right, id string, version int64, wishes ...wish) (*View, error) {
	before, err := b.find(ctx, tx, by, r, id)
	if err != nil {
		return nil, err
	}
	days := []day{before.day()}
	for _, w := range wishes {
		days = append(days, w.day())
	}
	if _, err := b.lockDays(ctx, tx, days...); err != nil {
		return nil, err
	}
	v, err := b.find(ctx, tx, by, r, id)
	switch {
	case err != nil:
		return nil, err
	case v.Version != version:
		return nil, errStale
	case v.day() != before.day():
		return nil, db.ErrRetry // moved to a day that is not locked
	}
	return v, nil
}

// find loads an appointment with its person for somebody at the desk. A hold is
// none yet. It answers NotFound "visit.unknown" and Forbidden "staff.forbidden".
func (b *Bookings) find(ctx context.Context, tx *db.Tx, by *staff.Member, r staff.Right, id string) (*View, error) {
	v, err := b.read(ctx, tx, deskColumns, deskTables, "a.id = $1 AND a.state <> 'held'", by.TenantID, id)
	if fault.Of(err) == fault.NotFound {
		return nil, fault.New(fault.NotFound, "visit.unknown")
	}
	if err != nil {
		return nil, err
	}
	return v, by.May(r, v.Location.ID)
}

const (
	deskColumns = "'', " + person.Columns
	deskTables  = "appointment a LEFT JOIN person p ON p.id = a.person_id"
)

// record appends what changed an appointment, and raised its version, to the
// audit: also where it is from now on.
func record(ctx context.Context, tx *db.Tx, who audit.Actor, a *Appointment, d deed) error {
	e := entryAbout(who, a, d)
	e.FirstDay = a.day().date
	e.LastDay = e.FirstDay
	return audit.Append(ctx, tx, e)
}

func entryAbout(who audit.Actor, a *Appointment, d deed) audit.Entry {
	return audit.Entry{TenantID: a.TenantID, Actor: who, Action: d.action, AppointmentID: a.ID,
		PersonID: a.PersonID, LocationID: a.Location.ID, Detail: d.detail}
}

// actor is whoever used the secret that opened a view.
func (v *View) actor() audit.Actor {
	if v.Channel == ChannelOffice {
		return audit.Actor{Kind: audit.Staff} // somebody who reads the office's mail
	}
	return audit.Actor{Kind: audit.Citizen}
}

// stale turns errStale into the answer: who has done what meanwhile, or nil if
// that was the same member doing the same, with a second click. The same form
// with something else in it, as after the back button, is no second click.
func (b *Bookings) stale(ctx context.Context, by *staff.Member, id string, version int64, d deed, err error) error {
	if !errors.Is(err, errStale) {
		return err
	}
	var v *View
	var last audit.Entry
	err = b.DB.Read(ctx, func(tx *db.Tx) error {
		var err error
		if v, err = b.find(ctx, tx, by, staff.SeeDay, id); err != nil {
			return err
		}
		last, err = audit.LastChange(ctx, tx, id)
		return err
	})
	if err != nil {
		return err
	}
	same := last.Actor.StaffID == by.ID && last.Action == d.action && last.Detail == d.detail
	if v.Version == version+1 && same && (d.done == nil || d.done(v)) {
		return nil
	}
	who, err := b.whoWas(ctx, by, last.Actor)
	if err != nil {
		return err
	}
	return fault.New(fault.Conflict, "visit.stale", "Who", who, "What", b.everywhere("audit."+string(last.Action)))
}

// whoWas names somebody of the office to a colleague.
func (b *Bookings) whoWas(ctx context.Context, by *staff.Member, a audit.Actor) (locale.Text, error) {
	if a.Kind == audit.Staff && b.Names != nil {
		names, err := b.Names(ctx, by)
		if err != nil {
			return nil, err
		}
		if name := names[a.StaffID]; name != "" {
			return locale.Text{locale.DE: name}, nil // the same in all languages
		}
	}
	if a.Kind == audit.Staff && a.Role != "" {
		return b.everywhere("desk.role." + a.Role), nil
	}
	switch a.Kind {
	case audit.Staff:
		return b.everywhere("visit.who.office"), nil
	case audit.System:
		return b.everywhere("visit.who.system"), nil
	}
	return b.everywhere("visit.who.citizen"), nil
}

// everywhere is a text of the catalogue in every language, for faults.
func (b *Bookings) everywhere(key string, args ...any) locale.Text {
	t := locale.Text{}
	for _, l := range locale.Langs {
		t[l] = b.Texts.Printer(l).T(key, args...)
	}
	return t
}

func (b *Bookings) wrongState(v *View) error {
	return fault.New(fault.Conflict, "visit.state", "State", b.everywhere("desk.state."+string(v.State)))
}
