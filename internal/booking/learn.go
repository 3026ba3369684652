// SPDX-License-Identifier: EUPL-1.2

package booking

import "vorzimmer/internal/db"

// learn remembers a day as it is once a transaction has committed that changed
// no more of its claims than to give got to its owner, and thereby made revision
// n. So nobody has to read the day for that. w.seen is how it was until then, if
// it was read. Where others change the day afterwards, or the catalogue, that
// shows as with any day: by its revision and its plan.
func (b *Bookings) learn(tx *db.Tx, w wish, got span, n *int64) {
	date := w.day().date
	tx.OnCommit(func() {
		before := w.seen
		if before == nil {
			before = b.seen.getDay(w.location, date, *n-1)
		}
		if before == nil {
			return
		}
		after := &seenDay{plan: before.plan, n: *n, day: before.day}
		after.taken = after.day.With(before.taken, got.counter, got.start, got.ticks, got.until)
		b.seen.putDay(w.location, date, after)
	})
}
