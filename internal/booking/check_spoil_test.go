// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

// spoiling is a way to break a database. do returns the row that is then found
// under the key.
type spoiling struct {
	key, how string
	do       func(w *keyed) string
}

const checkKey = "operator.check."

// Most ways are one statement about one row, which gets its id: an appointment
// that is booked, one that is held, and the first mail about one, which waits
// or has been sent.
func toBooked(query string) func(*keyed) string {
	return to("appointment", (*keyed).booked, query)
}

func toHold(query string) func(*keyed) string {
	return to("appointment", (*keyed).held, query)
}

func toMail(query string) func(*keyed) string {
	return to("message", func(w *keyed) string { return w.mail(w.booked()) }, query)
}

func toPosted(query string) func(*keyed) string {
	return to("message", func(w *keyed) string { return w.mail(w.posted()) }, query)
}

func to(table string, newRow func(*keyed) string, query string) func(*keyed) string {
	return func(w *keyed) string {
		id := newRow(w)
		w.exec(query, id)
		return table + " " + id
	}
}

// spoilings breaks every promise. Each uses an appointment of its own, so that
// one after the other can break the same database.
var spoilings = []spoiling{
	{checkKey + "claim_missing", "one tick", toBooked("DELETE FROM claim WHERE owner = $1 AND tick = (SELECT MIN(tick) FROM claim WHERE owner = $1)")},
	{checkKey + "claim_missing", "a hold's", toHold("DELETE FROM claim WHERE owner = $1")},
	{checkKey + "claim_extra", "the tick after", toBooked(`INSERT INTO claim (counter_id, tick, owner, kind, until)
		SELECT counter_id, MAX(tick) + 1, owner, kind, until FROM claim WHERE owner = $1 GROUP BY counter_id, owner, kind, until`)},
	{checkKey + "claim_counter", "another location's", func(w *keyed) string {
		id := w.booked()
		w.exec("UPDATE claim SET counter_id = $2 WHERE owner = $1", id, w.north("counter"))
		return "appointment " + id
	}},
	{checkKey + "claim_kind", "a hold for what is booked", toBooked("UPDATE claim SET kind = 'hold' WHERE owner = $1")},
	{checkKey + "claim_kind", "booked, with an end", toBooked("UPDATE claim SET until = until - 1 WHERE owner = $1")},
	{checkKey + "claim_kind", "booked, but run out", toBooked("UPDATE claim SET until = 1 WHERE owner = $1")},
	{checkKey + "claim_kind", "a hold longer than it should be", toHold("UPDATE claim SET until = until + 60 WHERE owner = $1")},
	{checkKey + "claim_run_out", "a hold", func(w *keyed) string {
		id := w.held()
		w.exec("UPDATE appointment SET until = $2 WHERE id = $1", id, w.Clock.Now().Unix())
		return "appointment " + id
	}},
	{checkKey + "claim_over", "cancelled", func(w *keyed) string {
		id := w.held()
		w.exec("UPDATE appointment SET state = 'cancelled', person_id = $2 WHERE id = $1", id, w.person(w.booked()))
		return "appointment " + id
	}},
	{checkKey + "claim_over", "expired", func(w *keyed) string {
		id := w.held()
		w.exec("UPDATE appointment SET state = 'expired', person_id = $2 WHERE id = $1", id, w.person(w.booked()))
		return "appointment " + id
	}},
	{checkKey + "owner", "a claim", func(w *keyed) string {
		counter := w.north("counter")
		w.exec("INSERT INTO claim (counter_id, tick, owner, kind, until) VALUES ($1, 1, 'nobody', 'cooldown', 2)", counter)
		return "claim " + counter + "/1"
	}},
	{checkKey + "owner", "a message", func(w *keyed) string {
		m := w.mail(w.posted())
		w.unreferenced("UPDATE message SET appointment_id = 'nobody' WHERE id = $1", m)
		return "message " + m
	}},
	{checkKey + "owner", "a service", func(w *keyed) string {
		w.unreferenced(`INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
			VALUES ('nobody', 0, $1, 1, 1)`, w.neighbour("service"))
		return "appointment_service nobody"
	}},
	{checkKey + "state", "an unknown one", toBooked("UPDATE appointment SET state = 'lost' WHERE id = $1")},
	{checkKey + "visit", "arrived, and nobody knows when", toBooked("UPDATE appointment SET state = 'arrived' WHERE id = $1")},
	{checkKey + "visit", "called to nowhere", toBooked("UPDATE appointment SET state = 'called', arrived = 1, called = 1 WHERE id = $1")},
	{checkKey + "visit", "called to another location", func(w *keyed) string {
		id := w.booked()
		w.exec("UPDATE appointment SET state = 'called', arrived = 1, called = 1, called_counter = $2 WHERE id = $1", id, w.north("counter"))
		return "appointment " + id
	}},
	{checkKey + "visit", "served without a call", toBooked("UPDATE appointment SET state = 'served', arrived = 1, finished = 1 WHERE id = $1")},
	{checkKey + "visit", "booked and seen", toBooked("UPDATE appointment SET arrived = 1 WHERE id = $1")},
	{checkKey + "overbooked", "at a counter that is open", func(w *keyed) string {
		id := w.booked()
		w.exec("UPDATE appointment SET overbooked = $2 WHERE id = $1", id,
			w.personKey(w.person(id)).Seal([]byte("Notfall"), "appointment/"+id+"/overbooked"))
		return "appointment " + id
	}},
	{checkKey + "reason", "of another row", func(w *keyed) string {
		id := w.overbooked()
		w.exec("UPDATE appointment SET overbooked = $2 WHERE id = $1", id,
			w.personKey(w.person(id)).Seal([]byte("Notfall"), "appointment/nobody/overbooked"))
		return "appointment " + id
	}},
	{checkKey + "claim_missing", "served", func(w *keyed) string {
		id := w.booked()
		w.exec(`UPDATE appointment SET state = 'served', arrived = 1, called = 1, finished = 1, called_counter = counter_id
			WHERE id = $1`, id)
		w.exec("DELETE FROM claim WHERE owner = $1", id)
		return "appointment " + id
	}},
	{checkKey + "person", "none", func(w *keyed) string {
		id := w.alsoHeld(w.booked())
		w.exec("UPDATE appointment SET person_id = NULL WHERE id = $1", id)
		return "appointment " + id
	}},
	{checkKey + "person_alone", "without an appointment", func(w *keyed) string {
		return "person " + w.alone(w.tenant)
	}},
	{checkKey + "person", "deleted", func(w *keyed) string {
		id := w.alsoHeld(w.booked())
		w.unreferenced("UPDATE appointment SET person_id = 'nobody' WHERE id = $1", id)
		return "appointment " + id
	}},
	{checkKey + "person", "of another tenant", func(w *keyed) string {
		id := w.alsoHeld(w.booked())
		w.exec("UPDATE appointment SET person_id = $2 WHERE id = $1", id, w.alone("nachbarort"))
		return "appointment " + id
	}},
	{checkKey + "account_appointment", "of another tenant", func(w *keyed) string {
		id := w.booked()
		w.exec("INSERT INTO account_appointment (appointment_id, account_id) VALUES ($1, $2)", id, w.account("nachbarort", "foreign"))
		return "account_appointment " + id
	}},
	{checkKey + "owner", "an account's", func(w *keyed) string {
		w.unreferenced("INSERT INTO account_appointment (appointment_id, account_id) VALUES ('nobody', $1)", w.account(w.tenant, "own"))
		return "account_appointment nobody"
	}},
	{checkKey + "message_sealed", "about an account, of another key", func(w *keyed) string {
		w.toAccount("wrong", seal.NewKey())
		return "message wrong"
	}},
	{checkKey + "message_sealed", "to the controller, of another key", func(w *keyed) string {
		return w.ofTenant("wrong-controller", message.ToController, "queued", seal.NewKey().Seal([]byte("{}"), message.Bound("wrong-controller")))
	}},
	{checkKey + "message_kept", "to the controller", func(w *keyed) string {
		return w.ofTenant("kept-controller", message.ToController, "sent", []byte("x"))
	}},
	{checkKey + "message_empty", "to the operator, before it was sent", func(w *keyed) string {
		return w.ofTenant("empty-operator", message.ToOperator, "queued", nil)
	}},
	{checkKey + "token", "of another tenant", func(w *keyed) string {
		p := w.person(w.booked())
		w.exec("UPDATE person_token SET tenant_id = 'nachbarort' WHERE person_id = $1", p)
		return "person_token " + p
	}},
	{checkKey + "token", "of a person who was deleted", func(w *keyed) string {
		w.unreferenced("INSERT INTO person_token (tenant_id, kind, token, person_id) VALUES ($1, 'email', $2, 'nobody')", w.tenant, []byte{1})
		return "person_token nobody"
	}},
	{checkKey + "legal_hold", "of another row", func(w *keyed) string {
		p := w.person(w.booked())
		w.keptHold("swapped", p)
		w.exec("UPDATE legal_hold SET sealed = (SELECT sealed FROM person WHERE id = $1) WHERE id = 'swapped'", p)
		return "legal_hold swapped"
	}},
	{checkKey + "legal_hold", "of another tenant", func(w *keyed) string {
		w.keptHold("foreign", w.person(w.booked()))
		w.exec("UPDATE legal_hold SET tenant_id = 'nachbarort' WHERE id = 'foreign'")
		return "legal_hold foreign"
	}},
	{checkKey + "legal_hold", "of a person who was deleted", func(w *keyed) string {
		w.keptHold("orphan", w.person(w.booked()))
		w.unreferenced("UPDATE legal_hold SET person_id = 'nobody' WHERE id = 'orphan'")
		return "legal_hold orphan"
	}},
	{checkKey + "place", "a counter elsewhere", func(w *keyed) string {
		id := w.booked()
		w.exec("UPDATE appointment SET location_id = $2 WHERE id = $1", id, w.north("location"))
		return "appointment " + id
	}},
	{checkKey + "place", "a location of another tenant", func(w *keyed) string {
		id := w.booked()
		w.exec("UPDATE appointment SET location_id = $2 WHERE id = $1", id, w.neighbour("location"))
		return "appointment " + id
	}},
	{checkKey + "service", "of another tenant", func(w *keyed) string {
		id := w.booked()
		w.exec("UPDATE appointment_service SET service_id = $2 WHERE appointment_id = $1", id, w.neighbour("service"))
		return "appointment " + id
	}},
	{checkKey + "no_service", "deleted", toBooked("DELETE FROM appointment_service WHERE appointment_id = $1")},
	{checkKey + "minutes", "changed", toBooked("UPDATE appointment_service SET minutes = minutes + 1 WHERE appointment_id = $1")},
	{checkKey + "ticks", "shorter", func(w *keyed) string {
		id := w.booked()
		w.exec("DELETE FROM claim WHERE owner = $1 AND tick = (SELECT MAX(tick) FROM claim WHERE owner = $1)", id)
		w.exec("UPDATE appointment SET ticks = ticks - 1 WHERE id = $1", id)
		return "appointment " + id
	}},
	{checkKey + "message_person", "another one", func(w *keyed) string {
		m, other := w.mail(w.posted()), w.booked()
		w.exec("UPDATE message SET person_id = $2 WHERE id = $1", m, w.person(other))
		return "message " + m
	}},
	{checkKey + "message_person", "another tenant", toPosted("UPDATE message SET tenant_id = 'nachbarort' WHERE id = $1")},
	{checkKey + "message_cause", "a move that was none", toMail("UPDATE message SET kind = 'moved' WHERE id = $1")},
	{checkKey + "message_cause", "told twice", func(w *keyed) string {
		m := w.mail(w.posted())
		w.exec(`INSERT INTO message (id, tenant_id, appointment_id, person_id, recipient, kind, state, attempts, due, created, problem)
			SELECT 'z' || id, tenant_id, appointment_id, person_id, recipient, kind, state, attempts, due, created, problem
			FROM message WHERE id = $1`, m)
		return "message z" + m
	}},
	{checkKey + "message_cause", "a question to the office", toPosted("UPDATE message SET kind = 'verify', recipient = 'office' WHERE id = $1")},
	{checkKey + "message_cause", "about a hold", func(w *keyed) string {
		s := w.mustHold("meldung", w.next())
		if _, err := w.SaveDetails(w.Context(), w.tenant, s, guest); err != nil {
			w.Fatal(err)
		}
		hold, m := w.view(s).ID, w.mail(w.posted())
		w.exec("UPDATE message SET appointment_id = $2, person_id = $3 WHERE id = $1", m, hold, w.person(hold))
		return "message " + m
	}},
	{checkKey + "message_state", "an unknown one", toPosted("UPDATE message SET state = 'lost' WHERE id = $1")},
	{checkKey + "message_empty", "before it was sent", toMail("UPDATE message SET sealed = NULL WHERE id = $1")},
	{checkKey + "message_kept", "after it was sent", toMail("UPDATE message SET state = 'sent' WHERE id = $1")},
	{checkKey + "message_sealed", "of another row", toMail("UPDATE message SET sealed = (SELECT sealed FROM person WHERE id = message.person_id) WHERE id = $1")},
	{checkKey + "message_sealed", "a list, of another key", func(w *keyed) string {
		return w.list("queued", seal.NewKey().Seal([]byte("{}"), "message/list-queued/mail"))
	}},
	{checkKey + "message_kept", "a list", func(w *keyed) string {
		return w.list("sent", []byte("x"))
	}},
	{checkKey + "message_sealed", "no mail", func(w *keyed) string {
		id := w.booked()
		m := w.mail(id)
		w.exec("UPDATE message SET sealed = $2 WHERE id = $1", m, w.personKey(w.person(id)).Seal([]byte("?"), "message/"+m+"/mail"))
		return "message " + m
	}},
	{checkKey + "person_key", "of another person", func(w *keyed) string {
		p := w.person(w.booked())
		w.exec("UPDATE person SET sealed_key = (SELECT sealed_key FROM person WHERE id = $2) WHERE id = $1", p, w.person(w.booked()))
		return "person " + p
	}},
	{checkKey + "person_data", "of another row", func(w *keyed) string {
		p := w.person(w.booked())
		w.exec("UPDATE person SET sealed = sealed_key WHERE id = $1", p)
		return "person " + p
	}},
	{checkKey + "person_data", "no record", func(w *keyed) string {
		p := w.person(w.booked())
		w.exec("UPDATE person SET sealed = $2 WHERE id = $1", p, w.personKey(p).Seal([]byte("?"), "person/"+p+"/data"))
		return "person " + p
	}},
	{checkKey + "installation_key", "of another row", func(w *keyed) string {
		w.exec("UPDATE installation SET key_check = (SELECT sealed_key FROM tenant WHERE id = $1)", w.tenant)
		return "installation 1"
	}},
	{checkKey + "tenant_key", "deleted with its tenant", func(w *keyed) string {
		id := w.held()
		w.unreferenced("UPDATE appointment SET tenant_id = 'nowhere' WHERE id = $1", id)
		return "tenant nowhere"
	}},
	{checkKey + "tenant_key", "of another tenant", func(w *keyed) string {
		w.alone("nachbarort")
		w.exec("UPDATE tenant SET sealed_key = (SELECT sealed_key FROM tenant WHERE id = $1) WHERE id = 'nachbarort'", w.tenant)
		return "tenant nachbarort"
	}},
}
