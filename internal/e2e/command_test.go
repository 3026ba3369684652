// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vorzimmer/examples"
	"vorzimmer/internal/dbtest"
)

// TestCommands runs command lines that answer at once.
func TestCommands(t *testing.T) {
	dir := t.TempDir()
	for _, c := range []struct {
		name string
		args []string
		code int
		says string
	}{
		{"help", []string{"--help"}, 0, "serve"},
		{"nothing", nil, 0, "demo"},
		{"help of a command", []string{"import", "--help"}, 0, "--config"},
		{"version", []string{"--version"}, 0, "development"},
		{"unknown command", []string{"fly"}, 2, "fly"},
		{"unknown flag", []string{"demo", "--fly"}, 2, "--fly"},
		{"missing argument", []string{"import"}, 2, "file"},
		{"file that is not there", []string{"import", filepath.Join(dir, "none.yaml")}, 2, "none.yaml"},
		{"settings that are not there", []string{"serve", "--config", filepath.Join(dir, "none.yaml")}, 1, "none.yaml"},
		{"demo for the whole network", []string{"demo", "--listen", "0.0.0.0:0", "--data", filepath.Join(dir, "demo")}, 1, "loopback"},
		{"demo on no address", []string{"demo", "--listen", "hallo", "--data", filepath.Join(dir, "demo")}, 1, "hallo"},
		{"demo without its database", []string{"demo", "--listen", "127.0.0.1:0", "--data", filepath.Join(dir, "demo"),
			"--database", "postgres:///none?host=" + dir}, 1, "connect"},
	} {
		t.Run(c.name, func(t *testing.T) {
			code, out, errOut := run(t, c.args...)
			if code != c.code {
				t.Errorf("exit code %d, want %d", code, c.code)
			}
			said := errOut
			if c.code == 0 {
				said = out
			}
			if !strings.Contains(said, c.says) || trace.MatchString(out+errOut) {
				t.Errorf("says %q, want %q in it", said, c.says)
			}
		})
	}
}

// TestInstallation goes the way of an operator: init, migrate, import, serve.
// The mail server is down, which must not keep the town from booking.
func TestInstallation(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			database := "town.db"
			if engine != "sqlite" {
				database = dbtest.Location(t, engine)
			}
			dir, settings := initialised(t, "https", database)
			if info, err := os.Stat(filepath.Join(dir, "vorzimmer.key")); err != nil || info.Mode().Perm() != 0o600 {
				t.Errorf("key file: %v, %v", info, err)
			}
			if _, e := want(t, 1, "serve", "--config", settings); !strings.Contains(e, "vorzimmer migrate") {
				t.Errorf("serve on an empty database says %q", e)
			}
			if _, e := want(t, 1, "import", "--config", settings, settings); !strings.Contains(e, "vorzimmer migrate") {
				t.Errorf("import into an empty database says %q", e)
			}
			want(t, 0, "migrate", "--config", settings)
			want(t, 0, "migrate", "--config", settings) // again does nothing
			if _, e := want(t, 1, "serve", "--config", settings); !strings.Contains(e, "vorzimmer import") {
				t.Errorf("serve without the town says %q", e)
			}
			town := writeFile(t, filepath.Join(dir, "town.yaml"), string(examples.OerErkenschwick))
			for range 2 {
				want(t, 0, "import", "--config", settings, town)
			}
			served(t, startServe(t, settings))
		})
	}
}

// served books at a town that is served in earnest.
func served(t *testing.T, p *process) {
	t.Helper()
	v := newVisitor(t, p)
	v.host = servedHost
	v.seen = func(a answer) {
		checkHeaders(t, a)
		for _, line := range a.Header.Values("Set-Cookie") {
			if !strings.Contains(line, "Secure") {
				t.Error("the cookie is sent without TLS")
			}
		}
		if a.Header.Get("Strict-Transport-Security") == "" {
			t.Error("no Strict-Transport-Security")
		}
	}
	v.book(person("served@example.org"), 0, trade)
	if a := v.get("/demo/mail"); a.Status != http.StatusNotFound {
		t.Errorf("captured mails: status %d", a.Status)
	}
	if v.page("/de/").doc().Find(".example").Length() != 0 {
		t.Error("a banner says that all data are examples")
	}
	eventually(t, "a note about the mail server", func() bool { return strings.Contains(p.log.String(), "message not sent") })
	if log := p.log.String(); strings.Contains(log, "@") || strings.Contains(log, "/hold/") || strings.Contains(log, "/appointment/") {
		t.Errorf("the log holds an address or a secret: %s", log)
	}
}

// TestBrokenTown imports files with a mistake.
func TestBrokenTown(t *testing.T) {
	dir, settings := initialised(t, "https", "town.db")
	want(t, 0, "migrate", "--config", settings)
	good := string(examples.OerErkenschwick)
	for _, c := range []struct{ name, old, now, says string }{
		{"unknown key", "\nland: NW\n", "\nland: NW\ncolour: red\n", "colour"},
		{"impossible hour", `from: "08:00", to: "12:00"`, `from: "08:00", to: "25:00"`, "25:00"},
		{"hour off the grid", `from: "08:00", to: "12:00"`, `from: "08:02", to: "12:00"`, "08:02"},
		{"duplicate", "- key: reisepass\n", "- key: personalausweis\n", "personalausweis"},
		{"no YAML", "land: NW", "land: [NW", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			at := strings.Index(good, c.old)
			if at < 0 {
				t.Fatalf("the example has no %q", c.old)
			}
			path := writeFile(t, filepath.Join(dir, "broken.yaml"), strings.Replace(good, c.old, c.now, 1))
			_, e := want(t, 1, "import", "--config", settings, path)
			if !strings.Contains(e, "broken.yaml:") || !strings.Contains(e, c.says) {
				t.Errorf("says %q", e)
			}
		})
	}
	if _, e := want(t, 1, "serve", "--config", settings); !strings.Contains(e, "vorzimmer import") {
		t.Errorf("something was imported: %q", e)
	}
}

// TestKeys starts with no key, the wrong one, and what is no key.
func TestKeys(t *testing.T) {
	dir, settings := installed(t, "https", "town.db", nil)
	key := filepath.Join(dir, "vorzimmer.key")
	right, err := os.ReadFile(key)
	if err != nil {
		t.Fatal(err)
	}
	other, _ := initialised(t, "https", "other.db")
	wrong, err := os.ReadFile(filepath.Join(other, "vorzimmer.key"))
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ name, key, says string }{
		{"wrong", string(wrong), "does not open this database"},
		{"cut", string(right[:len(right)/2]), "vorzimmer.key"},
		{"empty", "", "vorzimmer.key"},
	} {
		t.Run(c.name, func(t *testing.T) {
			writeFile(t, key, c.key)
			for _, command := range []string{"serve", "migrate"} {
				_, e := want(t, 1, command, "--config", settings)
				if !strings.Contains(e, c.says) || strings.Contains(e, strings.TrimSpace(string(right[:20]))) {
					t.Errorf("%s says %q", command, e)
				}
			}
		})
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	if _, e := want(t, 1, "serve", "--config", settings); !strings.Contains(e, "vorzimmer.key is missing") {
		t.Errorf("without a key it says %q", e)
	}
	writeFile(t, key, string(right))
	startServe(t, settings)
}

// TestInitKeepsFiles runs init where there is a key or a settings file.
func TestInitKeepsFiles(t *testing.T) {
	for _, name := range []string{"vorzimmer.key", "vorzimmer.yaml"} {
		t.Run(name, func(t *testing.T) {
			path := writeFile(t, filepath.Join(t.TempDir(), name), "mine")
			_, e := want(t, 1, "init", filepath.Dir(path))
			kept, err := os.ReadFile(path)
			if err != nil || string(kept) != "mine" || !strings.Contains(e, name) {
				t.Errorf("now holds %q: %s", kept, e)
			}
		})
	}
}

// TestSettings serves with settings that cannot be.
func TestSettings(t *testing.T) {
	dir, _ := initialised(t, "https", "town.db")
	good := settingsFor(t, "https", "town.db")
	for _, c := range []struct{ name, old, now, says string }{
		{"unknown key", "listen:", "lissen:", "lissen"},
		{"base URL with a path", servedHost, servedHost + "/termine", "base_url"},
		{"no tenant", "tenants:\n  oer-erkenschwick: {base_url: \"https://" + servedHost + "\"}\n", "", "tenants"},
		{"no mail server", "host: 127.0.0.1, ", "", "mail"},
		{"mail without TLS to elsewhere", "host: 127.0.0.1", "host: mail.example.org", "tls"},
	} {
		t.Run(c.name, func(t *testing.T) {
			changed := strings.Replace(good, c.old, c.now, 1)
			if changed == good {
				t.Fatal("nothing was changed")
			}
			path := writeFile(t, filepath.Join(dir, "changed.yaml"), changed)
			code, _, e := run(t, "migrate", "--config", path)
			if code == 0 { // what only matters to those who serve
				want(t, 0, "import", "--config", path, writeFile(t, filepath.Join(dir, "town.yaml"), string(examples.OerErkenschwick)))
				code, _, e = run(t, "serve", "--config", path)
			}
			if code != 1 || !strings.Contains(strings.ToLower(e), c.says) {
				t.Errorf("exit code %d: %q", code, e)
			}
		})
	}
}
