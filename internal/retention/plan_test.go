// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/staff"
)

// A run that finds nothing to do, and the report, read a small part of what there
// is, on both engines: they come every minute, and every hour.
func TestRunReadsLittle(t *testing.T) {
	t.Parallel()
	const rows, fewPages, fewRows = 4000, 400, 100
	const key = "CAST(CAST(i AS TEXT) AS BYTEA)"
	tables := []string{"appointment", "appointment_service", "audit", "audit_also", "login", "login_address", "message", "account",
		"account_pending", "consent", "session", "person"}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.rules("login_address_days: 80") // what goes within a week is counted one by one
		w.run()
		w.copies(w.book(w.berlin("2026-10-30 09:00"), "ausweis"), rows)
		w.records(rows)
		now := w.Clock.Now().Unix()
		for _, q := range []string{
			`INSERT INTO message (id, tenant_id, recipient, kind, state, attempts, due, created, sent, problem) ` + numbers(rows) +
				`SELECT 'm' || i, $1, 'account', 'register', 'sent', 1, $2 - 5, $2, $2 + 0 * LENGTH($3), '' FROM n`,
			`INSERT INTO account (id, tenant_id, created, used, lang, token, sealed) ` + numbers(rows) +
				`SELECT 'a' || i, $1, $2, $2, 'de', ` + key + `, $3 FROM n`,
			`INSERT INTO account_pending (hash, tenant_id, until, sealed) ` + numbers(rows) + `SELECT ` + key + `, $1, $2 + 900000, $3 FROM n`,
			`INSERT INTO consent (id, tenant_id, account_id, purpose, lang, words, given) ` + numbers(rows) +
				`SELECT 'c' || i, $1, 'a' || i, 'remind_mail', 'de', '', $2 + 0 * LENGTH($3) FROM n`,
			`INSERT INTO session (hash, tenant_id, seen, sealed, created) ` + numbers(rows) + `SELECT ` + key + `, $1, $2 + 900000, $3, $2 FROM n`,
		} {
			w.exec(q, w.tenant, now, []byte("x"))
		}
		w.Clock.Advance(time.Minute)
		if e.DB.Engine() == "postgres" {
			w.exec("ANALYZE")
		}
		e.Reopen(t)
		w.start()
		for range 7 { // until PostgreSQL has settled on its plans
			w.run()
			w.report()
		}
		before := e.Reads(t, tables...)
		w.run()
		run := e.Reads(t, tables...).Since(before)
		before = e.Reads(t, tables...)
		w.report()
		report := e.Reads(t, tables...).Since(before)
		for what, r := range map[string]dbtest.Reads{"run": run, "report": report} {
			if r.Pages > fewPages || r.Rows > fewRows {
				t.Errorf("a %s reads %d pages, %d rows, with %d scans", what, r.Pages, r.Rows, r.Scans)
			}
			t.Logf("a %s reads %d pages, %d rows, with %d scans", what, r.Pages, r.Rows, r.Scans)
		}
	})
}

// Where a service is kept shorter than others, the others' appointments of the days
// between are not read.
func TestRunReadsOneService(t *testing.T) {
	t.Parallel()
	const rows, fewRows = 2000, 100
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.file(strings.NewReplacer("    minutes: 20\n", "    minutes: 20\n    sensitive: true\n"))
		v := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		ended := w.book(w.berlin("2026-09-08 09:00"), "ausweis")
		w.fine(w.Bookings.CancelFor(t.Context(), w.member(staff.Clerk), ended.ID, ended.Version))
		w.copies(v, rows)
		w.copies(ended, rows)
		w.at(w.berlin("2026-09-28 09:00"))
		if e.DB.Engine() == "postgres" {
			w.exec("ANALYZE")
		}
		e.Reopen(t)
		w.start()
		for range 7 { // until PostgreSQL has settled on its plans
			w.run()
		}
		before := e.Reads(t, "appointment", "appointment_service")
		w.run()
		if r := e.Reads(t, "appointment", "appointment_service").Since(before); r.Rows > fewRows || r.Pages > rows/10 {
			t.Errorf("a run reads %d pages, %d rows, with %d scans", r.Pages, r.Rows, r.Scans)
		}
	})
}
