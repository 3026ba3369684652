// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
)

// When nothing was deleted for more than a day the operator gets a mail, once a day,
// with numbers and nothing about anybody.
func TestOperatorHearsOfLateDeletion(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		l := newLeaver(t, e)
		run := func() int {
			t.Helper()
			if err := l.service.Deletion.Run(t.Context()); err != nil {
				t.Fatal(err)
			}
			return l.count("SELECT COUNT(*) FROM message WHERE recipient = 'operator'")
		}
		l.book("ausweis")
		if n := run(); n != 0 {
			t.Fatalf("%d mails when all is well", n)
		}
		l.Clock.Advance(24 * time.Hour)
		if n := run(); n != 0 {
			t.Fatalf("%d mails after a day", n)
		}
		l.Clock.Advance(26 * time.Hour)
		if n := run(); n != 2 { // one for each tenant
			t.Fatalf("%d mails when the job was away for more than a day", n)
		}
		if n := run(); n != 2 {
			t.Errorf("%d mails after a second look", n)
		}
		m := l.send("betrieb@example.org")
		for _, want := range []string{"überfällig", "Der letzte vollständige Lauf der Löschung war am Dienstag, 8. September 2026, 08:00", "vorzimmer privacy report"} {
			if !strings.Contains(m.Subject+m.Text, want) {
				t.Errorf("the mail does not say %q: %s", want, m.Text)
			}
		}
		if !strings.Contains(l.said.String(), "the deletion job is late") {
			t.Error("nothing in the log")
		}
	})
}

// Beside their details people read when those are deleted, and on that day they are.
func TestDeletionDateIsKept(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		l := newLeaver(t, e)
		done := l.get(l.book("ausweis"))
		manage := link(t, l.send("quirin@example.org"), `/de/appointment/[\w-]+`)
		start, err := time.Parse(time.RFC3339, done.Find(".panel__time time").AttrOr("datetime", ""))
		if err != nil {
			t.Fatal(err)
		}
		said := "Wir löschen sie am " + start.AddDate(0, 0, 30).Format("02.01.2006") + "."
		for name, page := range map[string]answer{"done": done, "manage": l.get(manage)} {
			if !strings.Contains(page.Find("main").Text(), said) {
				t.Errorf("%s does not say %q", name, said)
			}
		}
		midnight := time.Date(start.Year(), start.Month(), start.Day()+30, 0, 0, 0, 0, start.Location())
		l.Clock.Set(midnight.Add(-time.Second))
		if err := l.service.Deletion.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.want(l.get(manage), http.StatusOK)
		l.Clock.Set(midnight)
		if err := l.service.Deletion.Run(t.Context()); err != nil {
			t.Fatal(err)
		}
		l.want(l.get(manage), http.StatusNotFound)

		b := l.signUp(frieda)
		said = "frühestens am " + l.Clock.Now().Add((730+30)*24*time.Hour).Format("02.01.2006")
		if text := b.get("/de/account/data").Find("main").Text(); !strings.Contains(text, said) {
			t.Errorf("the account does not say %q", said)
		}
		l.want(l.post(manage+"/cancel", url.Values{}), http.StatusNotFound)
	})
}
