// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// Why an appointment no longer fits what its office offers, as keys of texts
// for the operator.
const (
	unfitLocation = "operator.unfit.location" // the location is retired
	unfitCounter  = "operator.unfit.counter"  // the counter is retired
	unfitService  = "operator.unfit.service"  // a service is retired, or not offered at the counter
	unfitClosed   = "operator.unfit.closed"   // a closure or a holiday lies on it
	unfitHours    = "operator.unfit.hours"    // it lies outside the hours
)

// fitting knows the days that it was asked about, since many appointments lie
// on the same one. The zero value is ready, for one goroutine.
type fitting struct {
	days   map[planDay]*slot.Day
	weekly map[*slot.Plan]*slot.Plan
}

type planDay struct {
	plan *slot.Plan
	date slot.Date
}

func (f *fitting) day(p *slot.Plan, date slot.Date) *slot.Day {
	key := planDay{p, date}
	if f.days[key] == nil {
		if f.days == nil {
			f.days = map[planDay]*slot.Day{}
		}
		f.days[key] = p.Day(date)
	}
	return f.days[key]
}

// unfit tells why an appointment does not fit what its office offers in the
// catalogue that it was loaded with, as a key of a text for the operator. ok
// is false, and the key empty, for one that fits. Internal hours fit as public
// ones do, since somebody is there; release, grid and claims do not matter. One
// beyond capacity fits where any counter could have had it.
//
// It says nothing about whether the appointment counts: states and the past
// are the caller's business.
func (f *fitting) unfit(a *Appointment) (string, bool) {
	if a.Location.Retired {
		return unfitLocation, true
	}
	if a.Counter.Retired {
		return unfitCounter, true
	}
	for _, s := range a.Services {
		if s.Service.Retired || !a.Counter.Overflow && !a.Counter.Offers(s.Service.ID) {
			return unfitService, true
		}
	}
	plan := a.Location.Plan
	if f.fits(plan, a) {
		return "", false
	}
	if f.fits(f.everOpen(plan), a) {
		return unfitClosed, true
	}
	return unfitHours, true
}

func (f *fitting) fits(p *slot.Plan, a *Appointment) bool {
	d := f.day(p, a.day().date)
	if !a.Counter.Overflow {
		return d.Fits(a.Counter.ID, a.Start, a.Ticks, true)
	}
	return anyFits(a.Location, d, a.serviceIDs(), a.Start, a.Ticks)
}

// anyFits tells whether some counter that offers the services is open for so
// many ticks.
func anyFits(l *office.Location, d *slot.Day, services []string, start slot.Tick, ticks int) bool {
	return slices.ContainsFunc(l.Counters, func(c office.Counter) bool {
		return c.Offers(services...) && d.Fits(c.ID, start, ticks, true)
	})
}

// everOpen is a plan with its weekly hours alone, without closures and
// holidays.
func (f *fitting) everOpen(p *slot.Plan) *slot.Plan {
	if w := f.weekly[p]; w != nil {
		return w
	}
	weekly := &slot.Plan{Zone: p.Zone, Counters: slices.Clone(p.Counters), MinTicks: p.MinTicks}
	for i := range weekly.Counters {
		weekly.Counters[i].Closures = nil
	}
	if f.weekly == nil {
		f.weekly = map[*slot.Plan]*slot.Plan{}
	}
	f.weekly[p] = weekly
	return weekly
}

// Unfit is a coming appointment that no longer fits. It says nothing about whose
// it is.
type Unfit struct {
	Reference string
	Start     time.Time // in the location's zone
	Location  locale.Text
	Counter   locale.Text
	Why       string // key of a text for the operator
}

// ListUnfit finds the coming appointments of a tenant that do not fit what the
// transaction sees of the office, in order of time. It changes nothing, and is
// meant to be called after an import in the same transaction. What is only held
// is not an appointment yet.
func ListUnfit(ctx context.Context, tx *db.Tx, tenantID string) ([]Unfit, error) {
	// A store of its own, since what is not committed must not be kept.
	cat, err := office.NewStore().Catalogue(ctx, tx, tenantID)
	if err != nil {
		return nil, err
	}
	coming, err := listComing(ctx, tx, cat)
	if err != nil {
		return nil, fmt.Errorf("list coming appointments of tenant %s: %w", tenantID, err)
	}
	var list []Unfit
	var f fitting
	for _, a := range coming {
		if why, ok := f.unfit(a); ok {
			list = append(list, Unfit{a.Reference, a.Begin(), a.Location.Name, a.Counter.Name, why})
		}
	}
	return list, nil
}

// fromComing finds appointments through their first claim, since those are in
// the order of time: on SQLite the past costs nothing, on PostgreSQL at most a
// scan for each import.
const fromComing = ` FROM location l JOIN counter c ON c.location_id = l.id JOIN claim cl ON cl.counter_id = c.id
	JOIN appointment a ON a.id = cl.owner AND a.start_tick = cl.tick`

const whereComing = ` WHERE l.tenant_id = $1 AND cl.tick > $2 AND cl.kind = 'appointment' AND cl.until > $3`

// listComing reads as much of the coming appointments as unfit wants to know.
func listComing(ctx context.Context, tx *db.Tx, cat *office.Catalogue) ([]*Appointment, error) {
	args := []any{cat.Tenant.ID, int64(slot.TickOf(tx.Unix())), tx.Unix()}
	byID := map[string]*Appointment{}
	list, err := db.Collect(ctx, tx, func(scan db.Scan) (*Appointment, error) {
		var a Appointment
		var location, counter string
		if err := scan(&a.ID, &location, &counter, &a.Reference, &a.Start, &a.Ticks); err != nil {
			return nil, err
		}
		var known, placed bool
		a.Location, known = cat.LocationByID(location)
		a.Counter, placed = cat.CounterByID(counter)
		if !known || !placed {
			return nil, fmt.Errorf("appointment %s: no location %s with a counter %s", a.ID, location, counter)
		}
		byID[a.ID] = &a
		return &a, nil
	}, `SELECT a.id, a.location_id, a.counter_id, a.reference, a.start_tick, a.ticks`+
		fromComing+whereComing+` ORDER BY a.start_tick, a.reference`, args...)
	if err != nil {
		return nil, err
	}
	_, err = db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var id, service string
		if err := scan(&id, &service); err != nil {
			return struct{}{}, err
		}
		s, ok := cat.ServiceByID(service)
		if !ok {
			return struct{}{}, fmt.Errorf("appointment %s: no service %s", id, service)
		}
		if a := byID[id]; a != nil {
			a.Services = append(a.Services, Booked{Service: s})
		}
		return struct{}{}, nil
	}, `SELECT a.id, s.service_id`+fromComing+` JOIN appointment_service s ON s.appointment_id = a.id`+whereComing, args...)
	return list, err
}
