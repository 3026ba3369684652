// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"fmt"
	"net"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/examples"
)

// deskPassword is good enough for anybody.
const deskPassword = "Quallenfisch trifft Zaunkoenig"

// deskTown is the example town, served in earnest under a name that browsers
// accept passkeys for, and its settings file.
func deskTown(t *testing.T) (*process, string) {
	t.Helper()
	return servedDesk(t, "town.db", string(examples.OerErkenschwick))
}

// servedDesk is deskTown for any town and database.
func servedDesk(t *testing.T, database, town string) (*process, string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	address := l.Addr().(*net.TCPAddr)
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	base := fmt.Sprintf("http://localhost:%d", address.Port)
	settings := strings.NewReplacer("listen: 127.0.0.1:0", "listen: "+address.String(), "http://"+servedHost, base).
		Replace(settingsFor(t, "http", database))
	dir := filepath.Join(t.TempDir(), "installation")
	want(t, 0, "init", dir)
	file := writeFile(t, filepath.Join(dir, "vorzimmer.yaml"), settings)
	want(t, 0, "migrate", "--config", file)
	want(t, 0, "import", "--config", file, writeFile(t, filepath.Join(dir, "town.yaml"), town))
	p := startServe(t, file)
	p.base = base
	return p, file
}

// hire makes an account and returns the path of the link that was printed.
func hire(t *testing.T, settings, role, name string) string {
	t.Helper()
	args := []string{"user", "add", "--config", settings, "--tenant", "oer-erkenschwick", "--email", name + "@example.org",
		"--name", name, "--role", role}
	if role != "officer" && role != "operator" {
		args = append(args, "--everywhere")
	}
	out, _ := want(t, 0, args...)
	found := regexp.MustCompile(`http://localhost:\d+(/\S+)`).FindStringSubmatch(out)
	if found == nil {
		t.Fatal("no link is printed")
	}
	return strings.Replace(found[1], "/en/", "/de/", 1)
}

// accept goes the way of an invitation, up to the login.
func accept(tb *tab, link, name string) {
	tb.t.Helper()
	tb.open(link)
	mouse{}.enter(tb, "#password", deskPassword)
	mouse{}.enter(tb, "#password-again", deskPassword)
	mouse{}.press(tb, "main button")
	give(tb, name, deskPassword)
	mouse{}.press(tb, "main form button")
}
