// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"context"
	"testing"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
)

// Run sends when it is woken, and when it has to end it finishes the mail in
// hand and starts no other.
func TestRun(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		server := mailtest.Start(t, mailtest.StartTLS)
		w := p.worker(p.smtp(t, server.Config()))
		ctx, stop := context.WithCancel(t.Context())
		ended := make(chan struct{})
		go func() { w.Run(ctx); close(ended) }()

		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		w.Wake()
		w.Wake() // never waits
		<-server.Arrived

		release := server.Hold()
		defer release()
		p.enqueue(t, "a2", message.ToCitizen, message.Booked)
		p.enqueue(t, "a2", message.ToOffice, message.Booked)
		w.Wake()
		<-server.Arrived
		stop()
		release()
		<-ended

		if n := len(server.Mails()); n != 2 {
			t.Errorf("server took %d mails, want 2", n)
		}
		states := map[string]int{}
		for _, r := range p.rows(t) {
			states[r.state]++
		}
		if states["sent"] != 2 || states["queued"] != 1 {
			t.Errorf("states are %v", states)
		}
	})
}

func TestRunEndsAtOnceWithoutWork(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		ctx, stop := context.WithCancel(t.Context())
		stop()
		p := newPost(t, e)
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		c := p.capture(t)
		p.worker(c).Run(ctx)
		if n := len(c.List()); n != 0 {
			t.Errorf("%d mails sent after the end", n)
		}
	})
}
