// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"net/netip"
	"net/url"
	"path"
	"strings"
	"time"
)

// options is what a rush is like.
type options struct {
	program  string // path of the built program
	database string // URL of an empty PostgreSQL database; empty: an SQLite file
	sessions int
	slots    int
	within   time.Duration // in which the sessions begin
	pause    time.Duration // the longest before a choice, and before a form is sent
	seed     uint64
}

// The bounds. There are as many telephone numbers for those who book as the
// reserved ones of Berlin.
const (
	maxSessions = 20_000
	maxSlots    = 1_000
	maxWithin   = 30 * time.Second
	maxPause    = 5 * time.Second
)

func (o options) check() error {
	switch {
	case o.sessions < 1 || o.sessions > maxSessions:
		return fmt.Errorf("-sessions must be from 1 to %d", maxSessions)
	case o.slots < 1 || o.slots > maxSlots:
		return fmt.Errorf("-slots must be from 1 to %d", maxSlots)
	case o.within < 0 || o.within > maxWithin:
		return fmt.Errorf("-within must be at most %s", maxWithin)
	case o.pause < 0 || o.pause > maxPause:
		return fmt.Errorf("-pause must be at most %s", maxPause)
	}
	return checkDatabase(o.database)
}

// checkDatabase refuses a database that is, or could be, on another machine.
// Without a host in the URL the environment would name one.
func checkDatabase(location string) error {
	if location == "" {
		return nil
	}
	u, err := url.Parse(location)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return fmt.Errorf("-database must be a PostgreSQL URL such as postgres:///rush?host=/run/postgresql")
	}
	hosts := u.Query()["host"]
	if u.Host != "" {
		hosts = append(hosts, u.Host)
	}
	for _, list := range hosts {
		for host := range strings.SplitSeq(list, ",") {
			if !here(host) {
				return fmt.Errorf("-database: %q is not on this machine", host)
			}
		}
	}
	if len(hosts) == 0 || u.Query().Has("hostaddr") || u.Query().Has("service") {
		return fmt.Errorf("-database must name its host, and only that: a loopback address or a folder with a socket")
	}
	return nil
}

// here tells whether a host, with or without a port, is this machine.
func here(host string) bool {
	if path.IsAbs(host) {
		return true // of a socket
	}
	name := (&url.URL{Host: host}).Hostname()
	a, err := netip.ParseAddr(name)
	return name == "localhost" || err == nil && a.IsLoopback()
}

func (o options) engine() string {
	if o.database != "" {
		return "postgres"
	}
	return "sqlite"
}

// String says everything that is needed to do the same again.
func (o options) String() string {
	return fmt.Sprintf("%d sessions within %s for %d appointments on %s, pauses up to %s, seed %d",
		o.sessions, o.within, o.slots, o.engine(), o.pause, o.seed)
}
