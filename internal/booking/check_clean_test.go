// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
)

// CheckClean fails a test if anything is wrong in a database. Warnings are
// only logged.
func CheckClean(t *testing.T, d *db.DB, key *seal.Key) {
	t.Helper()
	for _, f := range findings(t, d, key) {
		if f.Warning {
			t.Logf("warning: %s: %s", f.Row, f.Key)
		} else {
			t.Errorf("wrong: %s: %s", f.Row, f.Key)
		}
	}
}

func findings(t *testing.T, d *db.DB, key *seal.Key) []booking.Finding {
	t.Helper()
	var all []booking.Finding
	if _, err := booking.Check(t.Context(), d, key, func(f booking.Finding) { all = append(all, f) }); err != nil {
		t.Fatal(err)
	}
	return all
}

// keyed is a town with room for many appointments and, in the same database,
// another town, nachbarort.
type keyed struct {
	*town
	last int // times that next gave out
}

func newKeyed(t *testing.T, e *dbtest.Env) *keyed {
	t.Helper()
	w := &keyed{town: newTown(t, e)}
	w.exec("UPDATE tenant SET unverified_per_address = 10000, active_per_person = 10000, revision = revision + 1")
	officetest.ImportFile(t, e, w.kek, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: nachbarort"), 1))
	return w
}

// next is a time at which nobody has come yet.
func (w *keyed) next() int64 {
	days := []int{8, 9, 10, 11, 14, 15, 16, 17, 18, 21, 22}
	at := at(days[w.last/16], 8, 15*(w.last%16))
	w.last++
	return at
}

// booked is the id of a new appointment.
func (w *keyed) booked() string {
	w.Helper()
	return w.view(w.book("meldung", w.next())).ID
}

// held is the id of a new hold.
func (w *keyed) held() string {
	w.Helper()
	return w.view(w.mustHold("meldung", w.next())).ID
}

// overbooked is the id of an appointment beyond capacity.
func (w *keyed) overbooked() string {
	w.Helper()
	return w.text("SELECT MIN(id) FROM appointment WHERE overbooked IS NOT NULL")
}

// list is the row of a list that an office gets.
func (w *keyed) list(state string, sealed []byte) string {
	w.Helper()
	w.exec(`INSERT INTO message (id, tenant_id, location_id, day, until, recipient, kind, state, attempts, due, created, problem, sealed)
		SELECT $1, $2, $3, COUNT(*), $4, 'office', 'day_list', $5, 0, $6, $6, '', $7 FROM message`,
		"list-"+state, w.tenant, w.place("rathaus").ID, w.Clock.Now().Unix()+3600, state, w.Clock.Now().Unix(), sealed)
	return "message list-" + state
}

// toAccount is the row of a mail about a citizen's account.
func (w *keyed) toAccount(id string, key *seal.Key) {
	w.Helper()
	w.ofTenant(id, message.ToAccount, "queued", key.Seal([]byte("{}"), message.Bound(id)))
}

// ofTenant is the row of a mail that belongs to the tenant alone.
func (w *keyed) ofTenant(id string, to message.Recipient, state string, sealed []byte) string {
	w.Helper()
	w.exec(`INSERT INTO message (id, tenant_id, recipient, kind, state, attempts, due, created, problem, sealed)
		VALUES ($1, $2, $3, 'some', $4, 0, $5, $5, '', $6)`, id, w.tenant, string(to), state, w.Clock.Now().Unix(), sealed)
	return "message " + id
}

// keptHold is a legal hold as it should be, and over.
func (w *keyed) keptHold(id, person string) {
	w.Helper()
	w.exec("INSERT INTO legal_hold (id, tenant_id, person_id, staff_id, created, until, sealed) VALUES ($1, $2, $3, 'x', 0, 1, $4)",
		id, w.tenant, person, w.personKey(person).Seal([]byte("Klage"), "person/"+person+"/hold/"+id))
}

// posted is the id of a new appointment whose mails have been sent.
func (w *keyed) posted() string {
	w.Helper()
	id := w.booked()
	w.exec("UPDATE message SET state = 'sent', sealed = NULL WHERE appointment_id = $1", id)
	return id
}

// link is the newest secret that went to a mailbox.
func (w *keyed) link() seal.Secret {
	w.Helper()
	var s seal.Secret
	for len(w.links) > 0 {
		s = <-w.links
	}
	return s
}

// text is a single value of the database.
func (w *keyed) text(query string, args ...any) string {
	w.Helper()
	var s string
	w.One(w.T, &s, query, args...)
	return s
}

// mail is the id of the first message of an appointment to the citizen.
func (w *keyed) mail(appointment string) string {
	w.Helper()
	return w.text("SELECT MIN(id) FROM message WHERE appointment_id = $1 AND recipient = 'citizen'", appointment)
}

// person is the id of an appointment's person.
func (w *keyed) person(appointment string) string {
	w.Helper()
	return w.text("SELECT person_id FROM appointment WHERE id = $1", appointment)
}
