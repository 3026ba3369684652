// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"bytes"
	"errors"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
)

func TestEnqueueSeals(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		r := p.rows(t)[0]
		if r.state != "queued" || r.attempts != 0 || r.due != dbtest.Start.Unix() || r.sent.Valid {
			t.Errorf("row is %+v", r)
		}
		for _, clear := range []string{address, "Guten", "booked"} {
			if bytes.Contains(r.sealed, []byte(clear)) {
				t.Errorf("%q stands in clear", clear)
			}
		}
		if _, err := p.key.Open(r.sealed, "message/"+r.id+"/mail"); err != nil {
			t.Errorf("open: %v", err)
		}
		if _, err := p.key.Open(r.sealed, "message/another/mail"); err == nil {
			t.Error("opens for another row")
		}
	})
}

// A mail exists exactly if the change that caused it committed.
func TestEnqueueRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		undone := errors.New("undone")
		err := p.DB.Write(t.Context(), func(tx *db.Tx) error {
			if err := message.Enqueue(t.Context(), tx, p.row("a1", message.ToCitizen, message.Booked)); err != nil {
				return err
			}
			return undone
		})
		if !errors.Is(err, undone) {
			t.Fatal(err)
		}
		c := p.capture(t)
		step(t, p.worker(c), 0)
		if n := len(c.List()); n != 0 {
			t.Errorf("%d mails of a change that was undone", n)
		}
	})
}
