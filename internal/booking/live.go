// SPDX-License-Identifier: EUPL-1.2

package booking

import (
	"context"
	"sync"

	"vorzimmer/internal/db"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// live tells those who watch a location that something has changed there. The
// zero value is ready; it is safe for concurrent use.
type live struct {
	mu      sync.Mutex
	waiting map[string]chan struct{} // by location; nobody has asked for others
}

func (l *live) next(location string) <-chan struct{} {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[string]chan struct{}{}
	}
	if l.waiting[location] == nil {
		l.waiting[location] = make(chan struct{})
	}
	return l.waiting[location]
}

func (l *live) tell(location string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if c := l.waiting[location]; c != nil {
		close(c)
		delete(l.waiting, location)
	}
}

// Changed is closed at the next change at a location that this process commits.
// Whoever wants to miss nothing asks for it before looking. What other processes
// do shows in DayRevision.
func (b *Bookings) Changed(locationID string) <-chan struct{} { return b.live.next(locationID) }

// DayRevision goes up with every change of a day at a location, whichever
// process makes it. It costs one small query. It asks for SeeDay there.
func (b *Bookings) DayRevision(ctx context.Context, by *staff.Member, locationID string, date slot.Date) (int64, error) {
	l, err := b.at(ctx, by, staff.SeeDay, locationID)
	if err != nil {
		return 0, err
	}
	var n int64
	err = b.DB.Look(ctx, func(tx *db.Tx) error {
		revisions, err := revisionsOf(ctx, tx, l, date, date)
		n = revisions[date] // 0: nobody has ever been there
		return err
	})
	return n, err
}
