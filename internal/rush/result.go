// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"io"
	"maps"
	"net/http"
	"regexp"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"
)

// What is promised for a machine with two processors, visitors included.
const (
	promisedTime   = time.Second // for 99 of 100 answers
	promisedMemory = 300 << 20   // bytes, resident
)

// result is what a rush was like.
type result struct {
	options
	*record
	town        *town
	took        time.Duration  // until the last visitor had left
	offered     int            // times still free then; -1: unknown
	mails       map[string]int // recipient -> how many
	memory      int64          // most that was resident, in bytes
	used        usage          // while they were there
	checked     string         // what check wrote
	checkFailed error
	log         []string // lines of the server's log that nobody expects
}

// wrong lists what must never be, however slow the machine.
func (r *result) wrong() []string {
	var all []string
	say := func(format string, args ...any) { all = append(all, fmt.Sprintf(format, args...)) }
	for _, what := range slices.Sorted(maps.Keys(r.failures)) {
		say("%d visitors failed: %s", r.failures[what], what)
	}
	for status, n := range sum(r.samples, everyStep).statuses {
		if status >= http.StatusInternalServerError {
			say("%d answers with status %d", n, status)
		}
	}
	if n := len(r.bookings); n != r.slots {
		say("%d appointments were booked, there were %d", n, r.slots)
	}
	if r.offered != 0 {
		say("afterwards %d times were offered", r.offered)
	}
	all = append(all, r.wrongBookings()...)
	if n, ok := r.inDatabase(); r.checkFailed == nil && (!ok || n != len(r.bookings)) {
		say("check counted %d appointments, visitors %d", n, len(r.bookings))
	}
	if r.checkFailed != nil {
		say("check: %v\n%s", r.checkFailed, r.checked)
	}
	for _, line := range r.log[:min(len(r.log), 10)] {
		say("log of the server: %s", line)
	}
	return all
}

// wrongBookings compares what visitors were told with each other, with the
// hours and with the mails.
func (r *result) wrongBookings() []string {
	var all []string
	references, starts, mails := map[string]bool{}, map[string]int{}, maps.Clone(r.mails)
	for _, b := range r.bookings {
		references[b.reference] = true
		starts[b.start]++
		if mails[b.email] != 1 {
			all = append(all, fmt.Sprintf("somebody who booked got %d mails", mails[b.email]))
		}
		delete(mails, b.email)
	}
	if len(references) != len(r.bookings) {
		all = append(all, fmt.Sprintf("%d bookings have %d numbers", len(r.bookings), len(references)))
	}
	for start, n := range starts {
		if n > r.town.times[start] {
			all = append(all, fmt.Sprintf("%d people come at a time with %d counters", n, r.town.times[start]))
		}
	}
	if n := mails[office]; n != len(r.bookings) {
		all = append(all, fmt.Sprintf("the office got %d mails", n))
	}
	delete(mails, office)
	if len(mails) > 0 {
		all = append(all, fmt.Sprintf("%d people who did not book got mails", len(mails)))
	}
	return all
}

var counted = regexp.MustCompile(`(?m)^Checked (\d+) appointments`)

// inDatabase is how many appointments check has seen. There are no others than
// booked ones, because everybody who reserves books.
func (r *result) inDatabase() (int, bool) {
	found := counted.FindStringSubmatch(r.checked)
	if found == nil {
		return 0, false
	}
	n, err := strconv.Atoi(found[1])
	return n, err == nil
}

// slow lists what depends on the machine.
func (r *result) slow() []string {
	var all []string
	if p99 := sum(r.samples, everyStep).p99; p99 >= promisedTime {
		all = append(all, fmt.Sprintf("99 %% of the answers took up to %s, not less than %s", p99.Round(time.Millisecond), promisedTime))
	}
	if r.memory >= promisedMemory {
		all = append(all, fmt.Sprintf("the server had %d MB of memory, not less than %d", r.memory>>20, promisedMemory>>20))
	}
	return all
}

// print writes the figures.
func (r *result) print(out io.Writer) {
	statuses := slices.Sorted(maps.Keys(sum(r.samples, everyStep).statuses))
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\nanswers\tall\t")
	for _, s := range statuses {
		fmt.Fprintf(w, "%d\t", s)
	}
	fmt.Fprintln(w, "p50 ms\tp95 ms\tp99 ms\tmax ms\t")
	for _, s := range steps {
		f := sum(r.samples, s)
		fmt.Fprintf(w, "%s\t%d\t", s, f.count)
		for _, status := range statuses {
			fmt.Fprintf(w, "%d\t", f.statuses[status])
		}
		for _, d := range []time.Duration{f.p50, f.p95, f.p99, f.max} {
			fmt.Fprintf(w, "%d\t", d.Milliseconds())
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // to the terminal
	fmt.Fprintf(out, "\n%d appointments, %d booked; %d processors; the last visitor left after %.1f s\n",
		r.slots, len(r.bookings), runtime.NumCPU(), r.took.Seconds())
	for _, how := range []outcome{gotOne, noneAny, gaveUp, failed} {
		fmt.Fprintf(out, "%6d visitors %s\n", r.outcomes[how], how)
	}
	fmt.Fprintf(out, "%6d MB of memory at most\n", r.memory>>20)
	fmt.Fprintf(out, "%6.1f s of processor time in the server, %.1f s in the visitors, %.1f s in everything else\n",
		r.used.server.Seconds(), r.used.visitors.Seconds(), r.used.others.Seconds())
	fmt.Fprintf(out, "check: %s\n", strings.TrimSpace(r.checked))
}
