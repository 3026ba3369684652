// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"slices"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/staff"
)

// Visit is an appointment on the card of a person. Of one at a location where
// the member does not work it tells date, place and state, and no more: the
// service may say a lot about somebody. One with a sensitive service is no history:
// when it is over it is on no card.
type Visit struct {
	AppointmentID string // empty, like the next two, where the member does not work
	Reference     string
	Services      []Booked
	State         State
	Begin         time.Time // in the location's zone
	Location      *office.Location
	Coming        bool // somebody is expected, or is here
}

// visitsOf is a condition for one person at a time. With a list of them SQLite
// would rather go through all appointments of the tenant.
const visitsOf = "a.person_id = $2 AND a.state <> 'held'"

// visited is what there is of one person's appointments.
type visited struct {
	shown     []Visit  // as the member may see them, in the order of time
	locations []string // of all of them, by id
}

// visits are the appointments of persons.
func (b *Bookings) visits(ctx context.Context, tx *db.Tx, by *staff.Member, persons []string) (map[string]visited, error) {
	out := map[string]visited{}
	for _, id := range persons {
		list, err := b.readAll(ctx, tx, bareColumns, bareTables, "a.tenant_id = $1 AND "+visitsOf, by.TenantID, id)
		if err != nil {
			return nil, err
		}
		var all visited
		for _, v := range list {
			all.locations = append(all.locations, v.Location.ID)
			if visit := visitOf(by, v, tx.Now()); visit.Coming || !v.sensitive() {
				all.shown = append(all.shown, visit)
			}
		}
		out[id] = all
	}
	return out, nil
}

func visitOf(by *staff.Member, v *View, now time.Time) Visit {
	expected := v.Active() && !v.RunOut(now) || v.State == Arrived || v.State == Called
	visit := Visit{State: v.State, Begin: v.Begin(), Location: v.Location, Coming: expected && v.End().After(now)}
	if by.At(v.Location.ID) {
		visit.AppointmentID, visit.Reference, visit.Services = v.ID, v.Reference, v.Services
	}
	return visit
}

// around are the next of some visits and the last before it.
func around(visits []Visit) (*Visit, *Visit) {
	var next, last *Visit
	for i := range visits {
		switch v := &visits[i]; {
		case !v.Coming:
			last = v
		case next == nil:
			next = v
		}
	}
	return next, last
}

// near tells whether the member works at one of the locations where a person
// has, or had, an appointment. Whoever has none belongs to everybody.
func near(by *staff.Member, locations []string) bool {
	return len(locations) == 0 || slices.ContainsFunc(locations, by.At)
}

// mustBeNear answers Forbidden "customer.elsewhere" unless the member is near
// each of the persons.
func (b *Bookings) mustBeNear(ctx context.Context, tx *db.Tx, by *staff.Member, persons ...string) error {
	for _, id := range persons {
		locations, err := db.Collect(ctx, tx, func(scan db.Scan) (string, error) {
			var l string
			return l, scan(&l)
		}, "SELECT DISTINCT a.location_id FROM appointment a WHERE a.tenant_id = $1 AND "+visitsOf, by.TenantID, id)
		if err != nil {
			return fmt.Errorf("look where person %s has been: %w", id, err)
		}
		if !near(by, locations) {
			return fault.New(fault.Forbidden, "customer.elsewhere")
		}
	}
	return nil
}
