// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"
)

// connections bounds what is open to the server at once, in all.
const connections = 900

// crowd is what all visitors share.
type crowd struct {
	options
	address string
	client  *http.Client
	say     sentences
	record  *record
	holders atomic.Int64
}

// run makes the town, lets everybody come, and looks at what is left. An error
// means that it could not be tried; broken promises are in the result.
func run(ctx context.Context, o options) (*result, error) {
	t, err := newTown(o.slots)
	if err != nil {
		return nil, err
	}
	say, err := loadSentences()
	if err != nil {
		return nil, err
	}
	mails, err := openMailbox()
	if err != nil {
		return nil, err
	}
	defer mails.close()
	dir, err := os.MkdirTemp("", "vorzimmer-rush")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	config, err := install(ctx, o, dir, t, mails.port)
	if err != nil {
		return nil, err
	}
	s, err := serve(ctx, o, config)
	if err != nil {
		return nil, err
	}
	c := &crowd{options: o, address: s.address, say: say, record: newRecord()}
	r, err := c.rush(ctx, s, config, mails)
	if stopped := s.stop(); stopped != nil {
		err = errors.Join(err, stopped)
	}
	if err != nil {
		return nil, err
	}
	r.town, r.log = t, s.seen()
	return r, nil
}

// install goes the way of an operator and returns the settings file.
func install(ctx context.Context, o options, dir string, t *town, mailPort int) (string, error) {
	if _, err := do(ctx, o, "init", dir); err != nil {
		return "", err
	}
	config, file := filepath.Join(dir, "vorzimmer.yaml"), filepath.Join(dir, "town.yaml")
	err := errors.Join(os.WriteFile(config, []byte(settings(o, mailPort)), 0o600), os.WriteFile(file, []byte(t.file), 0o600))
	if err != nil {
		return "", err
	}
	if _, err := do(ctx, o, "migrate", "--config", config); err != nil {
		return "", err
	}
	_, err = do(ctx, o, "import", "--config", config, file)
	return config, err
}

// mailsWithin is how long the mails may take after the last visitor has left.
const mailsWithin = 30 * time.Second

// rush lets everybody come and then counts, while the server still runs.
func (c *crowd) rush(ctx context.Context, s *server, config string, mails *mailbox) (*result, error) {
	transport := &http.Transport{MaxConnsPerHost: connections, MaxIdleConns: connections, MaxIdleConnsPerHost: connections}
	defer transport.CloseIdleConnections()
	c.client = &http.Client{Transport: transport, Timeout: time.Minute,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	r := &result{options: c.options, record: c.record}
	before, err := usageOf(s)
	if err != nil {
		return nil, err
	}
	r.took = c.everybody(ctx)
	after, err := usageOf(s)
	if err != nil {
		return nil, err
	}
	r.used = after.since(before)
	r.offered = c.offered(ctx)
	waiting, cancel := context.WithTimeout(ctx, mailsWithin)
	mails.wait(waiting, 2*len(c.record.bookings))
	cancel()
	r.mails = mails.counts()
	if r.memory, err = s.peak(); err != nil {
		return nil, err
	}
	r.checked, r.checkFailed = do(ctx, c.options, "check", "--config", config)
	return r, nil
}

// everybody sends all visitors, each at a moment of its own, and returns how
// long it took until the last had left.
func (c *crowd) everybody(ctx context.Context) time.Duration {
	began := time.Now() // see visitor.send
	var all sync.WaitGroup
	for n := range c.sessions {
		all.Go(func() {
			v := c.visitor(n)
			var how outcome
			var b booked
			err := wait(ctx, time.Duration(v.random.Float64()*float64(c.within)))
			if err == nil {
				how, b, err = v.visit(ctx)
			} else {
				how = failed
			}
			c.record.left(how, b, err)
		})
	}
	all.Wait()
	return time.Since(began)
}

// visitor is the n-th, with an address in 10.0.0.0/8, which nobody outside has.
func (c *crowd) visitor(n int) *visitor {
	return &visitor{crowd: c, random: rand.New(rand.NewPCG(c.seed, uint64(n))),
		network: fmt.Sprintf("10.%d.%d.%d", 1+n>>16, n>>8&0xff, n&0xff)}
}

// offered is how many times one more visitor, who is not counted, could still
// have; -1 when the page cannot be had.
func (c *crowd) offered(ctx context.Context) int {
	alone := &crowd{options: c.options, address: c.address, client: c.client, record: newRecord()}
	a, err := alone.visitor(maxSessions).get(ctx, seeTimes, "/de/times?service="+service)
	if err != nil {
		return -1
	}
	return len(times(a.page))
}
