// SPDX-License-Identifier: EUPL-1.2

// Command rush lets thousands of visitors reach for a few hundred appointments
// at once, at a real server on this machine, and tells whether the program kept
// its promises: each time booked once, a sensible answer for everyone else,
// fast and in little memory.
//
//	go run ./internal/rush
//
// It makes a town in a temporary folder, serves it with the built program,
// takes its mails, counts, and removes everything. It is no part of that
// program and no test of speed that runs by itself: whoever runs it should have
// nothing else running. It is bounded in number and time and talks to this
// machine only. Linux, for the server's memory.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"os/signal"
	"syscall"
	"time"
)

// bound is how long everything together may take.
const bound = 2 * time.Minute

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	ctx, cancel := context.WithTimeout(ctx, bound)
	code := command(ctx, os.Args[1:])
	cancel()
	stop()
	os.Exit(code)
}

// command returns the exit code: 0 when every promise was kept, 1 when one was
// broken or nothing could be tried, 2 when the flags are wrong.
func command(ctx context.Context, args []string) int {
	o, err := parse(args)
	if errors.Is(err, flag.ErrHelp) {
		return 0
	}
	if err == nil {
		err = o.check()
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "rush:", err)
		return 2
	}
	fmt.Println(o)
	r, err := run(ctx, o)
	if err != nil {
		fmt.Fprintln(os.Stderr, "rush:", err)
		return 1
	}
	r.print(os.Stdout)
	broken := append(r.wrong(), r.slow()...)
	for _, b := range broken {
		fmt.Fprintln(os.Stderr, "BROKEN:", b)
	}
	if len(broken) > 0 {
		return 1
	}
	fmt.Println("Every promise was kept.")
	return 0
}

func parse(args []string) (options, error) {
	var o options
	f := flag.NewFlagSet("rush", flag.ContinueOnError)
	f.StringVar(&o.program, "vorzimmer", "./vorzimmer", "the built program")
	f.StringVar(&o.database, "database", "", "URL of an empty PostgreSQL database on this machine; empty: a fresh SQLite file")
	f.IntVar(&o.sessions, "sessions", 5000, "how many people come")
	f.IntVar(&o.slots, "slots", 300, "how many appointments there are")
	f.DurationVar(&o.within, "within", 10*time.Second, "the period in which they come")
	f.DurationVar(&o.pause, "pause", 2*time.Second, "the longest time that somebody looks at the times, or types")
	f.Uint64Var(&o.seed, "seed", 0, "of everything that is random; 0: a new one")
	if err := f.Parse(args); err != nil {
		return o, err
	}
	if f.NArg() > 0 {
		return o, fmt.Errorf("%q is no flag", f.Arg(0))
	}
	if o.seed == 0 {
		o.seed = rand.Uint64()
	}
	return o, nil
}
