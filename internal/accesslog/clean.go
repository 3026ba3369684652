// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"time"
)

// shortest is how long a file is left alone: lines are still added to it.
const shortest = time.Hour

// Clean shortens the IP addresses in the files of a tenant whose hour began
// shorten ago or earlier, and deletes those whose hour began keep ago or
// earlier, so that no line stays longer than that; how many files it shortened
// and deleted is the answer. Periods below an hour count as one. It may run at
// any time and several times at once. Whatever else lies in the folder stays.
// One file's error does not keep it from the others.
func (l *Log) Clean(tenant string, now time.Time, shorten, keep time.Duration) (int, int, error) {
	files, err := l.list(tenant)
	problems := []error{err}
	nShort, nGone := 0, 0
	count := func(n *int, done bool, err error) {
		if done {
			*n++
		}
		problems = append(problems, err)
	}
	for _, f := range files {
		switch age := now.Sub(f.from); {
		case age >= max(keep, shortest):
			done, err := remove(f.path)
			count(&nGone, done, err)
		case f.kind == whole && age >= max(shorten, shortest):
			done, err := f.shorten()
			count(&nShort, done, err)
		}
	}
	for _, f := range files { // after the others, which may be what these were to become
		if f.kind == temporary && missing(f.sibling(whole)) {
			_, err := remove(f.path)
			problems = append(problems, err)
		}
	}
	if err := errors.Join(problems...); err != nil {
		return nShort, nGone, fmt.Errorf("clean access log of %s: %w", tenant, err)
	}
	return nShort, nGone, nil
}

// Due counts the files of a tenant that may not be there at a moment, by the
// period for deleting.
func (l *Log) Due(tenant string, at time.Time, keep time.Duration) (int, error) {
	files, err := l.list(tenant)
	if err != nil {
		return 0, err
	}
	n := 0
	for _, f := range files {
		if at.Sub(f.from) >= max(keep, shortest) {
			n++
		}
	}
	return n, nil
}

// shorten puts a file with shortened addresses in the place of one with whole
// ones, and tells whether it did. The new one gets its name when it is
// complete, and only then the old one goes; whoever finds both has come after a
// crash, or while another process is between the two.
func (f found) shorten() (bool, error) {
	if missing(f.sibling(shortened)) {
		if done, err := f.writeShortened(); !done {
			return false, err
		}
	}
	return remove(f.path)
}

// writeShortened makes the file with the shortened addresses. It has not done
// so, without an error, when another process was quicker.
func (f found) writeShortened() (bool, error) {
	in, err := os.Open(f.path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("shorten: %w", err)
	}
	defer in.Close()
	out, err := os.CreateTemp(filepath.Dir(f.path), f.from.Format(hourLayout)+".*"+string(temporary))
	if err != nil {
		return false, fmt.Errorf("shorten: %w", err)
	}
	if err := errors.Join(copyShortened(out, in), out.Sync(), out.Close()); err != nil {
		_, gone := remove(out.Name())
		return false, fmt.Errorf("shorten: %w", errors.Join(err, gone))
	}
	err = os.Rename(out.Name(), f.sibling(shortened))
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil // taken for the leftover that it had become
	}
	if err != nil {
		_, gone := remove(out.Name())
		return false, fmt.Errorf("shorten: %w", errors.Join(err, gone))
	}
	return true, nil
}

// copyShortened copies lines with shortened addresses. What is no line of ours,
// or half of one, is left out: nobody knows what stands in it.
func copyShortened(w io.Writer, r io.Reader) error {
	in, out := bufio.NewReader(r), bufio.NewWriter(w)
	encoder := json.NewEncoder(out)
	for broken := false; ; {
		line, err := in.ReadSlice('\n')
		if errors.Is(err, bufio.ErrBufferFull) {
			broken = true
			continue
		}
		if err != nil && !errors.Is(err, io.EOF) {
			return err
		}
		var e Entry
		if !broken && json.Unmarshal(line, &e) == nil {
			e.IP = Short(e.IP)
			if err := encoder.Encode(e); err != nil {
				return err
			}
		}
		if err != nil {
			return out.Flush()
		}
		broken = false
	}
}

// remove deletes a file and tells whether it did; that it is gone is no error.
func remove(path string) (bool, error) {
	err := os.Remove(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("delete: %w", err)
	}
	return true, nil
}

func missing(path string) bool {
	_, err := os.Lstat(path)
	return errors.Is(err, fs.ErrNotExist)
}
