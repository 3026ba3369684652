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
	mails    []Received
}

// Start runs a server until the test ends, with TLS by a certificate of its
// own or without.
func Start(tb testing.TB, withTLS bool) *Server {
	tb.Helper()
	s := &Server{Arrived: make(chan struct{}, 100), refusals: map[string]*gosmtp.SMTPError{}}
	server := gosmtp.NewServer(gosmtp.BackendFunc(func(*gosmtp.Conn) (gosmtp.Session, error) {
		return &session{server: s}, nil
	}))
	server.Domain = "mail.example.org"
	server.ErrorLog = silent{}
	server.AllowInsecureAuth = true // the client has to refuse that by itself
	if withTLS {
		var cert tls.Certificate
		cert, s.roots = certificate(tb)
		server.TLSConfig = &tls.Config{Certificates: []tls.Certificate{cert}, MinVersion: tls.VersionTLS12}
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	s.port = listener.Addr().(*net.TCPAddr).Port
	done := make(chan error, 1)
	go func() { done <- server.Serve(listener) }()
	tb.Cleanup(func() {
		if err := server.Close(); err != nil {
			tb.Error(err)
		}
		if err := <-done; err != nil && !errors.Is(err, gosmtp.ErrServerClosed) {
			tb.Error(err)
		}
	})
	return s
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

func (c *session) Reset() { c.mail = Received{} }

func (c *session) Logout() error { return nil }

// silent drops the server's complaints about clients, which tests provoke.
type silent struct{}

func (silent) Printf(string, ...any) {}
func (silent) Println(...any)        {}
