// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"crypto/sha256"
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/retention"
)

// with does something to the database while nobody else has it open.
func (i installed) with(do func(d *db.DB)) {
	i.Helper()
	d, err := db.Open(i.Context(), i.file("vorzimmer.db"), clock.System{})
	if err != nil {
		i.Fatal(err)
	}
	do(d)
	if err := d.Close(); err != nil {
		i.Fatal(err)
	}
}

// content is what the database holds, every table and byte of it.
func (i installed) content() [sha256.Size]byte {
	i.Helper()
	b, err := os.ReadFile(i.file("vorzimmer.db"))
	if err != nil {
		i.Fatal(err)
	}
	if _, err := os.Stat(i.file("vorzimmer.db-wal")); err == nil {
		i.Fatal("there is a log of changes beside the file")
	}
	return sha256.Sum256(b)
}

// From a database in which something is overdue to a clean one, on the command line.
func TestPrivacyCommands(t *testing.T) {
	i := install(t)
	config := []string{"--config", i.file("vorzimmer.yaml")}
	run := func(exit int, args ...string) (string, string) {
		t.Helper()
		return i.run(exit, append(append([]string{"privacy"}, args...), config...)...)
	}
	out, _ := run(0, "report")
	if !strings.Contains(out, "Tenant oer-erkenschwick, last complete run: none yet") || !strings.Contains(out, "30 days") || !strings.Contains(out, "IP address of a login") {
		t.Errorf("of an empty database: %s", out)
	}
	if out, errOut := run(0, "delete"); out != "" || errOut != "" {
		t.Errorf("deleted from an empty database: %s%s", out, errOut)
	}
	i.with(func(d *db.DB) {
		i.book(d)
		i.exec(d, "UPDATE message SET state = 'sent', sent = due, sealed = NULL")
		i.exec(d, "DELETE FROM claim")
		i.exec(d, "UPDATE appointment SET start_tick = start_tick - 500 * 288, changed = changed - 500 * 86400")
	})
	before := i.content()
	out, errOut := run(1, "report")
	if !strings.Contains(out, "30 days") || !strings.Contains(errOut, "oer-erkenschwick") || !strings.Contains(errOut, "more than a day ago") {
		t.Errorf("of one that is late: %s%s", out, errOut)
	}
	line := func(args ...string) retention.Line {
		t.Helper()
		exit := 0
		if len(args) > 0 {
			exit = 1
		}
		out, _ := run(exit, "report", "--json")
		var list []retention.Report
		if err := json.Unmarshal([]byte(out), &list); err != nil || len(list) != 1 || list[0].Tenant != "oer-erkenschwick" || list[0].LastRun == 0 {
			t.Fatalf("%v: %s", err, out)
		}
		for _, l := range list[0].Lines {
			if l.Class == "appointment" {
				return l
			}
		}
		t.Fatalf("no line about appointments: %s", out)
		return retention.Line{}
	}
	if l := line("late"); l != (retention.Line{Class: "appointment", Amount: 30, Unit: "days", Due: 1, Overdue: 1}) {
		t.Errorf("as JSON: %+v", l)
	}
	const would, deleted = "oer-erkenschwick: 1 would be deleted: Appointment, and the person's data with it\n", "oer-erkenschwick: 1 deleted: Appointment, and the person's data with it\n"
	if out, _ := run(0, "delete", "--dry-run"); out != would {
		t.Errorf("what would be deleted: %q", out)
	}
	if i.content() != before {
		t.Error("to show what would be deleted changes the database")
	}
	if out, _ := run(0, "delete"); out != deleted {
		t.Errorf("what was deleted: %q", out)
	}
	if l := line(); l != (retention.Line{Class: "appointment", Amount: 30, Unit: "days", Deleted: 1}) {
		t.Errorf("afterwards: %+v", l)
	}
	out, _ = i.run(0, append([]string{"check"}, config...)...)
	if !strings.HasPrefix(out, "Checked 0 appointments, 0 claims, 0 persons, 0 messages. Wrong: 0.") {
		t.Errorf("check: %s", out)
	}
}

// A database that is older than the list of erasures is refused, and nothing is noted
// that would let the service open it afterwards.
func TestDeleteWithOldDatabase(t *testing.T) {
	i := install(t)
	args := []string{"privacy", "delete", "--config", i.file("vorzimmer.yaml")}
	i.run(0, args...)
	i.with(func(d *db.DB) { i.exec(d, "UPDATE retention_run SET at = at - 86400") })
	if err := os.RemoveAll(i.file("erasures")); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if _, errOut := i.run(1, args...); !strings.Contains(errOut, "--new-erasures") {
			t.Errorf("it says %q", errOut)
		}
	}
}

// Who switches the access log off hears that the old one is still there.
func TestServeSaysThatAnOldLogIsThere(t *testing.T) {
	i := install(t)
	b, err := os.ReadFile(i.file("vorzimmer.yaml"))
	if err != nil {
		t.Fatal(err)
	}
	settings := strings.Replace(string(b), "access_log: access-log", "access_log: none", 1)
	if err := errors.Join(os.WriteFile(i.file("vorzimmer.yaml"), []byte(settings), 0o600), os.MkdirAll(i.file("access-log/oer-erkenschwick"), 0o700)); err != nil {
		t.Fatal(err)
	}
	const there = "an old one is there"
	if _, errOut := i.run(1, "serve", "--config", i.file("vorzimmer.yaml")); !strings.Contains(errOut, there) || !strings.Contains(errOut, "mail password") {
		t.Errorf("it says %q", errOut)
	}
	if err := os.RemoveAll(i.file("access-log")); err != nil {
		t.Fatal(err)
	}
	if _, errOut := i.run(1, "serve", "--config", i.file("vorzimmer.yaml")); strings.Contains(errOut, there) {
		t.Errorf("without one it says %q", errOut)
	}
}

// Each command says what it is for.
func TestPrivacyHelp(t *testing.T) {
	i := installed{t, t.TempDir()}
	for want, args := range map[string][]string{
		"What is kept and what was deleted":                   {"privacy", "--help"},
		"Fails if something is a day late":                    {"privacy", "report", "--help"},
		"the service does that by itself":                     {"privacy", "delete", "--help"},
		"Only show what would be deleted":                     {"privacy", "delete", "--help"},
		"Open although the list of erasures begins later":     {"serve", "--help"},
		"Show for each tenant what is due to be deleted":      {"privacy", "--help"},
		"Delete now what is due; the service does that by it": {"privacy", "--help"},
	} {
		out, _ := i.run(0, args...)
		if !strings.Contains(strings.Join(strings.Fields(out), " "), want) {
			t.Errorf("%v says nothing of %q: %s", args, want, out)
		}
	}
	i.run(2, "privacy", "forget")
}
