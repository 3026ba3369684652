// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"
	"vorzimmer/internal/seal"
)

// Each kind of mail to staff says in both languages what the link is for, and
// until when.
func TestStaffMails(t *testing.T) {
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	f := message.StaffFacts{Town: "Kleinstadt\r\nBcc: alle@example.org", URL: "https://termine.example.org/link",
		Until: time.Date(2026, time.September, 14, 8, 0, 0, 0, time.UTC)}
	seen := map[string]bool{}
	for lang, until := range map[locale.Lang]string{locale.DE: "14. September 2026, 08:00 Uhr", locale.EN: "14 September 2026, 08:00"} {
		for _, kind := range []message.Kind{message.Invited, message.Reset, message.Forgotten} {
			f.Lang = lang
			m, err := message.Staff(texts, kind, "neu@example.org", f)
			if err != nil {
				t.Fatal(err)
			}
			if seen[m.Subject] || strings.ContainsAny(m.Subject, "\r\n‹") || m.To != "neu@example.org" || m.Calendar != nil {
				t.Errorf("%s, %s: subject %q to %s", kind, lang, m.Subject, m.To)
			}
			seen[m.Subject] = true
			for _, body := range []string{m.Text, m.HTML} {
				if !strings.Contains(body, f.URL) || !strings.Contains(body, until) || strings.Contains(body, "‹") {
					t.Errorf("%s, %s: %s", kind, lang, body)
				}
			}
		}
	}
	if _, err := message.Staff(texts, message.Booked, "neu@example.org", f); err == nil {
		t.Error("wrote a mail of an unknown kind")
	}
	f.URL = ""
	if _, err := message.Staff(texts, message.Invited, "neu@example.org", f); err == nil {
		t.Error("wrote a mail without its link")
	}
}

// A mail to staff belongs to an account, is opened with the key for that, and
// keeps the worker's rules: sent once, its content gone.
func TestWorkerSendsToStaff(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		p := newPost(t, e)
		key := seal.NewKey()
		p.Exec(t, `INSERT INTO staff (id, tenant_id, role, everywhere, state, created, version, token, sealed)
			VALUES ('s', 't', 'clerk', TRUE, 'active', 0, 0, $1, $1)`, []byte("x"))
		row := p.row("", message.ToStaff, message.Invited)
		row.PersonID, row.StaffID, row.Key = "", "s", key
		if err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return message.Enqueue(t.Context(), tx, row) }); err != nil {
			t.Fatal(err)
		}
		p.enqueue(t, "a1", message.ToCitizen, message.Booked)
		w := p.worker(p.capture(t))
		w.StaffKey = func(_ context.Context, _ *db.Tx, id string) (*seal.Key, error) {
			if id != "s" {
				t.Errorf("asked for the key of %q", id)
			}
			return key, nil
		}
		step(t, w, 2)
		step(t, w, 0)
		for _, r := range p.rows(t) {
			if r.state != "sent" || r.sealed != nil {
				t.Errorf("%s is %s with %d bytes", r.kind, r.state, len(r.sealed))
			}
		}
		// Neither an appointment's nor an account's, or both: the database refuses.
		row.StaffID = ""
		both := p.row("a1", message.ToStaff, message.Invited)
		both.StaffID = "s"
		for _, r := range []message.Row{row, both} {
			if err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return message.Enqueue(t.Context(), tx, r) }); err == nil {
				t.Error("a mail that belongs nowhere, or twice, is stored")
			}
		}
	})
}
