// SPDX-License-Identifier: EUPL-1.2

package db

import "errors"

// sharer is a connection whose transaction several writers share.
type sharer interface {
	querier
	start() error
	mark() error // before a writer
	keep() error // what was done since the mark
	undo() error // what was done since the mark
	commit() error
	rollback()
	tidy()
}

// share runs jobs in one transaction, one after the other and each in a
// savepoint of its own, so that who fails undoes only his own work. It commits
// once. A transaction that the engine threw away takes the work of those before
// with it: share returns those that have to run again, without the one that it
// happened to.
func (d *DB) share(conn sharer, batch []*job) []*job {
	if err := conn.start(); err != nil {
		fail(batch, err)
		return nil
	}
	open := true
	defer func() {
		if open {
			conn.rollback()
		}
	}()
	kept := map[any]any{}
	for i, j := range batch {
		if j.err = j.ctx.Err(); j.err != nil {
			continue // gone before its turn
		}
		if err := j.in(conn, d.newTx(conn, kept)); err != nil {
			if j.err == nil && j.panic == nil {
				j.err = err
			}
			return append(batch[:i:i], batch[i+1:]...)
		}
	}
	if err := d.commit(conn.commit); err != nil {
		fail(succeeded(batch), err)
		return nil
	}
	open = false
	for _, j := range succeeded(batch) {
		j.tx.committed()
	}
	return nil
}

// in runs a job in a savepoint. An error means that the transaction is lost;
// what the job itself answered is in the job.
func (j *job) in(conn sharer, tx *Tx) error {
	if err := conn.mark(); err != nil {
		return err
	}
	j.run(tx)
	conn.tidy()
	if j.err == nil && j.panic == nil {
		if j.err = conn.keep(); j.err == nil {
			return nil
		}
	}
	if tx.used {
		clear(tx.kept)
	}
	return conn.undo()
}

func (j *job) run(tx *Tx) {
	defer func() { j.panic = recover() }()
	j.tx = tx
	j.err = j.f(tx)
}

// answer is for the one whose job it is, once it is done.
func (j *job) answer() error {
	if j.panic != nil {
		panic(j.panic)
	}
	return j.err
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

func done(batch []*job) {
	for _, j := range batch {
		close(j.done)
	}
}

func (c *lite) start() error  { return c.run("BEGIN IMMEDIATE") }
func (c *lite) mark() error   { return c.run("SAVEPOINT job") }
func (c *lite) keep() error   { return c.run("RELEASE job") }
func (c *lite) commit() error { return c.run("COMMIT") }

// undo fails where the engine rolled back everything: there is no savepoint any
// more.
func (c *lite) undo() error {
	return errors.Join(c.run("ROLLBACK TO job"), c.run("RELEASE job"))
}

func (c *lite) rollback() { _ = c.run("ROLLBACK") } // fails where the engine did so itself
