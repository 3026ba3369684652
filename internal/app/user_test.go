// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"context"
	"io"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/app"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
	"vorzimmer/internal/staff"
)

// user runs `vorzimmer user` for the example's tenant.
func (i installed) user(exit int, command string, more ...string) (string, string) {
	i.Helper()
	return i.run(exit, append([]string{"user", command, "--config", i.file("vorzimmer.yaml"), "--tenant", "oer-erkenschwick"}, more...)...)
}

// staff is the accounts of the installation, as the service has them.
func (i installed) staff(d *db.DB) *staff.Accounts {
	i.Helper()
	key, err := (&config.Config{KeyFile: i.file("vorzimmer.key")}).Key()
	if err != nil {
		i.Fatal(err)
	}
	return staff.New(staff.Options{DB: d, Key: key, Offices: office.NewStore(), Sessions: &session.Store{DB: d},
		Hasher: credential.NewHasher(), Wake: func() {}})
}

// printedLink is the secret of the link on the last line.
func printedLink(t *testing.T, out string) seal.Secret {
	t.Helper()
	found := regexp.MustCompile(`\nhttps://termine\.example\.org/en/desk/invitation/(\S{43})\n$`).FindStringSubmatch(out)
	if found == nil {
		t.Fatalf("no link in %q", out)
	}
	return seal.Secret(found[1])
}

// The first account: made and reset by links that are printed, listed,
// disabled and enabled.
func TestUser(t *testing.T) {
	i := install(t)
	if out, _ := i.user(0, "list"); !strings.Contains(out, "vorzimmer user add") {
		t.Errorf("without accounts the list says %q", out)
	}
	const tenant, word = "oer-erkenschwick", "lampe-knödel-violett-7"
	address := []string{"--email", "leitung@example.org"}
	out, _ := i.user(0, "add", append(address, "--name", "Lore Leitstern", "--role", "admin", "--everywhere")...)
	if !strings.HasPrefix(out, "Account made for leitung@example.org.") || !strings.Contains(out, "7 days") {
		t.Errorf("add says %q", out)
	}
	d := i.open()
	a := i.staff(d)
	if err := a.Accept(t.Context(), credential.Visit{TenantID: tenant}, printedLink(t, out), word); err != nil {
		t.Fatal(err)
	}
	i.user(0, "add", "--email", "empfang@example.org", "--name", "Ella Eingang", "--role", "front_desk", "--location", "rathaus")
	i.user(0, "add", "--email", "datenschutz@example.org", "--name", "Dora Diskret", "--role", "officer")
	out, _ = i.user(0, "list")
	for _, want := range []string{
		`leitung@example\.org +admin +active +all locations +Lore Leitstern`,
		`empfang@example\.org +front_desk +invited +rathaus +Ella Eingang`,
		`datenschutz@example\.org +officer +invited +all locations +Dora Diskret`,
	} {
		if !regexp.MustCompile(`(?m)^` + want + `$`).MatchString(out) {
			t.Errorf("want %s in\n%s", want, out)
		}
	}
	login := func() error {
		v := credential.Visit{TenantID: tenant, Remember: func(ctx context.Context, tx *db.Tx, d session.Data) error {
			return a.Sessions.Replace(ctx, tx, tenant, "", seal.NewSecret(), d)
		}}
		_, err := a.Login(t.Context(), v, address[1], word)
		return err
	}
	if err := login(); err != nil {
		t.Error(err)
	}
	if out, _ := i.user(0, "disable", address...); !strings.HasPrefix(out, "Account disabled") {
		t.Errorf("disable says %q", out)
	}
	if err := login(); fault.Of(err) != fault.Forbidden {
		t.Errorf("login after that: %v", err)
	}
	if _, says := i.user(1, "reset", address...); !strings.Contains(says, "vorzimmer user enable") {
		t.Errorf("reset of a disabled account says %q", says)
	}
	i.user(0, "enable", address...)
	i.user(0, "enable", address...)
	if err := login(); err != nil {
		t.Error(err)
	}
	out, _ = i.user(0, "reset", address...)
	if err := login(); fault.Of(err) != fault.Forbidden {
		t.Errorf("login after the reset: %v", err)
	}
	if err := a.Accept(t.Context(), credential.Visit{TenantID: tenant}, printedLink(t, out), word); err != nil {
		t.Error(err)
	}
	if err := login(); err != nil {
		t.Error(err)
	}
	if out, _ := i.run(0, "check", "--config", i.file("vorzimmer.yaml")); !strings.HasSuffix(out, "Wrong: 0. Warnings: 0.\n") {
		t.Errorf("check says %s", out)
	}
	i.exec(d, "UPDATE staff SET sealed = token")
	if out, _ := i.run(1, "check", "--config", i.file("vorzimmer.yaml")); strings.Count(out, "\nwrong: staff ")+strings.Count(out[:12], "wrong: staff") != 3 {
		t.Errorf("check of broken accounts says %s", out)
	}
}

// A command that cannot be done says what to do, changes nothing, and tells a
// mistake of the command line from a failure.
func TestUserRefuses(t *testing.T) {
	i := install(t)
	full := func(change ...string) []string {
		args := []string{"--email", "neu@example.org", "--name", "Neu", "--role", "clerk", "--everywhere"}
		return append(args, change...)
	}
	for name, c := range map[string]struct {
		exit int
		args []string
		says string
	}{
		"no such role":       {2, []string{"user", "add", "--tenant", "x", "--email", "a@example.org", "--name", "A", "--role", "king"}, "front_desk"},
		"no role":            {2, []string{"user", "add", "--tenant", "x", "--email", "a@example.org", "--name", "A"}, "--role"},
		"no tenant":          {2, []string{"user", "list"}, "--tenant"},
		"no command":         {2, []string{"user"}, "add"},
		"no such tenant":     {1, []string{"user", "list", "--config", i.file("vorzimmer.yaml"), "--tenant", "x"}, "do not name the tenant x"},
		"no settings":        {1, []string{"user", "list", "--config", i.file("none.yaml"), "--tenant", "x"}, "vorzimmer init"},
		"an unknown account": {1, i.args("disable", "--email", "niemand@example.org"), "vorzimmer user list"},
		"no address":         {1, i.args("add", full("--email", "neu")...), "no e-mail address"},
		"a long name":        {1, i.args("add", full("--name", strings.Repeat("x", 101))...), "longer than 100 characters"},
		"nowhere":            {1, i.args("add", "--email", "a@example.org", "--name", "A", "--role", "clerk"), "--location KEY"},
		"an unknown place":   {1, i.args("add", "--email", "a@example.org", "--name", "A", "--role", "clerk", "--location", "mond"), "key mond. It has: rathaus"},
	} {
		if out, says := i.run(c.exit, c.args...); !strings.Contains(says, c.says) || out != "" {
			t.Errorf("%s: says %q, %q, want %q", name, out, says, c.says)
		}
	}
	i.run(0, i.args("add", full()...)...)
	if _, says := i.run(1, i.args("add", full("--email", "NEU@example.org")...)...); !strings.Contains(says, "already") {
		t.Errorf("twice: %q", says)
	}
	if out, _ := i.user(0, "list"); strings.Count(out, "\n") != 1 {
		t.Errorf("the list is %q", out)
	}
	for _, help := range [][]string{{"user", "--help"}, {"user", "add", "--help"}} {
		if out, _ := i.run(0, help...); !strings.Contains(out, "link") {
			t.Errorf("%v says %q", help, out)
		}
	}
}

func (i installed) args(command string, more ...string) []string {
	return append([]string{"user", command, "--config", i.file("vorzimmer.yaml"), "--tenant", "oer-erkenschwick"}, more...)
}

// The demonstration prints how to get in, and what it prints works, with and
// without a second factor and when it is started again.
func TestDemoLogins(t *testing.T) {
	t.Setenv("LC_ALL", "C")
	i := installed{t, t.TempDir()}
	for n, more := range [][]string{nil, {"--second-factor"}, nil} {
		out := i.demo(more...)
		word := regexp.MustCompile(`Password for all of these: (\S+)\n`).FindStringSubmatch(out)
		logins := regexp.MustCompile(`(?m)^    (\S+@example\.org) +(\w+) `).FindAllStringSubmatch(out, -1)
		if word == nil || len(logins) != len(staff.Roles) || !regexp.MustCompile(`http://localhost:\d+/de/desk\n`).MatchString(out) {
			t.Fatalf("printed %q", out)
		}
		d, err := db.Open(t.Context(), i.file("vorzimmer.db"), clock.System{})
		if err != nil {
			t.Fatal(err)
		}
		a := i.staff(d)
		for k, l := range logins {
			var of session.Data
			v := credential.Visit{TenantID: "oer-erkenschwick",
				Remember: func(_ context.Context, _ *db.Tx, s session.Data) error { of = s; return nil }}
			next, err := a.Login(t.Context(), v, l[1], word[1])
			want := credential.Done
			if n == 1 {
				want = credential.SetUpFactor
			}
			if err != nil || next != want {
				t.Fatalf("start %d, %s: %s, %v", n, l[2], next, err)
			}
			of.Full, of.Second = true, true
			if m, _, err := a.Member(t.Context(), "oer-erkenschwick", of); err != nil || string(m.Role) != l[2] || m.Role != staff.Roles[k] {
				t.Errorf("%s: %v", l[2], err)
			}
		}
		if err := d.Close(); err != nil {
			t.Error(err)
		}
	}
}

// demo runs the demonstration until it has printed all, and returns that.
func (i installed) demo(more ...string) string {
	i.Helper()
	ctx, stop := context.WithCancel(i.Context())
	defer stop()
	r, w := io.Pipe()
	ended := make(chan int)
	go func() {
		code := app.Run(ctx, append([]string{"demo", "--listen", "127.0.0.1:0", "--data", i.dir}, more...), w, io.Discard)
		_ = w.Close() // a pipe's never fails
		ended <- code
	}()
	var out bytes.Buffer
	chunk := make([]byte, 4096)
	for !strings.Contains(out.String(), "Stop with Ctrl-C.") {
		n, err := r.Read(chunk)
		out.Write(chunk[:n])
		if err != nil {
			i.Fatalf("ended with %d after %q", <-ended, out.String())
		}
	}
	stop()
	if code := <-ended; code != 0 {
		i.Fatalf("exit code %d", code)
	}
	return out.String()
}
