// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"context"
	"fmt"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

// A message that goes to another person while a worker has it in hand is sent,
// at most one lease later, whatever the worker was about to do.
func TestHandWhileItIsDelivered(t *testing.T) {
	for when := range 3 {
		t.Run(fmt.Sprintf("before step %d", when), func(t *testing.T) {
			dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
				p := newPost(t, e)
				p.Exec(t, "INSERT INTO person (id, tenant_id, created, sealed_key, sealed) VALUES ('q', 't', 0, $1, $1)", []byte{0})
				keys := map[string]*seal.Key{"p": p.key, "q": seal.NewKey()}
				mails := p.capture(t)
				w := message.NewWorker(p.DB, func(_ context.Context, _ *db.Tx, id string) (*seal.Key, error) { return keys[id], nil },
					mails, p.logger())
				p.enqueue(t, "a1", message.ToCitizen, message.Booked)
				happens := [3]func(){func() {}, func() {}, func() {}}
				happens[when] = func() {
					err := p.DB.Write(t.Context(), func(tx *db.Tx) error {
						return message.Hand(t.Context(), tx, "a1", message.Owner{PersonID: "p", Key: keys["p"]}, message.Owner{PersonID: "q", Key: keys["q"]})
					})
					if err != nil {
						t.Fatal(err)
					}
				}
				if err := w.DeliverWhile(t.Context(), happens); err != nil {
					t.Fatal(err)
				}
				p.Clock.Advance(message.Lease)
				if _, err := w.Step(t.Context()); err != nil {
					t.Fatal(err)
				}
				row := p.rows(t)[0]
				if row.state != "sent" || row.sealed != nil || len(mails.List()) != 1 {
					t.Errorf("state %s, %d mails, %s", row.state, len(mails.List()), row.problem)
				}
			})
		})
	}
}

// Messages of another appointment and of another person stay where they are,
// and so does what is already sent, but for its owner.
func TestHandOnlyWhatIsMeant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		p.Exec(t, "INSERT INTO person (id, tenant_id, created, sealed_key, sealed) VALUES ('q', 't', 0, $1, $1)", []byte{0})
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		step(t, p.worker(p.capture(t)), 1)
		p.enqueue(t, "a2", message.ToCitizen, message.Booked)
		hand := func(appointment, from, to string) {
			err := p.DB.Write(t.Context(), func(tx *db.Tx) error {
				return message.Hand(t.Context(), tx, appointment, message.Owner{PersonID: from, Key: p.key}, message.Owner{PersonID: to, Key: seal.NewKey()})
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		hand("a1", "p", "q")
		hand("a2", "q", "p") // not q's
		for _, want := range []struct{ appointment, person, state string }{{"a1", "q", "sent"}, {"a2", "p", "queued"}} {
			var n int
			p.One(t, &n, "SELECT COUNT(*) FROM message WHERE appointment_id = $1 AND person_id = $2 AND state = $3",
				want.appointment, want.person, want.state)
			if n != 1 {
				t.Errorf("%v: %d rows", want, n)
			}
		}
		step(t, p.worker(p.capture(t)), 1)
	})
}
