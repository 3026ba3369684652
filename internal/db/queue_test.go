// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"context"
	"errors"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

func worth() error { return nil }

// hall is a queue with people in it, who say their number when it is their
// turn, and keep it.
type hall struct {
	*testing.T
	db     *db.DB
	mu     sync.Mutex
	went   []int
	leaves []func()
	errs   map[int]error
}

// inHall runs a test with a queue whose turns are all taken, by people without
// a number. What waits there has to wait with the hall's context.
func inHall(t *testing.T, f func(h *hall)) {
	e := dbtest.New(t, "postgres")
	synctest.Test(t, func(t *testing.T) {
		h := &hall{T: t, db: e.DB, errs: map[int]error{}}
		for range db.MaxTurns {
			leave, err := e.DB.Queue(t.Context(), "day", func() error {
				t.Error("asked whether it is still worth it without having waited")
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
			h.leaves = append(h.leaves, leave)
		}
		f(h)
		for len(h.leaves) > 0 {
			h.next()
		}
		if n := e.DB.Lines(); n != 0 {
			t.Errorf("%d lines are left behind", n)
		}
	})
}

// come lets somebody join the line.
func (h *hall) come(ctx context.Context, i int, worth func() error) {
	go func() {
		leave, err := h.db.Queue(ctx, "day", worth)
		h.mu.Lock()
		defer h.mu.Unlock()
		h.errs[i] = err
		if err == nil {
			h.went, h.leaves = append(h.went, i), append(h.leaves, leave)
		}
	}()
	synctest.Wait()
}

// next lets whoever has had a turn for the longest time give it back.
func (h *hall) next() {
	h.Helper()
	h.mu.Lock()
	leave := h.leaves[0]
	h.leaves = h.leaves[1:]
	h.mu.Unlock()
	leave()
	synctest.Wait()
}

func (h *hall) want(went ...int) {
	h.Helper()
	if !slices.Equal(h.went, went) {
		h.Errorf("%v went, want %v", h.went, went)
	}
}

// On SQLite everybody goes at once.
func TestNobodyQueuesOnSQLite(t *testing.T) {
	e := dbtest.New(t, "sqlite")
	for range 5 * db.MaxTurns {
		leave, err := e.DB.Queue(t.Context(), "day", func() error { return errors.New("asked") })
		if err != nil {
			t.Fatal(err)
		}
		defer leave()
	}
	if n := e.DB.Lines(); n != 0 {
		t.Errorf("%d lines", n)
	}
}

// So many go at a time, and those who wait in the order in which they came.
func TestQueueKeepsOrder(t *testing.T) {
	inHall(t, func(h *hall) {
		for i := range 8 {
			h.come(h.Context(), i, worth)
		}
		h.want()
		h.next()
		h.want(0)
		h.next()
		h.next()
		h.want(0, 1, 2)
		h.come(h.Context(), 8, worth)
		for range 6 {
			h.next()
		}
		h.want(0, 1, 2, 3, 4, 5, 6, 7, 8)
	})
}

// Whoever finds that it is no longer worth it goes home, and the next one has
// the turn.
func TestNotWorthIt(t *testing.T) {
	inHall(t, func(h *hall) {
		taken := errors.New("taken")
		for i := range 3 {
			h.come(h.Context(), i, func() error { return taken })
		}
		h.come(h.Context(), 3, worth)
		h.come(h.Context(), 4, worth)
		h.next()
		h.want(3)
		for i := range 3 {
			if !errors.Is(h.errs[i], taken) {
				t.Errorf("number %d: %v", i, h.errs[i])
			}
		}
		h.next()
		h.want(3, 4)
	})
}

// Whoever loses patience leaves the line without a turn.
func TestLeavingTheQueue(t *testing.T) {
	inHall(t, func(h *hall) {
		ctx, cancel := context.WithCancel(h.Context())
		h.come(h.Context(), 0, worth)
		h.come(ctx, 1, worth)
		h.come(h.Context(), 2, worth)
		cancel()
		synctest.Wait()
		if !errors.Is(h.errs[1], context.Canceled) {
			t.Errorf("who left: %v", h.errs[1])
		}
		h.want()
		h.next()
		h.next()
		h.want(0, 2)
	})
}

func TestQueuesAreIndependent(t *testing.T) {
	inHall(t, func(h *hall) {
		leave, err := h.db.Queue(h.Context(), "another day", func() error { return errors.New("waited") })
		if err != nil {
			t.Fatal(err)
		}
		if n := h.db.Lines(); n != 2 {
			t.Errorf("%d lines, want 2", n)
		}
		leave()
		h.come(h.Context(), 0, worth)
		h.want()
	})
}

// However many come and go, there are never too many at a time.
func TestQueueInARush(t *testing.T) {
	e := dbtest.New(t, "postgres")
	var inside [2]atomic.Int64
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			for n := range 20 {
				ctx, cancel := context.WithCancel(t.Context())
				if (i+n)%5 == 0 {
					go cancel()
				}
				key := (i + n) % 2
				leave, err := e.DB.Queue(ctx, []string{"day", "another day"}[key], worth)
				if err == nil {
					if now := inside[key].Add(1); now > db.MaxTurns {
						t.Errorf("%d at a time", now)
					}
					runtime.Gosched()
					inside[key].Add(-1)
					leave()
				} else if !errors.Is(err, context.Canceled) {
					t.Error(err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	if n := e.DB.Lines(); n != 0 {
		t.Errorf("%d lines are left behind", n)
	}
}
