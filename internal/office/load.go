// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/privacy"
	"vorzimmer/internal/slot"
)

// load reads everything about a tenant with a fixed number of queries.
func load(ctx context.Context, tx *db.Tx, tenantID string) (*Catalogue, error) {
	l := loader{ctx: ctx, tx: tx, tenant: tenantID}
	c := &Catalogue{}
	var own []FileHoliday
	var parts counterParts
	for _, step := range []func() error{
		func() error { return l.readTenant(&c.Tenant) },
		into(&c.Tenant.Processors, l.processors),
		into(&c.Tenant.Retention, l.retention),
		into(&own, l.holidays),
		into(&c.Groups, l.groups),
		into(&c.Services, l.services),
		into(&c.Locations, l.locations),
		into(&parts.counters, l.counters),
		into(&parts.offers, l.offers),
		into(&parts.openings, l.openings),
		into(&parts.closures, l.closures),
	} {
		if err := step(); err != nil {
			return nil, err
		}
	}
	c.assemble(parts, own)
	return c, nil
}

type loader struct {
	ctx    context.Context // of this one load
	tx     *db.Tx
	tenant string
}

func (l loader) readTenant(t *Tenant) error {
	var zone string
	var hold, within, cooldown int
	c, b := &t.Controller, &t.Booking
	err := l.tx.QueryRow(l.ctx, `
		SELECT id, revision, sealed_key, name, land, zone,
			controller_name, controller_street, controller_postcode, controller_city, controller_phone, controller_email,
			hold_minutes, max_extensions, confirm_email, confirm_minutes, unverified_per_address, active_per_person, cooldown_minutes,
			second_factor, statements
		FROM tenant WHERE id = $1`, l.tenant).Scan(
		&t.ID, &t.Revision, &t.SealedKey, &t.Name, &t.Land, &zone,
		&c.Name, &c.Street, &c.Postcode, &c.City, &c.Phone, &c.Email,
		&hold, &b.MaxExtensions, &b.ConfirmEmail, &within, &b.UnverifiedPerAddress, &b.ActivePerPerson, &cooldown,
		&t.SecondFactor, &t.Statements)
	if err != nil {
		return err
	}
	b.Hold, b.ConfirmWithin, b.Cooldown = minutes(hold), minutes(within), minutes(cooldown)
	if t.Zone, err = time.LoadLocation(zone); err != nil {
		return fmt.Errorf("zone: %w", err)
	}
	return nil
}

func (l loader) processors() ([]Processor, error) {
	return collect(l, func(scan db.Scan, p *Processor) error { return scan(&p.Role, &p.Name, &p.Address) },
		`SELECT role, name, address FROM processor WHERE tenant_id = $1 ORDER BY position`)
}

func (l loader) retention() (privacy.Periods, error) {
	p := privacy.Periods{}
	_, err := collect(l, func(scan db.Scan, _ *struct{}) error {
		var class string
		var amount int
		err := scan(&class, &amount)
		p[class] = amount
		return err
	}, `SELECT class, amount FROM retention WHERE tenant_id = $1`)
	return p, err
}

func (l loader) holidays() ([]FileHoliday, error) {
	return collect(l, func(scan db.Scan, h *FileHoliday) error {
		return scan(&h.Month, &h.Day, &h.Easter, &h.From, &h.Name)
	}, `SELECT month, day, easter, from_minute, name FROM holiday WHERE tenant_id = $1 ORDER BY position`)
}

func (l loader) groups() ([]Group, error) {
	return collect(l, func(scan db.Scan, g *Group) error { return scan(&g.Key, &g.Name) },
		`SELECT key, name FROM service_group WHERE tenant_id = $1 ORDER BY position`)
}

func (l loader) services() ([]Service, error) {
	return collect(l, func(scan db.Scan, s *Service) error {
		return scan(&s.ID, &s.Key, &s.Retired, &s.Group, &s.Common, &s.Minutes, &s.Buffer, &s.MaxQuantity,
			&s.Combines, &s.LeiKa, &s.Name, &s.Fee, &s.Bring, &s.Note, &s.Words, &s.Sensitive, &s.KeepDays, &s.NameFixed)
	}, `SELECT id, key, retired, group_key, common, minutes, buffer, max_quantity,
			combines, leika, name, fee, bring, note, words, sensitive, COALESCE(keep_days, 0), name_fixed
		FROM service WHERE tenant_id = $1 ORDER BY retired, position, key`)
}

func (l loader) locations() ([]Location, error) {
	return collect(l, func(scan db.Scan, p *Location) error {
		var lead int
		err := scan(&p.ID, &p.Key, &p.Retired, &p.Name, &p.Street, &p.Postcode, &p.City, &p.Phone,
			&p.PhoneHours, &p.Directions, &p.OfficeMail, &lead, &p.HorizonDays, &p.DayListAt)
		p.Lead = minutes(lead)
		return err
	}, `SELECT id, key, retired, name, street, postcode, city, phone,
			phone_hours, directions, office_mail, lead_minutes, horizon_days, day_list_minute
		FROM location WHERE tenant_id = $1 ORDER BY retired, position, key`)
}

// counterParts are the rows of counters and of what hangs on them.
type counterParts struct {
	counters []counterRow
	offers   []offerRow
	openings []openingRow
	closures []closureRow
}

type counterRow struct {
	location string
	Counter
}

type offerRow struct{ counter, service string }

type openingRow struct {
	counter string
	rule    slot.Rule
}

type closureRow struct {
	location, counter string // empty: all of it
	time              slot.Closure
}

func (l loader) counters() ([]counterRow, error) {
	return collect(l, func(scan db.Scan, c *counterRow) error {
		return scan(&c.location, &c.ID, &c.Key, &c.Retired, &c.Name, &c.OfficeMail, &c.Overflow)
	}, `SELECT c.location_id, c.id, c.key, c.retired, c.name, c.office_mail, c.overflow
		FROM counter c JOIN location l ON l.id = c.location_id
		WHERE l.tenant_id = $1 ORDER BY c.overflow, c.retired, c.position, c.key`)
}

func (l loader) offers() ([]offerRow, error) {
	return collect(l, func(scan db.Scan, o *offerRow) error { return scan(&o.counter, &o.service) },
		`SELECT o.counter_id, o.service_id FROM counter_service o JOIN service s ON s.id = o.service_id
		WHERE s.tenant_id = $1 ORDER BY s.position, s.key`)
}

func (l loader) openings() ([]openingRow, error) {
	return collect(l, func(scan db.Scan, o *openingRow) error {
		r := &o.rule
		var days, minute *int
		err := scan(&o.counter, &r.Weekday, &r.From, &r.To, &r.ValidFrom, &r.ValidUntil,
			&r.EveryWeeks, &r.Interval, &r.Internal, &r.OnHolidays, &days, &minute)
		if days != nil && minute != nil {
			r.Release = &slot.Release{Days: *days, Minute: *minute}
		}
		return err
	}, `SELECT o.counter_id, o.weekday, o.from_minute, o.to_minute, o.valid_from, o.valid_until,
			o.every_weeks, o.slot_interval, o.internal, o.on_holidays, o.release_days, o.release_minute
		FROM opening o JOIN counter c ON c.id = o.counter_id JOIN location l ON l.id = c.location_id
		WHERE l.tenant_id = $1 ORDER BY o.counter_id, o.position`)
}

func (l loader) closures() ([]closureRow, error) {
	return collect(l, func(scan db.Scan, c *closureRow) error {
		return scan(&c.location, &c.counter, &c.time.FromDate, &c.time.FromMinute, &c.time.UntilDate, &c.time.UntilMinute)
	}, `SELECT COALESCE(location_id, ''), COALESCE(counter_id, ''), from_date, from_minute, until_date, until_minute
		FROM closure WHERE tenant_id = $1 ORDER BY id`)
}

// into is a step that puts the result of a query into dest.
func into[T any](dest *T, read func() (T, error)) func() error {
	return func() error {
		v, err := read()
		*dest = v
		return err
	}
}

// collect reads the rows of a query about the tenant.
func collect[T any](l loader, row func(db.Scan, *T) error, query string) ([]T, error) {
	return db.Collect(l.ctx, l.tx, func(scan db.Scan) (T, error) {
		var v T
		err := row(scan, &v)
		return v, err
	}, query, l.tenant)
}
