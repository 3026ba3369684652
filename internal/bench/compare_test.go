// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

const (
	rounds = 5                      // of subject and baseline in turns; the medians count
	slice  = 300 * time.Millisecond // how long each of them runs in a round
	warmUp = 150 * time.Millisecond // before the first round, not counted
)

// job does once, as one of the clients, what is measured.
type job func(client int) error

// result is a line of a table. Rates are per second.
type result struct {
	engine, what   string
	clients        int
	rate, baseline float64
	ratio          float64 // median of the rounds, not the ratio of the medians
	perCommit      float64 // whole bookings for each commit; 0: no booking
}

// contest is two things to be measured side by side.
type contest struct {
	clients int                         // that work at once
	jobs    [2]job                      // what is measured, and its baseline
	before  func(context.Context) error // each turn, outside the measurement; may be nil
}

// run lets the two take turns.
func (c contest) run(b *testing.B) result {
	b.Helper()
	for _, j := range c.jobs {
		c.turn(b, j, warmUp)
	}
	var rates [2][]float64
	var ratios []float64
	for b.Loop() {
		for round := range rounds {
			var now [2]float64
			for turn := range c.jobs {
				i := (round + turn) % 2 // who goes first alternates
				now[i] = c.turn(b, c.jobs[i], slice)
				rates[i] = append(rates[i], now[i])
			}
			ratios = append(ratios, now[0]/now[1])
		}
	}
	r := result{clients: c.clients, rate: median(rates[0]), baseline: median(rates[1]), ratio: median(ratios)}
	b.ReportMetric(0, "ns/op") // the time of all rounds says nothing
	b.ReportMetric(r.rate, "per-s")
	b.ReportMetric(r.baseline, "baseline-per-s")
	b.ReportMetric(r.ratio, "ratio")
	return r
}

// turn is how often a second all clients together do a job.
func (c contest) turn(b *testing.B, do job, d time.Duration) float64 {
	b.Helper()
	if c.before != nil {
		if err := c.before(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
	runtime.GC() // nobody pays for what the other left
	var over atomic.Bool
	var wg sync.WaitGroup
	counts, failures := make([]int, c.clients), make([]error, c.clients)
	begin := b.Elapsed()
	timer := time.AfterFunc(d, func() { over.Store(true) })
	defer timer.Stop()
	for client := range c.clients {
		wg.Go(func() {
			for failures[client] == nil && !over.Load() {
				failures[client] = do(client)
				counts[client]++
			}
		})
	}
	wg.Wait()
	elapsed := b.Elapsed() - begin
	if err := errors.Join(failures...); err != nil {
		b.Fatal(err)
	}
	sum := 0
	for _, n := range counts {
		sum += n
	}
	return float64(sum) / elapsed.Seconds()
}

func median(values []float64) float64 {
	v := slices.Sorted(slices.Values(values))
	if n := len(v); n%2 == 0 {
		return (v[n/2-1] + v[n/2]) / 2
	}
	return v[len(v)/2]
}

// table prints results the way docs/performance.md holds them. The last
// column is what one client waits for one answer, on average.
func table(title string, results []result) {
	w := os.Stdout
	fmt.Fprintf(w, "\n%s\n\n", title)
	fmt.Fprintln(w, "| engine   | what               | clients | per second | baseline |   ratio | per commit | each, µs |")
	fmt.Fprintln(w, "|----------|--------------------|--------:|-----------:|---------:|--------:|-----------:|---------:|")
	for _, r := range results {
		perCommit := ""
		if r.perCommit > 0 {
			perCommit = fmt.Sprintf("%.2f", r.perCommit)
		}
		fmt.Fprintf(w, "| %-8s | %-18s | %7d | %10.0f | %8.0f | %7.3f | %10s | %8.0f |\n",
			r.engine, r.what, r.clients, r.rate, r.baseline, r.ratio, perCommit, float64(r.clients)*1e6/r.rate)
	}
	fmt.Fprintln(w)
}
