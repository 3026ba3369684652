// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// The periods of the tests, which count from the beginning of an hour.
const (
	ShortenAfter = 24 * time.Hour
	Keep         = 7 * 24 * time.Hour
)

func (k *kept) clean(wantShort, wantGone int) {
	k.Helper()
	short, gone, err := k.Clean(town, k.clock.Now(), ShortenAfter, Keep)
	if err != nil || short != wantShort || gone != wantGone {
		k.Errorf("at %s: shortened %d, deleted %d, %v; want %d and %d", k.clock.Now(), short, gone, err, wantShort, wantGone)
	}
}

func (k *kept) wantFiles(want ...string) {
	k.Helper()
	if got := k.files(); !slices.Equal(got, want) {
		k.Errorf("at %s: files %v, want %v", k.clock.Now(), got, want)
	}
}

// Periods count from the beginning of the hour and end to the second.
func TestClean(t *testing.T) {
	k := newLog(t)
	k.clean(0, 0) // before there is a folder
	k.Write(town, visitFrom("203.0.113.77"))
	k.Write(town, visitFrom("2001:db8:1234:5678::9"))
	before := k.read("2026-11-22T14.log")
	hour := start.Truncate(time.Hour)

	k.clock.Set(hour.Add(ShortenAfter - time.Second))
	k.Write(town, visitFrom("198.51.100.8"))
	k.clean(0, 0)
	k.wantFiles("2026-11-22T14.log", "2026-11-23T13.log")
	k.clock.Advance(time.Second)
	k.clean(1, 0)
	k.wantFiles("2026-11-22T14.short.log", "2026-11-23T13.log")
	want := strings.NewReplacer("203.0.113.77", "203.0.113.0", "2001:db8:1234:5678::9", "2001:db8:1234::").Replace(before)
	if got := k.read("2026-11-22T14.short.log"); got != want {
		t.Errorf("shortened to %s", got)
	}
	info, err := os.Stat(k.path("2026-11-22T14.short.log"))
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	k.clean(0, 0) // once is enough

	k.clock.Set(hour.Add(Keep - time.Second))
	k.clean(1, 0)
	k.clock.Advance(time.Second)
	for at, want := range map[time.Time]int{k.clock.Now().Add(-time.Second): 0, k.clock.Now(): 1, k.clock.Now().Add(Keep): 2} {
		if n, err := k.Due(town, at, Keep); err != nil || n != want {
			t.Errorf("%d due at %s, %v", n, at, err)
		}
	}
	k.clean(0, 1)
	k.wantFiles("2026-11-23T13.short.log")
	if n, err := k.Due("kleindorf", k.clock.Now(), Keep); n != 0 || err != nil {
		t.Errorf("of a tenant without a log %d are due, %v", n, err)
	}
}

// A crash leaves a copy that nobody has finished, or both the copy and what it
// was made from.
func TestCleanAfterCrash(t *testing.T) {
	k := newLog(t)
	k.Write(town, visitFrom("203.0.113.77"))
	line := k.read("2026-11-22T14.log")
	k.put("2026-11-22T14.471.tmp", line[:40])
	k.put("2026-11-22T13.log", line)
	k.put("2026-11-22T13.short.log", strings.Replace(line, "113.77", "113.0", 1))
	k.put("2026-11-22T12.short.log", line[:0])
	k.put("2026-11-22T12.42.tmp", line[:0])
	k.put("2026-11-01T12.42.tmp", line[:0])
	k.put("2026-11-24T12.42.tmp", line[:0]) // of another process, right now
	k.put("2026-11-24T12.log", line)
	k.clock.Set(start.Add(48 * time.Hour))
	k.clean(2, 1)
	k.wantFiles("2026-11-22T12.short.log", "2026-11-22T13.short.log", "2026-11-22T14.short.log", "2026-11-24T12.42.tmp", "2026-11-24T12.log")
	for _, hour := range []string{"13", "14"} {
		if got := k.read("2026-11-22T" + hour + ".short.log"); got != strings.Replace(line, "113.77", "113.0", 1) {
			t.Errorf("%s: %s", hour, got)
		}
	}
}

// What is no whole line may hold an address anywhere, so nothing stays of it.
func TestCleanBrokenLines(t *testing.T) {
	k := newLog(t)
	k.Write(town, visitFrom("203.0.113.77"))
	line := k.read("2026-11-22T14.log")
	k.put("2026-11-22T14.log", line[:30]+"\n\n"+line+line[:50]+line+"203.0.113.77\n"+
		strings.Repeat("203.0.113.77 ", 10_000)+line+line+`{"ip":"geheim 203.0.113.77"}`+"\n"+line[:70])
	k.clock.Advance(ShortenAfter)
	k.clean(1, 0)
	got := k.read("2026-11-22T14.short.log")
	if strings.Contains(got, "113.77") || strings.Contains(got, "geheim") || strings.Count(got, `{"ip":"203.0.113.0"`) != 2 || strings.Count(got, "\n") != 3 {
		t.Errorf("left is %s", got)
	}
}

// Only what the log has made is touched, and only of the tenant that was named.
func TestCleanLeavesTheRestAlone(t *testing.T) {
	k := newLog(t)
	others := []string{"notes.txt", "2020-01-01T10.log.gz", "2020-01-01T10.tmp", "2020-01-01T10.x.tmp", "2020-01-01T1.log", "2020-01-01.log",
		"2020-13-01T10.log", "x2020-01-01T10.log"}
	for _, name := range others {
		k.put(name, "mine")
	}
	if err := os.Mkdir(k.path("2020-01-01T11.log"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(k.path("notes.txt"), k.path("2020-01-01T12.log")); err != nil {
		t.Fatal(err)
	}
	village := filepath.Join(k.folder, "kleindorf", "2026-11-22T14.log")
	k.Write("kleindorf", visitFrom("203.0.113.77"))
	k.clock.Advance(10 * Keep)
	k.clean(0, 0)
	if got := len(k.files()); got != len(others)+2 {
		t.Errorf("files %v", k.files())
	}
	if _, err := os.Stat(village); err != nil {
		t.Error(err)
	}
}

// The hour that lines are written to stays, however short the periods are.
func TestCleanShortPeriods(t *testing.T) {
	k := newLog(t)
	k.Write(town, visitFrom("203.0.113.77"))
	for _, want := range []int{0, 1} {
		if short, gone, err := k.Clean(town, k.clock.Now(), 0, Keep); short != want || gone != 0 || err != nil {
			t.Errorf("shortened %d, deleted %d, %v", short, gone, err)
		}
		k.clock.Advance(time.Hour)
	}
	if _, gone, err := k.Clean(town, k.clock.Now(), 0, 0); gone != 1 || err != nil {
		t.Errorf("deleted %d, %v", gone, err)
	}
}

// A folder that cannot be read is an error, not a log that is clean.
func TestCleanFails(t *testing.T) {
	k := newLog(t)
	k.Write("kleindorf", visitFrom("203.0.113.77"))
	if err := os.WriteFile(filepath.Join(k.folder, town), nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := k.Clean(town, k.clock.Now(), ShortenAfter, Keep); err == nil || !strings.Contains(err.Error(), "clean access log of "+town) {
		t.Errorf("got %v", err)
	}
	if _, err := k.Due(town, k.clock.Now(), Keep); err == nil {
		t.Error("nothing is due")
	}
}

// Processes that share a folder do each other no harm.
func TestCleanTogether(t *testing.T) {
	k := newLog(t)
	const hours = 60
	want := ""
	for range hours {
		for n := range 20 {
			k.Write(town, visitFrom(fmt.Sprintf("203.0.113.%d", n)))
		}
		k.clock.Advance(time.Hour)
	}
	for _, name := range k.files() {
		want += k.read(name)
	}
	for n := range 20 {
		want = strings.ReplaceAll(want, fmt.Sprintf(`"203.0.113.%d"`, n), `"203.0.113.0"`)
	}
	k.clock.Advance(ShortenAfter)
	const processes = 4
	shortened := make([]int, processes)
	var all sync.WaitGroup
	for i := range processes {
		all.Go(func() {
			l := New(k.folder, k.clock, k.log)
			short, gone, err := l.Clean(town, k.clock.Now(), ShortenAfter, Keep)
			if err != nil || gone != 0 {
				t.Errorf("deleted %d, %v", gone, err)
			}
			shortened[i] = short
		})
	}
	all.Wait()
	k.clean(0, 0)
	got, sum := "", 0
	for _, name := range k.files() {
		if !strings.HasSuffix(name, ".short.log") {
			t.Errorf("left: %s", name)
		}
		got += k.read(name)
	}
	for _, n := range shortened {
		sum += n
	}
	if sum != hours || got != want {
		t.Errorf("%d of %d files shortened, %d bytes of %d", sum, hours, len(got), len(want))
	}
}
