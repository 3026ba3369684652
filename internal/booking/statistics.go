// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"time"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"
)

// What is counted here is counted in memory and once the transaction has
// committed: the statistics can neither slow it down nor make it fail.

// countBooked counts which services were asked for, and how long before.
func (b *Bookings) countBooked(tx *db.Tx, a *Appointment) {
	for _, s := range a.Services {
		b.count(tx, a, tx.Unix(), statistics.Asked, s.Service.ID, s.Quantity)
	}
	today := slot.DateIn(tx.Unix(), a.Location.Plan.Zone)
	b.count(tx, a, tx.Unix(), statistics.Lead, statistics.LeadOf(int(a.day().date-today)), 1)
}

func (b *Bookings) countCancelled(tx *db.Tx, v *View, by audit.Kind) {
	part := statistics.ByCitizen
	if by == audit.Staff {
		part = statistics.ByOffice
	}
	b.count(tx, &v.Appointment, tx.Unix(), statistics.Cancelled, part, 1)
}

// countMissed counts somebody who did not appear, or with less than none takes that
// back on the day on which it was counted.
func (b *Bookings) countMissed(tx *db.Tx, a *Appointment, n int) {
	b.count(tx, a, a.Finished, statistics.Missed, "", n)
}

func (b *Bookings) count(tx *db.Tx, a *Appointment, at int64, m statistics.Measure, part string, n int) {
	r := statistics.Row{TenantID: a.TenantID, Day: slot.DateIn(at, a.Tenant.Zone), LocationID: a.Location.ID, Measure: m, Part: part}
	tx.OnCommit(func() { b.Statistics.Add(r, n) })
}

// CountView counts a page of the booking that somebody has seen; agent is the
// User-Agent header, of which nothing but the kind of device is kept.
func (b *Bookings) CountView(zone *time.Location, tenantID, step, lang, agent string) {
	r := statistics.Row{TenantID: tenantID, Day: slot.DateIn(b.DB.Now().Unix(), zone)}
	for m, part := range map[statistics.Measure]string{statistics.Views: step, statistics.Language: lang, statistics.Device: statistics.DeviceOf(agent)} {
		r.Measure, r.Part = m, part
		b.Statistics.Add(r, 1)
	}
}

// CountFull counts a search at a location that found nothing up to the horizon.
func (b *Bookings) CountFull(zone *time.Location, tenantID, locationID string) {
	b.Statistics.Add(statistics.Row{TenantID: tenantID, Day: slot.DateIn(b.DB.Now().Unix(), zone), LocationID: locationID,
		Measure: statistics.Full}, 1)
}

// Totals lists what was counted from one month to another: all that belongs to no
// location, and what belongs to one, or with the empty id to all at which the
// member works. It asks for SeeStatistics there, and answers NotFound
// "location.unknown" and Forbidden "staff.forbidden".
func (b *Bookings) Totals(ctx context.Context, by *staff.Member, first, last slot.Date, locationID string) ([]statistics.Total, error) {
	if err := by.May(staff.SeeStatistics, ""); err != nil {
		return nil, err
	}
	if locationID != "" {
		if _, err := b.at(ctx, by, staff.SeeStatistics, locationID); err != nil {
			return nil, err
		}
	}
	var list []statistics.Total
	err := b.DB.Read(ctx, func(tx *db.Tx) error {
		all, err := statistics.Read(ctx, tx, by.TenantID, first, last)
		list = nil
		for _, t := range all {
			if t.LocationID == "" || by.At(t.LocationID) && (locationID == "" || locationID == t.LocationID) {
				list = append(list, t)
			}
		}
		return err
	})
	return list, err
}
