// SPDX-License-Identifier: EUPL-1.2

// Package config reads the operator's settings file.
//
// What a tenant decides (services, hours, periods) is not here but in the
// database; see `vorzimmer import`.
package config

import (
	"errors"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/message/smtp"

	"golang.org/x/net/idna"
)

// Config is the settings file. Every key has its meaning, default and an
// example here. Paths are relative to the file.
type Config struct {
	// Listen is where to serve HTTP. TLS ends at the proxy in front.
	// Default: 127.0.0.1:8080.
	Listen string `yaml:"listen"`

	// Database is the path of an SQLite file, or a PostgreSQL URL such as
	// postgres:///vorzimmer?host=/run/postgresql. Default: vorzimmer.db.
	Database string `yaml:"database"`

	// KeyFile holds the installation's key, made by `vorzimmer init`. The
	// environment variable VORZIMMER_KEY goes first. Default: vorzimmer.key.
	// Without this key nobody can read the personal data in the database:
	// keep a copy apart from the database's backups.
	KeyFile string `yaml:"key_file"`

	// Erasures is the folder with the list of records that were erased, which is
	// replayed when an old copy of the database comes back. Keep it apart from the
	// database's backups; processes that share a database share it. Default: erasures.
	Erasures string `yaml:"erasures"`

	// Tenants are served under the host name of their base URL. The key is
	// the tenant's; for example
	//
	//	tenants:
	//	  oer-erkenschwick: {base_url: "https://termine.example.org"}
	//
	// Links in mails begin with it. Required.
	Tenants map[string]Tenant `yaml:"tenants"`

	// Mail says how mail is sent. Required.
	Mail Mail `yaml:"mail"`

	// TrustedProxies are addresses or networks whose X-Forwarded-For header
	// is believed. Without them, all visitors behind a proxy count as one
	// network for the limits. Default: none.
	TrustedProxies []string `yaml:"trusted_proxies"`

	// AccessLog is the folder of the log of who asked for which page, with a
	// folder below it for each tenant. The program shortens the addresses in
	// it after a day and deletes it after seven, so nothing else needs to.
	// "none": no such log is kept; empty after Load. Default: access-log.
	AccessLog string `yaml:"access_log"`

	// Limits bound what one network may do.
	Limits Limits `yaml:"limits"`

	// SecurityContact is where whoever finds a weakness reports it: a mailto: or
	// https: URL, printed in /.well-known/security.txt (RFC 9116) of every tenant.
	// Default: the e-mail address of the tenant's controller.
	SecurityContact string `yaml:"security_contact"`

	// OperatorMail is the address to which the program writes when something
	// needs the operator. Default: none, then it says so in its log alone.
	OperatorMail string `yaml:"operator_mail"`

	// Proxies are the parsed TrustedProxies.
	Proxies []netip.Prefix `yaml:"-"`
}

// Tenant says where a tenant is served.
type Tenant struct {
	BaseURL string `yaml:"base_url"` // scheme and host, without a path
}

// Mail says how mail is sent.
type Mail struct {
	// Host and Port of the mail server. Required; the port defaults to 587.
	Host string `yaml:"host"`
	Port int    `yaml:"port"`
	// User and PasswordFile log in; empty: no login.
	User         string `yaml:"user"`
	PasswordFile string `yaml:"password_file"`
	// From is the address that mails come from. Required.
	From string `yaml:"from"`
	// FromName stands beside it. Default: none.
	FromName string `yaml:"from_name"`
	// TLS is required (default), opportunistic, or none, which is accepted
	// for a server on this machine only.
	TLS string `yaml:"tls"`
}

// Limits count per network: one IPv4 address or one IPv6 /64. They are kept
// in memory, never stored.
type Limits struct {
	// Holds is how many slots may be reserved in ten minutes. Default: 40.
	Holds int `yaml:"holds_per_ten_minutes"`
	// Bookings is how many appointments may be booked in an hour. Default: 30.
	Bookings int `yaml:"bookings_per_hour"`
}

// Defaults are the limits of a file that does not name any.
var Defaults = Limits{Holds: 40, Bookings: 30}

// DefaultAccessLog is the folder of the access log, beside the settings.
const DefaultAccessLog = "access-log"

// Load reads and checks a settings file and reports all its mistakes, each on
// a line with the file's name. An unknown key is one. NotFound
// "operator.settings_missing" when there is no such file.
func Load(path string) (*Config, error) {
	b, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil, fault.New(fault.NotFound, "operator.settings_missing", "Path", path)
	}
	if err != nil {
		return nil, fmt.Errorf("read settings: %w", err)
	}
	c := &Config{Listen: "127.0.0.1:8080", Database: "vorzimmer.db", KeyFile: "vorzimmer.key", Erasures: "erasures", AccessLog: DefaultAccessLog,
		Limits: Defaults}
	problems, err := decode(path, b, c)
	if err != nil {
		return nil, err
	}
	c.resolve(filepath.Dir(path))
	for _, p := range c.check() {
		problems = append(problems, fmt.Errorf("%s: %w", path, p))
	}
	if len(problems) > 0 {
		return nil, errors.Join(problems...)
	}
	return c, nil
}

// resolve makes paths relative to the settings file.
func (c *Config) resolve(dir string) {
	if c.AccessLog == "none" {
		c.AccessLog = ""
	}
	for _, p := range []*string{&c.KeyFile, &c.Database, &c.Erasures, &c.Mail.PasswordFile, &c.AccessLog} {
		if *p != "" && !filepath.IsAbs(*p) && !strings.Contains(*p, "://") {
			*p = filepath.Join(dir, *p)
		}
	}
}

func (c *Config) check() []error {
	var problems []error
	if _, port, err := net.SplitHostPort(c.Listen); err != nil || port == "" {
		problems = append(problems, fmt.Errorf("listen: %q is no address with a port; write one like 127.0.0.1:8080", c.Listen))
	}
	if len(c.Tenants) == 0 {
		problems = append(problems, errors.New("tenants: name at least one tenant with its base_url"))
	}
	hosts := map[string]string{}
	for _, key := range slices.Sorted(maps.Keys(c.Tenants)) {
		u, err := ParseBaseURL(c.Tenants[key].BaseURL)
		if err != nil {
			problems = append(problems, fmt.Errorf("tenants.%s.base_url: %w", key, err))
			continue
		}
		if other, taken := hosts[u.Host]; taken {
			problems = append(problems, fmt.Errorf("tenants.%s.base_url: %s is the address of %s", key, u.Host, other))
		}
		hosts[u.Host] = key
	}
	for i, s := range c.TrustedProxies {
		p, err := parsePrefix(s)
		if err != nil {
			problems = append(problems, fmt.Errorf("trusted_proxies[%d]: %q is neither an address nor a network", i, s))
		}
		c.Proxies = append(c.Proxies, p)
	}
	if c.Limits.Holds < 1 || c.Limits.Bookings < 1 {
		problems = append(problems, errors.New("limits: both numbers must be at least 1"))
	}
	problems = append(problems, c.checkContacts()...)
	return append(problems, c.Mail.check()...)
}

func (m Mail) check() []error {
	var problems []error
	if m.Host == "" {
		problems = append(problems, errors.New("mail.host: name the mail server"))
	}
	if m.Port < 0 || m.Port > 65535 {
		problems = append(problems, fmt.Errorf("mail.port: %d is no port; write a number from 1 to 65535", m.Port))
	}
	if !bareAddress(m.From) {
		problems = append(problems, errors.New("mail.from: write the bare address that mails come from, like termine@example.org"))
	}
	return problems
}

// ParseBaseURL reads a base URL: http or https, a host, no path. The host
// comes back as browsers send it: lower case, without the scheme's own port,
// internationalised names in their ASCII form.
func ParseBaseURL(s string) (*url.URL, error) {
	u, err := url.Parse(s)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" ||
		strings.Trim(u.Path, "/") != "" || u.RawQuery != "" || u.ForceQuery || u.Fragment != "" || u.User != nil {
		return nil, fmt.Errorf("%q is no base URL; write one like https://termine.example.org", s)
	}
	name, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil && net.ParseIP(u.Hostname()) == nil {
		return nil, fmt.Errorf("%q has no valid host name", s)
	}
	if err != nil {
		name = u.Hostname()
	}
	if strings.Contains(name, ":") {
		name = "[" + name + "]"
	}
	if port := u.Port(); port != "" && port != map[string]string{"http": "80", "https": "443"}[u.Scheme] {
		name += ":" + port
	}
	u.Path, u.Host = "", name
	return u, nil
}

func parsePrefix(s string) (netip.Prefix, error) {
	if a, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(a.Unmap(), a.Unmap().BitLen()), nil
	}
	return netip.ParsePrefix(s)
}

// SMTP is the mail section as the transport wants it.
func (c *Config) SMTP() (smtp.Config, error) {
	out := smtp.Config{Host: c.Mail.Host, Port: c.Mail.Port, User: c.Mail.User,
		From: c.Mail.From, FromName: c.Mail.FromName, TLS: c.Mail.TLS}
	if c.Mail.PasswordFile != "" {
		b, err := os.ReadFile(c.Mail.PasswordFile)
		if err != nil {
			return out, fmt.Errorf("read mail password: %w", err)
		}
		out.Password = strings.TrimSpace(string(b))
	}
	return out, nil
}
