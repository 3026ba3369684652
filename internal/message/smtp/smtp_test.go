// SPDX-License-Identifier: EUPL-1.2

package smtp_test

import (
	"context"
	"errors"
	"net"
	"os"
	"strconv"
	"strings"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/mailtest"
	"vorzimmer/internal/message/smtp"
)

var mail = message.Mail{
	To: "frieda.beispiel@example.org", Lang: "de", Subject: "Ihr Termin", Text: "Guten Tag,\n", HTML: "<p>Guten Tag,</p>",
	Calendar: []byte("BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), Method: message.MethodCancel,
}

func send(t *testing.T, c smtp.Config, m message.Mail) error {
	t.Helper()
	s, err := smtp.New(c, clock.NewFake(dbtest.Start))
	if err != nil {
		t.Fatal(err)
	}
	return s.Send(t.Context(), "0198", m)
}

func TestSend(t *testing.T) {
	server := mailtest.Start(t, mailtest.StartTLS)
	if err := send(t, server.Config(), mail); err != nil {
		t.Fatal(err)
	}
	got := server.Mails()
	if len(got) != 1 || got[0].From != "termine@example.org" || got[0].To != mail.To {
		t.Fatalf("server took %+v", got)
	}
	p := mailtest.Parse(t, got[0].Raw)
	if id := p.Header.Get("Message-Id"); id != "<0198@example.org>" {
		t.Errorf("Message-ID is %s", id)
	}
	if from := p.Word(t, "From"); from != `"Stadt Beispielhausen" <termine@example.org>` {
		t.Errorf("From is %s", from)
	}
	if m := p.Part(t, "text/calendar").Params["method"]; m != "CANCEL" {
		t.Errorf("method is %q", m)
	}
}

func TestLogin(t *testing.T) {
	server := mailtest.Start(t, mailtest.StartTLS)
	c := server.Config()
	c.User, c.Password = mailtest.User, mailtest.Password
	if err := send(t, c, mail); err != nil {
		t.Fatal(err)
	}
	if got := server.Mails()[0].User; got != mailtest.User {
		t.Errorf("logged in as %q", got)
	}
	c.Password = "falsch-geraten"
	err := send(t, c, mail)
	if err == nil || message.IsPermanent(err) || strings.Contains(err.Error(), c.Password) {
		t.Errorf("wrong password: %v", err)
	}
}

// On port 465 TLS begins at once. A test may not have that port, so it says so.
func TestDirectTLS(t *testing.T) {
	server := mailtest.Start(t, mailtest.DirectTLS)
	c := server.Config()
	c.User, c.Password = mailtest.User, mailtest.Password
	direct, err := smtp.New(c, clock.NewFake(dbtest.Start))
	if err != nil {
		t.Fatal(err)
	}
	smtp.BeginTLSAtOnce(direct)
	if err := direct.Send(t.Context(), "0198", mail); err != nil {
		t.Fatal(err)
	}
	if got := server.Mails(); len(got) != 1 || got[0].User != mailtest.User {
		t.Errorf("server took %+v", got)
	}
	c.RootCAs = nil
	stranger, err := smtp.New(c, clock.NewFake(dbtest.Start))
	if err != nil {
		t.Fatal(err)
	}
	smtp.BeginTLSAtOnce(stranger)
	if err := stranger.Send(t.Context(), "0198", mail); err == nil || message.IsPermanent(err) {
		t.Errorf("unknown certificate: %v", err)
	}
}

// Everything that is wrong with connection or server is temporary.
func TestUnreachable(t *testing.T) {
	plain := mailtest.Start(t, mailtest.Plain)
	noTLS := plain.Config()
	noTLS.TLS = smtp.TLSRequired

	stranger := mailtest.Start(t, mailtest.StartTLS).Config()
	stranger.RootCAs = nil // the machine does not trust this certificate

	refused := plain.Config()
	refused.Port = 1

	for name, c := range map[string]smtp.Config{
		"without STARTTLS": noTLS, "unknown certificate": stranger, "connection refused": refused,
	} {
		if err := send(t, c, mail); err == nil || message.IsPermanent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := len(plain.Mails()); n != 0 {
		t.Errorf("%d mails went out in clear", n)
	}
}

func TestOpportunistic(t *testing.T) {
	for _, security := range []mailtest.Security{mailtest.StartTLS, mailtest.Plain} {
		server := mailtest.Start(t, security)
		c := server.Config()
		c.TLS = smtp.TLSOpportunistic
		if err := send(t, c, mail); err != nil {
			t.Errorf("security %d: %v", security, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	server := mailtest.Start(t, mailtest.StartTLS)
	for _, c := range []struct {
		command   string
		code      int
		permanent bool
	}{
		{mailtest.MAIL, 421, false}, {mailtest.MAIL, 550, false},
		{mailtest.RCPT, 450, false}, {mailtest.RCPT, 550, true}, {mailtest.RCPT, 530, false},
		{mailtest.DATA, 451, false}, {mailtest.DATA, 552, true},
	} {
		server.Refuse(c.command, c.code, "mailbox "+mail.To)
		err := send(t, server.Config(), mail)
		if err == nil || message.IsPermanent(err) != c.permanent {
			t.Errorf("%s %d: %v", c.command, c.code, err)
			continue
		}
		if s := err.Error(); strings.Contains(s, "@") || !strings.Contains(s, strconv.Itoa(c.code)) {
			t.Errorf("%s %d: the error says %q", c.command, c.code, s)
		}
		server.Refuse(c.command, 0, "")
	}
	if n := len(server.Mails()); n != 0 {
		t.Errorf("server took %d mails", n)
	}
}

// A mail that the server took is sent, whatever happens afterwards: another
// attempt would be a duplicate.
func TestServerHangsUpAfterTaking(t *testing.T) {
	server := mailtest.Start(t, mailtest.StartTLS)
	server.HangUp()
	if err := send(t, server.Config(), mail); err != nil {
		t.Error(err)
	}
	if n := len(server.Mails()); n != 1 {
		t.Errorf("server took %d mails", n)
	}
}

func TestHostileRecipient(t *testing.T) {
	server := mailtest.Start(t, mailtest.StartTLS)
	m := mail
	m.To = "a@example.org>\r\nRCPT TO:<b@example.org"
	if err := send(t, server.Config(), m); !message.IsPermanent(err) {
		t.Errorf("got %v", err)
	}
	if n := len(server.Mails()); n != 0 {
		t.Errorf("server took %d mails", n)
	}
}

// A server that accepts connections and then says nothing holds nobody longer
// than the context.
func TestSilentServer(t *testing.T) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		c, err := listener.Accept()
		cancel()
		if err == nil {
			defer c.Close()
			_, _ = c.Read(make([]byte, 1)) // until the client has gone
		}
	}()
	c := smtp.Config{Host: "127.0.0.1", Port: listener.Addr().(*net.TCPAddr).Port, From: "termine@example.org"}
	s, err := smtp.New(c, clock.NewFake(dbtest.Start))
	if err != nil {
		t.Fatal(err)
	}
	err = s.Send(ctx, "0198", mail)
	if err == nil || message.IsPermanent(err) || errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("got %v", err)
	}
}

func TestConfig(t *testing.T) {
	good := smtp.Config{Host: "mail.example.org", From: "termine@example.org"}
	cases := []struct {
		name   string
		change func(*smtp.Config)
		ok     bool
	}{
		{"defaults", func(*smtp.Config) {}, true},
		{"none on loopback", func(c *smtp.Config) { c.TLS, c.Host = smtp.TLSNone, "::1" }, true},
		{"none on localhost", func(c *smtp.Config) { c.TLS, c.Host = smtp.TLSNone, "localhost" }, true},
		{"none elsewhere", func(c *smtp.Config) { c.TLS = smtp.TLSNone }, false},
		{"none on a name that looks local", func(c *smtp.Config) { c.TLS, c.Host = smtp.TLSNone, "localhost.example.org" }, false},
		{"unknown tls", func(c *smtp.Config) { c.TLS = "yes" }, false},
		{"no host", func(c *smtp.Config) { c.Host = "" }, false},
		{"no sender", func(c *smtp.Config) { c.From = "" }, false},
		{"sender with a name", func(c *smtp.Config) { c.From = "Stadt <termine@example.org>" }, false},
		{"port", func(c *smtp.Config) { c.Port = 70000 }, false},
		{"password without user", func(c *smtp.Config) { c.Password = "geheim-genug" }, false},
		{"user without password", func(c *smtp.Config) { c.User = "absender" }, false},
	}
	for _, tc := range cases {
		c := good
		tc.change(&c)
		_, err := smtp.New(c, clock.NewFake(dbtest.Start))
		if (err == nil) != tc.ok {
			t.Errorf("%s: %v", tc.name, err)
		}
		if err != nil && strings.Contains(err.Error(), "geheim") {
			t.Errorf("%s: the error shows the password", tc.name)
		}
	}
}

// Whoever sends the mails is another one only where the host is another machine.
func TestRelay(t *testing.T) {
	for host, want := range map[string]string{"localhost": "", "127.0.0.1": "", "127.8.9.10": "", "::1": "",
		"mail.example.org": "mail.example.org", "localhost.example.org": "localhost.example.org", "192.0.2.7": "192.0.2.7"} {
		if got := (smtp.Config{Host: host}).Relay(); got != want {
			t.Errorf("%s: %q, want %q", host, got, want)
		}
	}
}
