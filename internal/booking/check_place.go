// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
)

// checkPlaces makes sure that every appointment is somewhere in its tenant,
// and warns of coming ones that no longer fit there.
func (b *batch) checkPlaces(ctx context.Context) error {
	var f fitting
	catalogues := map[string]*office.Catalogue{} // nil: no such tenant
	for _, a := range b.list {
		cat, known := catalogues[a.tenant]
		if !known {
			var err error
			cat, err = b.offices.Catalogue(ctx, b.tx, a.tenant)
			if err != nil && fault.Of(err) != fault.NotFound {
				return err
			}
			catalogues[a.tenant] = cat
		}
		if cat == nil {
			continue // reported with the tenant's key
		}
		placed, problem := a.placed(cat)
		if problem != "" {
			b.wrong(problem, "appointment", a.id)
			continue
		}
		if a.coming(b.now) {
			if err := b.checkFit(ctx, a, placed, &f); err != nil {
				return err
			}
		}
	}
	return nil
}

// placed is the appointment with what the catalogue says about it, or what is
// wrong with that.
func (a *checked) placed(cat *office.Catalogue) (*Appointment, string) {
	p := &Appointment{ID: a.id, Start: a.start, Ticks: a.ticks}
	var ok bool
	if p.Location, ok = cat.LocationByID(a.location); !ok {
		return nil, "place"
	}
	if p.Counter, ok = p.Location.CounterByID(a.counter); !ok {
		return nil, "place"
	}
	for _, id := range a.services {
		s, ok := cat.ServiceByID(id)
		if !ok {
			return nil, "service"
		}
		p.Services = append(p.Services, Booked{Service: s})
	}
	return p, ""
}

// coming tells whether somebody is expected after now.
func (a *checked) coming(now int64) bool {
	_, until, active := a.terms()
	return active && !a.state.seen() && a.state != Held && until > now && a.start.Unix() > now
}

// checkFit warns when what the office offers has changed since somebody
// booked. The appointment stays; the office has to talk to the citizen. What the
// desk has put into internal hours is where it should be.
func (b *batch) checkFit(ctx context.Context, c *checked, a *Appointment, f *fitting) error {
	if why, ok := f.unfit(a); ok {
		b.report(Finding{Key: why, Row: "appointment " + a.ID, Warning: true})
		return nil
	}
	d := f.day(a.Location.Plan, a.day().date)
	if c.origin == OriginDesk || a.Counter.Overflow || d.Fits(a.Counter.ID, a.Start, a.Ticks, false) {
		return nil
	}
	var moves int
	err := b.tx.QueryRow(ctx, "SELECT COUNT(*) FROM audit WHERE appointment_id = $1 AND action = $2 AND actor = $3",
		a.ID, string(actionMoved), string(audit.Staff)).Scan(&moves)
	if err != nil {
		return fmt.Errorf("count moves of appointment %s: %w", a.ID, err)
	}
	if moves == 0 {
		b.warn("internal_hours", "appointment", a.ID)
	}
	return nil
}
