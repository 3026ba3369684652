// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/seal"
)

const (
	round       = 30 * time.Second // between two looks when nobody wakes the worker
	sendTimeout = time.Minute
	lease       = 10 * time.Minute // longer than sending can take
	firstPause  = time.Minute
	longest     = 30 * time.Minute
	maxAge      = 3 * 24 * time.Hour
	reminderAge = 20 * time.Hour // then it is too late for what is a day ahead
	batch       = 50
	maxProblem  = 200 // characters
)

// OpenKey opens the key of a person, or the one for mails about an account, or
// that for the lists of a tenant. An error of kind NotFound, or seal.ErrOpen, means that the key is gone for good.
type OpenKey func(ctx context.Context, tx *db.Tx, id string) (*seal.Key, error)

// Worker sends what Enqueue stored. It is safe for concurrent use, and several
// processes may run one on the same database.
type Worker struct {
	// StaffKey opens the key for mails about an account. It is set before the
	// worker runs; nil: there are no such mails.
	StaffKey OpenKey
	// ListKey opens the key for lists, by tenant. Likewise.
	ListKey OpenKey
	// AccountKey opens the key for mails that belong to a tenant alone, such as those
	// about citizens' accounts. Likewise.
	AccountKey OpenKey

	db        *db.DB
	openKey   OpenKey
	transport Transport
	log       *slog.Logger
	wake      chan struct{}
}

// NewWorker makes a worker; openKey is for persons. Its log names messages by id, never by address.
func NewWorker(d *db.DB, openKey OpenKey, t Transport, log *slog.Logger) *Worker {
	return &Worker{db: d, openKey: openKey, transport: t, log: log, wake: make(chan struct{}, 1)}
}

// Wake makes Run look at once. It never waits.
func (w *Worker) Wake() {
	select {
	case w.wake <- struct{}{}:
	default: // a look is due already
	}
}

// Run sends until ctx ends, and then finishes the mail in hand.
func (w *Worker) Run(ctx context.Context) {
	ticker := time.NewTicker(round)
	defer ticker.Stop()
	for {
		if _, err := w.Step(ctx); err != nil && ctx.Err() == nil {
			w.log.Error("send messages", "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-w.wake:
		case <-ticker.C:
		}
	}
}

// Step tries everything that is due and returns how many mails were taken.
// A mail that was not taken is no error here: it is in the log and its row.
func (w *Worker) Step(ctx context.Context) (int, error) {
	n := 0
	for {
		candidates, err := w.due(ctx)
		if err != nil || len(candidates) == 0 {
			return n, err
		}
		for _, c := range candidates {
			if err := ctx.Err(); err != nil {
				return n, err
			}
			ok, err := w.deliver(context.WithoutCancel(ctx), c)
			if err != nil {
				return n, fmt.Errorf("message %s: %w", c.id, err)
			}
			if ok {
				n++
			}
		}
	}
}

// candidate is a row that was due when it was read.
type candidate struct {
	id, kind          string
	recipient         Recipient
	personID, staffID string // of whom; both are empty for a list and for what is the tenant's
	tenantID          string
	attempts, created int64
	until             int64 // of a list; else 0
}

// due lists messages to send, of each appointment and recipient only the
// oldest: a cancellation must not overtake the confirmation.
func (w *Worker) due(ctx context.Context) ([]candidate, error) {
	var out []candidate
	err := w.db.Read(ctx, func(tx *db.Tx) error {
		var err error
		out, err = db.Collect(ctx, tx, func(scan db.Scan) (candidate, error) {
			var c candidate
			return c, scan(&c.id, &c.tenantID, &c.personID, &c.staffID, &c.recipient, &c.kind, &c.attempts, &c.created, &c.until)
		}, `SELECT m.id, m.tenant_id, COALESCE(m.person_id, ''), COALESCE(m.staff_id, ''), m.recipient, m.kind, m.attempts, m.created,
				COALESCE(m.until, 0)
			FROM message m
			WHERE m.state = $1 AND m.due <= $2 AND NOT EXISTS (
				SELECT 1 FROM message e
				WHERE e.appointment_id = m.appointment_id AND e.recipient = m.recipient
					AND e.state = $1 AND e.id < m.id)
			ORDER BY m.due, m.id LIMIT $3`, queued, tx.Unix(), batch)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("list messages: %w", err)
	}
	return out, nil
}

// deliver claims, sends and records, and tells whether the mail was taken.
func (w *Worker) deliver(ctx context.Context, c candidate) (bool, error) {
	mine, err := w.claim(ctx, c)
	if err != nil || !mine {
		return false, err
	}
	problem := w.send(ctx, c)
	if db.IsNoRows(problem) {
		return false, nil // withdrawn meanwhile
	}
	return problem == nil, w.settle(ctx, c, problem)
}

// claim takes the row for the time of the lease. When several processes want
// the same row, the count of attempts lets exactly one of them have it.
func (w *Worker) claim(ctx context.Context, c candidate) (bool, error) {
	var rows int64
	err := w.db.Write(ctx, func(tx *db.Tx) error {
		var err error
		rows, err = tx.Exec(ctx, `UPDATE message SET attempts = attempts + 1, due = $1
			WHERE id = $2 AND state = $3 AND attempts = $4 AND due <= $5`,
			tx.Now().Add(lease).Unix(), c.id, queued, c.attempts, tx.Unix())
		return err
	})
	if err != nil {
		return false, fmt.Errorf("claim: %w", err)
	}
	return rows == 1, nil
}

// send opens the mail and hands it to the transport, outside any transaction.
func (w *Worker) send(ctx context.Context, c candidate) error {
	if c.isList() && w.db.Now().Unix() >= c.until {
		return Permanent(errors.New("too late to be of use"))
	}
	m, err := w.open(ctx, c)
	if err != nil {
		return fmt.Errorf("open mail: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	return w.transport.Send(ctx, c.id, m)
}

func (w *Worker) open(ctx context.Context, c candidate) (Mail, error) {
	var plain []byte
	err := w.db.Read(ctx, func(tx *db.Tx) error {
		var sealed []byte
		if err := tx.QueryRow(ctx, "SELECT sealed FROM message WHERE id = $1", c.id).Scan(&sealed); err != nil {
			return err // IsNoRows once it was withdrawn
		}
		key, err := w.key(ctx, tx, c)
		if err != nil {
			return fmt.Errorf("key of the mail: %w", err)
		}
		plain, err = key.Open(sealed, Bound(c.id))
		return err
	})
	if errors.Is(err, seal.ErrOpen) || fault.Of(err) == fault.NotFound {
		return Mail{}, Permanent(err)
	}
	if err != nil {
		return Mail{}, err
	}
	var m Mail
	if err := json.Unmarshal(plain, &m); err != nil {
		return Mail{}, Permanent(errors.New("content is not a mail")) // the cause would quote it
	}
	return m, nil
}

func (w *Worker) key(ctx context.Context, tx *db.Tx, c candidate) (*seal.Key, error) {
	open, id := w.openKey, c.personID
	switch {
	case c.isList():
		open, id = w.ListKey, c.tenantID
	case c.recipient.OfTenant():
		open, id = w.AccountKey, c.tenantID
	case c.staffID != "":
		open, id = w.StaffKey, c.staffID
	}
	if open == nil {
		return nil, fmt.Errorf("nobody opens mails of kind %s", c.kind)
	}
	return open(ctx, tx, id)
}

func (c candidate) isList() bool { return c.until != 0 }

// givesUp is when there will be no further attempt.
func (c candidate) givesUp() time.Time {
	if c.isList() {
		return time.Unix(c.until, 0)
	}
	if c.kind == string(Reminder) {
		return time.Unix(c.created, 0).Add(reminderAge)
	}
	return time.Unix(c.created, 0).Add(maxAge)
}

// settle records what became of an attempt.
func (w *Worker) settle(ctx context.Context, c candidate, problem error) error {
	log := w.log.With("message", c.id, "kind", c.kind, "attempt", c.attempts+1)
	if problem == nil {
		// Also when the lease ran out meanwhile: sent is sent.
		if err := w.write(ctx, `UPDATE message SET state = $1, sent = $2, problem = '', sealed = NULL
			WHERE id = $3 AND state = $4`, func(tx *db.Tx) []any {
			return []any{sent, tx.Unix(), c.id, queued}
		}); err != nil {
			return fmt.Errorf("record as sent: %w", err)
		}
		log.Info("message sent")
		return nil
	}
	text, state, next := describe(problem), queued, time.Time{}
	givesUp := c.givesUp()
	if err := w.write(ctx, `UPDATE message SET state = $1, due = $2, problem = $3,
			sealed = CASE WHEN $1 = 'failed' AND (location_id IS NOT NULL OR recipient IN ('account', 'controller', 'operator')) THEN NULL ELSE sealed END
		WHERE id = $4 AND state = $5 AND attempts = $6`, func(tx *db.Tx) []any {
		state, next = queued, tx.Now().Add(pause(c.attempts+1)) // the function may run again
		if IsPermanent(problem) || !tx.Now().Before(givesUp) {
			state = failed
		}
		return []any{state, next.Unix(), text, c.id, queued, c.attempts + 1}
	}); err != nil {
		return fmt.Errorf("record the problem: %w", err)
	}
	if state == queued {
		log = log.With("next", next.UTC().Truncate(time.Second), "gives_up", givesUp.UTC())
	}
	log.Warn("message not sent", "state", state, "problem", text)
	return nil
}

func (w *Worker) write(ctx context.Context, query string, args func(*db.Tx) []any) error {
	return w.db.Write(ctx, func(tx *db.Tx) error {
		_, err := tx.Exec(ctx, query, args(tx)...)
		return err
	})
}

// pause is how long to wait after so many attempts: a minute, doubling up to
// half an hour, less up to a quarter so that many mails do not come back at once.
func pause(attempts int64) time.Duration {
	p := longest
	if attempts < 10 { // 2^9 minutes are more than the longest pause
		p = min(firstPause<<(attempts-1), longest)
	}
	return p - rand.N(p/4)
}

// describe is err for row and log. Transports promise to name no address; an
// answer of a server that does all the same loses it here.
func describe(err error) string {
	words := strings.Fields(oneLine(err.Error()))
	for i, word := range words {
		if strings.Contains(word, "@") {
			words[i] = "[address]"
		}
	}
	text := []rune(strings.Join(words, " "))
	return string(text[:min(len(text), maxProblem)])
}
