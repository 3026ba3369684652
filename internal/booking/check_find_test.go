// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"database/sql"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

// mishaps are what Check only warns of: nothing is broken, but somebody should
// know.
var mishaps = []spoiling{
	{checkKey + "message_failed", "for good", toMail("UPDATE message SET state = 'failed' WHERE id = $1")},
	{checkKey + "message_failed", "to the controller, emptied", func(w *keyed) string {
		return w.ofTenant("failed-controller", message.ToController, "failed", nil)
	}},
	{checkKey + "message_overdue", "by an hour and a second", func(w *keyed) string {
		m, punctual := w.mail(w.booked()), w.mail(w.booked())
		w.exec("UPDATE message SET due = $2 WHERE id = $1", m, w.Clock.Now().Add(-time.Hour-time.Second).Unix())
		w.exec("UPDATE message SET due = $2 WHERE id = $1", punctual, w.Clock.Now().Add(-time.Hour).Unix())
		return "message " + m
	}},
	{checkKey + "internal_hours", "on a Wednesday afternoon", func(w *keyed) string {
		return "appointment " + w.shifted(at(23, 8, 0), at(23, 14, 0))
	}},
	{"operator.unfit.hours", "at noon", func(w *keyed) string {
		return "appointment " + w.shifted(at(23, 8, 0), at(23, 12, 0))
	}},
	{"operator.unfit.closed", "for a day", func(w *keyed) string {
		id := w.view(w.book("meldung", at(24, 9, 0))).ID
		day := slot.DateOf(2026, time.September, 24)
		w.exec(`INSERT INTO closure (id, tenant_id, from_date, from_minute, until_date, until_minute, reason)
			VALUES ('closure', $1, $2, 0, $3, 0, '{}')`, w.tenant, int64(day), int64(day.AddDays(1)))
		return "appointment " + id
	}},
	{"operator.unfit.service", "retired", func(w *keyed) string {
		id := w.view(w.book("pass", w.next())).ID
		w.exec("UPDATE service SET retired = TRUE WHERE tenant_id = $1 AND key = 'pass'", w.tenant)
		return "appointment " + id
	}},
	{"operator.unfit.counter", "retired", func(w *keyed) string {
		id := w.view(w.book("trauung", at(25, 9, 0))).ID
		w.exec("UPDATE counter SET retired = TRUE WHERE id = (SELECT counter_id FROM appointment WHERE id = $1)", id)
		return "appointment " + id
	}},
	{"operator.unfit.location", "retired", func(w *keyed) string {
		start := w.next()
		s := w.book("meldung", start)
		if err := w.Move(w.Context(), w.tenant, s, "nord", start); err != nil {
			w.Fatal(err)
		}
		w.exec("UPDATE location SET retired = TRUE WHERE id = $1", w.north("location"))
		return "appointment " + w.view(s).ID
	}},
}

// Each way to break the database is found, as what it is, and nothing else.
func TestCheckFinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		before := findings(t, e.DB, w.kek)
		try := func(s spoiling, warning bool) {
			t.Run(s.key+" "+s.how, func(t *testing.T) {
				w.T = t
				row := s.do(w)
				all := findings(t, e.DB, w.kek)
				isNew := func(f booking.Finding) bool { return !slices.Contains(before, f) }
				want := booking.Finding{Key: s.key, Row: row, Warning: warning}
				if i := slices.IndexFunc(all, isNew); i < 0 || all[i] != want || len(all) != len(before)+1 {
					t.Errorf("found %v, want %v", slices.DeleteFunc(slices.Clone(all), func(f booking.Finding) bool { return !isNew(f) }), want)
				}
				before = all
			})
		}
		for _, s := range spoilings {
			try(s, false)
		}
		for _, s := range mishaps {
			try(s, true)
		}
	})
}

// With another key nothing opens, and that is said once.
func TestCheckWithAnotherKey(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newKeyed(t, e)
		w.booked()
		var keys []string
		for _, f := range findings(t, e.DB, seal.NewKey()) {
			keys = append(keys, f.Key)
		}
		if want := []string{checkKey + "installation_key", checkKey + "tenant_key", checkKey + "tenant_key"}; !slices.Equal(keys, want) {
			t.Errorf("found %q", keys)
		}
		w.exec("DELETE FROM installation")
		if all := findings(t, e.DB, w.kek); len(all) != 1 || all[0].Key != checkKey+"installation_key" {
			t.Errorf("found %v without the value that proves the key", all)
		}
	})
}

// Every text belongs to a way to break the database, and the other way round.
func TestFindingsHaveTexts(t *testing.T) {
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	tried := map[string]bool{} // at first, the command's own
	for _, key := range []string{"done", "failed", "wrong", "warning"} {
		tried[checkKey+key] = true
	}
	for _, s := range slices.Concat(spoilings, mishaps) {
		tried[s.key] = true
		if got := texts.Printer(locale.EN).T(s.key); got == "‹"+s.key+"›" {
			t.Errorf("%s has no text", s.key)
		}
	}
	content, err := os.ReadFile(filepath.Join("..", "locale", "text", "operator.en.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`(?m)^(operator\.check\.\w+):`).FindAllStringSubmatch(string(content), -1) {
		if !tried[m[1]] {
			t.Errorf("nothing here breaks the database so that %s is found", m[1])
		}
	}
}

// north is the id of the location nord or of its counter.
func (w *keyed) north(table string) string {
	w.Helper()
	if table == "location" {
		return w.text("SELECT id FROM location WHERE tenant_id = $1 AND key = 'nord'", w.tenant)
	}
	return w.text("SELECT id FROM counter WHERE location_id = $1", w.north("location"))
}

// neighbour is the id of something that the other town has as well.
func (w *keyed) neighbour(table string) string {
	w.Helper()
	key := map[string]string{"location": "rathaus", "service": "meldung"}[table]
	return w.text("SELECT id FROM "+table+" WHERE tenant_id = 'nachbarort' AND key = $1", key)
}

// alsoHeld gives the person of an appointment a hold as well, and returns the
// appointment.
func (w *keyed) alsoHeld(appointment string) string {
	w.Helper()
	w.exec("UPDATE appointment SET person_id = $2 WHERE id = $1", w.held(), w.person(appointment))
	return appointment
}

// alone is the id of a new person without appointments.
func (w *keyed) alone(tenantID string) string {
	w.Helper()
	var p *person.Person
	err := w.Env.DB.Write(w.Context(), func(tx *db.Tx) error {
		var err error
		p, err = w.Persons.Create(w.Context(), tx, tenantID, guest)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return p.ID
}

func (w *keyed) personKey(id string) *seal.Key {
	w.Helper()
	var key *seal.Key
	err := w.Env.DB.Read(w.Context(), func(tx *db.Tx) error {
		var err error
		key, err = w.Persons.Key(w.Context(), tx, id)
		return err
	})
	if err != nil {
		w.Fatal(err)
	}
	return key
}

// shifted books a time and puts the appointment at another one of the same
// counter, as if the hours had been different.
func (w *keyed) shifted(from, to int64) string {
	w.Helper()
	id := w.view(w.book("meldung", from)).ID
	w.exec("UPDATE claim SET tick = tick + $2 WHERE owner = $1", id, (to-from)/slot.TickSeconds)
	w.exec("UPDATE appointment SET start_tick = start_tick + $2 WHERE id = $1", id, (to-from)/slot.TickSeconds)
	return id
}

// unreferenced runs a statement without foreign keys, as a damaged file or a
// careless hand would.
func (w *keyed) unreferenced(query string, args ...any) {
	w.Helper()
	driver, off := "sqlite", "PRAGMA busy_timeout(10000)" // foreign keys are off by default
	if w.Env.DB.Engine() == "postgres" {
		driver, off = "pgx", "SET session_replication_role = replica"
	}
	raw, err := sql.Open(driver, w.Location)
	if err != nil {
		w.Fatal(err)
	}
	defer raw.Close()
	raw.SetMaxOpenConns(1)
	for _, step := range []func() (sql.Result, error){
		func() (sql.Result, error) { return raw.ExecContext(w.Context(), off) },
		func() (sql.Result, error) { return raw.ExecContext(w.Context(), query, args...) },
	} {
		if _, err := step(); err != nil {
			w.Fatal(err)
		}
	}
}
