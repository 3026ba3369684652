// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"cmp"
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// A claim is a counter and a tick that belong to an owner, the appointment.
// The table's primary key is (counter, tick): whatever the code in this
// package believes to be free, two owners cannot both have a row. A claim is
// in force while its until lies in the future; one that is not is free to
// every reader from that second on and is overwritten by the next taker,
// without a job that must not fail.

type kind string

const (
	kindHold        kind = "hold"        // until the form is filled in
	kindAppointment kind = "appointment" // booked
	kindCooldown    kind = "cooldown"    // left, and back after a random while
)

// forever is the until of what does not end by itself.
const forever = slot.Forever

// day is a location's local day, the unit that writers wait for.
type day struct {
	location string
	date     slot.Date
}

// locked is by what a transaction keeps the revision that it made of a day.
type locked day

// lockDays makes this transaction wait for every other one that books or
// changes hours on these days, and tells caches, and those who watch the
// location, that the days have changed. It returns the days' new revisions,
// which are there, like the locks, once the next statement has run. What was
// known of the days is forgotten: the caller is going to change them.
func (b *Bookings) lockDays(ctx context.Context, tx *db.Tx, days ...day) (map[day]*int64, error) {
	slices.SortFunc(days, func(a, b day) int {
		return cmp.Or(cmp.Compare(a.location, b.location), cmp.Compare(a.date, b.date))
	})
	revisions := map[day]*int64{}
	for _, d := range slices.Compact(days) {
		tx.Keep(d, nil)
		if n, before := tx.Kept(locked(d)).(*int64); before { // by one who shares the transaction
			revisions[d] = n
			continue
		}
		n := new(int64)
		err := tx.LaterRow(ctx, []any{n}, `INSERT INTO revision (location_id, day, n) VALUES ($1, $2, 1)
			ON CONFLICT (location_id, day) DO UPDATE SET n = revision.n + 1 RETURNING n`, d.location, int64(d.date))
		if err != nil {
			return nil, fmt.Errorf("lock day: %w", err)
		}
		tx.Keep(locked(d), n)
		revisions[d] = n
		tx.OnCommit(func() { b.live.tell(d.location) })
	}
	return revisions, nil
}

// claims reads what is claimed at a location in [from, until) ticks and was
// in force after since (unix seconds), leaving out what belongs to own. The
// database puts the ticks of sixty at a time into one number: a row for each
// would take many times as long to fetch.
func claims(ctx context.Context, tx *db.Tx, location string, from, until slot.Tick, since int64, own string) ([]slot.Claim, error) {
	row := func(scan db.Scan) (slot.Claim, error) {
		var counter string
		var word, end int64
		var set uint64
		err := scan(&counter, &word, &set, &end)
		return slot.ClaimOf(counter, slot.Tick(word*60), set, end), err
	}
	got, err := db.Collect(ctx, tx, row, `SELECT cl.counter_id, cl.tick / 60,
			CAST(SUM(CAST(1 AS BIGINT) << CAST(cl.tick % 60 AS INTEGER)) AS BIGINT), cl.until
		FROM counter c JOIN claim cl ON cl.counter_id = c.id
		WHERE c.location_id = $1 AND cl.tick >= $2 AND cl.tick < $3 AND cl.until > $4
		AND NOT (cl.owner = $5 AND cl.kind <> 'cooldown')
		GROUP BY cl.counter_id, cl.tick / 60, cl.until`,
		location, int64(from), int64(until), since, own)
	if err != nil {
		return nil, fmt.Errorf("select claims: %w", err)
	}
	return got, nil
}

// span is a run of ticks on a counter, wanted by an owner.
type span struct {
	counter string
	start   slot.Tick
	ticks   int
	owner   string
	kind    kind
	until   int64
}

// take claims a span, all of it or else the transaction runs again. Ticks that
// the owner has already are its own to take again, which lets an appointment
// move onto a part of itself.
func take(ctx context.Context, tx *db.Tx, s span) error {
	args := []any{s.counter, s.owner, string(s.kind), s.until, tx.Unix()}
	var q strings.Builder
	q.WriteString("INSERT INTO claim (counter_id, owner, kind, until, tick) VALUES ")
	for i := range s.ticks {
		if i > 0 {
			q.WriteString(", ")
		}
		args = append(args, int64(s.start)+int64(i))
		fmt.Fprintf(&q, "($1, $2, $3, $4, $%d)", len(args))
	}
	q.WriteString(` ON CONFLICT (counter_id, tick) DO UPDATE
		SET owner = excluded.owner, kind = excluded.kind, until = excluded.until
		WHERE claim.until <= $5 OR (claim.owner = excluded.owner AND claim.kind <> 'cooldown')`)
	if err := tx.Later(ctx, db.Want(int64(s.ticks), db.ErrRetry), q.String(), args...); err != nil {
		return fmt.Errorf("insert claims: %w", err)
	}
	return nil
}

// prolong changes kind and end of all claims of an owner that are in force,
// and tells whether those are as many as they should be.
func prolong(ctx context.Context, tx *db.Tx, s span) (bool, error) {
	n, err := tx.Exec(ctx, `UPDATE claim SET kind = $2, until = $3
		WHERE owner = $1 AND kind <> 'cooldown' AND until > $4`, s.owner, string(s.kind), s.until, tx.Unix())
	if err != nil {
		return false, fmt.Errorf("prolong claims: %w", err)
	}
	return n == int64(s.ticks), nil
}

// leave gives back all claims of an owner but those in keep, whose counter is
// empty when nothing is kept. Where the tenant wants it, they come back to
// others only after a random while, so that nobody can wait for them.
func leave(ctx context.Context, tx *db.Tx, rules office.BookingRules, owner string, keep span) error {
	const which = "owner = $1 AND kind <> 'cooldown' AND NOT (counter_id = $2 AND tick >= $3 AND tick < $4)"
	args := []any{owner, keep.counter, int64(keep.start), int64(keep.start) + int64(keep.ticks)}
	q := "DELETE FROM claim WHERE " + which
	if rules.Cooldown > 0 {
		q = "UPDATE claim SET kind = 'cooldown', until = $5 WHERE " + which
		args = append(args, tx.Now().Add(rand.N(rules.Cooldown)+time.Second).Unix())
	}
	if err := tx.Later(ctx, nil, q, args...); err != nil {
		return fmt.Errorf("give back claims: %w", err)
	}
	return nil
}

// drop gives back all claims of a hold, at once.
func drop(ctx context.Context, tx *db.Tx, owner string) error {
	return leave(ctx, tx, office.BookingRules{}, owner, span{})
}
