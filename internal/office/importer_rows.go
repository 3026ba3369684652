// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"cmp"
	"slices"

	"vorzimmer/internal/db"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// The tables as this package writes them.
var (
	processorTable = columnsOf("processor", "tenant_id position role name address")
	retentionTable = columnsOf("retention", "tenant_id class amount")
	holidayTable   = columnsOf("holiday", "tenant_id position month day easter from_minute name")
	groupTable     = columnsOf("service_group", "tenant_id key position name")
	serviceTable   = columnsOf("service", `id tenant_id key position retired group_key common minutes buffer
		max_quantity combines leika name fee bring note words sensitive keep_days name_fixed`).replacing("tenant_id", "key")
	locationTable = columnsOf("location", `id tenant_id key position retired name street postcode city phone
		phone_hours directions office_mail lead_minutes horizon_days day_list_minute`).replacing("tenant_id", "key")
	counterTable = columnsOf("counter", "id location_id key position retired name office_mail").replacing("location_id", "key")
	offerTable   = columnsOf("counter_service", "counter_id service_id")
	openingTable = columnsOf("opening", `counter_id position weekday from_minute to_minute valid_from
		valid_until every_weeks slot_interval internal on_holidays release_days release_minute`)
	closureTable = columnsOf("closure", `id tenant_id location_id counter_id from_date from_minute
		until_date until_minute reason`)
	revisionTable = table{"revision", []string{"location_id", "day", "n"},
		"ON CONFLICT (location_id, day) DO UPDATE SET n = revision.n + 1"}
)

// saveLists writes what has no id: processors, periods, holidays and groups.
func (i *importer) saveLists() error {
	var processors, periods, holidays, groups [][]any
	for _, c := range privacy.Classes {
		if n, ok := i.file.Tenant.Retention[c.Key]; ok {
			periods = append(periods, []any{i.tenant, c.Key, n})
		}
	}
	for n, p := range i.file.Tenant.Processors {
		processors = append(processors, []any{i.tenant, n, p.Role, p.Name, p.Address})
	}
	for n, h := range i.file.Holidays {
		holidays = append(holidays, []any{i.tenant, n, h.Month, h.Day, h.Easter, h.From, h.Name})
	}
	for n, g := range i.file.Groups {
		groups = append(groups, []any{i.tenant, g.Key, n, g.Name})
	}
	if err := processorTable.insert(i.ctx, i.tx, processors); err != nil {
		return err
	}
	if err := retentionTable.insert(i.ctx, i.tx, periods); err != nil {
		return err
	}
	if err := holidayTable.insert(i.ctx, i.tx, holidays); err != nil {
		return err
	}
	return groupTable.insert(i.ctx, i.tx, groups)
}

func (i *importer) saveServices() error {
	var rows [][]any
	for n, s := range i.file.Services {
		var keep any // null: as long as others
		if s.KeepDays > 0 {
			keep = s.KeepDays
		}
		rows = append(rows, []any{db.NewID(), i.tenant, s.Key, n, false, s.Group, s.Common, s.Minutes, s.Buffer,
			s.MaxQuantity, s.Combines, s.LeiKa, s.Name, s.Fee, s.Bring, s.Note, s.Words, s.Sensitive, keep, s.NameFixed})
	}
	if err := serviceTable.insert(i.ctx, i.tx, rows); err != nil {
		return err
	}
	var err error
	i.services, err = i.ids(`SELECT key, id FROM service WHERE tenant_id = $1`)
	return err
}

func (i *importer) saveLocations() error {
	var rows [][]any
	for n := range i.file.Locations {
		l := &i.file.Locations[n].Location
		rows = append(rows, []any{db.NewID(), i.tenant, l.Key, n, false, l.Name, l.Street, l.Postcode, l.City, l.Phone,
			l.PhoneHours, l.Directions, l.OfficeMail, int(l.Lead.Minutes()), l.HorizonDays, l.DayListAt})
	}
	if err := locationTable.insert(i.ctx, i.tx, rows); err != nil {
		return err
	}
	var err error
	i.locations, err = i.ids(`SELECT key, id FROM location WHERE tenant_id = $1`)
	return err
}

func (i *importer) saveCounters() error {
	var rows [][]any
	for _, l := range i.file.Locations {
		for n, c := range l.Counters {
			rows = append(rows, []any{db.NewID(), i.locations[l.Location.Key], c.Counter.Key, n, false,
				c.Counter.Name, c.Counter.OfficeMail})
		}
	}
	if err := counterTable.insert(i.ctx, i.tx, rows); err != nil {
		return err
	}
	i.counters = map[counterKey]string{}
	_, err := db.Collect(i.ctx, i.tx, func(scan db.Scan) (struct{}, error) {
		var k counterKey
		var id string
		err := scan(&k.location, &k.counter, &id)
		i.counters[k] = id
		return struct{}{}, err
	}, `SELECT l.key, c.key, c.id FROM counter c JOIN location l ON l.id = c.location_id WHERE l.tenant_id = $1`, i.tenant)
	return err
}

// saveCounterRows writes what counters offer and when they are open.
func (i *importer) saveCounterRows() error {
	var offers, openings [][]any
	for _, l := range i.file.Locations {
		for _, c := range l.Counters {
			id := i.counters[counterKey{l.Location.Key, c.Counter.Key}]
			for _, service := range c.Counter.Services {
				offers = append(offers, []any{id, i.services[service]})
			}
			for n, r := range c.Rules {
				var days, minute any // null unless the rule has a release
				if r.Release != nil {
					days, minute = r.Release.Days, r.Release.Minute
				}
				openings = append(openings, []any{id, n, int(r.Weekday), r.From, r.To, int64(r.ValidFrom),
					int64(r.ValidUntil), r.EveryWeeks, r.Interval, r.Internal, r.OnHolidays, days, minute})
			}
		}
	}
	if err := offerTable.insert(i.ctx, i.tx, offers); err != nil {
		return err
	}
	return openingTable.insert(i.ctx, i.tx, openings)
}

func (i *importer) saveClosures() error {
	var rows [][]any
	for _, c := range i.file.Closures {
		var location, counter any // null unless the closure names one
		if c.Location != "" {
			location = i.locations[c.Location]
		}
		if c.Counter != "" {
			counter = i.counters[counterKey{c.Location, c.Counter}]
		}
		rows = append(rows, []any{db.NewID(), i.tenant, location, counter, int64(c.Time.FromDate), c.Time.FromMinute,
			int64(c.Time.UntilDate), c.Time.UntilMinute, c.Reason})
	}
	return closureTable.insert(i.ctx, i.tx, rows)
}

// locationDay is the key of a row of table revision.
type locationDay struct {
	location string
	day      slot.Date
}

// raiseRevisions tells bookings of every day that may be booked that hours may
// have changed. It comes last, in the order in which everybody locks these rows:
// from here on it waits for running bookings, and new ones wait for it.
func (i *importer) raiseRevisions() error {
	today := slot.DateIn(i.tx.Unix(), i.file.Tenant.Zone)
	days, err := db.Collect(i.ctx, i.tx, func(scan db.Scan) (locationDay, error) {
		var d locationDay
		err := scan(&d.location, &d.day)
		return d, err
	}, `SELECT r.location_id, r.day FROM revision r JOIN location l ON l.id = r.location_id
		WHERE l.tenant_id = $1 AND r.day >= $2`, i.tenant, int64(today))
	if err != nil {
		return err
	}
	// A booking that has not committed yet may have made a row within the old horizon.
	for _, l := range i.file.Locations {
		id := i.locations[l.Location.Key]
		i.horizons[id] = max(i.horizons[id], l.Location.HorizonDays)
	}
	for id, horizon := range i.horizons {
		for n := range horizon + 1 {
			days = append(days, locationDay{id, today.AddDays(n)})
		}
	}
	slices.SortFunc(days, func(a, b locationDay) int {
		return cmp.Or(cmp.Compare(a.location, b.location), cmp.Compare(a.day, b.day))
	})
	var rows [][]any
	for _, d := range slices.Compact(days) {
		rows = append(rows, []any{d.location, int64(d.day), 1})
	}
	return revisionTable.insert(i.ctx, i.tx, rows)
}
