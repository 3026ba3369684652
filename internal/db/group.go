// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"runtime"
)

// SQLite has one writer, and what takes long about a small transaction is its
// commit. So writers that come at the same time share one: a goroutine runs
// their functions one after the other, see share.go. On PostgreSQL those do who
// would wait for each other anyway, see WriteFor.

// maxGroup bounds how many writers share a transaction, so that the first does
// not wait too long for the last.
const maxGroup = 64

// job is one writer that waits for its turn and its answer.
type job struct {
	ctx   context.Context
	f     func(*Tx) error
	tx    *Tx // of its last run
	err   error
	panic any // what f panicked with
	done  chan struct{}
}

// group is the queue of writers and the goroutine that serves it.
type group struct {
	conn    *lite
	db      *DB
	jobs    chan *job
	closing chan struct{} // closed by stop
	gone    chan struct{} // closed when nobody is served any more
}

func newGroup(d *DB) *group {
	g := &group{conn: &lite{pool: d.pool, shared: true}, db: d, jobs: make(chan *job, 4*maxGroup),
		closing: make(chan struct{}), gone: make(chan struct{})}
	go func() {
		defer close(g.gone)
		for {
			select {
			case first := <-g.jobs:
				g.serve(g.collect(first))
			case <-g.closing:
				return
			}
		}
	}()
	return g
}

// stop ends the service after the batch in hand, and the connection. Whoever
// still waits, or comes later, is told that the database is closed.
func (g *group) stop() error {
	close(g.closing)
	<-g.gone
	return g.conn.close()
}

// do waits for the answer even if ctx ends meanwhile: until it comes nobody
// knows whether the work was committed.
func (g *group) do(ctx context.Context, f func(*Tx) error) error {
	j := &job{ctx: ctx, f: f, done: make(chan struct{})}
	select {
	case g.jobs <- j:
	case <-ctx.Done():
		return ctx.Err()
	case <-g.gone:
		return sql.ErrConnDone
	}
	select {
	case <-j.done:
	case <-g.gone:
		select {
		case <-j.done: // served in the last batch
		default:
			return sql.ErrConnDone
		}
	}
	return j.answer()
}

// collect takes whoever waits at this moment. On a busy machine others are
// about to come: as long as some do, they get the processor first.
func (g *group) collect(first *job) []*job {
	batch := []*job{first}
	for before := 0; before < len(batch) && len(batch) < maxGroup; {
		before = len(batch)
		runtime.Gosched()
		batch = g.waiting(batch)
	}
	return batch
}

func (g *group) waiting(batch []*job) []*job {
	for len(batch) < maxGroup {
		select {
		case j := <-g.jobs:
			batch = append(batch, j)
		default:
			return batch
		}
	}
	return batch
}

// serve runs a batch until everybody in it has an answer.
func (g *group) serve(batch []*job) {
	for waiting := batch; len(waiting) > 0; {
		waiting = g.db.share(g.conn, waiting)
	}
	done(batch)
}
