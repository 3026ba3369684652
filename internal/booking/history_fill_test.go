// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"strconv"
	"strings"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/slot"
)

// withHistory are the tables that grow with every appointment.
var withHistory = []string{"appointment", "appointment_service", "claim", "message", "person", "person_token",
	"revision", "secret", "account_appointment"}

// fillBatch makes COUNT appointments with all that hangs on them, in an order
// that the foreign keys allow: one at each of the four counters every STEP
// ticks, from FIRST on. References begin with a letter, so that a new one, of
// eight random digits, never meets one of them: that costs another try, one
// time in a hundred where a million are taken. What is sealed may be anything.
var fillBatch = []string{
	`CREATE TEMP TABLE batch AS
		WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < COUNT),
			place(k, counter, location) AS (SELECT ROW_NUMBER() OVER (ORDER BY id) - 1, id, location_id FROM counter)
		SELECT 'PREFIX-0000-7000-8000-0000' || CAST(10000000 + i AS TEXT) AS id,
			'LETTER' || SUBSTR(CAST(10000000 + i AS TEXT), 2) AS reference, counter, location, FIRST + i / 4 * STEP AS tick
		FROM n JOIN place ON k = i % 4`,
	`INSERT INTO person (id, tenant_id, created, sealed_key, sealed)
		SELECT id, 'kleinstadt', tick * 300, randomblob(61), randomblob(180) FROM batch`,
	`INSERT INTO person_token (tenant_id, kind, token, person_id)
		SELECT 'kleinstadt', kind, randomblob(32), id
		FROM batch CROSS JOIN (SELECT 'email' AS kind UNION ALL SELECT 'phone') AS two`,
	`INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state, lang,
			start_tick, ticks, minutes, until, extensions, sequence, created, changed)
		SELECT id, 'kleinstadt', location, counter, id, reference, 'confirmed', 'de', tick, 3, 15, 0, 0, 0, tick * 300, tick * 300
		FROM batch`,
	`INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
		SELECT batch.id, 0, service.id, 1, 15 FROM batch JOIN service ON service.key = 'ausweis'`,
	`INSERT INTO claim (counter_id, tick, owner, kind, until)
		SELECT counter, tick + k, id, 'appointment', FOREVER
		FROM batch CROSS JOIN (SELECT 0 AS k UNION ALL SELECT 1 UNION ALL SELECT 2) AS three`,
	`INSERT INTO secret (hash, appointment_id, channel, created)
		SELECT randomblob(32), id, 'page', tick * 300 FROM batch`,
	`INSERT INTO account (id, tenant_id, created, used, lang, token, sealed)
		SELECT id, 'kleinstadt', tick * 300, tick * 300, 'de', randomblob(32), randomblob(180) FROM batch`,
	`INSERT INTO account_appointment (appointment_id, account_id) SELECT id, id FROM batch`,
	`INSERT INTO message (id, tenant_id, appointment_id, person_id, recipient, kind, state, attempts, due, created, sent, problem)
		SELECT id, 'kleinstadt', id, id, 'citizen', 'booked', 'sent', 1, tick * 300, tick * 300, tick * 300, '' FROM batch`,
	`INSERT INTO revision (location_id, day, n)
		SELECT location, tick / 288, 3 FROM batch GROUP BY 1, 2 ON CONFLICT DO NOTHING`,
	`DROP TABLE batch`,
}

// fillBefore makes filling quick in the one session that writes. On PostgreSQL
// it also keeps everyone off who reads in the background and would be counted,
// and adds the one function of SQLite's that fillBatch uses.
var fillBefore = map[string][]string{
	"sqlite": {`PRAGMA cache_size = -200000`}, // KiB
	"postgres": {
		`SET session_replication_role = replica`, // foreign keys are not checked
		`DO $$ DECLARE t TEXT; BEGIN
			FOR t IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' LOOP
				EXECUTE 'ALTER TABLE ' || t || ' SET (autovacuum_enabled = off, toast.autovacuum_enabled = off)';
			END LOOP; END $$`,
		`CREATE FUNCTION randomblob(n INTEGER) RETURNS BYTEA VOLATILE LANGUAGE sql AS $$
			SELECT SUBSTRING(DECODE(REPEAT(REPLACE(CAST(gen_random_uuid() AS TEXT), '-', ''), 16), 'hex') FROM 1 FOR n) $$`,
	},
}

// fillAfter does what the autovacuum would do soon. ANALYZE is enough: without
// VACUUM, PostgreSQL looks at a row where an index alone would do, so this
// counts rather more than a server reads that has run for a while.
var fillAfter = map[string][]string{"postgres": {`ANALYZE`}}

// tenYears is the time over which a past is spread, in ticks, of which a day
// has 288.
const tenYears = 3650 * 288

// grow gives the town n past appointments, and four hundred that are to come:
// so few that PostgreSQL looks for them in the index also where the past is
// short, instead of reading the whole table. After that the database has to be
// opened again.
func (w *town) grow(n int) {
	w.Helper()
	engine := w.Env.DB.Engine()
	for _, q := range fillBefore[engine] {
		w.exec(q)
	}
	step := 4 * tenYears / n
	if step < 3 {
		w.Fatalf("ten years are too short for %d appointments of three ticks at four counters", n)
	}
	today := int(slot.TickOf(dbtest.Start.Unix())) / 288 * 288
	w.fill(n, "01800000", "a", today-tenYears, step)
	w.fill(400, "01900000", "b", today+2*288, 150)
	for _, q := range fillAfter[engine] {
		w.exec(q)
	}
}

func (w *town) fill(n int, prefix, letter string, first, step int) {
	w.Helper()
	values := strings.NewReplacer("COUNT", strconv.Itoa(n), "PREFIX", prefix, "LETTER", letter,
		"FIRST", strconv.Itoa(first), "STEP", strconv.Itoa(step), "FOREVER", strconv.FormatInt(slot.Forever, 10))
	for _, q := range fillBatch {
		w.exec(values.Replace(q))
	}
}
