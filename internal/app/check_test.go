// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"bytes"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"vorzimmer/internal/app"
	"vorzimmer/internal/booking"
	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

// installed is what `init`, `migrate` and `import` leave in a folder.
type installed struct {
	*testing.T
	dir string
}

func install(t *testing.T) installed {
	t.Helper()
	t.Setenv(config.KeyVariable, "")
	t.Setenv("LC_ALL", "C")
	i := installed{t, t.TempDir()}
	i.run(0, "init", i.dir)
	i.run(0, "migrate", "--config", i.file("vorzimmer.yaml"))
	i.run(0, "import", "--config", i.file("vorzimmer.yaml"), filepath.Join("..", "..", "examples", "oer-erkenschwick.yaml"))
	return i
}

func (i installed) file(name string) string { return filepath.Join(i.dir, name) }

// run runs a command and returns what it wrote to standard output and error.
func (i installed) run(exit int, args ...string) (string, string) {
	i.Helper()
	var out, errOut bytes.Buffer
	if got := app.Run(i.Context(), args, &out, &errOut); got != exit {
		i.Fatalf("%s: exit %d, want %d: %s%s", args[0], got, exit, &out, &errOut)
	}
	return out.String(), errOut.String()
}

// open is the database, as another program sees it.
func (i installed) open() *db.DB {
	i.Helper()
	d, err := db.Open(i.Context(), i.file("vorzimmer.db"), clock.System{})
	if err != nil {
		i.Fatal(err)
	}
	i.Cleanup(func() {
		if err := d.Close(); err != nil {
			i.Error(err)
		}
	})
	return d
}

func (i installed) exec(d *db.DB, query string) {
	i.Helper()
	err := d.Write(i.Context(), func(tx *db.Tx) error {
		_, err := tx.Exec(i.Context(), query)
		return err
	})
	if err != nil {
		i.Fatal(err)
	}
}

// book takes the next free time for an identity card.
func (i installed) book(d *db.DB) {
	i.Helper()
	must := func(err error) {
		i.Helper()
		if err != nil {
			i.Fatal(err)
		}
	}
	const tenant = "oer-erkenschwick"
	key, err := (&config.Config{KeyFile: i.file("vorzimmer.key")}).Key()
	must(err)
	texts, err := locale.Load()
	must(err)
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, clock.System{})
	must(err)
	s, err := app.NewService(app.Options{DB: d, Key: key, Clock: clock.System{}, Log: slog.New(slog.NewTextHandler(i.Output(), nil)),
		Texts: texts, Tenants: map[string]*url.URL{tenant: {Scheme: "http", Host: "127.0.0.1"}}, Transport: mails,
		From: "termine@example.org", Limits: config.Defaults})
	must(err)
	wanted := []office.Wanted{{Key: "personalausweis", Quantity: 1}}
	cat, err := s.Bookings.Catalogue(i.Context(), tenant)
	must(err)
	sel, err := cat.Select(wanted)
	must(err)
	place := cat.LocationsFor(sel)[0]
	start, ok, err := s.Bookings.Next(i.Context(), booking.SearchFor(place, sel))
	must(err)
	if !ok {
		i.Fatal("nothing is free in the example")
	}
	hold, err := s.Bookings.Hold(i.Context(), booking.HoldRequest{TenantID: tenant, Wanted: wanted, Location: place.Key, Start: start, Lang: locale.DE})
	must(err)
	_, err = s.Bookings.SaveDetails(i.Context(), tenant, hold,
		person.Data{FirstName: "Quirin", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 123"})
	must(err)
	must(s.Bookings.Confirm(i.Context(), tenant, hold, locale.DE))
}

func TestCheck(t *testing.T) {
	i := install(t)
	check := []string{"check", "--config", i.file("vorzimmer.yaml")}
	if out, _ := i.run(0, check...); !strings.HasPrefix(out, "Checked 0 appointments, 0 claims") {
		t.Errorf("of an empty database: %s", out)
	}
	d := i.open()
	i.book(d)
	out, _ := i.run(0, check...)
	if !regexp.MustCompile(`^Checked 1 appointments, [1-9]\d* claims, 1 persons, 2 messages. Wrong: 0. Warnings: 0.\n$`).MatchString(out) {
		t.Errorf("of a good database: %s", out)
	}
	i.exec(d, "UPDATE message SET state = 'failed' WHERE recipient = 'office'")
	out, _ = i.run(0, check...)
	if !regexp.MustCompile(`(?m)^warning: message [0-9a-f-]{36}: it could not be delivered`).MatchString(out) || !strings.HasSuffix(out, "Wrong: 0. Warnings: 1.\n") {
		t.Errorf("with a mail that failed: %s", out)
	}
	i.exec(d, "DELETE FROM claim")
	out, errOut := i.run(1, check...)
	if !regexp.MustCompile(`(?m)^wrong: appointment [0-9a-f-]{36}: it does not own`).MatchString(out) || !strings.HasSuffix(out, "Wrong: 1. Warnings: 1.\n") {
		t.Errorf("without claims: %s", out)
	}
	if !strings.Contains(errOut, "(findings: 1)") {
		t.Errorf("standard error: %s", errOut)
	}
	for _, personal := range []string{"Quirin", "Beispielhuber", "@"} {
		if strings.Contains(out+errOut, personal) {
			t.Error("the output says who somebody is")
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	i := install(t)
	if err := os.WriteFile(i.file("vorzimmer.key"), []byte(seal.NewKey().Encode()), 0o600); err != nil {
		t.Fatal(err)
	}
	if out, errOut := i.run(1, "check", "--config", i.file("vorzimmer.yaml")); out != "" || !strings.Contains(errOut, "does not open this database") {
		t.Errorf("another key: %s%s", out, errOut)
	}
	i.run(1, "check", "--config", i.file("none.yaml"))
	i.run(2, "check", "--data", i.dir)
}
