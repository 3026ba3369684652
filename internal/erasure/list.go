// SPDX-License-Identifier: EUPL-1.2

// Package erasure keeps the list of records that were erased, apart from the
// database: whoever restores an old copy of that brings them back, and the
// program erases them again before it opens.
//
// The list is a folder with a file for each month, of lines with an instant, a kind
// and an id. It says nothing about anybody. This package knows no database.
package erasure

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// Kind of a record.
type Kind string

// The kinds.
const (
	Person      Kind = "person"
	Appointment Kind = "appointment"
	Account     Kind = "account"
	Staff       Kind = "staff"
)

// Entry is one record that was erased.
type Entry struct {
	At   int64 // unix seconds
	Kind Kind
	ID   string
}

// List is such a folder. It is safe for concurrent use, also by several processes.
// The nil list keeps nothing.
type List struct{ folder string }

const (
	sinceName = "since" // the file that says from when on the list is complete
	suffix    = ".list"
	month     = "2006-01"
)

// Open opens a list, and makes one that is complete from now on if there is none.
func Open(folder string, now time.Time) (*List, error) {
	l := &List{folder}
	if err := os.MkdirAll(folder, 0o700); err != nil {
		return nil, fmt.Errorf("make folder of erasures: %w", err)
	}
	_, err := l.Since()
	if errors.Is(err, os.ErrNotExist) {
		err = l.Begin(now)
	}
	if err != nil {
		return nil, err
	}
	return l, nil
}

// Since is the instant from which the list is complete.
func (l *List) Since() (time.Time, error) {
	content, err := os.ReadFile(filepath.Join(l.folder, sinceName))
	if err != nil {
		return time.Time{}, fmt.Errorf("read since when erasures are listed: %w", err)
	}
	at, err := strconv.ParseInt(strings.TrimSpace(string(content)), 10, 64)
	if err != nil {
		return time.Time{}, fmt.Errorf("%s does not hold an instant: put the right file there", filepath.Join(l.folder, sinceName))
	}
	return time.Unix(at, 0), nil
}

// Begin says that the list is complete from an instant on, whatever it said before.
func (l *List) Begin(at time.Time) error {
	f, err := os.CreateTemp(l.folder, sinceName+".*")
	if err != nil {
		return fmt.Errorf("write since when erasures are listed: %w", err)
	}
	_, err = fmt.Fprintf(f, "%d\n", at.Unix())
	err = errors.Join(err, f.Sync(), f.Close())
	if err == nil {
		err = os.Rename(f.Name(), filepath.Join(l.folder, sinceName))
	}
	if err != nil {
		return errors.Join(fmt.Errorf("write since when erasures are listed: %w", err), os.Remove(f.Name()))
	}
	return nil
}

// Add appends records that are about to be erased, and returns when they are on the
// disk. It comes before the commit: an id too many is erased at the next start,
// and that had been decided anyway; one too few would come back.
func (l *List) Add(now time.Time, k Kind, ids ...string) error {
	if l == nil || len(ids) == 0 {
		return nil
	}
	var b bytes.Buffer
	for _, id := range ids {
		fmt.Fprintf(&b, "%d %s %s\n", now.Unix(), k, id)
	}
	f, err := os.OpenFile(l.path(now), os.O_RDWR|os.O_APPEND|os.O_CREATE, 0o600)
	if err != nil {
		return fmt.Errorf("open list of erasures: %w", err)
	}
	line := b.Bytes()
	if torn(f) {
		line = append([]byte("\n"), line...)
	}
	_, err = f.Write(line)
	if err := errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("add to list of erasures: %w", err)
	}
	return nil
}

// torn tells whether a crash cut the last line short.
func torn(f *os.File) bool {
	end, err := f.Seek(0, io.SeekEnd)
	if err != nil || end == 0 {
		return false
	}
	last := make([]byte, 1)
	_, err = f.ReadAt(last, end-1)
	return err == nil && last[0] != '\n'
}

func (l *List) path(at time.Time) string {
	return filepath.Join(l.folder, at.UTC().Format(month)+suffix)
}

// Entries reads the whole list. What a crash cut short is left out: it was not
// erased.
func (l *List) Entries() ([]Entry, error) {
	if l == nil {
		return nil, nil
	}
	files, err := filepath.Glob(filepath.Join(l.folder, "*"+suffix))
	if err != nil {
		return nil, fmt.Errorf("list files of erasures: %w", err)
	}
	var list []Entry
	for _, file := range files { // sorted, and so by month
		content, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("read list of erasures: %w", err)
		}
		for line := range strings.Lines(string(content)) {
			fields := strings.Fields(line)
			if len(fields) != 3 || !strings.HasSuffix(line, "\n") {
				continue
			}
			at, err := strconv.ParseInt(fields[0], 10, 64)
			if err != nil {
				continue
			}
			list = append(list, Entry{at, Kind(fields[1]), fields[2]})
		}
	}
	return list, nil
}

// Forget deletes the months that were over at an instant: no copy of the database is
// older than that.
func (l *List) Forget(before time.Time) error {
	if l == nil {
		return nil
	}
	since, err := l.Since()
	if err != nil {
		return err
	}
	y, m, _ := before.UTC().Date()
	first := time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
	if !first.After(since) {
		return nil
	}
	if err := l.Begin(first); err != nil { // before the files go, or the list would claim too much
		return err
	}
	files, err := filepath.Glob(filepath.Join(l.folder, "*"+suffix))
	if err != nil {
		return fmt.Errorf("list files of erasures: %w", err)
	}
	for _, file := range files {
		at, err := time.Parse(month, strings.TrimSuffix(filepath.Base(file), suffix))
		if err != nil || !at.Before(first) {
			continue
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("delete list of erasures: %w", err)
		}
	}
	return nil
}
