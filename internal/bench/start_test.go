// SPDX-License-Identifier: EUPL-1.2

//go:build linux

package bench

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"os"
	osexec "os/exec" // exec is a function of this package
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"vorzimmer/examples"
	"vorzimmer/internal/config"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/programtest"
)

const (
	idleFor   = 2 * time.Second // between the first page and the look at the memory
	manyPages = 200
	patience  = time.Minute // for one start with all its pages; then the process is killed

	servedHost = "termine.example.org" // of the installation on PostgreSQL
)

// bareServer is the smallest server in the same language. What it takes to
// start, nobody who builds on the standard library gets rid of.
const bareServer = `package main

import ("fmt"; "net"; "net/http"; "os"; "os/signal"; "syscall")

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil { panic(err) }
	fmt.Println(l.Addr())
	stop := make(chan os.Signal, 1)
	signal.Notify(stop, syscall.SIGTERM)
	go http.Serve(l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") }))
	<-stop
}
`

// startCase is a way to start a server, and what was measured in each round.
type startCase struct {
	what              string
	command           func() []string // a program and its arguments
	host              string          // as in the Host header; empty: the address
	ready, idle, busy []float64       // milliseconds; bytes, after idleFor and after manyPages
}

// BenchmarkStart measures the time from the start to the first page, and the
// memory that is resident then, beside a server that does nothing, in turns.
func BenchmarkStart(b *testing.B) {
	program, bare := buildServers(b)
	data := b.TempDir()
	demo := func(name string) []string {
		return []string{program, "demo", "--listen", "127.0.0.1:0", "--data", filepath.Join(data, name)}
	}
	serve := []string{program, "serve", "--config", servedOnPostgres(b, program)}
	fresh := 0
	cases := []*startCase{
		{what: "bare server", command: func() []string { return []string{bare} }},
		{what: "demo, first start", command: func() []string { fresh++; return demo(strconv.Itoa(fresh)) }},
		{what: "demo", command: func() []string { return demo("1") }}, // what the first start left
		{what: "serve, PostgreSQL", host: servedHost, command: func() []string { return serve }},
	}
	pages := timesAddresses(b)
	for b.Loop() {
		for range rounds {
			for _, c := range cases {
				c.measure(b, pages)
			}
		}
	}
	b.ReportMetric(0, "ns/op") // the time of all rounds says nothing
	startTable(cases)
}

// buildServers builds the program as the Makefile does, and the bare server in
// the same way.
func buildServers(b *testing.B) (string, string) {
	b.Helper()
	dir := b.TempDir()
	program, bare, source := filepath.Join(dir, "vorzimmer"), filepath.Join(dir, "bare"), filepath.Join(dir, "bare.go")
	writeFile(b, source, bareServer)
	for path, what := range map[string]string{program: "./cmd/vorzimmer", bare: source} {
		if err := programtest.Build(path, what, "-ldflags=-s -w"); err != nil {
			b.Fatal(err)
		}
	}
	return program, bare
}

// servedOnPostgres fills a database with the example town and returns the
// settings file to serve it with. Its mail server is never asked.
func servedOnPostgres(b *testing.B, program string) string {
	b.Helper()
	dir, database := b.TempDir(), dbtest.Location(b, "postgres")
	startServer(b, []string{program, "demo", "--listen", "127.0.0.1:0", "--data", dir, "--database", database}).stop(b)
	path := filepath.Join(dir, "vorzimmer.yaml")
	writeFile(b, path, fmt.Sprintf(`listen: 127.0.0.1:0
database: %q
tenants: {oer-erkenschwick: {base_url: "http://%s"}}
mail: {host: 127.0.0.1, port: 1, from: termine@example.org, tls: none}
`, database, servedHost))
	return path
}

func writeFile(b *testing.B, path, content string) {
	b.Helper()
	if err := os.WriteFile(path, []byte(content), 0o600); err != nil {
		b.Fatal(err)
	}
}

// timesAddresses are pages of times of the example town, one for each two
// services that go together.
func timesAddresses(b *testing.B) []string {
	b.Helper()
	town, err := office.Parse("oer-erkenschwick.yaml", bytes.NewReader(examples.OerErkenschwick))
	if err != nil {
		b.Fatal(err)
	}
	var all []string
	for i, s := range town.Services {
		for _, other := range town.Services[:i] {
			if s.Combines != "" && s.Combines == other.Combines {
				all = append(all, "/de/times?service="+s.Key+"&service="+other.Key)
			}
		}
	}
	return all
}

// measure starts once, looks, and stops.
func (c *startCase) measure(b *testing.B, pages []string) {
	b.Helper()
	begin := b.Elapsed()
	s := startServer(b, c.command())
	visitor := newVisitors(b, s.address, 1)[0]
	visitor.host = cmp.Or(c.host, s.address)
	get := func(path string) {
		if err := visitor.get(path); err != nil {
			b.Fatalf("%s: GET %s: %v", c.what, path, err)
		}
	}
	get("/de/")
	c.ready = append(c.ready, (b.Elapsed()-begin).Seconds()*1000)
	time.Sleep(idleFor) // nobody asks for anything: this is what is measured
	c.idle = append(c.idle, s.resident(b))
	for i := range manyPages {
		get(pages[i%len(pages)])
	}
	c.busy = append(c.busy, s.resident(b))
	s.stop(b)
}

// started is a running server.
type started struct {
	cmd     *osexec.Cmd
	address string // loopback, with the port
	late    *time.Timer
	rest    chan struct{} // closed when it writes nothing any more
}

var addressLine = regexp.MustCompile(`\b127\.0\.0\.1:\d+`)

// startServer starts a server and waits until it writes where it listens. It
// ends at the latest when this process does.
func startServer(b *testing.B, command []string) *started {
	b.Helper()
	s := &started{cmd: osexec.Command(command[0], command[1:]...), rest: make(chan struct{})}
	s.cmd.Env = append(os.Environ(), config.KeyVariable+"=") // the key is in the folder
	s.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	out, err := s.cmd.StdoutPipe()
	if err != nil {
		b.Fatal(err)
	}
	s.cmd.Stderr = s.cmd.Stdout
	if err := s.cmd.Start(); err != nil {
		b.Fatal(err)
	}
	s.late = time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
	lines, said := bufio.NewReader(out), ""
	for s.address == "" {
		line, err := lines.ReadString('\n')
		said += line
		if s.address = addressLine.FindString(line); s.address == "" && err != nil {
			b.Fatalf("the server did not start: %v\n%s", s.cmd.Wait(), said)
		}
	}
	go func() {
		_, _ = io.Copy(io.Discard, lines) // ends with the process
		close(s.rest)
	}()
	return s
}

// stop ends the server, which it has to do well.
func (s *started) stop(b *testing.B) {
	b.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		b.Fatal(err)
	}
	<-s.rest
	if err := s.cmd.Wait(); err != nil {
		b.Fatalf("the server did not end well: %v", err)
	}
	s.late.Stop()
}

// resident is a server's memory in bytes: VmRSS of proc(5), whose kB are 1024 bytes.
func (s *started) resident(b *testing.B) float64 {
	b.Helper()
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		b.Fatal(err)
	}
	_, behindName, _ := strings.Cut(string(status), "VmRSS:")
	var n float64
	if _, err := fmt.Sscan(behindName, &n); err != nil {
		b.Fatalf("read memory of the server: %v", err)
	}
	return n * 1024
}

// startTable prints medians; a MB is a million bytes.
func startTable(cases []*startCase) {
	w := os.Stdout
	fmt.Fprintf(w, "\nStart and memory\n\n| %-18s | ready, ms | idle, MB | after %d pages, MB |\n", "what", manyPages)
	fmt.Fprintln(w, "|--------------------|----------:|---------:|--------------------:|")
	for _, c := range cases {
		fmt.Fprintf(w, "| %-18s | %9.0f | %8.1f | %19.1f |\n", c.what, median(c.ready), median(c.idle)/1e6, median(c.busy)/1e6)
	}
	fmt.Fprintln(w)
}
