// SPDX-License-Identifier: EUPL-1.2

// Package mailtest is a mail server for tests: it speaks real SMTP on a
// loopback port, refuses what a test tells it to, and keeps the rest. Parse
// takes apart what it received. It is not for production code.
package mailtest

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"io"
	"net"
	"sync"
	"testing"

	"vorzimmer/internal/message/smtp"

	"github.com/emersion/go-sasl"
	gosmtp "github.com/emersion/go-smtp"
)

// The commands that Refuse can refuse.
const (
	MAIL = "MAIL"
	RCPT = "RCPT"
	DATA = "DATA" // after the content
)

// User and Password are what the server's login accepts.
const (
	User     = "absender"
	Password = "geheim-genug"
)

// Security is how a server offers TLS.
type Security int

// The ways to offer TLS. The certificate is the server's own.
const (
	Plain Security = iota
	StartTLS
	DirectTLS // from the first byte
)

// Received is one mail that the server took.
type Received struct {
	From, To string // of the envelope
	User     string // who logged in; empty: nobody
	Raw      []byte
}

// Server is a running mail server.
type Server struct {
	// Arrived gets a signal when a mail's content has come in, before the
	// answer to it.
	Arrived chan struct{}

	port  int
	roots *x509.CertPool // nil: the server has no TLS

	mu       sync.Mutex
	refusals map[string]*gosmtp.SMTPError
	hold     chan struct{}
	hangUp   bool
	mails    []Received
}

// Start runs a server until the test ends.
func Start(tb testing.TB, security Security) *Server {
	tb.Helper()
	s := &Server{Arrived: make(chan struct{}, 100), refusals: map[string]*gosmtp.SMTPError{}}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(c *gosmtp.Conn) (gosmtp.Session, error) {
		return &session{server: s, conn: c}, nil
	}))
	server.Domain = "mail.example.org"
	server.ErrorLog = silent{}
	server.AllowInsecureAuth = true // the client has to refuse that by itself
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	if security != Plain {
		var cert tls.Certificate
		cert, s.roots = certificate(tb)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	if security == DirectTLS {
		listener = tls.NewListener(listener, server.TLSConfig)
	}
	run(tb, server, listener)
	return s
}

// run serves listener and stops when the test ends.
func run(tb testing.TB, server *gosmtp.Server, listener net.Listener) {
	tb.Helper()
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Error(err)
		}
		_ = listener.Close() // the server knows of it only once Serve has begun
		if err := <-done; err != nil && !errors.Is(err, gosmtp.ErrServerClosed) {
			tb.Error(err)
		}
	})
}

// Config is a configuration that works with this server.
func (s *Server) Config() smtp.Config {
	c := smtp.Config{
		Host: "127.0.0.1", Port: s.port, RootCAs: s.roots,
		From: "termine@example.org", FromName: "Stadt Beispielhausen",
	}
	if s.roots == nil {
		c.TLS = smtp.TLSNone
	}
	return c
}

// Refuse makes the server answer a command with code and words; code 0 makes
// it accept the command again.
func (s *Server) Refuse(command string, code int, words string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.refusals, command)
	if code != 0 {
		s.refusals[command] = &gosmtp.SMTPError{Code: code, EnhancedCode: gosmtp.EnhancedCode{code / 100, 1, 1}, Message: words}
	}
}

// Hold makes the server keep back its answer to contents until release is
// called.
func (s *Server) Hold() (release func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	hold := make(chan struct{})
	s.hold = hold
	return sync.OnceFunc(func() { close(hold) })
}

// HangUp makes the server take mails and then end the connection at once.
func (s *Server) HangUp() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.hangUp = true
}

// Mails lists what the server took, oldest first.
func (s *Server) Mails() []Received {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]Received(nil), s.mails...)
}

func (s *Server) refusal(command string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if r, ok := s.refusals[command]; ok {
		return r
	}
	return nil
}

// session is one client's conversation.
type session struct {
	server *Server
	conn   *gosmtp.Conn
	mail   Received
	user   string
}

func (c *session) AuthMechanisms() []string { return []string{sasl.Plain} }

func (c *session) Auth(string) (sasl.Server, error) {
	return sasl.NewPlainServer(func(_, user, password string) error {
		if user != User || password != Password {
			return gosmtp.ErrAuthFailed
		}
		c.user = user
		return nil
	}), nil
}

func (c *session) Mail(from string, _ *gosmtp.MailOptions) error {
	c.mail = Received{From: from, User: c.user}
	return c.server.refusal(MAIL)
}

func (c *session) Rcpt(to string, _ *gosmtp.RcptOptions) error {
	c.mail.To = to
	return c.server.refusal(RCPT)
}

func (c *session) Data(r io.Reader) error {
	raw, err := io.ReadAll(r)
	if err != nil {
		return err
	}
	s := c.server
	s.mu.Lock()
	hold := s.hold
	s.mu.Unlock()
	s.Arrived <- struct{}{} // only now: a later Hold is for later mails
	if hold != nil {
		<-hold
	}
	if err := s.refusal(DATA); err != nil {
		return err
	}
	c.mail.Raw = raw
	s.mu.Lock()
	defer s.mu.Unlock()
	s.mails = append(s.mails, c.mail)
	return nil
}

// Reset is called after each mail has been answered.
func (c *session) Reset() {
	took := c.mail.Raw != nil
	c.mail = Received{}
	c.server.mu.Lock()
	defer c.server.mu.Unlock()
	if took && c.server.hangUp {
		_ = c.conn.Conn().Close() // the client may have closed it, too
	}
}

func (c *session) Logout() error { return nil }

// silent drops the server's complaints about clients, which tests provoke.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
