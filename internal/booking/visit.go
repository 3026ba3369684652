// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// The visit: what happens to an appointment from the moment somebody comes, or
// does not. Each function takes the version that the form was made of. When
// there is another one by now, it changes nothing and answers Conflict
// "visit.stale" with Who and What; a second click on the same button is answered
// like the first. Other answers they have in common are NotFound "visit.unknown",
// Forbidden "staff.forbidden", and Conflict "visit.state" with State for a step
// that does not follow on the state.

// Arrive notes that somebody is here. Where the mailbox was to be confirmed
// first, this confirms the appointment. It asks for Receive, and answers Conflict
// "visit.other_day" before the day.
func (b *Bookings) Arrive(ctx context.Context, by *staff.Member, appointmentID string, version int64) error {
	return b.step(ctx, by, staff.Receive, appointmentID, version, deed{action: actionArrived}, func(tx *db.Tx, v *View) error {
		return b.arrive(ctx, tx, v)
	})
}

func (b *Bookings) arrive(ctx context.Context, tx *db.Tx, v *View) error {
	if !v.Active() {
		return b.wrongState(v)
	}
	if v.day().date > today(v.Location, tx) {
		return fault.New(fault.Conflict, "visit.other_day")
	}
	if v.State == Unconfirmed {
		if err := b.vouch(ctx, tx, v); err != nil {
			return err
		}
	}
	v.State, v.Arrived = Arrived, tx.Unix()
	return nil
}

// vouch confirms an appointment of somebody who stands at the desk. The mailbox
// stays as unproved as it was; the office hears of the appointment now.
func (b *Bookings) vouch(ctx context.Context, tx *db.Tx, v *View) error {
	ok, err := prolong(ctx, tx, span{v.Counter.ID, v.Start, v.Ticks, v.ID, kindAppointment, forever})
	if err != nil {
		return err
	}
	if !ok || v.RunOut(tx.Now()) {
		return fault.New(fault.Gone, "booking.expired")
	}
	v.State, v.Until = Confirmed, 0
	return b.tellOffice(ctx, tx, v, message.Booked)
}

// Call asks somebody to a counter of the same location, which must offer the
// services and have nobody. Whoever was not noted as here is so now. It asks for
// Serve, and answers NotFound "counter.unknown", Conflict "visit.counter_services"
// and "visit.counter_busy", both with Counter.
func (b *Bookings) Call(ctx context.Context, by *staff.Member, appointmentID string, version int64, counterID string) error {
	return b.step(ctx, by, staff.Serve, appointmentID, version, deed{action: actionCalled, detail: counterID}, func(tx *db.Tx, v *View) error {
		c, ok := v.Location.CounterByID(counterID)
		if !ok || !c.Staffed() {
			return fault.New(fault.NotFound, "counter.unknown")
		}
		if !v.CallableAt(c) {
			return fault.New(fault.Conflict, "visit.counter_services", "Counter", c.Name)
		}
		if v.State != Arrived {
			if err := b.arrive(ctx, tx, v); err != nil {
				return err
			}
		}
		v.State, v.Called, v.CalledAt = Called, tx.Unix(), c
		return b.finishForgotten(ctx, tx, by, v)
	})
}

// CallableAt tells whether somebody can be called to a counter of the location:
// one at which somebody works and which offers the services. What no counter of
// the location offers any more can be served at each.
func (a *Appointment) CallableAt(c *office.Counter) bool {
	return c.Staffed() && !slices.ContainsFunc(a.serviceIDs(), func(id string) bool {
		return !c.Offers(id) && a.Location.Offers(id)
	})
}

// finishForgotten frees the counter of those who were called on an earlier day
// and never finished: today's list does not show who is in the way.
func (b *Bookings) finishForgotten(ctx context.Context, tx *db.Tx, by *staff.Member, v *View) error {
	midnight, _ := today(v.Location, tx).Bounds(v.Location.Plan.Zone)
	ids, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
		var id string
		err := scan(&id)
		return id, err
	}, "SELECT id FROM appointment WHERE state = 'called' AND called_counter = $1 AND called < $2 AND id <> $3",
		v.CalledAt.ID, midnight, v.ID)
	if err != nil {
		return fmt.Errorf("look who was forgotten at counter %s: %w", v.CalledAt.ID, err)
	}
	for _, id := range ids {
		old, err := b.load(ctx, tx, v.TenantID, id)
		if err != nil {
			return err
		}
		old.State, old.Finished = Served, tx.Unix()
		if err := save(ctx, tx, &old.Appointment); err != nil {
			return err
		}
		if err := record(ctx, tx, by.Actor(), &old.Appointment, deed{action: actionServed}); err != nil {
			return err
		}
	}
	return nil
}

// Finish notes that somebody who was called is done. It asks for Serve.
func (b *Bookings) Finish(ctx context.Context, by *staff.Member, appointmentID string, version int64) error {
	return b.step(ctx, by, staff.Serve, appointmentID, version, deed{action: actionServed}, func(tx *db.Tx, v *View) error {
		if v.State != Called {
			return b.wrongState(v)
		}
		v.State, v.Finished = Served, tx.Unix()
		return nil
	})
}

// Missed notes that somebody did not appear, or went away again. It asks for
// Receive, and answers Conflict "visit.not_yet" before the appointment begins
// when nobody has seen them.
func (b *Bookings) Missed(ctx context.Context, by *staff.Member, appointmentID string, version int64) error {
	return b.step(ctx, by, staff.Receive, appointmentID, version, deed{action: actionMissed}, func(tx *db.Tx, v *View) error {
		switch {
		case v.State != Confirmed && v.State != Arrived && v.State != Called:
			return b.wrongState(v)
		case v.State == Confirmed && v.Start.Unix() > tx.Unix():
			return fault.New(fault.Conflict, "visit.not_yet")
		}
		v.State, v.Finished = NoShow, tx.Unix()
		b.countMissed(tx, &v.Appointment, 1)
		return nil
	})
}

// Back undoes the last step. It asks for Receive, and for Serve where a call or
// its end is undone, or somebody is at a counter again; it answers like Call when
// the counter has somebody else.
func (b *Bookings) Back(ctx context.Context, by *staff.Member, appointmentID string, version int64) error {
	return b.step(ctx, by, staff.Receive, appointmentID, version, deed{action: actionBack}, func(tx *db.Tx, v *View) error {
		switch v.State {
		case Arrived:
			v.State, v.Arrived = Confirmed, 0
		case Called:
			v.State, v.Called, v.CalledAt = Arrived, 0, nil
			return by.May(staff.Serve, v.Location.ID)
		case Served:
			v.State, v.Finished = Called, 0
			return by.May(staff.Serve, v.Location.ID)
		case NoShow:
			b.countMissed(tx, &v.Appointment, -1)
			v.State, v.Finished = before(v), 0
			if v.State == Called {
				return by.May(staff.Serve, v.Location.ID)
			}
		default:
			return b.wrongState(v)
		}
		return nil
	})
}

// before is the state of somebody before they were found missing.
func before(v *View) State {
	switch {
	case v.Called > 0:
		return Called
	case v.Arrived > 0:
		return Arrived
	}
	return Confirmed
}

func today(l *office.Location, tx *db.Tx) slot.Date { return slot.DateIn(tx.Unix(), l.Plan.Zone) }
