// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

// Finding is one thing that Check found.
type Finding struct {
	Key     string // of the text that says what it is
	Warning bool   // unfortunate, but no promise is broken
	Row     string // table and key of the row, never personal data
}

// Counts tells how many rows Check has seen.
type Counts struct{ Appointments, Claims, Persons, Messages int }

// Check proves over a whole database that what this package promises is so,
// and reports each row where it is not: claims, frozen durations, persons,
// notes, merges and legal holds, messages, and that every sealed value opens with the
// installation's key. A fault that is only the consequence of a reported one is
// not reported again. Sessions are left out: they open with nothing but the
// visitor's cookie.
//
// It only reads, in many short transactions, and may run beside the service:
// whatever has to agree is read in one of them. The error is the database's.
func Check(ctx context.Context, d *db.DB, key *seal.Key, report func(Finding)) (Counts, error) {
	c := &checker{db: d, key: key, report: report, offices: office.NewStore(), tenants: map[string]*seal.Key{}}
	for _, pass := range []func(context.Context) error{
		c.checkInstallation, c.checkTenants, c.checkAppointments, c.checkPersons, c.checkStaff,
		c.checkNotes, c.checkMerges, c.checkHolds,
	} {
		if err := pass(ctx); err != nil {
			return c.counts, err
		}
	}
	return c.counts, nil
}

// checker is one run of Check.
type checker struct {
	db      *db.DB
	key     *seal.Key // the installation's
	report  func(Finding)
	offices *office.Store
	tenants map[string]*seal.Key // by tenant; nil for one that does not open
	counts  Counts
}

func (c *checker) wrong(what, table, id string) {
	c.report(Finding{Key: "operator.check." + what, Row: table + " " + id})
}

func (c *checker) warn(what, table, id string) {
	c.report(Finding{Key: "operator.check." + what, Row: table + " " + id, Warning: true})
}

func (c *checker) checkInstallation(ctx context.Context) error {
	err := office.CheckKey(ctx, c.db, c.key)
	if db.IsNoRows(err) || fault.Of(err) == fault.Conflict {
		c.wrong("installation_key", "installation", "1")
		return nil
	}
	return err
}

func (c *checker) checkTenants(ctx context.Context) error {
	return c.db.Read(ctx, func(tx *db.Tx) error {
		ids, err := c.offices.Tenants(ctx, tx)
		if err != nil {
			return err
		}
		for _, id := range ids {
			if _, err := c.tenantKey(ctx, tx, id); err != nil {
				return err
			}
		}
		return nil
	})
}

// checkBatch bounds memory, and how long a transaction lasts.
const checkBatch = 500

// stretch is a part of a table in the order of ids: those behind after, up to
// last. An empty one is no bound, so that all stretches together also cover
// rows whose id points nowhere.
type stretch struct{ after, last string }

// stretches calls read with one stretch after another, each in a transaction
// of its own. read narrows the stretch to what it has read.
func (c *checker) stretches(ctx context.Context, read func(*db.Tx, *stretch) error) error {
	for s := (stretch{}); ; s = (stretch{after: s.last}) {
		if err := c.db.Read(ctx, func(tx *db.Tx) error { return read(tx, &s) }); err != nil {
			return err
		}
		if s.last == "" {
			return nil
		}
	}
}

// of is the condition that a column lies in the stretch, with its arguments.
func (s *stretch) of(column string) (string, []any) {
	switch {
	case s.after == "" && s.last == "":
		return "1 = 1", nil
	case s.after == "":
		return column + " <= $1", []any{s.last}
	case s.last == "":
		return column + " > $1", []any{s.after}
	}
	return column + " > $1 AND " + column + " <= $2", []any{s.after, s.last}
}

// each runs a query and hands on its rows one by one. %s in the query is the
// condition on the column.
func (s *stretch) each(ctx context.Context, tx *db.Tx, column, query string, row func(db.Scan) error) error {
	where, args := s.of(column)
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) { return struct{}{}, row(scan) },
		fmt.Sprintf(query, where), args...)
	return err
}
