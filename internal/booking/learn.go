// SPDX-License-Identifier: EUPL-1.2

package booking

import "vorzimmer/internal/db"

// learn remembers a day as it is after a transaction that changed no more of its
// claims than to give got to its owner, and thereby made revision n. So nobody
// has to read the day for that: not those who come later in the same
// transaction, nor anybody once it has committed. w.seen is how the day was
// until then, if it was read. Where others change it afterwards, or the
// catalogue, that shows as with any day: by its revision and its plan.
func (b *Bookings) learn(tx *db.Tx, w wish, got span, n *int64) {
	d := w.day()
	after := b.after(tx, w, got, *n)
	if after != nil {
		tx.Keep(d, after)
	}
	tx.OnCommit(func() {
		if after == nil { // PostgreSQL had not told n yet
			after = b.after(tx, w, got, *n)
		}
		if after != nil {
			b.seen.putDay(w.location, d.date, after)
		}
	})
}

// after is the day of a wish once it was granted, nil when it is not known how
// the day was before.
func (b *Bookings) after(tx *db.Tx, w wish, got span, n int64) *seenDay {
	before := w.seen
	if before == nil {
		before = b.known(tx, w, n-1)
	}
	if before == nil {
		return nil
	}
	return &seenDay{plan: before.plan, n: n, day: before.day,
		taken: before.day.With(before.taken, got.counter, got.start, got.ticks, got.until)}
}

// known is the day of a wish at a revision, or nil.
func (b *Bookings) known(tx *db.Tx, w wish, n int64) *seenDay {
	d := w.day()
	if kept, ok := tx.Kept(d).(*seenDay); ok && kept.plan == w.location.Plan && kept.n == n {
		return kept
	}
	return b.seen.getDay(w.location, d.date, n)
}
