// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"net"
	"sync"

	gosmtp "github.com/emersion/go-smtp"
)

// mailbox is a mail server on a loopback port that takes everything, counts it
// by recipient and keeps nothing.
type mailbox struct {
	server *gosmtp.Server
	port   int
	more   chan struct{} // a mail has come

	mu    sync.Mutex
	count map[string]int // recipient -> mails
	total int
}

func openMailbox() (*mailbox, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("open mailbox: %w", err)
	}
	m := &mailbox{port: l.Addr().(*net.TCPAddr).Port, more: make(chan struct{}, 1), count: map[string]int{}}
	m.server = gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) {
		return &delivery{box: m}, nil
	}))
	m.server.Domain = "mail.example.org"
	go func() { _ = m.server.Serve(l) }() // a mail that cannot be delivered is missing in the end
	return m, nil
}

// wait returns when so many mails have come, or ctx has ended.
func (m *mailbox) wait(ctx context.Context, n int) {
	for {
		m.mu.Lock()
		enough := m.total >= n
		m.mu.Unlock()
		if enough {
			return
		}
		select {
		case <-m.more:
		case <-ctx.Done():
			return
		}
	}
}

// counts is how many mails each recipient has got so far.
func (m *mailbox) counts() map[string]int {
	m.mu.Lock()
	defer m.mu.Unlock()
	return maps.Clone(m.count)
}

func (m *mailbox) close() { _ = m.server.Close() }

// delivery is one client's conversation.
type delivery struct {
	box *mailbox
	to  string
}

// Mail begins a mail.
func (d *delivery) Mail(string, *gosmtp.MailOptions) error { return nil }

// Rcpt notes for whom it is; the program writes each mail to one.
func (d *delivery) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	d.to = to
	return nil
}

// Data takes the mail.
func (d *delivery) Data(r io.Reader) error {
	if _, err := io.Copy(io.Discard, r); err != nil {
		return err
	}
	d.box.mu.Lock()
	d.box.count[d.to]++
	d.box.total++
	d.box.mu.Unlock()
	select {
	case d.box.more <- struct{}{}:
	default: // somebody will look anyway
	}
	return nil
}

// Reset ends a mail.
func (d *delivery) Reset() { d.to = "" }

// Logout ends the conversation.
func (d *delivery) Logout() error { return nil }
