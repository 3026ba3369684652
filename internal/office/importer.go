// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/seal"
)

// Import writes a checked file. A tenant that exists is changed by keys: what
// the file still names keeps its id, what it no longer names is retired, since
// appointments refer to it. Overflow counters and closures of the desk, which no
// file knows, stay as they are. A new tenant gets a key of its own, wrapped by kek,
// the installation's key.
//
// It waits for running bookings at the tenant's locations, and those that come
// later see the new state. Errors are the database's.
func Import(ctx context.Context, tx *db.Tx, kek *seal.Key, f *File) error {
	i := importer{ctx: ctx, tx: tx, file: f, tenant: f.Tenant.ID}
	for _, step := range []func() error{
		func() error { return i.saveTenant(kek) },
		i.findHorizons,
		i.clear,
		i.saveLists,
		i.saveServices,
		i.saveLocations,
		i.saveCounters,
		i.saveCounterRows,
		i.saveClosures,
		i.raiseRevisions,
	} {
		if err := step(); err != nil {
			return fmt.Errorf("import tenant %s: %w", f.Tenant.ID, err)
		}
	}
	return nil
}

// importer is one run of Import, with the ids that its steps found by key.
type importer struct {
	ctx       context.Context // of this one run
	tx        *db.Tx
	file      *File
	tenant    string
	horizons  map[string]int // location id: horizon before, in days
	services  map[string]string
	locations map[string]string
	counters  map[counterKey]string
}

// counterKey is what names a counter within a tenant.
type counterKey struct{ location, counter string }

// saveTenant comes first: two imports of one tenant wait for each other here.
func (i *importer) saveTenant(kek *seal.Key) error {
	t := &i.file.Tenant
	b, c := t.Booking, t.Controller
	_, err := i.tx.Exec(i.ctx, `
		INSERT INTO tenant (id, revision, sealed_key, name, land, zone,
			controller_name, controller_street, controller_postcode, controller_city, controller_phone, controller_email,
			hold_minutes, max_extensions, confirm_email, confirm_minutes, unverified_per_address, active_per_person,
			cooldown_minutes, second_factor, statements)
		VALUES ($1, 1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)
		ON CONFLICT (id) DO UPDATE SET
			revision = tenant.revision + 1, name = excluded.name, land = excluded.land, zone = excluded.zone,
			controller_name = excluded.controller_name, controller_street = excluded.controller_street,
			controller_postcode = excluded.controller_postcode, controller_city = excluded.controller_city,
			controller_phone = excluded.controller_phone, controller_email = excluded.controller_email,
			hold_minutes = excluded.hold_minutes, max_extensions = excluded.max_extensions,
			confirm_email = excluded.confirm_email, confirm_minutes = excluded.confirm_minutes,
			unverified_per_address = excluded.unverified_per_address, active_per_person = excluded.active_per_person,
			cooldown_minutes = excluded.cooldown_minutes, second_factor = excluded.second_factor,
			statements = excluded.statements`,
		t.ID, kek.Wrap(seal.NewKey(), t.keyBound()), t.Name, t.Land, t.Zone.String(),
		c.Name, c.Street, c.Postcode, c.City, c.Phone, c.Email,
		int(b.Hold.Minutes()), b.MaxExtensions, b.ConfirmEmail, int(b.ConfirmWithin.Minutes()),
		b.UnverifiedPerAddress, b.ActivePerPerson, int(b.Cooldown.Minutes()), t.SecondFactor, t.Statements)
	return err
}

// findHorizons looks how far ahead people could book until now.
func (i *importer) findHorizons() error {
	i.horizons = map[string]int{}
	_, err := db.Collect(i.ctx, i.tx, func(scan db.Scan) (struct{}, error) {
		var id string
		var days int
		err := scan(&id, &days)
		i.horizons[id] = days
		return struct{}{}, err
	}, `SELECT id, horizon_days FROM location WHERE tenant_id = $1`, i.tenant)
	return err
}

// clear retires everything that can be booked and removes what is replaced;
// the steps after it bring back what the file names.
func (i *importer) clear() error {
	const locations = `(SELECT id FROM location WHERE tenant_id = $1)`
	const counters = `(SELECT id FROM counter WHERE location_id IN ` + locations + `)`
	for _, statement := range []string{
		`UPDATE service SET retired = TRUE WHERE tenant_id = $1`,
		`UPDATE location SET retired = TRUE WHERE tenant_id = $1`,
		`UPDATE counter SET retired = TRUE WHERE NOT overflow AND location_id IN ` + locations,
		`DELETE FROM processor WHERE tenant_id = $1`,
		`DELETE FROM retention WHERE tenant_id = $1`,
		`DELETE FROM holiday WHERE tenant_id = $1`,
		`DELETE FROM service_group WHERE tenant_id = $1`,
		`DELETE FROM closure WHERE tenant_id = $1 AND source = 'file'`,
		`DELETE FROM counter_service WHERE counter_id IN ` + counters,
		`DELETE FROM opening WHERE counter_id IN ` + counters,
	} {
		if _, err := i.tx.Exec(i.ctx, statement, i.tenant); err != nil {
			return fmt.Errorf("clear: %w", err)
		}
	}
	return nil
}

// ids reads which id a key has, for rows that were just written.
func (i *importer) ids(query string) (map[string]string, error) {
	found := map[string]string{}
	_, err := db.Collect(i.ctx, i.tx, func(scan db.Scan) (struct{}, error) {
		var key, id string
		err := scan(&key, &id)
		found[key] = id
		return struct{}{}, err
	}, query, i.tenant)
	return found, err
}

// keyBound binds a tenant's wrapped key to its row.
func (t *Tenant) keyBound() string { return "tenant/" + t.ID + "/key" }

// OpenKey unwraps the tenant's key with the installation's. The error wraps
// seal.ErrOpen if that is another one than at the first import.
func (t *Tenant) OpenKey(kek *seal.Key) (*seal.Key, error) {
	key, err := kek.Unwrap(t.SealedKey, t.keyBound())
	if err != nil {
		return nil, fmt.Errorf("open key of tenant %s: %w", t.ID, err)
	}
	return key, nil
}
