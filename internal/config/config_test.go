// SPDX-License-Identifier: EUPL-1.2

package config_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vorzimmer/internal/config"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

const good = `
tenants:
  kleinstadt: {base_url: "https://termine.example.org"}
mail: {host: mail.example.org, from: termine@example.org}
`

func write(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "vorzimmer.yaml")
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestLoad(t *testing.T) {
	path := write(t, good+"trusted_proxies: [127.0.0.1, 10.0.0.0/8]\n")
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Dir(path)
	if c.Listen != "127.0.0.1:8080" || c.Database != filepath.Join(dir, "vorzimmer.db") ||
		c.KeyFile != filepath.Join(dir, "vorzimmer.key") || c.AccessLog != filepath.Join(dir, "access-log") || c.Limits != config.Defaults {
		t.Errorf("defaults: %+v", c)
	}
	if len(c.Proxies) != 2 || c.Proxies[0].Bits() != 32 {
		t.Errorf("proxies: %v", c.Proxies)
	}
}

func TestAccessLog(t *testing.T) {
	for line, want := range map[string]string{"access_log: none\n": "", "access_log: /var/log/vorzimmer\n": "/var/log/vorzimmer"} {
		c, err := config.Load(write(t, good+line))
		if err != nil || c.AccessLog != want {
			t.Errorf("%q: got %+v, %v", line, c, err)
		}
	}
}

func TestDatabaseURLIsNoPath(t *testing.T) {
	c, err := config.Load(write(t, good+"database: \"postgres:///vorzimmer?host=/run/postgresql\"\n"))
	if err != nil || c.Database != "postgres:///vorzimmer?host=/run/postgresql" {
		t.Errorf("got %v", err)
	}
}

func TestLoadRefuses(t *testing.T) {
	for content, want := range map[string]string{
		"":                                  "tenants",
		good + "databse: x\n":               "databse",
		good + "listen: [\n":                "line",
		good + "trusted_proxies: [proxy]\n": "trusted_proxies[0]",
		good + "limits: {bookings_per_hour: 0}\n":                                                                                               "limits",
		"tenants: {a: {base_url: \"termine.example.org\"}}\nmail: {host: h, from: f@example.org}\n":                                             "base URL",
		"tenants: {a: {base_url: \"https://example.org/termine\"}}\nmail: {host: h, from: f@example.org}\n":                                     "base URL",
		"tenants: {a: {base_url: \"javascript://example.org\"}}\nmail: {host: h, from: f@example.org}\n":                                        "base URL",
		"tenants: {a: {base_url: \"https://example.org\"}, b: {base_url: \"https://EXAMPLE.org:443\"}}\nmail: {host: h, from: f@example.org}\n": "is the address of",
		"tenants: {a: {base_url: \"https://example.org?\"}}\nmail: {host: h, from: f@example.org}\n":                                            "base URL",
		"tenants: {a: {base_url: \"https://u:p@example.org\"}}\nmail: {host: h, from: f@example.org}\n":                                         "base URL",
		"tenants: {a: {base_url: \"https://termine.example.org\"}}\n":                                                                           "mail",
	} {
		_, err := config.Load(write(t, content))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want it to name %s", content, err, want)
		}
	}
	if _, err := config.Load(filepath.Join(t.TempDir(), "none.yaml")); fault.Of(err) != fault.NotFound {
		t.Errorf("a missing file: %v", err)
	}
}

// Everything that is wrong is said at once, where it stands and in plain words.
func TestLoadReportsAllMistakes(t *testing.T) {
	path := write(t, `lissen: 127.0.0.1:8080
listen: localhost
tenants:
  kleinstadt: {base: "https://termine.example.org"}
  grossstadt: "https://termine.example.org"
mail:
  port: smtp
  host: [mail.example.org]
  from: Termine <termine@example.org>
trusted_proxies: 127.0.0.1
limits: {holds_per_ten_minutes: viele}
limits: {bookings_per_hour: 3}
`)
	_, err := config.Load(path)
	if err == nil {
		t.Fatal("accepted")
	}
	for _, want := range []string{
		`:1: unknown key "lissen"; the known ones are: listen, database, key_file, erasures, tenants, mail, trusted_proxies, access_log, limits, security_contact, operator_mail`,
		`: listen: "localhost" is no address with a port`,
		`:4: unknown key "tenants.kleinstadt.base"; the known ones are: base_url`,
		`:5: tenants.grossstadt must be a mapping`,
		`:7: mail.port must be a whole number`,
		`:8: mail.host must be plain text`,
		`: mail.from: write the bare address`,
		`:10: trusted_proxies must be a list`,
		`:11: limits.holds_per_ten_minutes must be a whole number`,
		`:12: key "limits" stands here twice, first on line 11`,
	} {
		if !strings.Contains(err.Error(), path+want) {
			t.Errorf("%q is missing in\n%v", want, err)
		}
	}
	if strings.Contains(err.Error(), "config.") || strings.Contains(err.Error(), "!!") {
		t.Errorf("says something about the program's inside: %v", err)
	}
}

// Both contacts are optional; what is no contact is refused.
func TestContacts(t *testing.T) {
	for line, ok := range map[string]bool{
		"security_contact: mailto:sicherheit@example.org\n":             true,
		"security_contact: https://example.org/sicherheit\n":            true,
		"operator_mail: betrieb@example.org\n":                          true,
		"security_contact: sicherheit@example.org\n":                    false,
		"security_contact: http://example.org/sicherheit\n":             false,
		"security_contact: \"https:///sicherheit\"\n":                   false,
		"security_contact: \"mailto:\"\n":                               false,
		"security_contact: \"https://example.org/\\nExpires: never\"\n": false,
		"security_contact: \"mailto:a@example.org?subject=x y\"\n":      false,
		"operator_mail: Betrieb <betrieb@example.org>\n":                false,
	} {
		key, _, _ := strings.Cut(line, ":")
		_, err := config.Load(write(t, good+line))
		if (err == nil) != ok || !ok && !strings.Contains(err.Error(), ": "+key+": ") {
			t.Errorf("%q: %v", line, err)
		}
	}
}

// A key without a value keeps its default.
func TestEmptyValues(t *testing.T) {
	c, err := config.Load(write(t, good+"listen:\nlimits:\ntrusted_proxies:\n"))
	if err != nil || c.Listen != "127.0.0.1:8080" || c.Limits != config.Defaults {
		t.Errorf("got %+v, %v", c, err)
	}
}

func TestParseBaseURL(t *testing.T) {
	for in, want := range map[string]string{
		"https://Termine.Example.org/":     "https://termine.example.org",
		"https://termine.example.org:443":  "https://termine.example.org",
		"https://termine.example.org:8443": "https://termine.example.org:8443",
		"http://127.0.0.1:80":              "http://127.0.0.1",
		"http://[::1]:8080":                "http://[::1]:8080",
		"https://bürgerbüro.example.org":   "https://xn--brgerbro-65af.example.org",
	} {
		if u, err := config.ParseBaseURL(in); err != nil || u.String() != want {
			t.Errorf("%s: got %v, %v", in, u, err)
		}
	}
}

func TestKey(t *testing.T) {
	k := seal.NewKey()
	file := filepath.Join(t.TempDir(), "key")
	c := &config.Config{KeyFile: file}
	if _, err := c.Key(); fault.Of(err) != fault.NotFound {
		t.Errorf("missing: %v", err)
	}
	if err := os.WriteFile(file, []byte(k.Encode()+"\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got, err := c.Key(); err != nil || got.Encode() != k.Encode() {
		t.Errorf("from the file: %v", err)
	}
	other := seal.NewKey()
	t.Setenv(config.KeyVariable, other.Encode())
	if got, err := c.Key(); err != nil || got.Encode() != other.Encode() {
		t.Errorf("the environment goes first: %v", err)
	}
	t.Setenv(config.KeyVariable, "short")
	if _, err := c.Key(); err == nil || strings.Contains(err.Error(), "short") {
		t.Errorf("a bad key: %v", err)
	}
}

func TestMailPassword(t *testing.T) {
	path := write(t, good+"")
	c, err := config.Load(path)
	if err != nil {
		t.Fatal(err)
	}
	c.Mail.PasswordFile = filepath.Join(filepath.Dir(path), "password")
	if _, err := c.SMTP(); err == nil {
		t.Error("a missing password file is accepted")
	}
	if err := os.WriteFile(c.Mail.PasswordFile, []byte("geheim\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if m, err := c.SMTP(); err != nil || m.Password != "geheim" {
		t.Errorf("got %v", err)
	}
}
