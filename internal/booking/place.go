// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// wish is what somebody wants to have at a location.
type wish struct {
	location *office.Location
	services []string // ids
	start    slot.Tick
	ticks    int
	owner    string
	kind     kind
	until    int64
	internal bool     // also in hours that belong to the office
	seen     *seenDay // the day as it was until this transaction; nil: to be read
}

func (w wish) day() day {
	return day{w.location.ID, slot.DateIn(w.start.Unix(), w.location.Plan.Zone)}
}

// place finds a counter for a wish and claims it. The caller holds the lock
// of the day, so what is read here stays true until commit; if it did not,
// the primary key would not let take have it. It answers Conflict
// "booking.taken" when there is no counter.
func place(ctx context.Context, tx *db.Tx, w *wish) (span, error) {
	if w.seen == nil {
		var err error
		if w.seen, err = readDay(ctx, tx, *w); err != nil {
			return span{}, err
		}
	}
	need := slot.Need{Services: w.services, Ticks: w.ticks, Internal: w.internal}
	counter, ok := w.seen.day.Pick(need, w.start, w.seen.taken, tx.Unix())
	if !ok {
		return span{}, fault.New(fault.Conflict, "booking.taken")
	}
	got := span{counter, w.start, w.ticks, w.owner, w.kind, w.until}
	return got, take(ctx, tx, got)
}

// readDay is the day of a wish without the owner's own claims.
func readDay(ctx context.Context, tx *db.Tx, w wish) (*seenDay, error) {
	date := w.day().date
	from, until := date.Bounds(w.location.Plan.Zone)
	taken, err := claims(ctx, tx, w.location.ID, slot.TickOf(from), slot.TickOf(until-1)+1, tx.Unix()-keptBack, w.owner)
	if err != nil {
		return nil, err
	}
	return newSeenDay(w.location.Plan, date, 0, taken), nil
}

// window is when an appointment at a location may start, in unix seconds,
// both inclusive: after the lead time, until the end of the last local day of
// the horizon. Whoever stands at the desk can have what begins in this tick.
func window(l *office.Location, now time.Time, internal bool) (int64, int64) {
	from := now.Add(l.Lead).Unix()
	if internal {
		from = slot.TickOf(now.Unix()).Unix()
	}
	_, until := lastDay(l, now).Bounds(l.Plan.Zone)
	return from, until - 1
}

func lastDay(l *office.Location, now time.Time) slot.Date {
	return slot.DateIn(now.Unix(), l.Plan.Zone).AddDays(l.HorizonDays)
}

// startOf turns an instant that somebody sent into a tick in the window of a
// location, or says what is wrong with it.
func startOf(l *office.Location, unix int64, now time.Time, internal bool) (slot.Tick, error) {
	from, until := window(l, now, internal)
	if unix > until {
		return 0, fault.New(fault.Invalid, "time.horizon")
	}
	if unix < from {
		return 0, fault.New(fault.Conflict, "booking.taken")
	}
	if unix%slot.TickSeconds != 0 {
		return 0, fault.New(fault.Invalid, "time.free")
	}
	return slot.TickOf(unix), nil
}
