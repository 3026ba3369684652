// SPDX-License-Identifier: EUPL-1.2

// Package capture is the transport that keeps mails in memory to be looked at,
// for demonstrations and tests. Nothing leaves the machine, and nothing
// survives a restart.
package capture

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mime"
)

// keep is how many mails are kept, the newest ones.
const keep = 200

// Captured is one mail as it would have travelled.
type Captured struct {
	ID      string // of the message
	At      time.Time
	To      string
	Subject string
	Text    string
	HTML    string
	ICS     []byte // nil: none
	Files   []message.File
	Raw     []byte // the whole mail, headers and MIME
}

// Transport keeps mails. It is safe for concurrent use.
type Transport struct {
	from  mime.Sender
	clock clock.Clock

	mu    sync.Mutex
	mails []Captured // oldest first
}

// New makes a transport that captures mails from a sender.
func New(from mime.Sender, c clock.Clock) (*Transport, error) {
	if err := from.Check(); err != nil {
		return nil, err
	}
	return &Transport{from: from, clock: c}, nil
}

// Send keeps m. Like a mail server it refuses for good what is no mail.
func (t *Transport) Send(_ context.Context, id string, m message.Mail) error {
	now := t.clock.Now()
	msg, err := mime.Build(t.from, id, now, m)
	if err != nil {
		return err
	}
	var raw bytes.Buffer
	if _, err := msg.WriteTo(&raw); err != nil {
		return fmt.Errorf("write mail: %w", err)
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.mails = append(t.mails, Captured{
		ID: id, At: now, To: m.To, Subject: m.Subject,
		Text: m.Text, HTML: m.HTML, ICS: m.Calendar, Files: m.Files, Raw: raw.Bytes(),
	})
	if extra := len(t.mails) - keep; extra > 0 {
		t.mails = slices.Delete(t.mails, 0, extra)
	}
	return nil
}

// List is all mails that are kept, newest first.
func (t *Transport) List() []Captured {
	t.mu.Lock()
	defer t.mu.Unlock()
	out := slices.Clone(t.mails)
	slices.Reverse(out)
	return out
}

// Get is the newest mail of an id. The error is of kind NotFound.
func (t *Transport) Get(id string) (Captured, error) {
	for _, m := range t.List() {
		if m.ID == id {
			return m, nil
		}
	}
	return Captured{}, fault.New(fault.NotFound, "mail.not_found")
}
