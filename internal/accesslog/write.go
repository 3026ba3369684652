// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"time"

	"vorzimmer/internal/clock"
)

// Log writes below one folder. It is safe for concurrent use, also by several
// processes.
type Log struct {
	folder string
	clock  clock.Clock
	log    *slog.Logger

	mu      sync.Mutex
	failing map[string]bool // by tenant: the last line could not be written
}

// New makes a log below a folder, which is made when the first line is written.
func New(folder string, c clock.Clock, log *slog.Logger) *Log {
	return &Log{folder: folder, clock: c, log: log, failing: map[string]bool{}}
}

// Write adds a line to a tenant's log. A line that cannot be written is lost:
// the visitor has had the answer. The operator reads about the first one, and
// when lines can be written again.
func (l *Log) Write(tenant string, v Visit) {
	now := l.clock.Now()
	line, err := json.Marshal(entry(v, now))
	if err == nil {
		if l.failed(tenant) {
			line = append([]byte("\n"), line...) // the last one may have been cut off
		}
		err = l.add(tenant, now, append(line, '\n'))
	}
	l.report(tenant, err)
}

// add appends to the file of the hour. It is opened for each line: that costs
// little, and whoever moves or deletes files need not tell anybody.
func (l *Log) add(tenant string, now time.Time, line []byte) error {
	path := filepath.Join(l.folder, tenant, hourly{from: now, kind: whole}.name())
	open := func() (*os.File, error) { return os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600) }
	f, err := open()
	if errors.Is(err, fs.ErrNotExist) {
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			return fmt.Errorf("make folder of access log: %w", err)
		}
		f, err = open()
	}
	if err != nil {
		return fmt.Errorf("open access log: %w", err)
	}
	_, err = f.Write(line) // in one piece, so that lines of others do not get into it
	if err := errors.Join(err, f.Close()); err != nil {
		return fmt.Errorf("write access log: %w", err)
	}
	return nil
}

func (l *Log) failed(tenant string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.failing[tenant]
}

// report tells the operator when it begins and when it ends that lines cannot
// be written.
func (l *Log) report(tenant string, err error) {
	l.mu.Lock()
	before := l.failing[tenant]
	l.failing[tenant] = err != nil
	l.mu.Unlock()
	switch {
	case err != nil && !before:
		l.log.Error("access log not written", "tenant", tenant, "error", err)
	case err == nil && before:
		l.log.Info("access log written again", "tenant", tenant)
	}
}
