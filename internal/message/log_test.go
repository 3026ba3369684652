// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
)

// The operator reads in the log when a mail is tried again and until when,
// and of one that was given up neither.
func TestLogSaysWhenNext(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		w := p.worker(p.smtp(t, nobody))
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		step(t, w, 0)
		write := func(at time.Time) string { return at.UTC().Format("2006-01-02T15:04:05.000Z") }
		next := "next=" + write(time.Unix(p.rows(t)[0].due, 0))
		if log := p.log.String(); !strings.Contains(log, next) || !strings.Contains(log, "gives_up="+write(dbtest.Start.Add(message.MaxAge))) {
			t.Errorf("log is %q, want %s", log, next)
		}
		before := len(p.log.String())
		p.Clock.Advance(message.MaxAge)
		step(t, w, 0)
		log := p.log.String()[before:]
		if !strings.Contains(log, "state=failed") || strings.Contains(log, "next=") || strings.Contains(log, "gives_up=") {
			t.Errorf("when given up: %q", log)
		}
	})
}
