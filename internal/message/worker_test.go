// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"strings"
	"sync"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
)

func TestSentOnceAndForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		c := p.capture(t)
		w := p.worker(c)
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		step(t, w, 1)
		step(t, w, 0)
		got := c.List()
		if len(got) != 1 || got[0].To != address || got[0].Subject != "booked" {
			t.Fatalf("captured %d mails: %+v", len(got), got)
		}
		r := p.rows(t)[0]
		if r.state != "sent" || r.sealed != nil || r.sent.Int64 != dbtest.Start.Unix() || r.attempts != 1 {
			t.Errorf("row is %+v", r)
		}
		if log := p.log.String(); !strings.Contains(log, r.id) || strings.Contains(log, "@") {
			t.Errorf("log is %q", log)
		}
	})
}

func TestTwoWorkersSendEachOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		// A second handle, as another process has.
		other, err := db.Open(t.Context(), e.Location, e.Clock)
		if err != nil {
			t.Fatal(err)
		}
		defer other.Close()
		const count = 20 // for each of four queues
		for range count {
			for _, a := range []string{"a1", "a2"} {
				p.enqueue(t, a, message.ToCitizen, message.Moved)
				p.enqueue(t, a, message.ToOffice, message.Moved)
			}
		}
		c := p.capture(t)
		workers := []*message.Worker{p.worker(c), message.NewWorker(other, p.openKey, c, p.logger())}
		var all sync.WaitGroup
		for _, w := range workers {
			all.Go(func() {
				if _, err := w.Step(t.Context()); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		times := map[string]int{}
		for _, m := range c.List() {
			times[m.ID]++
		}
		for _, r := range p.rows(t) {
			if times[r.id] != 1 || r.state != "sent" || r.attempts != 1 {
				t.Errorf("message %s: taken %d times, state %s, %d attempts", r.id, times[r.id], r.state, r.attempts)
			}
		}
		if len(times) != 4*count {
			t.Errorf("%d messages sent, want %d", len(times), 4*count)
		}
	})
}

// A process that dies between claim and sending delays the mail by the lease.
func TestCrashBeforeSending(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		c := p.capture(t)
		w := p.worker(c)
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		if _, err := w.ClaimNext(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.Clock.Advance(message.Lease - 1e9)
		step(t, w, 0)
		p.Clock.Advance(1e9)
		step(t, w, 1)
		step(t, w, 0)
		if n := len(c.List()); n != 1 {
			t.Errorf("%d mails, want 1", n)
		}
	})
}

// A process that dies between sending and recording makes one duplicate, which
// mail programs can tell by its Message-ID.
func TestCrashAfterSending(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		server := mailtest.Start(t, mailtest.StartTLS)
		w := p.worker(p.smtp(t, server.Config()))
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		if err := w.SendNext(t.Context()); err != nil {
			t.Fatal(err)
		}
		p.Clock.Advance(message.Lease)
		step(t, w, 1)
		p.Clock.Advance(message.MaxAge)
		step(t, w, 0)
		got := server.Mails()
		if len(got) != 2 {
			t.Fatalf("%d mails, want 2", len(got))
		}
		first, second := mailtest.Parse(t, got[0].Raw), mailtest.Parse(t, got[1].Raw)
		id := first.Header.Get("Message-Id")
		if want := "<" + p.rows(t)[0].id + "@example.org>"; id != want || second.Header.Get("Message-Id") != want {
			t.Errorf("Message-IDs are %s and %s, want %s", id, second.Header.Get("Message-Id"), want)
		}
	})
}

// A later mail waits for an earlier one of the same appointment and recipient,
// and for no other.
func TestOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		c := p.capture(t)
		w := p.worker(c)
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		claimed, err := w.ClaimNext(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		p.enqueue(t, "a1", message.ToCitizen, message.Moved)
		p.enqueue(t, "a1", message.ToCitizen, message.Cancelled)
		p.enqueue(t, "a1", message.ToOffice, message.Booked)
		p.enqueue(t, "a2", message.ToCitizen, message.Booked)
		step(t, w, 2) // the office's and the other appointment's
		if _, err := c.Get(claimed); err == nil {
			t.Error("sent what another process has in hand")
		}
		p.Clock.Advance(message.Lease)
		step(t, w, 3)
		var kinds []string
		for _, m := range c.List()[:3] { // newest first
			kinds = append(kinds, m.Subject)
		}
		if got := strings.Join(kinds, " "); got != "cancelled moved booked" {
			t.Errorf("newest first, got %s", got)
		}
	})
}
