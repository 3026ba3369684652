// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// hourLayout is the beginning of a file's name: its hour in UTC.
const hourLayout = "2006-01-02T15"

// kind is what a file of an hour holds; its text is the end of the name.
type kind string

const (
	whole     kind = ".log"       // with whole addresses
	shortened kind = ".short.log" // with those of networks
	temporary kind = ".tmp"       // a shortened one before it is complete
)

// hourly is a file of the log.
type hourly struct {
	from time.Time // a moment of its hour
	kind kind
}

func (h hourly) name() string { return h.from.UTC().Format(hourLayout) + string(h.kind) }

// found is a file in a tenant's folder. Its hour begins at from.
type found struct {
	hourly
	path string
}

// sibling is the path of the file of another kind for the same hour.
func (f found) sibling(k kind) string {
	return filepath.Join(filepath.Dir(f.path), hourly{f.from, k}.name())
}

// list finds the log's files in a tenant's folder and leaves out all others.
// A folder that is not there has none.
func (l *Log) list(tenant string) ([]found, error) {
	dir := filepath.Join(l.folder, tenant)
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("list access log: %w", err)
	}
	var files []found
	for _, e := range entries {
		if h, ok := parseName(e.Name()); ok && e.Type().IsRegular() {
			files = append(files, found{h, filepath.Join(dir, e.Name())})
		}
	}
	return files, nil
}

// parseName reads a name that name or os.CreateTemp made.
func parseName(name string) (hourly, bool) {
	hour, end := name[:min(len(name), len(hourLayout))], name[min(len(name), len(hourLayout)):]
	from, err := time.ParseInLocation(hourLayout, hour, time.UTC)
	if err != nil || from.Format(hourLayout) != hour {
		return hourly{}, false
	}
	if middle, ok := strings.CutSuffix(end, string(temporary)); ok {
		digits, dot := strings.CutPrefix(middle, ".")
		return hourly{from, temporary}, dot && digits != "" && strings.Trim(digits, "0123456789") == ""
	}
	k := kind(end)
	return hourly{from, k}, k == whole || k == shortened
}
