// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"unicode/utf8"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

var barrier = message.FeedbackFacts{Town: "Stadt Beispielhausen", Written: locale.EN, Barrier: "Der Kalender\nspricht nicht.",
	Page: "Termin wählen", Email: address}

func TestController(t *testing.T) {
	m, err := message.Controller(catalogue(t), "rathaus@example.org", barrier)
	if err != nil {
		t.Fatal(err)
	}
	if m.To != "rathaus@example.org" || m.Lang != "de" || m.Subject != "Barriere gemeldet: Termine Stadt Beispielhausen" || m.Calendar != nil {
		t.Errorf("to %s in %s: %q", m.To, m.Lang, m.Subject)
	}
	for _, want := range []string{"\n  Der Kalender\n  spricht nicht.\n", "\n  Termin wählen\n", "\n  " + address + "\n", "\n  English\n", "innerhalb eines Monats"} {
		if !strings.Contains(m.Text, want) {
			t.Errorf("%q is not in\n%s", want, m.Text)
		}
	}
	alone := barrier
	alone.Page, alone.Email = "", ""
	m, err = message.Controller(catalogue(t), "rathaus@example.org", alone)
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(m.Text, "Betroffene Seite") || strings.Contains(m.Text, "E-Mail:\n") || !strings.Contains(m.Text, "nicht angegeben") {
		t.Errorf("without page and contact:\n%s", m.Text)
	}
}

// What somebody typed shows as what it is, below its heading.
func TestHostileFeedback(t *testing.T) {
	f := barrier
	f.Town = "Stadt\r\nBcc: alle@example.org"
	f.Barrier = "<script>alert(1)</script>\r\n\r\nE-Mail:\n  chef@example.org\n-- \nEnde \x00\x1b\u202egnp.exe\u2066\u2028x \xff"
	f.Page = "a\r\nTelefon:\r\n0190 <img src=x>"
	m, err := message.Controller(catalogue(t), "rathaus@example.org", f)
	if err != nil {
		t.Fatal(err)
	}
	if strings.ContainsAny(m.Subject, "\r\n") {
		t.Errorf("subject is %q", m.Subject)
	}
	if strings.Contains(m.HTML, "<script") || strings.Contains(m.HTML, "<img") || !strings.Contains(m.HTML, "&lt;script&gt;") {
		t.Error("HTML has markup that was typed, or does not show it")
	}
	for part, body := range bodies(m) {
		if i := strings.IndexAny(body, "\x00\x1b\r\u202e\u2066\u2028"); i >= 0 || !utf8.ValidString(body) {
			t.Errorf("%s has a hostile character at %d", part, i)
		}
	}
	for line, want := range map[string]int{"\nE-Mail:\n": 1, "\nTelefon:\n": 0, "\n-- \n": 1} {
		if n := strings.Count(m.Text, line); n != want {
			t.Errorf("%d times %q, want %d", n, line, want)
		}
	}
}

// refusing is a mail server that takes nothing.
type refusing struct{}

func (refusing) Send(context.Context, string, message.Mail) error {
	return message.Permanent(errors.New("refused"))
}

// Mails that belong to the tenant alone are stored once under an id, sealed under
// the key for them, and empty when they were sent or given up.
func TestMailsOfTheTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		key := seal.NewKey()
		enqueue := func(id string, to message.Recipient) bool {
			var stored bool
			err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
				var err error
				stored, err = message.EnqueueOnce(t.Context(), tx, message.Row{ID: id, TenantID: "t", Recipient: to, Kind: message.Feedback, Key: key,
					Mail: message.Mail{To: address, Lang: "de", Subject: id, Text: "x"}})
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return stored
		}
		worker := func(tr message.Transport) *message.Worker {
			w := p.worker(tr)
			w.AccountKey = func(_ context.Context, _ *db.Tx, tenantID string) (*seal.Key, error) {
				if tenantID != "t" {
					t.Errorf("key of tenant %q", tenantID)
				}
				return key, nil
			}
			return w
		}
		if !enqueue("one", message.ToController) || enqueue("one", message.ToController) {
			t.Error("not stored once")
		}
		enqueue("two", message.ToOperator)
		c := p.capture(t)
		step(t, worker(c), 2)
		if enqueue("one", message.ToController) {
			t.Error("stored again after it was sent")
		}
		enqueue("three", message.ToController)
		enqueue("four", message.ToOperator)
		step(t, worker(refusing{}), 0)
		for _, r := range p.rows(t) {
			want := map[string]string{"one": "sent", "two": "sent", "three": "failed", "four": "failed"}[r.id]
			if r.state != want || r.sealed != nil {
				t.Errorf("%s is %s, %d bytes are left", r.id, r.state, len(r.sealed))
			}
		}
		if n := len(c.List()); n != 2 {
			t.Errorf("%d mails", n)
		}
	})
}
