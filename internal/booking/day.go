// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"strings"
	"sync"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Entry is an appointment as the desk sees it.
type Entry struct {
	View
	Unfit string // key of a text that says why it no longer fits; empty: it fits
	Again bool   // of BookFor: its form was sent before
}

// Day lists who comes to a location on a date, in the order of time: all but what
// is only held and what nobody confirmed. It asks for SeeDay there. However many
// come, it is one query.
func (b *Bookings) Day(ctx context.Context, by *staff.Member, locationID string, date slot.Date) ([]Entry, error) {
	l, err := b.at(ctx, by, staff.SeeDay, locationID)
	if err != nil {
		return nil, err
	}
	if err := b.look(ctx, by, audit.Entry{Action: actionDay, LocationID: l.ID,
		Detail: date.String(), FirstDay: date, LastDay: date}); err != nil {
		return nil, err
	}
	from, until := date.Bounds(l.Plan.Zone)
	var list []Entry
	err = b.DB.Look(ctx, func(tx *db.Tx) error {
		var err error
		list, err = b.between(ctx, tx, by.TenantID, l, firstTick(from), firstTick(until), "a.state NOT IN ('held', 'expired')")
		return err
	})
	return list, err
}

// firstTick is the first tick that begins at an instant or after it.
func firstTick(unix int64) int64 { return int64(slot.TickOf(unix + slot.TickSeconds - 1)) }

// Entry is one appointment. It asks for SeeDay at its location, and answers
// NotFound "visit.unknown".
func (b *Bookings) Entry(ctx context.Context, by *staff.Member, appointmentID string) (*Entry, error) {
	var e *Entry
	err := b.DB.Look(ctx, func(tx *db.Tx) error {
		v, err := b.find(ctx, tx, by, staff.SeeDay, appointmentID)
		if err != nil {
			return err
		}
		e = entry(v, &fitting{})
		return nil
	})
	if err != nil {
		return nil, err
	}
	return e, b.look(ctx, by, audit.Entry{Action: actionViewed, AppointmentID: e.ID, PersonID: e.PersonID, LocationID: e.Location.ID})
}

// between lists those at a location who begin from one tick on and before another,
// as far as they fit a condition.
func (b *Bookings) between(ctx context.Context, tx *db.Tx, tenantID string, l *office.Location, from, until int64, where string) ([]Entry, error) {
	return b.entries(ctx, tx, tenantID, "a.location_id = $2 AND a.start_tick >= $3 AND a.start_tick < $4 AND "+where, l.ID, from, until)
}

// entries loads what a condition finds in a tenant, which is $1 in it.
func (b *Bookings) entries(ctx context.Context, tx *db.Tx, tenantID, where string, args ...any) ([]Entry, error) {
	views, err := b.readAll(ctx, tx, deskColumns, deskTables, "a.tenant_id = $1 AND "+where, append([]any{tenantID}, args...)...)
	if err != nil {
		return nil, err
	}
	list := make([]Entry, len(views))
	var f fitting
	for i, v := range views {
		list[i] = *entry(v, &f)
	}
	return list, nil
}

// entry marks what no longer fits while it still matters: until it was served,
// missed or given up.
func entry(v *View, f *fitting) *Entry {
	e := &Entry{View: *v}
	if !v.Active() && v.State != Arrived {
		return e
	}
	if why, ok := f.unfit(&v.Appointment); ok {
		e.Unfit = "visit.unfit." + strings.TrimPrefix(why, "operator.unfit.")
	}
	return e
}

// looked remembers which looks are recorded. The zero value is ready; it is safe
// for concurrent use.
type looked struct {
	mu sync.Mutex
	at map[sight]int64 // unix seconds
}

// sight is who looked at what.
type sight struct {
	staff string
	what  audit.Entry // without who and when
}

// maxLooks is how many are remembered.
const maxLooks = 10_000

// look records that a member looks at something. Whatever is shown is shown
// only if that worked.
func (b *Bookings) look(ctx context.Context, by *staff.Member, e audit.Entry) error {
	key, now := sight{by.ID, e}, b.DB.Now().Unix()
	b.looked.mu.Lock()
	last, known := b.looked.at[key]
	b.looked.mu.Unlock()
	if known && last <= now && now-last < audit.SameLook {
		return nil
	}
	e.TenantID, e.Actor = by.TenantID, by.Actor()
	if err := b.DB.Write(ctx, func(tx *db.Tx) error { return audit.Append(ctx, tx, e) }); err != nil {
		return fmt.Errorf("record a look: %w", err)
	}
	b.looked.mu.Lock()
	defer b.looked.mu.Unlock()
	if len(b.looked.at) >= maxLooks || b.looked.at == nil {
		b.looked.at = map[sight]int64{}
	}
	b.looked.at[key] = now
	return nil
}
