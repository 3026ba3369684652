// SPDX-License-Identifier: EUPL-1.2

// Package clock is the only place that asks what time it is.
package clock

import (
	"sync"
	"time"
)

// Clock tells the time. System is the real one, Fake the one of tests.
type Clock interface{ Now() time.Time }

// System is the machine's clock.
type System struct{}

// Now is the current instant in UTC, without a monotonic part.
func (System) Now() time.Time { return time.Now().UTC().Round(0) }

// Fake is a clock that stands still until it is moved. It is safe for
// concurrent use.
type Fake struct {
	mu  sync.Mutex
	now time.Time
}

// NewFake makes a clock that shows t.
func NewFake(t time.Time) *Fake { return &Fake{now: t.UTC()} }

// Now is the time that the clock was set to.
func (f *Fake) Now() time.Time {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.now
}

// Set moves the clock to t, which may lie in the past.
func (f *Fake) Set(t time.Time) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = t.UTC()
}

// Advance moves the clock by d.
func (f *Fake) Advance(d time.Duration) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.now = f.now.Add(d)
}
