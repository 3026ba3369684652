// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"slices"
	"sync"
	"time"
)

// sample is one answer.
type sample struct {
	step   step
	status int
	took   time.Duration
}

// record collects what happens to all visitors. It is safe for concurrent use.
type record struct {
	mu       sync.Mutex
	samples  []sample
	failures map[string]int // what went wrong -> how often; never with a secret or a name
	outcomes map[outcome]int
	bookings []booked
}

// booked is an appointment as its visitor knows it.
type booked struct {
	start, reference, email string
}

func newRecord() *record {
	return &record{failures: map[string]int{}, outcomes: map[outcome]int{}}
}

func (r *record) answered(s step, status int, took time.Duration) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.samples = append(r.samples, sample{s, status, took})
}

// left notes how a visit ended.
func (r *record) left(how outcome, b booked, err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.outcomes[how]++
	switch {
	case err != nil:
		r.failures[err.Error()]++
	case how == gotOne:
		r.bookings = append(r.bookings, b)
	}
}

// figures sums up a number of answers.
type figures struct {
	count              int
	statuses           map[int]int
	p50, p95, p99, max time.Duration
}

// sum is the figures of one step, or of all of them for everyStep.
func sum(samples []sample, of step) figures {
	f := figures{statuses: map[int]int{}}
	var took []time.Duration
	for _, s := range samples {
		if of == everyStep || s.step == of {
			f.statuses[s.status]++
			took = append(took, s.took)
		}
	}
	f.count = len(took)
	if f.count == 0 {
		return f
	}
	slices.Sort(took)
	f.p50, f.p95, f.p99, f.max = percentile(took, 50), percentile(took, 95), percentile(took, 99), took[len(took)-1]
	return f
}

// percentile is the smallest value that so many in a hundred do not exceed.
func percentile(sorted []time.Duration, p int) time.Duration {
	return sorted[(len(sorted)*p+99)/100-1]
}
