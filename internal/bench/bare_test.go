// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"sync/atomic"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"

	"github.com/google/uuid"
)

// bare writes the rows of a booking by bare statements, in as many
// transactions as the program needs and without any thought: nothing is read,
// checked, sealed or rendered, and each transaction has a commit to itself.
// What it writes is copied from a real booking, with new ids, so that rows and
// values have the same size. It goes past package db, so that whatever that
// package gains or costs shows in the ratio.
type bare struct {
	*town
	pool    *sql.DB
	session bool // also the row that the pages write and delete
	count   atomic.Int64

	// The values that are the same in each copy.
	service           string // id
	personKey, person []byte // sealed
	tokens            []token
	mails             []mail
}

// token is a row of person_token: its kind, and how long the hash is.
type token struct {
	kind   string
	length int
}

type mail struct {
	recipient string
	sealed    []byte
}

// newBare copies the only booking of the town.
func newBare(tb testing.TB, t *town, session bool) *bare {
	tb.Helper()
	pool, err := openPool(t)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = pool.Close() })
	b := &bare{town: t, pool: pool, session: session}
	if err := t.DB.Read(tb.Context(), func(tx *db.Tx) error { return b.copy(tb.Context(), tx) }); err != nil {
		tb.Fatalf("read the booking to be copied: %v", err)
	}
	return b
}

// openPool connects to the town's database as package db does.
func openPool(t *town) (*sql.DB, error) {
	if t.DB.Engine() == "postgres" {
		pool, err := sql.Open("pgx", t.Location)
		if err == nil {
			pool.SetMaxIdleConns(24)
			pool.SetMaxOpenConns(24)
		}
		return pool, err
	}
	pool, err := sql.Open("sqlite", "file:"+t.Location+"?_pragma=busy_timeout(10000)&_pragma=journal_mode(WAL)"+
		"&_pragma=synchronous(FULL)&_pragma=foreign_keys(1)&_txlock=immediate")
	if err == nil {
		pool.SetMaxOpenConns(1)
	}
	return pool, err
}

func (b *bare) copy(ctx context.Context, tx *db.Tx) error {
	if err := tx.QueryRow(ctx, "SELECT service_id FROM appointment_service").Scan(&b.service); err != nil {
		return err
	}
	if err := tx.QueryRow(ctx, "SELECT sealed_key, sealed FROM person").Scan(&b.personKey, &b.person); err != nil {
		return err
	}
	var err error
	b.tokens, err = db.Collect(ctx, tx, func(scan db.Scan) (token, error) {
		var t token
		return t, scan(&t.kind, &t.length)
	}, "SELECT kind, LENGTH(token) FROM person_token ORDER BY kind")
	if err != nil {
		return err
	}
	b.mails, err = db.Collect(ctx, tx, func(scan db.Scan) (mail, error) {
		var m mail
		return m, scan(&m.recipient, &m.sealed)
	}, "SELECT recipient, sealed FROM message ORDER BY id")
	return err
}

// sessionLength is how long a sealed session is in bytes that holds a secret.
const sessionLength = 82

// book writes one booking.
func (b *bare) book(ctx context.Context, s spot) error {
	id, person := newID(), newID()
	session := random32()
	steps := []func(*sql.Tx) error{
		func(tx *sql.Tx) error {
			if err := b.hold(ctx, tx, s, id); err != nil || !b.session {
				return err
			}
			return b.exec(ctx, tx, "INSERT INTO session (hash, tenant_id, seen, sealed) VALUES ($1, $2, $3, $4)",
				session, b.tenant, b.now(), make([]byte, sessionLength))
		},
		func(tx *sql.Tx) error { return b.details(ctx, tx, id, person) },
		func(tx *sql.Tx) error {
			if err := b.confirm(ctx, tx, s, id, person); err != nil || !b.session {
				return err
			}
			return b.exec(ctx, tx, "DELETE FROM session WHERE hash = $1", session)
		},
	}
	for _, step := range steps {
		if err := b.transaction(ctx, step); err != nil {
			return fmt.Errorf("write bare rows: %w", err)
		}
	}
	return nil
}

func (b *bare) transaction(ctx context.Context, f func(*sql.Tx) error) error {
	tx, err := b.pool.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if b.slow != nil {
		b.slow()
	}
	return tx.Commit()
}

func (b *bare) exec(ctx context.Context, tx *sql.Tx, query string, args ...any) error {
	_, err := tx.ExecContext(ctx, query, args...)
	return err
}

func (b *bare) now() int64 { return b.Clock.Now().Unix() }

func (b *bare) revision(ctx context.Context, tx *sql.Tx, s spot) error {
	return b.exec(ctx, tx, `INSERT INTO revision (location_id, day, n) VALUES ($1, $2, 1)
		ON CONFLICT (location_id, day) DO UPDATE SET n = revision.n + 1`,
		b.location.ID, int64(slot.DateIn(s.start.Unix(), b.location.Plan.Zone)))
}

func (b *bare) hold(ctx context.Context, tx *sql.Tx, s spot, id string) error {
	if err := b.revision(ctx, tx, s); err != nil {
		return err
	}
	until := b.now() + 600
	args := []any{s.counter, id, "hold", until}
	var rows []string
	for i := range 3 {
		args = append(args, int64(s.start)+int64(i))
		rows = append(rows, fmt.Sprintf("($1, $2, $3, $4, $%d)", len(args)))
	}
	err := b.exec(ctx, tx, "INSERT INTO claim (counter_id, owner, kind, until, tick) VALUES "+strings.Join(rows, ", "), args...)
	if err != nil {
		return err
	}
	// Scattered like real references, and never equal to one, which has digits only.
	reference := fmt.Sprintf("b%07d", b.count.Add(1)*6180339%10_000_000)
	err = b.exec(ctx, tx, `INSERT INTO appointment (id, tenant_id, location_id, counter_id, reference, state, lang,
		start_tick, ticks, minutes, until, extensions, sequence, created, changed)
		VALUES ($1, $2, $3, $4, $5, 'held', 'de', $6, 3, 15, $7, 0, 0, $8, $8)`,
		id, b.tenant, b.location.ID, s.counter, reference, int64(s.start), until, b.now())
	if err != nil {
		return err
	}
	err = b.exec(ctx, tx, `INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
		VALUES ($1, 0, $2, 1, 15)`, id, b.service)
	if err != nil {
		return err
	}
	return b.secret(ctx, tx, id, "page")
}

func (b *bare) details(ctx context.Context, tx *sql.Tx, id, person string) error {
	err := b.exec(ctx, tx, "INSERT INTO person (id, tenant_id, created, sealed_key, sealed) VALUES ($1, $2, $3, $4, $5)",
		person, b.tenant, b.now(), b.personKey, b.person)
	if err != nil {
		return err
	}
	args := []any{b.tenant, person}
	var rows []string
	for _, t := range b.tokens {
		args = append(args, t.kind, random32()[:t.length])
		rows = append(rows, fmt.Sprintf("($1, $2, $%d, $%d)", len(args)-1, len(args)))
	}
	err = b.exec(ctx, tx, "INSERT INTO person_token (tenant_id, person_id, kind, token) VALUES "+strings.Join(rows, ", "), args...)
	if err != nil {
		return err
	}
	return b.exec(ctx, tx, "UPDATE appointment SET person_id = $2, changed = $3, version = version + 1 WHERE id = $1", id, person, b.now())
}

func (b *bare) confirm(ctx context.Context, tx *sql.Tx, s spot, id, person string) error {
	if err := b.revision(ctx, tx, s); err != nil {
		return err
	}
	err := b.exec(ctx, tx, "UPDATE claim SET kind = 'appointment', until = 253402300799 WHERE owner = $1", id)
	if err != nil {
		return err
	}
	err = b.exec(ctx, tx, "UPDATE appointment SET state = 'confirmed', until = 0, changed = $2, version = version + 1 WHERE id = $1", id, b.now())
	if err != nil {
		return err
	}
	day := int64(slot.DateIn(s.start.Unix(), b.location.Plan.Zone))
	err = b.exec(ctx, tx, `INSERT INTO audit (id, tenant_id, at, actor, role, action, appointment_id, person_id, location_id, detail,
		first_day, last_day) VALUES ($1, $2, $3, 'citizen', '', 'appointment.booked', $4, $5, $6, '', $7, $7)`,
		newID(), b.tenant, b.now(), id, person, b.location.ID, day)
	if err != nil {
		return err
	}
	for _, m := range b.mails {
		channel := "mail"
		if m.recipient == "office" {
			channel = "office"
		}
		if err := b.secret(ctx, tx, id, channel); err != nil {
			return err
		}
		err := b.exec(ctx, tx, `INSERT INTO message (id, tenant_id, appointment_id, person_id, recipient, kind, state,
			attempts, due, created, problem, sealed) VALUES ($1, $2, $3, $4, $5, $6, 'queued', 0, $7, $7, '', $8)`,
			newID(), b.tenant, id, person, m.recipient, "booked", b.now(), m.sealed)
		if err != nil {
			return err
		}
	}
	return nil
}

func (b *bare) secret(ctx context.Context, tx *sql.Tx, id, channel string) error {
	return b.exec(ctx, tx, "INSERT INTO secret (hash, appointment_id, channel, created) VALUES ($1, $2, $3, $4)",
		random32(), id, channel, b.now())
}

func newID() string { return uuid.Must(uuid.NewV7()).String() }

// random32 is as long as a hash.
func random32() []byte {
	b := make([]byte, 32)
	_, _ = rand.Read(b) // never fails (crypto/rand)
	return b
}
