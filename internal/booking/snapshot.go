// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"sync"

	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// snapshots remembers days with what is claimed on them, so that a search
// reads only the days that have changed. Everyone who writes on a day raises
// its revision row in the same transaction; what only time changes (holds and
// cooldowns that run out) is in the snapshot with its end. Booking itself
// never looks here. The zero value is ready; it is safe for concurrent use.
type snapshots struct {
	mu    sync.Mutex
	days  map[day]*snapshot
	swept map[string]slot.Date // location -> date on which days that are over were dropped
}

// snapshot is one day at one revision. It is immutable.
type snapshot struct {
	plan  *slot.Plan // of the catalogue that the day was made from
	n     int64      // of the revision row; 0: there is none
	day   *slot.Day
	taken *slot.Taken
}

// keptBack is how long, in seconds, a claim that ran out is still read, so
// that a clock that is set back a little finds it again.
const keptBack = 3600

// of returns the days of a location from first to last, as they are in tx.
func (c *snapshots) of(ctx context.Context, tx *db.Tx, l *office.Location, first, last slot.Date) ([]*snapshot, error) {
	revisions, err := revisionsOf(ctx, tx, l, first, last)
	if err != nil {
		return nil, err
	}
	found := c.known(l, first, last, revisions)
	for i := 0; i < len(found); i++ {
		if found[i] != nil {
			continue
		}
		until := i + 1
		for until < len(found) && found[until] == nil {
			until++
		}
		from := first.AddDays(i)
		byDay, err := claimsByDay(ctx, tx, Search{Location: l}, from, first.AddDays(until-1))
		if err != nil {
			return nil, err
		}
		for ; i < until; i++ {
			date := first.AddDays(i)
			d := l.Plan.Day(date)
			found[i] = &snapshot{plan: l.Plan, n: revisions[date], day: d, taken: d.Taken(byDay[date])}
		}
	}
	c.remember(l, first, slot.DateIn(tx.Unix(), l.Plan.Zone), found)
	return found, nil
}

func revisionsOf(ctx context.Context, tx *db.Tx, l *office.Location, first, last slot.Date) (map[slot.Date]int64, error) {
	type row struct {
		date slot.Date
		n    int64
	}
	rows, err := db.Collect(ctx, tx, func(scan db.Scan) (row, error) {
		var r row
		err := scan(&r.date, &r.n)
		return r, err
	}, "SELECT day, n FROM revision WHERE location_id = $1 AND day >= $2 AND day <= $3", l.ID, int64(first), int64(last))
	if err != nil {
		return nil, fmt.Errorf("select revisions: %w", err)
	}
	out := make(map[slot.Date]int64, len(rows))
	for _, r := range rows {
		out[r.date] = r.n
	}
	return out, nil
}

// known are the snapshots that are still true; nil where there is none.
func (c *snapshots) known(l *office.Location, first, last slot.Date, revisions map[slot.Date]int64) []*snapshot {
	found := make([]*snapshot, last-first+1)
	c.mu.Lock()
	defer c.mu.Unlock()
	for i := range found {
		date := first.AddDays(i)
		s := c.days[day{l.ID, date}]
		if s != nil && s.n == revisions[date] && s.plan == l.Plan {
			found[i] = s
		}
	}
	return found
}

// remember keeps the newest snapshot of each day and drops days that are over.
func (c *snapshots) remember(l *office.Location, first, today slot.Date, found []*snapshot) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.days == nil {
		c.days, c.swept = map[day]*snapshot{}, map[string]slot.Date{}
	}
	for i, s := range found {
		key := day{l.ID, first.AddDays(i)}
		if old := c.days[key]; old == nil || old.n <= s.n || old.plan != s.plan {
			c.days[key] = s
		}
	}
	if c.swept[l.ID] == today {
		return
	}
	c.swept[l.ID] = today
	for key := range c.days {
		if key.location == l.ID && key.date < today-1 { // yesterday: a clock may be set back
			delete(c.days, key)
		}
	}
}
