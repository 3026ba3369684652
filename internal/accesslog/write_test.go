// SPDX-License-Identifier: EUPL-1.2

package accesslog

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/netip"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"vorzimmer/internal/clock"
)

// start is in the middle of an hour.
var start = time.Date(2026, time.November, 22, 14, 3, 27, 0, time.UTC)

const town = "kleinstadt"

// kept is a log below a new folder.
type kept struct {
	*testing.T
	*Log
	clock *clock.Fake
	said  *bytes.Buffer // what the operator reads
}

func newLog(t *testing.T) *kept {
	k := &kept{T: t, clock: clock.NewFake(start), said: &bytes.Buffer{}}
	k.Log = New(filepath.Join(t.TempDir(), "access-log"), k.clock, slog.New(slog.NewTextHandler(k.said, nil)))
	return k
}

func (k *kept) path(name string) string { return filepath.Join(k.folder, town, name) }

// files are the names in the town's folder.
func (k *kept) files() []string {
	k.Helper()
	entries, err := os.ReadDir(filepath.Join(k.folder, town))
	if err != nil {
		k.Fatal(err)
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

func (k *kept) read(name string) string {
	k.Helper()
	b, err := os.ReadFile(k.path(name))
	if err != nil {
		k.Fatal(err)
	}
	return string(b)
}

func (k *kept) put(name, content string) {
	k.Helper()
	if err := os.MkdirAll(filepath.Join(k.folder, town), 0o700); err != nil {
		k.Fatal(err)
	}
	if err := os.WriteFile(k.path(name), []byte(content), 0o600); err != nil {
		k.Fatal(err)
	}
}

func visitFrom(ip string) Visit {
	return Visit{Address: netip.MustParseAddr(ip), Request: "GET /de/appointment/{secret}", Status: 200, Bytes: 4711,
		Referrer: "https://www.example.org", AcceptLanguage: "de-DE,de;q=0.9",
		UserAgent: "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:145.0) Gecko/20100101 Firefox/145.0"}
}

func TestFields(t *testing.T) {
	want := []string{"ip", "time", "zone", "request", "status", "bytes", "referrer", "browser", "system", "language_version"}
	if got := Fields(); !slices.Equal(got, want) {
		t.Errorf("got %v", got)
	}
}

func TestLine(t *testing.T) {
	k := newLog(t)
	k.Write(town, visitFrom("::ffff:203.0.113.77"))
	want := `{"ip":"203.0.113.77","time":"2026-11-22T14:03:27","zone":"+00:00","request":"GET /de/appointment/{secret}","status":200,` +
		`"bytes":4711,"referrer":"https://www.example.org","browser":"Firefox","system":"Windows","language_version":"de-DE 145.0"}` + "\n"
	if got := k.read("2026-11-22T14.log"); got != want {
		t.Errorf("got %s", got)
	}
	k.clock.Set(start.Add(time.Hour).In(time.FixedZone("", 3600)))
	k.Write(town, Visit{})
	want = `{"ip":"","time":"2026-11-22T15:03:27","zone":"+00:00","request":"","status":0,` +
		`"bytes":0,"referrer":"","browser":"other","system":"other","language_version":""}` + "\n"
	if got := k.read("2026-11-22T15.log"); got != want {
		t.Errorf("of nothing: got %s", got)
	}
	if a := entry(Visit{Address: netip.MustParseAddr("fe80::1%geheim")}, start); a.IP != "fe80::1" {
		t.Errorf("a zone stays: %s", a.IP)
	}
}

// Nobody but the program may read the log.
func TestRights(t *testing.T) {
	k := newLog(t)
	k.Write(town, visitFrom("203.0.113.77"))
	for path, want := range map[string]os.FileMode{k.folder: 0o700, filepath.Join(k.folder, town): 0o700, k.path("2026-11-22T14.log"): 0o600} {
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, %v", path, info.Mode(), err)
		}
	}
}

func TestManyWriters(t *testing.T) {
	k := newLog(t)
	other := New(k.folder, k.clock, k.log) // of another process
	var all sync.WaitGroup
	for _, l := range []*Log{k.Log, other, k.Log, other} {
		all.Go(func() {
			for range 100 {
				l.Write(town, visitFrom("203.0.113.77"))
			}
		})
	}
	all.Wait()
	lines := strings.Split(strings.TrimSuffix(k.read("2026-11-22T14.log"), "\n"), "\n")
	if len(lines) != 400 {
		t.Errorf("%d lines", len(lines))
	}
	for _, line := range lines {
		var e Entry
		if err := json.Unmarshal([]byte(line), &e); err != nil || e.Browser != "Firefox" {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if k.said.Len() > 0 {
		t.Errorf("the operator reads %s", k.said)
	}
}

// The operator is told once that the log cannot be written, and once that it
// can again; the first line after that is whole, whatever the last one became.
func TestTrouble(t *testing.T) {
	k := newLog(t)
	if err := os.WriteFile(k.folder, nil, 0o600); err != nil { // where the folder should be
		t.Fatal(err)
	}
	for range 3 {
		k.Write(town, visitFrom("203.0.113.77"))
	}
	if got := k.said.String(); strings.Count(got, "\n") != 1 || !strings.Contains(got, `level=ERROR msg="access log not written" tenant=kleinstadt`) {
		t.Errorf("the operator reads %s", got)
	}
	if err := os.Remove(k.folder); err != nil {
		t.Fatal(err)
	}
	k.put("2026-11-22T14.log", `{"ip":"203.0.1`)
	for range 3 {
		k.Write(town, visitFrom("203.0.113.77"))
	}
	if got := k.said.String(); strings.Count(got, "\n") != 2 || !strings.Contains(got, `msg="access log written again"`) {
		t.Errorf("the operator reads %s", got)
	}
	if strings.Contains(k.said.String(), "203.0.113") {
		t.Error("the operator reads an address")
	}
	if got := strings.Count(k.read("2026-11-22T14.log"), "\n{\"ip\":\"203.0.113.77\""); got != 3 {
		t.Errorf("%d whole lines", got)
	}
}

// What a request pays for its line.
func BenchmarkWrite(b *testing.B) {
	l := New(b.TempDir(), clock.NewFake(start), slog.New(slog.DiscardHandler))
	v := visitFrom("203.0.113.77")
	b.ReportAllocs()
	for b.Loop() {
		l.Write(town, v)
	}
}

// The part of it that is no work of the file system.
func BenchmarkEntry(b *testing.B) {
	v := visitFrom("203.0.113.77")
	b.ReportAllocs()
	for b.Loop() {
		if _, err := json.Marshal(entry(v, start)); err != nil {
			b.Fatal(err)
		}
	}
}
