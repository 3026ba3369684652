// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"
)

// lines are the writers on PostgreSQL that wait to share a transaction, by the
// key of WriteFor. Each line has a goroutine that serves it as long as somebody
// stands there. The zero value is ready.
type lines struct {
	mu      sync.Mutex
	waiting map[string][]*job
}

// longestShare is when a shared transaction that does not end is given up.
const longestShare = 30 * time.Second

// together waits for the answer even if ctx ends meanwhile, like group.do.
func (d *DB) together(ctx context.Context, key string, f func(*Tx) error) error {
	j := &job{ctx: ctx, f: f, done: make(chan struct{})}
	if d.lines.join(key, j) {
		go d.serve(key)
	}
	<-j.done
	return j.answer()
}

// serve takes whoever stands in a line when it is free, until nobody does.
func (d *DB) serve(key string) {
	for batch := d.lines.next(key); batch != nil; batch = d.lines.next(key) {
		for waiting := batch; len(waiting) > 0; {
			waiting = d.shareFlow(waiting)
		}
		done(batch)
	}
}

// shareFlow first tries to send what all of a batch leave for later in one go.
// When anything goes wrong nobody knows whose it was, so all run again, each with
// an answer of his own.
func (d *DB) shareFlow(batch []*job) []*job {
	ctx, cancel := context.WithTimeout(context.Background(), longestShare)
	defer cancel()
	for bold := len(batch) > 1; ; bold = false {
		var again []*job
		var spoilt bool
		err := withFlow(ctx, d.pool, func(fl *flow) error {
			fl.shared, fl.bold = ctx, bold
			again = d.share(fl, batch)
			spoilt = fl.spoilt
			return nil
		})
		if err != nil {
			fail(batch, err)
		}
		if !spoilt {
			return again
		}
	}
}

// join tells whether the line needs somebody to serve it.
func (l *lines) join(key string, j *job) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.waiting == nil {
		l.waiting = map[string][]*job{}
	}
	others, served := l.waiting[key]
	l.waiting[key] = append(others, j)
	return !served
}

// next takes those who wait, or nil when there are none.
func (l *lines) next(key string) []*job {
	l.mu.Lock()
	defer l.mu.Unlock()
	all := l.waiting[key]
	if len(all) == 0 {
		delete(l.waiting, key)
		return nil
	}
	n := min(len(all), maxGroup)
	l.waiting[key] = slices.Clone(all[n:])
	return all[:n]
}

func (f *flow) start() error {
	f.begin = "BEGIN"
	return nil
}

const savepoint = "SAVEPOINT job"

func (f *flow) mark() error {
	f.queue = append(f.queue, later{query: savepoint})
	return nil
}

// keep learns of whatever went wrong while there is the savepoint to go back to.
func (f *flow) keep() error {
	switch n := len(f.queue); {
	case n > 0 && f.queue[n-1].query == savepoint: // nothing was done
		f.queue = f.queue[:n-1]
		return nil
	case n > 0 && !f.bold:
		if err := f.flush(f.shared); err != nil {
			return err
		}
	}
	f.queue = append(f.queue, later{query: "RELEASE job"})
	return nil
}

func (f *flow) undo() error {
	for i, l := range slices.Backward(f.queue) {
		if l.query == savepoint { // nothing was sent
			f.queue = f.queue[:i]
			return nil
		}
	}
	f.queue = nil
	if f.spoilt = f.bold; f.spoilt {
		return errSpoilt
	}
	if _, err := f.conn.Exec(f.shared, "ROLLBACK TO job; RELEASE job"); err != nil {
		return fmt.Errorf("undo: %w", err)
	}
	return nil
}

var errSpoilt = errors.New("to be run again, one by one")

// commit of a batch that failed as a whole is certain not to have happened as
// long as there is a connection.
func (f *flow) commit() error {
	err := f.end(f.shared)
	f.spoilt = f.bold && err != nil && !f.conn.IsClosed()
	return err
}

func (f *flow) tidy() {} // rows that are open are an error here
