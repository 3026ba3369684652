// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"vorzimmer/internal/config"
	"vorzimmer/internal/seal"
)

// newFolder is what `init` leaves, with the terminal in English.
func newFolder(t *testing.T) installed {
	t.Helper()
	t.Setenv(config.KeyVariable, "")
	t.Setenv("LC_ALL", "C")
	i := installed{t, t.TempDir()}
	i.run(0, "init", i.dir)
	return i
}

func (i installed) write(name, content string) string {
	i.Helper()
	if err := os.WriteFile(i.file(name), []byte(content), 0o600); err != nil {
		i.Fatal(err)
	}
	return i.file(name)
}

// fails runs a command that has to say all of the texts.
func (i installed) fails(args []string, says ...string) {
	i.Helper()
	_, got := i.run(1, args...)
	for _, want := range says {
		if !strings.Contains(got, want) {
			i.Errorf("%s says %q, want %q in it", args[0], got, want)
		}
	}
	if strings.Contains(got, ".: ") {
		i.Errorf("%s goes on after the end of a sentence: %q", args[0], got)
	}
}

func TestInitWritesBothOrNeither(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	for there, other := range map[string]string{"vorzimmer.key": "vorzimmer.yaml", "vorzimmer.yaml": "vorzimmer.key"} {
		i := installed{t, t.TempDir()}
		path := i.write(there, "mine")
		i.fails([]string{"init", i.dir}, path+" exists already. Nothing was written.")
		if _, err := os.Stat(i.file(other)); !os.IsNotExist(err) {
			t.Errorf("beside %s: %s was written (%v)", there, other, err)
		}
	}
}

// The first steps end with somebody who can log in.
func TestInitSaysWhatIsNext(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	i := installed{t, t.TempDir()}
	out, _ := i.run(0, "init", i.dir)
	file := i.file("vorzimmer.yaml")
	for _, want := range []string{"vorzimmer migrate --config " + file, "vorzimmer import --config " + file + " TENANT.yaml",
		"vorzimmer user add --config " + file + " --tenant TENANT --role admin --everywhere --email ADDRESS --name NAME",
		"vorzimmer serve --config " + file} {
		_, rest, ok := strings.Cut(out, "\n  "+want+"\n")
		if !ok {
			t.Fatalf("%q is not said, or too early: %q", want, out)
		}
		out = "\n" + rest
	}
}

// A mistake in `database` must not look like an empty town.
func TestOnlyMigrateMakesADatabase(t *testing.T) {
	i := newFolder(t)
	settings := i.file("vorzimmer.yaml")
	town := filepath.Join("..", "..", "examples", "oer-erkenschwick.yaml")
	for _, command := range [][]string{{"serve"}, {"check"}, {"import", town}} {
		i.fails(append(command, "--config", settings), "There is no database at "+i.file("vorzimmer.db")+".", "`vorzimmer migrate`")
	}
	if _, err := os.Stat(i.file("vorzimmer.db")); !os.IsNotExist(err) {
		t.Fatalf("a database was made: %v", err)
	}
	content, err := os.ReadFile(settings)
	if err != nil {
		t.Fatal(err)
	}
	elsewhere := i.write("elsewhere.yaml", strings.Replace(string(content), "database: vorzimmer.db", "database: none/vorzimmer.db", 1))
	i.fails([]string{"migrate", "--config", elsewhere}, "There is no folder "+i.file("none"))
	if out, _ := i.run(0, "migrate", "--config", settings); !strings.HasSuffix(out, "migrations applied.\n") {
		t.Errorf("migrate says %q", out)
	}
}

func TestMissingAndWrongKey(t *testing.T) {
	i := newFolder(t)
	flags, key := []string{"--config", i.file("vorzimmer.yaml")}, i.file("vorzimmer.key")
	i.run(0, append([]string{"migrate"}, flags...)...)
	i.write("vorzimmer.key", seal.NewKey().Encode())
	const opens = " does not open this database. Use the key that the database was made with.\n"
	for _, command := range []string{"migrate", "serve", "check"} {
		i.fails(append([]string{command}, flags...), "The key in "+key+opens)
	}
	if err := os.Remove(key); err != nil {
		t.Fatal(err)
	}
	i.fails(append([]string{"serve"}, flags...), "the key file "+key+" is missing. Put back your copy of it")
	t.Setenv(config.KeyVariable, seal.NewKey().Encode())
	i.fails(append([]string{"serve"}, flags...), "The key in "+config.KeyVariable+opens)
}

func TestImportSaysWhatItDid(t *testing.T) {
	i := newFolder(t)
	args := []string{"import", "--config", i.file("vorzimmer.yaml"), filepath.Join("..", "..", "examples", "oer-erkenschwick.yaml")}
	i.run(0, "migrate", "--config", args[2])
	for _, want := range []string{"created", "updated"} {
		if out, _ := i.run(0, args...); out != "Tenant oer-erkenschwick "+want+".\n" {
			t.Errorf("says %q, want %s", out, want)
		}
	}
	args[2] = i.write("other.yaml", "tenants: {other: {base_url: \"https://termine.example.org\"}}\n"+
		"mail: {host: mail.example.org, from: termine@example.org}\n")
	if out, _ := i.run(0, args...); !strings.Contains(out, "Warning: `tenants` in the settings does not name oer-erkenschwick") {
		t.Errorf("with a tenant that is not served it says %q", out)
	}
	i.fails([]string{"serve", "--config", args[2]}, "The tenant other is in the settings but not in the database.")
}

// The first variable that is set says which language the terminal has.
func TestTerminalLanguage(t *testing.T) {
	i := installed{t, t.TempDir()}
	none := i.file("none.yaml")
	for _, c := range []struct{ all, messages, lang, says string }{
		{"", "", "", "There is no settings file " + none},
		{"", "", "de_DE.UTF-8", "Es gibt keine Einstellungsdatei " + none},
		{"", "de_AT.UTF-8", "en_GB.UTF-8", "Es gibt keine"},
		{"C", "de_DE.UTF-8", "de_DE.UTF-8", "There is no"},
	} {
		t.Setenv("LC_ALL", c.all)
		t.Setenv("LC_MESSAGES", c.messages)
		t.Setenv("LANG", c.lang)
		i.fails([]string{"serve", "--config", none}, c.says, "vorzimmer init")
	}
}

func TestHelpBeginsWithTheFirstStep(t *testing.T) {
	i := installed{t, t.TempDir()}
	out, _ := i.run(0, "--help")
	at := 0
	for _, command := range []string{"init", "migrate", "import", "serve", "check", "demo"} {
		next := strings.Index(out, "\n  "+command+" ")
		if next <= at {
			t.Errorf("%s is missing or comes too early in %s", command, out)
		}
		at = next
	}
	if out, _ := i.run(0, "serve", "--help"); !strings.Contains(out, "vorzimmer.yaml unless given") {
		t.Errorf("the default of --config is not shown: %s", out)
	}
}

func TestDemoOnATakenPort(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	i := installed{t, t.TempDir()}
	i.fails([]string{"demo", "--listen", l.Addr().String(), "--data", i.file("data")}, "use --listen 127.0.0.1:")
	if _, err := os.Stat(i.file("data")); !os.IsNotExist(err) {
		t.Errorf("data was made: %v", err)
	}
}
