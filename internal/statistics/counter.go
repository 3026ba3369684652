// SPDX-License-Identifier: EUPL-1.2

package statistics

import (
	"cmp"
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"vorzimmer/internal/db"
)

// Counter counts in memory and writes now and then, so that no page and no
// booking waits for it or fails with it. What a crash loses is at most a minute,
// and whatever the database did not take until then. Several processes add to the
// same totals. It is safe for concurrent use; nil counts nothing.
type Counter struct {
	db     *db.DB
	mu     sync.Mutex
	counts map[Row]int
}

const (
	writeEvery = time.Minute
	// writeWithin is when a database that does not answer is given up until the
	// next time.
	writeWithin = 15 * time.Second
	// writeBatch bounds a transaction, in rows: others wait for it.
	writeBatch = 200
)

// New counts into a database.
func New(d *db.DB) *Counter { return &Counter{db: d, counts: map[Row]int{}} }

// Add counts n more of a row; less than none takes back what was counted before.
func (c *Counter) Add(r Row, n int) {
	if c == nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.counts[r] += n
}

// Run writes every minute until ctx ends, and then once more. Those who count have
// to be done by then.
func (c *Counter) Run(ctx context.Context, log *slog.Logger) {
	ticker := time.NewTicker(writeEvery)
	defer ticker.Stop()
	for ended := false; !ended; {
		select {
		case <-ticker.C:
		case <-ctx.Done():
			ended = true
		}
		// Not cut off by the end: nobody would know whether it was written.
		if err := c.Write(context.WithoutCancel(ctx)); err != nil {
			log.Error("statistics were not written", "error", err)
		}
	}
}

// Write adds what was counted to the totals. What could not be written is kept for
// the next time.
func (c *Counter) Write(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, writeWithin)
	defer cancel()
	counted := c.take()
	// In one order, since other processes lock the same rows; and not in that in
	// which things happened.
	rows := slices.SortedFunc(maps.Keys(counted), compare)
	for len(rows) > 0 {
		batch := rows[:min(len(rows), writeBatch)]
		if err := c.add(ctx, batch, counted); err != nil {
			for _, r := range rows {
				c.Add(r, counted[r])
			}
			return err
		}
		rows = rows[len(batch):]
	}
	return nil
}

func (c *Counter) take() map[Row]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	counted := c.counts
	c.counts = map[Row]int{}
	maps.DeleteFunc(counted, func(_ Row, n int) bool { return n == 0 })
	return counted
}

func (c *Counter) add(ctx context.Context, rows []Row, counted map[Row]int) error {
	err := c.db.Write(ctx, func(tx *db.Tx) error {
		for _, r := range rows {
			err := tx.Later(ctx, nil, `INSERT INTO statistic (tenant_id, day, location_id, measure, part, n)
				VALUES ($1, $2, $3, $4, $5, $6)
				ON CONFLICT (tenant_id, day, location_id, measure, part) DO UPDATE SET n = statistic.n + excluded.n`,
				r.TenantID, int64(r.Day), r.LocationID, string(r.Measure), r.Part, counted[r])
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add to statistics: %w", err)
	}
	return nil
}

func compare(a, b Row) int {
	return cmp.Or(cmp.Compare(a.TenantID, b.TenantID), cmp.Compare(a.Day, b.Day), cmp.Compare(a.LocationID, b.LocationID),
		cmp.Compare(a.Measure, b.Measure), cmp.Compare(a.Part, b.Part))
}
