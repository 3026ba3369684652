// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"regexp"
	"testing"

	"vorzimmer/examples"
)

// servedHost is the host of the installations of tests.
const servedHost = "termine.example.org"

// settingsFor are settings of an installation whose mail server is down.
func settingsFor(t testing.TB, scheme, database string) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf(`listen: 127.0.0.1:0
database: %q
tenants:
  oer-erkenschwick: {base_url: "%s://%s"}
mail: {host: 127.0.0.1, port: %d, from: termine@example.org, tls: none}
`, database, scheme, servedHost, port)
}

// writeFile writes a file and returns its path.
func writeFile(t testing.TB, path, content string) string {
	t.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// initialised is a fresh folder with a key, and the settings file in it.
func initialised(t testing.TB, scheme, database string) (string, string) {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "installation")
	want(t, 0, "init", dir)
	return dir, writeFile(t, filepath.Join(dir, "vorzimmer.yaml"), settingsFor(t, scheme, database))
}

// installed is initialised with a migrated database and the example town,
// whose file may be changed first.
func installed(t testing.TB, scheme, database string, change func(string) string) (string, string) {
	t.Helper()
	dir, settings := initialised(t, scheme, database)
	town := string(examples.OerErkenschwick)
	if change != nil {
		town = change(town)
	}
	want(t, 0, "migrate", "--config", settings)
	want(t, 0, "import", "--config", settings, writeFile(t, filepath.Join(dir, "town.yaml"), town))
	return dir, settings
}

// want runs a command that has to end with a code, and returns what it wrote
// to its output and to its error output.
func want(t testing.TB, code int, args ...string) (string, string) {
	t.Helper()
	got, out, errOut := run(t, args...)
	if got != code {
		t.Fatalf("%s: exit code %d, want %d\n%s%s", args[0], got, code, out, errOut)
	}
	return out, errOut
}

// startServe serves an installation.
func startServe(t testing.TB, settings string) *process {
	t.Helper()
	p := start(t, "serve", "--config", settings)
	p.await(t, regexp.MustCompile(`msg=serving address=(127\.0\.0\.1:\d+)`), p.log)
	return p
}
