// SPDX-License-Identifier: EUPL-1.2

package booking

import "vorzimmer/internal/db"

// Whoever holds the lock of a day, knows how it was, and knows what he changed,
// knows how it is. So nobody has to read the day for that: not those who come
// later in the same transaction, nor anybody once it has committed. Where others
// change it afterwards, or the catalogue, that shows as with any day: by its
// revision and its plan.

// knowledge is what a transaction knows of a day. It has to be asked for before
// lockDays, which forgets it.
type knowledge struct {
	kept   func() *seenDay // nil: nobody in this transaction has left anything
	locked bool            // somebody in this transaction has changed it
}

func knows(tx *db.Tx, d day) knowledge {
	kept, _ := tx.Kept(d).(func() *seenDay)
	return knowledge{kept, tx.Kept(locked(d)) != nil}
}

// before is the day of a wish as it was until now, nil when it has to be read. n
// is the revision of whoever asks.
func (b *Bookings) before(k knowledge, w wish, n int64) *seenDay {
	switch {
	case k.kept != nil:
		if d := k.kept(); d != nil && d.plan == w.location.Plan {
			return d
		}
		return nil
	case k.locked:
		return nil
	}
	return b.seen.getDay(w.location, w.day().date, n-1)
}

// learn is for those who change no more of a day's claims than to give got to
// its owner, and thereby make revision n. Neither n nor what was before has to be
// known until the next statement has run.
func (b *Bookings) learn(tx *db.Tx, w wish, got span, n *int64, before func() *seenDay) {
	d := w.day()
	var after *seenDay
	known := func() *seenDay {
		if after != nil {
			return after
		}
		if was := before(); was != nil {
			after = &seenDay{plan: was.plan, n: *n, day: was.day,
				taken: was.day.With(was.taken, got.counter, got.start, got.ticks, got.until)}
		}
		return after
	}
	tx.Keep(d, known)
	tx.OnCommit(func() { // what the last one left: all have made one revision
		if last, ok := tx.Kept(d).(func() *seenDay); ok && last() != nil {
			b.seen.putDay(w.location, d.date, last())
		}
	})
}
