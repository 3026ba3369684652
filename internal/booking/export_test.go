// SPDX-License-Identifier: EUPL-1.2

package booking

// Remembered is how many days the book remembers.
func (b *Bookings) Remembered() int {
	b.seen.mu.Lock()
	defer b.seen.mu.Unlock()
	return len(b.seen.days)
}
