// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
)

// checked is an appointment that Check looks at, with what it has seen of the
// rows that hang on it.
type checked struct {
	id, tenant, location, counter string
	person                        string  // empty: none
	personTenant                  *string // nil: no such person
	state                         State
	start                         slot.Tick
	ticks, minutes, sequence      int
	until                         int64
	origin                        string
	reason, personKey             []byte // sealed, nil: not beyond capacity; what opens it
	arrived, called, finished     int64
	calledAt                      string // counter; empty: not called
	calledIn                      string // location of that counter
	overflow                      bool   // of its own counter

	badState, badPerson bool          // reported
	services            []string      // ids
	length              int           // minutes of all services
	own                 int           // ticks claimed where they should be
	claimFault          string        // the first fault of its claims
	told                map[cause]int // messages
	contacts            int           // changes of who comes at the desk
}

// batch is a stretch of appointments with all that hangs on them, as one
// transaction sees it.
type batch struct {
	*checker
	stretch
	tx   *db.Tx
	now  int64 // unix seconds, not before the state that tx sees
	list []*checked
	byID map[string]*checked
}

func (c *checker) checkAppointments(ctx context.Context) error {
	return c.stretches(ctx, func(tx *db.Tx, s *stretch) error {
		b := &batch{checker: c, tx: tx, byID: map[string]*checked{}}
		if err := b.read(ctx, s); err != nil {
			return err
		}
		b.stretch = *s
		for _, a := range b.list {
			b.checkHead(a)
			tenant, err := b.tenantKey(ctx, tx, a.tenant)
			if err != nil {
				return err
			}
			if !a.reasonOpens(tenant) {
				b.wrong("reason", "appointment", a.id)
			}
		}
		for _, part := range []func(context.Context) error{b.checkServices, b.checkClaims, b.checkMessages, b.checkPlaces, b.checkAccounts} {
			if err := part(ctx); err != nil {
				return err
			}
		}
		return nil
	})
}

func (b *batch) read(ctx context.Context, s *stretch) error {
	var err error
	b.list, err = db.Collect(ctx, b.tx, func(scan db.Scan) (*checked, error) {
		a := &checked{told: map[cause]int{}}
		err := scan(&a.id, &a.tenant, &a.location, &a.counter, &a.person, &a.personTenant, &a.state, &a.start,
			&a.ticks, &a.minutes, &a.sequence, &a.until, &a.origin, &a.reason, &a.personKey, &a.arrived, &a.called, &a.finished,
			&a.calledAt, &a.calledIn, &a.overflow)
		b.byID[a.id] = a
		return a, err
	}, `SELECT a.id, a.tenant_id, a.location_id, a.counter_id, COALESCE(a.person_id, ''), p.tenant_id, a.state,
			a.start_tick, a.ticks, a.minutes, a.sequence, a.until, a.origin, a.overbooked, p.sealed_key, COALESCE(a.arrived, 0),
			COALESCE(a.called, 0), COALESCE(a.finished, 0), COALESCE(a.called_counter, ''), COALESCE(k.location_id, ''),
			COALESCE(o.overflow, FALSE)
		FROM appointment a LEFT JOIN person p ON p.id = a.person_id LEFT JOIN counter k ON k.id = a.called_counter
			LEFT JOIN counter o ON o.id = a.counter_id
		WHERE a.id > $1 ORDER BY a.id LIMIT $2`, s.after, checkBatch)
	if err != nil {
		return fmt.Errorf("read appointments: %w", err)
	}
	// The engines fix what a transaction sees at its first query. An instant
	// taken after that is not before any change that is seen: a hold that ended
	// a moment ago must not look as if it were still running.
	b.now = b.db.Now().Unix()
	b.counts.Appointments += len(b.list)
	if len(b.list) == checkBatch {
		s.last = b.list[checkBatch-1].id
	}
	return nil
}

// checkHead looks at the row itself: its state, and whose it is.
func (b *batch) checkHead(a *checked) {
	switch a.state {
	case Held, Unconfirmed, Confirmed, Arrived, Called, Served, NoShow, Cancelled, Expired:
	default:
		a.badState = true
		b.wrong("state", "appointment", a.id)
	}
	if !a.badState && !a.visitFits() {
		b.wrong("visit", "appointment", a.id)
	}
	if (a.reason != nil) != a.overflow {
		b.wrong("overbooked", "appointment", a.id)
	}
	if a.person == "" && a.state == Held {
		return // the form was not filled in yet
	}
	if a.personTenant == nil || *a.personTenant != a.tenant {
		a.badPerson = true
		b.wrong("person", "appointment", a.id)
	}
}

// visitFits tells whether what was noted about a visit is what its state says.
func (a *checked) visitFits() bool {
	arrived, called, finished := a.arrived > 0, a.called > 0, a.finished > 0
	if called != (a.calledAt != "") || called && (!arrived || a.calledIn != a.location) {
		return false
	}
	switch a.state {
	case Arrived:
		return arrived && !called && !finished
	case Called:
		return called && !finished
	case Served:
		return called && finished
	case NoShow:
		return finished
	}
	return !arrived && !called && !finished
}

// checkServices compares the frozen durations.
func (b *batch) checkServices(ctx context.Context) error {
	err := b.each(ctx, b.tx, "appointment_id", `SELECT appointment_id, service_id, quantity, minutes
		FROM appointment_service WHERE %s ORDER BY appointment_id, position`, func(scan db.Scan) error {
		var id, service string
		var quantity, minutes int
		if err := scan(&id, &service, &quantity, &minutes); err != nil {
			return err
		}
		a := b.byID[id]
		if a == nil {
			b.wrong("owner", "appointment_service", id)
			return nil
		}
		a.services = append(a.services, service)
		a.length += quantity * minutes
		return nil
	})
	if err != nil {
		return fmt.Errorf("read services of appointments: %w", err)
	}
	for _, a := range b.list {
		switch {
		case len(a.services) == 0:
			b.wrong("no_service", "appointment", a.id)
		case a.minutes != a.length:
			b.wrong("minutes", "appointment", a.id)
		case a.ticks < slot.Ticks(a.minutes):
			b.wrong("ticks", "appointment", a.id)
		}
	}
	return nil
}
