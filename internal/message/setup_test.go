// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"bytes"
	"context"
	"database/sql"
	"log/slog"
	"sync"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/message"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/message/smtp"
	"vorzimmer/internal/seal"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// address is the citizen's in all tests here; logs and rows must not show it.
const address = "frieda.beispiel@example.org"

// post is a database with two appointments of one person, and their key.
type post struct {
	*dbtest.Env
	key *seal.Key
	log *logBuffer
}

func newPost(t *testing.T, e *dbtest.Env) *post {
	t.Helper()
	p := &post{Env: e, key: seal.NewKey(), log: &logBuffer{}}
	for _, q := range []string{
		`INSERT INTO tenant (id, revision, sealed_key, name, land, zone, controller_name, controller_street,
			controller_postcode, controller_city, controller_phone, controller_email, hold_minutes, max_extensions,
			confirm_email, confirm_minutes, unverified_per_address, cooldown_minutes)
			VALUES ('t', 1, $1, 'Stadt', 'NW', 'Europe/Berlin', '', '', '', '', '', '', 10, 10, FALSE, 30, 5, 0)`,
		`INSERT INTO location (id, tenant_id, key, position, retired, name, street, postcode, city, phone,
			phone_hours, directions, office_mail, lead_minutes, horizon_days)
			VALUES ('l', 't', 'l', 0, FALSE, '{}', '', '', '', '', '{}', '{}', '', 0, 60)`,
		`INSERT INTO counter (id, location_id, key, position, retired, name, office_mail)
			VALUES ('c', 'l', 'c', 0, FALSE, '{}', '')`,
		`INSERT INTO person (id, tenant_id, created, sealed_key, sealed) VALUES ('p', 't', 0, $1, $1)`,
		`INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state, lang,
			start_tick, ticks, minutes, until, extensions, sequence, created, changed)
			VALUES ('a1', 't', 'l', 'c', 'p', 'r1', 'confirmed', 'de', 1, 3, 15, 0, 0, 0, 0, 0),
				('a2', 't', 'l', 'c', 'p', 'r2', 'confirmed', 'de', 9, 3, 15, 0, 0, 0, 0, 0)`,
	} {
		args := []any{}
		if bytes.Contains([]byte(q), []byte("$1")) {
			args = append(args, []byte{0})
		}
		p.Exec(t, q, args...)
	}
	return p
}

// enqueue stores a small mail. Its subject is the kind.
func (p *post) enqueue(t *testing.T, appointment string, to message.Recipient, kind message.Kind) {
	t.Helper()
	err := p.DB.Write(t.Context(), func(tx *db.Tx) error {
		return message.Enqueue(t.Context(), tx, p.row(appointment, to, kind))
	})
	if err != nil {
		t.Fatal(err)
	}
}

func (p *post) row(appointment string, to message.Recipient, kind message.Kind) message.Row {
	return message.Row{
		TenantID: "t", AppointmentID: appointment, PersonID: "p", Recipient: to, Kind: kind, Key: p.key,
		Mail: message.Mail{To: address, Lang: "de", Subject: string(kind), Text: "Guten Tag,\n", HTML: "<p>Guten Tag,</p>"},
	}
}

func (p *post) openKey(context.Context, *db.Tx, string) (*seal.Key, error) { return p.key, nil }

func (p *post) worker(t message.Transport) *message.Worker {
	return message.NewWorker(p.DB, p.openKey, t, p.logger())
}

func (p *post) logger() *slog.Logger { return slog.New(slog.NewTextHandler(p.log, nil)) }

func (p *post) capture(t *testing.T) *capture.Transport {
	t.Helper()
	c, err := capture.New(mime.Sender{Address: "termine@example.org"}, p.Clock)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func (p *post) smtp(t *testing.T, c smtp.Config) *smtp.Transport {
	t.Helper()
	s, err := smtp.New(c, p.Clock)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// stored is a row as it is in the database.
type stored struct {
	id, kind, state, problem string
	attempts, due            int64
	sent                     sql.NullInt64
	sealed                   []byte
}

// rows lists all rows in the order of their ids.
func (p *post) rows(t *testing.T) []stored {
	t.Helper()
	var out []stored
	err := p.DB.Read(t.Context(), func(tx *db.Tx) error {
		var err error
		out, err = db.Collect(t.Context(), tx, func(scan db.Scan) (stored, error) {
			var s stored
			return s, scan(&s.id, &s.kind, &s.state, &s.problem, &s.attempts, &s.due, &s.sent, &s.sealed)
		}, "SELECT id, kind, state, problem, attempts, due, sent, sealed FROM message ORDER BY id")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func step(t *testing.T, w *message.Worker, want int) {
	t.Helper()
	n, err := w.Step(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if n != want {
		t.Fatalf("%d mails sent, want %d", n, want)
	}
}

// logBuffer is a log that several workers may write to.
type logBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *logBuffer) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *logBuffer) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
