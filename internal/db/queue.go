// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"sync"
)

// queues are lines of writers that would otherwise wait for the same row, each
// with a connection in hand, until nobody else gets one. The zero value is ready.
type queues struct {
	mu    sync.Mutex
	lines map[string]*line
}

// line is one queue: whoever put something into turns has one.
type line struct {
	turns  chan struct{}
	people int
}

// maxTurns is how many may go at a time: one that has the row, and those who
// are on their way to it.
const maxTurns = 3

// Queue waits in line for a turn for a key, of which there are a few in this
// process, and returns the function that gives it back. Whoever had to wait is
// asked whether it is still worth it; an error of worth gives the turn back. On
// SQLite nobody waits: all writers stand in one line anyway, and share commits
// there.
func (d *DB) Queue(ctx context.Context, key string, worth func() error) (func(), error) {
	if d.group != nil {
		return func() {}, nil
	}
	l := d.queues.join(key)
	leave := func() {
		<-l.turns
		d.queues.part(key, l)
	}
	select {
	case l.turns <- struct{}{}:
		return leave, nil
	default:
	}
	select {
	case l.turns <- struct{}{}:
	case <-ctx.Done():
		d.queues.part(key, l)
		return nil, ctx.Err()
	}
	stay := false
	defer func() {
		if !stay {
			leave() // also when worth panics
		}
	}()
	if err := worth(); err != nil {
		return nil, err
	}
	stay = true
	return leave, nil
}

func (q *queues) join(key string) *line {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.lines == nil {
		q.lines = map[string]*line{}
	}
	l := q.lines[key]
	if l == nil {
		l = &line{turns: make(chan struct{}, maxTurns)}
		q.lines[key] = l
	}
	l.people++
	return l
}

func (q *queues) part(key string, l *line) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if l.people--; l.people == 0 {
		delete(q.lines, key)
	}
}
