// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"
)

// usage is processor time. It tells whether a rush was slow because of the
// server or because of something else that was running.
type usage struct {
	server, visitors time.Duration
	others           time.Duration // everything else on the machine; a PostgreSQL is among it
}

// usageOf is what was used so far: by a server, by this process, and by the
// others since the machine was started.
func usageOf(s *server) (usage, error) {
	var u usage
	var err error
	if u.server, err = processTime(s.cmd.Process.Pid); err != nil {
		return u, err
	}
	if u.visitors, err = processTime(os.Getpid()); err != nil {
		return u, err
	}
	all, err := machineTime()
	u.others = all - u.server - u.visitors
	return u, err
}

// since is what was used after an earlier moment. What others used is known
// from more than one source, so that a little less than nothing is possible.
func (u usage) since(before usage) usage {
	return usage{u.server - before.server, u.visitors - before.visitors, max(u.others-before.others, 0)}
}

// processTime is that of a process: fields 14 and 15 of /proc/PID/stat (proc(5)).
func processTime(pid int) (time.Duration, error) {
	all, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	_, behindName, _ := strings.Cut(string(all), ") ") // the name is field 2
	columns := strings.Fields(behindName)
	if len(columns) < 13 {
		return 0, fmt.Errorf("read processor time: %d columns", len(columns))
	}
	return hundredths(columns[11:13])
}

// machineTime is that of everybody: the columns of /proc/stat but idle and
// iowait, and but guests, who count as users there.
func machineTime() (time.Duration, error) {
	all, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf("read processor time: %w", err)
	}
	line, _, _ := strings.Cut(string(all), "\n")
	columns := strings.Fields(line)
	if len(columns) < 9 {
		return 0, fmt.Errorf("read processor time: %d columns", len(columns))
	}
	return hundredths(append(columns[1:4:4], columns[6:9]...))
}

// hundredths adds up hundredths of a second.
func hundredths(columns []string) (time.Duration, error) {
	sum := time.Duration(0)
	for _, c := range columns {
		n, err := strconv.ParseInt(c, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("read processor time: %w", err)
		}
		sum += time.Duration(n) * 10 * time.Millisecond
	}
	return sum, nil
}
