// SPDX-License-Identifier: EUPL-1.2

package retention_test

import (
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
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
