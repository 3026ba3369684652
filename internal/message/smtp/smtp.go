// SPDX-License-Identifier: EUPL-1.2

// Package smtp is the transport that hands mails to a mail server (RFC 5321).
// It opens one connection for each mail and does not retry: the worker does.
package smtp

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"time"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mime"

	gomail "github.com/wneessen/go-mail"
)

// timeout is for connecting with login, and again for handing over.
const timeout = 30 * time.Second

// Transport sends through one mail server. It is safe for concurrent use.
type Transport struct {
	config Config
	direct bool // TLS from the first byte
	clock  clock.Clock
}

// New checks the configuration. It does not connect.
func New(c Config, k clock.Clock) (*Transport, error) {
	c, err := c.check()
	if err != nil {
		return nil, err
	}
	return &Transport{config: c, direct: c.Port == tlsPort, clock: k}, nil
}

// Send hands m to the mail server. Only a refusal (5xx) of this recipient or
// this content is permanent; a refusal of connection, login or sender would
// hit every mail and is for the operator to put right, so it is temporary.
func (t *Transport) Send(ctx context.Context, id string, m message.Mail) error {
	msg, err := mime.Build(t.config.sender(), id, t.clock.Now(), m)
	if err != nil {
		return err
	}
	var open conns
	defer open.close()
	// When ctx ends, reading and writing end with the connection.
	defer context.AfterFunc(ctx, open.close)()
	client, err := t.client(&open)
	if err != nil {
		return err
	}
	session, err := client.DialToSMTPClientWithContext(ctx)
	if err != nil {
		return fmt.Errorf("connect to mail server: %w", err)
	}
	err = client.SendWithSMTPClient(session, msg)
	// The server's yes counts, whatever happens to the connection after it.
	if !msg.IsDelivered() {
		return refusal(err)
	}
	_ = session.Quit()
	return nil
}

func (t *Transport) client(open *conns) (*gomail.Client, error) {
	policy, err := t.config.policy()
	if err != nil {
		return nil, err
	}
	secure := &tls.Config{ServerName: t.config.Host, MinVersion: tls.VersionTLS12, RootCAs: t.config.RootCAs}
	options := []gomail.Option{
		gomail.WithPort(t.config.Port), gomail.WithTimeout(timeout),
		gomail.WithTLSPolicy(policy), gomail.WithTLSConfig(secure),
		gomail.WithoutNoop(), // the connection is new
		gomail.WithDialContextFunc(func(ctx context.Context, network, address string) (net.Conn, error) {
			var d net.Dialer
			c, err := d.DialContext(ctx, network, address)
			if err != nil {
				return nil, err
			}
			open.add(c)
			if !t.direct {
				return c, nil
			}
			direct := tls.Client(c, secure)
			return direct, direct.HandshakeContext(ctx)
		}),
	}
	if t.direct {
		options = append(options, gomail.WithSSL())
	}
	if t.config.User != "" {
		options = append(options,
			gomail.WithUsername(t.config.User), gomail.WithPassword(t.config.Password),
			gomail.WithOpportunisticSMTPAuth(gomail.SMTPAuthSCRAMSHA256, gomail.SMTPAuthPlain, gomail.SMTPAuthLogin))
	}
	client, err := gomail.NewClient(t.config.Host, options...)
	if err != nil {
		return nil, fmt.Errorf("prepare connection to mail server: %w", err)
	}
	return client, nil
}

// refusal tells what the server said by its codes alone: its words may hold
// the address.
func refusal(err error) error {
	e, ok := errors.AsType[*gomail.SendError](err)
	if !ok {
		return errors.New("hand mail to mail server: no answer")
	}
	code := e.ErrorCode()
	if code == 0 {
		return fmt.Errorf("%s: no answer", e.Reason)
	}
	out := fmt.Errorf("%s: mail server answered %d %s", e.Reason, code, e.EnhancedStatusCode())
	switch e.Reason {
	case gomail.ErrSMTPRcptTo, gomail.ErrSMTPData, gomail.ErrSMTPDataClose:
		if code >= 500 && !asksForLogin(code) {
			return message.Permanent(out)
		}
	}
	return out
}

// asksForLogin tells whether the server only wants another or a safer login
// (RFC 4954, section 6).
func asksForLogin(code int) bool { return code == 530 || code == 534 || code == 535 || code == 538 }
