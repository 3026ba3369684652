// SPDX-License-Identifier: EUPL-1.2

package booking

import "vorzimmer/internal/db"

// learn remembers a day as it is once a transaction has committed that changed
// no more of its claims than to give got to its owner and thereby made revision
// n. So nobody has to read the day for that. w.seen is how it was under the
// lock, nil when that is not known. Where others change the day afterwards, or
// the catalogue, that shows as with any day: by its revision and its plan.
func (b *Bookings) learn(tx *db.Tx, w wish, got span, n int64) {
	if w.seen == nil {
		return
	}
	tx.OnCommit(func() {
		after := &seenDay{plan: w.seen.plan, n: n, day: w.seen.day}
		after.taken = after.day.With(w.seen.taken, got.counter, got.start, got.ticks, got.until)
		b.seen.putDay(w.location, w.day().date, after)
	})
}
