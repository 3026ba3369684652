// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"fmt"
	"math"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// Board shows some days of a location by counter.
type Board struct {
	Location *office.Location
	Days     []BoardDay
}

// BoardDay is a local day. Its counters have runs from From to Until, in unix
// seconds; both are 0 on a day on which nothing is open or booked.
type BoardDay struct {
	Date        slot.Date
	From, Until int64
	Counters    []BoardCounter
}

// BoardCounter is a counter with the runs of a day, in order and without gaps.
type BoardCounter struct {
	Counter *office.Counter
	Runs    []Run
}

// Use is what a stretch of a counter's time is.
type Use string

// The uses.
const (
	UseFree     Use = "free"     // in public hours
	UseInternal Use = "internal" // free, for the office alone
	UseHeld     Use = "held"     // somebody fills in the form
	UseBooked   Use = "booked"
	UseCooldown Use = "cooldown" // given back, and free again soon
	UseClosed   Use = "closed"   // a closure or holiday in its hours
	UseOutside  Use = "outside"  // outside its hours
)

// Run is a stretch of time, in unix seconds.
type Run struct {
	Use          Use
	Start, Until int64
	Entry        *Entry // of UseBooked
}

// Board shows what the counters of a location are used for on some days, one at
// least and audit.MaxDays at most. Counters for overflow and those that are no longer used
// are there on days on which they have somebody. It asks for SeeDay.
func (b *Bookings) Board(ctx context.Context, by *staff.Member, locationID string, from slot.Date, days int) (*Board, error) {
	l, err := b.at(ctx, by, staff.SeeDay, locationID)
	if err != nil {
		return nil, err
	}
	days = min(max(days, 1), audit.MaxDays)
	seen := audit.Entry{Action: actionBoard, LocationID: l.ID, Detail: fmt.Sprintf("%s +%d", from, days),
		FirstDay: from, LastDay: from.AddDays(days - 1)}
	if err := b.look(ctx, by, seen); err != nil {
		return nil, err
	}
	board := &Board{Location: l}
	err = b.DB.Read(ctx, func(tx *db.Tx) error {
		s, err := b.stock(ctx, tx, l, by.TenantID, from, from.AddDays(days-1))
		if err != nil {
			return err
		}
		board.Days = nil
		for n := range days {
			board.Days = append(board.Days, s.day(from.AddDays(n)))
		}
		return nil
	})
	return board, err
}

// stock is what lies on the counters of a location.
type stock struct {
	location *office.Location
	fitting  fitting
	used     map[cell]Run // booked, held, and what comes back
	someone  map[string][]slot.Tick
}

// cell is a tick of a counter.
type cell struct {
	counter string
	tick    slot.Tick
}

func (b *Bookings) stock(ctx context.Context, tx *db.Tx, l *office.Location, tenantID string, first, last slot.Date) (*stock, error) {
	s := &stock{location: l, used: map[cell]Run{}, someone: map[string][]slot.Tick{}}
	begin, _ := first.Bounds(l.Plan.Zone)
	_, end := last.Bounds(l.Plan.Zone)
	_, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
		var c cell
		var k kind
		err := scan(&c.counter, &c.tick, &k)
		s.used[c] = Run{Use: UseHeld}
		if k == kindCooldown {
			s.used[c] = Run{Use: UseCooldown}
		}
		return struct{}{}, err
	}, `SELECT cl.counter_id, cl.tick, cl.kind FROM counter c JOIN claim cl ON cl.counter_id = c.id
		WHERE c.location_id = $1 AND cl.tick >= $2 AND cl.tick < $3 AND cl.until > $4 AND cl.kind <> 'appointment'`,
		l.ID, firstTick(begin), firstTick(end), tx.Unix())
	if err != nil {
		return nil, fmt.Errorf("select what is held: %w", err)
	}
	list, err := b.between(ctx, tx, tenantID, l, firstTick(begin)-longestDay+1, firstTick(end), expected)
	if err != nil {
		return nil, err
	}
	for i := range list {
		e := &list[i]
		if e.RunOut(tx.Now()) {
			continue
		}
		for t := e.Start; t < e.Start+slot.Tick(e.Ticks); t++ {
			s.used[cell{e.Counter.ID, t}] = Run{Use: UseBooked, Entry: e}
		}
		s.someone[e.Counter.ID] = append(s.someone[e.Counter.ID], e.Start)
	}
	return s, nil
}

// longestDay is in ticks. What begins before it cannot reach into the next.
const longestDay = 25 * 12

func (s *stock) day(date slot.Date) BoardDay {
	begin, end := date.Bounds(s.location.Plan.Zone)
	first, last := slot.Tick(firstTick(begin)), slot.Tick(firstTick(end))
	lo, hi := slot.Tick(math.MaxInt64), slot.Tick(math.MinInt64)
	var uses [][]Run
	d := BoardDay{Date: date}
	for i := range s.location.Counters {
		c := &s.location.Counters[i]
		if !c.Staffed() && !s.anyone(c, first, last) {
			continue
		}
		var all []Run
		for t := first; t < last; t++ {
			r := s.at(c, date, t)
			if r.Use != UseOutside {
				lo, hi = min(lo, t), max(hi, t+1)
			}
			all = append(all, r)
		}
		uses, d.Counters = append(uses, all), append(d.Counters, BoardCounter{Counter: c})
	}
	if lo >= hi {
		return d
	}
	d.From, d.Until = lo.Unix(), hi.Unix()
	for i := range d.Counters {
		d.Counters[i].Runs = runs(uses[i][lo-first:hi-first], lo)
	}
	return d
}

// anyone tells whether somebody is booked on a counter.
func (s *stock) anyone(c *office.Counter, first, last slot.Tick) bool {
	for _, t := range s.someone[c.ID] {
		if t >= first && t < last {
			return true
		}
	}
	return false
}

// at is what a tick of a counter is used for.
func (s *stock) at(c *office.Counter, date slot.Date, t slot.Tick) Run {
	if r, ok := s.used[cell{c.ID, t}]; ok {
		return r
	}
	d := s.fitting.day(s.location.Plan, date)
	switch {
	case d.Fits(c.ID, t, 1, false):
		return Run{Use: UseFree}
	case d.Fits(c.ID, t, 1, true):
		return Run{Use: UseInternal}
	case s.fitting.day(s.fitting.everOpen(s.location.Plan), date).Fits(c.ID, t, 1, true):
		return Run{Use: UseClosed}
	}
	return Run{Use: UseOutside}
}

// runs puts ticks together that are used for the same.
func runs(ticks []Run, first slot.Tick) []Run {
	var out []Run
	for i, r := range ticks {
		r.Start, r.Until = (first + slot.Tick(i)).Unix(), (first + slot.Tick(i+1)).Unix()
		if n := len(out) - 1; n >= 0 && out[n].Use == r.Use && out[n].Entry == r.Entry {
			out[n].Until = r.Until
		} else {
			out = append(out, r)
		}
	}
	return out
}
