// SPDX-License-Identifier: EUPL-1.2

package smtp

import (
	"crypto/x509"
	"errors"
	"fmt"
	"net"

	"vorzimmer/internal/message/mime"

	gomail "github.com/wneessen/go-mail"
)

// The values of Config.TLS.
const (
	TLSRequired      = "required"      // no mail without TLS
	TLSOpportunistic = "opportunistic" // TLS if the server offers it; a stranger on the way can prevent that
	TLSNone          = "none"          // on this machine only
)

// Config says which mail server takes the mails and in whose name.
type Config struct {
	Host     string
	Port     int    // 0: 587. On 465 TLS begins at once, on others by STARTTLS
	User     string // empty: without login
	Password string
	From     string         // bare address
	FromName string         // empty: the address alone
	TLS      string         // empty: TLSRequired
	RootCAs  *x509.CertPool // who may certify the server; nil: whom the machine trusts
}

const (
	defaultPort = 587
	tlsPort     = 465 // RFC 8314, section 3.3
)

// check fills in defaults and refuses what cannot work. Its errors are for the
// operator and never show the password.
func (c Config) check() (Config, error) {
	if c.Host == "" {
		return c, errors.New("mail server: host is missing")
	}
	if c.Port == 0 {
		c.Port = defaultPort
	}
	if c.Port < 1 || c.Port > 65535 {
		return c, fmt.Errorf("mail server: port %d does not exist", c.Port)
	}
	if c.TLS == "" {
		c.TLS = TLSRequired
	}
	if _, err := c.policy(); err != nil {
		return c, err
	}
	if (c.User == "") != (c.Password == "") {
		return c, errors.New("mail server: user and password belong together")
	}
	return c, c.sender().Check()
}

func (c Config) sender() mime.Sender { return mime.Sender{Name: c.FromName, Address: c.From} }

func (c Config) policy() (gomail.TLSPolicy, error) {
	switch c.TLS {
	case TLSRequired:
		return gomail.TLSMandatory, nil
	case TLSOpportunistic:
		return gomail.TLSOpportunistic, nil
	case TLSNone:
		if !loopback(c.Host) {
			return 0, fmt.Errorf("mail server: tls %q is for a server on this machine only", c.TLS)
		}
		return gomail.NoTLS, nil
	}
	return 0, fmt.Errorf("mail server: tls is %q, not %s, %s or %s", c.TLS, TLSRequired, TLSOpportunistic, TLSNone)
}

// Relay is the host that gets to see the mails, where it is another machine; else
// empty.
func (c Config) Relay() string {
	if loopback(c.Host) {
		return ""
	}
	return c.Host
}

func loopback(host string) bool {
	ip := net.ParseIP(host)
	return host == "localhost" || ip != nil && ip.IsLoopback()
}
