// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
	"vorzimmer/internal/message/smtp"
	"vorzimmer/internal/seal"
)

// nobody is a port of this machine on which nothing listens.
var nobody = smtp.Config{Host: "127.0.0.1", Port: 1, TLS: smtp.TLSNone, From: "termine@example.org"}

func TestPauseGrowsUntilThreeDays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		w := p.worker(p.smtp(t, nobody))
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		base := message.FirstPause
		var last stored
		for attempt := int64(1); ; attempt++ {
			now := p.Clock.Now()
			step(t, w, 0)
			last = p.rows(t)[0]
			if last.attempts != attempt {
				t.Fatalf("%d attempts, want %d", last.attempts, attempt)
			}
			if last.state == "failed" {
				break
			}
			due := time.Unix(last.due, 0)
			if pause := due.Sub(now); pause < base*3/4-time.Second || pause > base {
				t.Errorf("pause after attempt %d is %v, want up to a quarter less than %v", attempt, pause, base)
			}
			p.Clock.Set(due.Add(-time.Second))
			step(t, w, 0)
			if again := p.rows(t)[0].attempts; again != attempt {
				t.Fatalf("tried before it was due: %d attempts", again)
			}
			p.Clock.Set(due)
			base = min(2*base, message.Longest)
		}
		if age := p.Clock.Now().Sub(dbtest.Start); age < message.MaxAge || age > message.MaxAge+message.Longest {
			t.Errorf("given up after %v", age)
		}
		if !strings.Contains(last.problem, "connection refused") || last.sealed == nil {
			t.Errorf("problem %q, content kept: %v", last.problem, last.sealed != nil)
		}
	})
}

// Each case is the answer of the mail server to two mails of an appointment,
// until it changes its mind.
func TestRefusals(t *testing.T) {
	cases := []struct {
		name, command string
		code          int
		state         string // of the first mail afterwards
		sent          int    // mails sent at once
	}{
		{"greylisting", mailtest.RCPT, 451, "queued", 0},
		{"no such mailbox", mailtest.RCPT, 550, "failed", 0},
		{"content refused for now", mailtest.DATA, 452, "queued", 0},
		{"content refused", mailtest.DATA, 554, "failed", 0},
		{"sender refused", mailtest.MAIL, 550, "queued", 0},
		{"login wanted", mailtest.RCPT, 530, "queued", 0},
		{"accepted", mailtest.RCPT, 0, "sent", 2},
	}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p.Exec(t, "DELETE FROM message")
				server := mailtest.Start(t, mailtest.StartTLS)
				server.Refuse(c.command, c.code, "<"+address+"> says no")
				w := p.worker(p.smtp(t, server.Config()))
				p.enqueue(t, "a1", message.ToCitizen, message.Booked)
				p.enqueue(t, "a1", message.ToCitizen, message.Moved)
				step(t, w, c.sent)
				first, second := p.rows(t)[0], p.rows(t)[1]
				if first.state != c.state || first.attempts != 1 {
					t.Errorf("state %s after %d attempts, want %s", first.state, first.attempts, c.state)
				}
				if (first.problem == "") != (c.code == 0) || strings.Contains(first.problem, "@") {
					t.Errorf("problem is %q", first.problem)
				}
				// The second waits for a first that is tried again, not for one given up.
				if waits := second.attempts == 0; waits != (c.state == "queued") {
					t.Errorf("second mail tried %d times", second.attempts)
				}
				server.Refuse(c.command, 0, "")
				p.Clock.Advance(message.FirstPause)
				step(t, w, map[string]int{"queued": 2, "failed": 0, "sent": 0}[c.state])
			})
		}
		if strings.Contains(p.log.String(), "@") {
			t.Error("the log names an address")
		}
	})
}

// What cannot be opened is never sent; whether it is tried again depends on
// why.
func TestKeys(t *testing.T) {
	cases := []struct {
		name  string
		open  message.OpenKey
		state string
	}{
		{"another key", func(context.Context, *db.Tx, string) (*seal.Key, error) { return seal.NewKey(), nil }, "failed"},
		{"destroyed", func(context.Context, *db.Tx, string) (*seal.Key, error) { return nil, seal.ErrOpen }, "failed"},
		{"gone", func(context.Context, *db.Tx, string) (*seal.Key, error) {
			return nil, fault.New(fault.NotFound, "person.not_found")
		}, "failed"},
		{"for now", func(context.Context, *db.Tx, string) (*seal.Key, error) {
			return nil, errors.New("trouble of " + address)
		}, "queued"},
	}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		for _, c := range cases {
			t.Run(c.name, func(t *testing.T) {
				p.Exec(t, "DELETE FROM message")
				captured := p.capture(t)
				p.enqueue(t, "a1", message.ToCitizen, message.Booked)
				step(t, message.NewWorker(p.DB, c.open, captured, p.logger()), 0)
				r := p.rows(t)[0]
				if r.state != c.state || r.problem == "" || strings.Contains(r.problem, "@") {
					t.Errorf("state %s, problem %q", r.state, r.problem)
				}
				if n := len(captured.List()); n != 0 {
					t.Errorf("%d mails sent", n)
				}
			})
		}
	})
}
