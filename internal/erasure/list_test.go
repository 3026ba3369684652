// SPDX-License-Identifier: EUPL-1.2

package erasure_test

import (
	"os"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/erasure"
)

var start = time.Date(2026, time.September, 7, 8, 0, 0, 0, time.UTC)

func open(t *testing.T, folder string, now time.Time) *erasure.List {
	t.Helper()
	l, err := erasure.Open(folder, now)
	if err != nil {
		t.Fatal(err)
	}
	return l
}

func add(t *testing.T, l *erasure.List, at time.Time, k erasure.Kind, ids ...string) {
	t.Helper()
	if err := l.Add(at, k, ids...); err != nil {
		t.Fatal(err)
	}
}

func want(t *testing.T, l *erasure.List, ids ...string) {
	t.Helper()
	list, err := l.Entries()
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range list {
		got = append(got, string(e.Kind)+" "+e.ID)
	}
	if !reflect.DeepEqual(got, ids) {
		t.Errorf("entries = %q, want %q", got, ids)
	}
}

func TestListOutlivesTheProcess(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "erasures")
	l := open(t, folder, start)
	add(t, l, start, erasure.Person, "a", "b")
	add(t, l, start.Add(40*24*time.Hour), erasure.Account, "c")
	add(t, l, start, erasure.Person)
	again := open(t, folder, start.Add(time.Hour))
	want(t, again, "person a", "person b", "account c")
	since, err := again.Since()
	if err != nil || !since.Equal(start) {
		t.Errorf("complete since %v, %v", since, err)
	}
}

// A line that was cut short takes no other with it.
func TestListAfterACrash(t *testing.T) {
	folder := t.TempDir()
	l := open(t, folder, start)
	add(t, l, start, erasure.Person, "a")
	f, err := os.OpenFile(filepath.Join(folder, "2026-09.list"), os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.WriteString("1788"); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
	want(t, l, "person a")
	add(t, l, start, erasure.Person, "b")
	want(t, l, "person a", "person b")
}

func TestListForgetsMonths(t *testing.T) {
	folder := t.TempDir()
	l := open(t, folder, start)
	add(t, l, start, erasure.Person, "a")
	add(t, l, start.AddDate(0, 1, 0), erasure.Person, "b")
	if err := l.Forget(start.Add(24 * time.Hour)); err != nil { // in the same month: it stays
		t.Fatal(err)
	}
	want(t, l, "person a", "person b")
	if err := l.Forget(start.AddDate(0, 1, 0)); err != nil {
		t.Fatal(err)
	}
	want(t, l, "person b")
	since, err := l.Since()
	if err != nil || !since.Equal(time.Date(2026, time.October, 1, 0, 0, 0, 0, time.UTC)) {
		t.Errorf("complete since %v, %v", since, err)
	}
}

func TestListOfTwo(t *testing.T) {
	folder := t.TempDir()
	var both sync.WaitGroup
	for _, l := range []*erasure.List{open(t, folder, start), open(t, folder, start)} {
		both.Go(func() {
			for range 50 {
				if err := l.Add(start, erasure.Person, "x"); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
	list, err := open(t, folder, start).Entries()
	if err != nil || len(list) != 100 {
		t.Errorf("%d entries, %v", len(list), err)
	}
}

func TestListThatIsNone(t *testing.T) {
	folder := t.TempDir()
	if err := os.WriteFile(filepath.Join(folder, "since"), []byte("yesterday\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := erasure.Open(folder, start); err == nil {
		t.Error("a folder without an instant was taken for a list")
	}
	if _, err := erasure.Open(filepath.Join(folder, "since"), start); err == nil {
		t.Error("a file was taken for a folder")
	}
}
