// SPDX-License-Identifier: EUPL-1.2

package db

import (
	"context"
	"database/sql"
	"errors"
	"runtime"
)

// SQLite has one writer, and what takes long about a small transaction is its
// commit. So writers that come at the same time share one: a goroutine runs
// their functions one after the other, each in a savepoint of its own, commits
// once, and only then answers them all. Who fails undoes only his own work.

// maxGroup bounds how many writers share a transaction, so that the first does
// not wait too long for the last.
const maxGroup = 64

// job is one Write that waits for its turn and its answer.
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
	commit  func(func() error) error
	newTx   func(*lite) *Tx
	jobs    chan *job
	closing chan struct{} // closed by stop
	gone    chan struct{} // closed when nobody is served any more
}

func newGroup(conn *lite, commit func(func() error) error, newTx func(*lite) *Tx) *group {
	g := &group{conn: conn, commit: commit, newTx: newTx, jobs: make(chan *job, 4*maxGroup),
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
	if j.panic != nil {
		panic(j.panic)
	}
	return j.err
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

// serve runs a batch until everybody in it has an answer. A transaction that
// the engine threw away takes the work of those before with it, so they run
// again, without the one it happened to.
func (g *group) serve(batch []*job) {
	for waiting := batch; len(waiting) > 0; {
		waiting = g.try(waiting)
	}
	for _, j := range batch {
		close(j.done)
	}
}

// try runs jobs in one transaction and returns those that have to run again.
func (g *group) try(batch []*job) []*job {
	if err := g.conn.run("BEGIN IMMEDIATE"); err != nil {
		fail(batch, err)
		return nil
	}
	open := true
	defer func() {
		if open {
			_ = g.conn.run("ROLLBACK") // fails where the engine did so itself
		}
	}()
	for i, j := range batch {
		if j.err = j.ctx.Err(); j.err != nil {
			continue // gone before its turn
		}
		if err := g.one(j); err != nil {
			if j.err == nil && j.panic == nil {
				j.err = err
			}
			return append(batch[:i:i], batch[i+1:]...)
		}
	}
	if err := g.commit(func() error { return g.conn.run("COMMIT") }); err != nil {
		fail(succeeded(batch), err)
		return nil
	}
	open = false
	for _, j := range succeeded(batch) {
		j.tx.committed()
	}
	return nil
}

// one runs a job in a savepoint. An error means that the transaction is lost;
// what the job itself answered is in the job.
func (g *group) one(j *job) error {
	if err := g.conn.run("SAVEPOINT job"); err != nil {
		return err
	}
	j.run(g.newTx(g.conn))
	g.conn.tidy()
	if j.err == nil && j.panic == nil {
		return g.conn.run("RELEASE job")
	}
	// Where the engine rolled back everything there is no savepoint any more.
	return errors.Join(g.conn.run("ROLLBACK TO job"), g.conn.run("RELEASE job"))
}

func (j *job) run(tx *Tx) {
	defer func() { j.panic = recover() }()
	j.tx = tx
	j.err = j.f(tx)
}

func succeeded(batch []*job) []*job {
	var out []*job
	for _, j := range batch {
		if j.err == nil && j.panic == nil {
			out = append(out, j)
		}
	}
	return out
}

func fail(batch []*job, err error) {
	for _, j := range batch {
		j.err = err
	}
}
