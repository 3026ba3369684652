// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"fmt"
	"runtime"
	"sync"
	"time"
)

// Shared lets those who ask the same at the same time share one answer. It is
// always one that was asked for after they came, so nobody sees the past: what
// a visitor has just changed is in it. The zero value is ready; it is safe for
// concurrent use.
type Shared[K comparable, V any] struct {
	mu      sync.Mutex
	running map[K]*question[V]
	next    map[K]*question[V] // those who come now wait for this one
}

// question is one asking, and those who wait for its answer.
type question[V any] struct {
	done  chan struct{}
	value V
	err   error
}

// Get asks, or waits for the answer to somebody else's asking that has not yet
// begun. ask runs to its end even if ctx ends: others may wait for it.
func (s *Shared[K, V]) Get(ctx context.Context, key K, ask func(context.Context) (V, error)) (V, error) {
	s.mu.Lock()
	if s.next == nil {
		s.running, s.next = map[K]*question[V]{}, map[K]*question[V]{}
	}
	if q := s.next[key]; q != nil {
		s.mu.Unlock()
		return q.wait(ctx)
	}
	q, before := &question[V]{done: make(chan struct{})}, s.running[key]
	s.next[key] = q
	s.mu.Unlock()
	turn := func() {
		if before != nil {
			<-before.done
		}
		runtime.Gosched() // whoever is about to ask on a busy machine joins us
		s.run(ctx, key, q, ask)
	}
	if before == nil {
		turn()
		return q.value, q.err
	}
	go turn() // others may wait for it when we no longer do
	return q.wait(ctx)
}

func (q *question[V]) wait(ctx context.Context) (V, error) {
	select {
	case <-q.done:
		return q.value, q.err
	case <-ctx.Done():
		var none V
		return none, ctx.Err()
	}
}

// run answers a question. Where ask panics, everybody gets an error.
func (s *Shared[K, V]) run(ctx context.Context, key K, q *question[V], ask func(context.Context) (V, error)) {
	s.mu.Lock()
	delete(s.next, key)
	s.running[key] = q
	s.mu.Unlock()
	defer func() {
		if p := recover(); p != nil {
			q.err = fmt.Errorf("asking panicked: %v", p)
		}
		s.mu.Lock()
		if s.running[key] == q {
			delete(s.running, key)
		}
		s.mu.Unlock()
		close(q.done)
	}()
	asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), longestAsk)
	defer cancel()
	q.value, q.err = ask(asking)
}

// longestAsk is when a database that does not answer is given up.
const longestAsk = 30 * time.Second
