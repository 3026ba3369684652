// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"bytes"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"vorzimmer/internal/programtest"
)

// patience is how long a test waits for something that comes within a blink
// on an idle machine.
const patience = 30 * time.Second

// process is a running program.
type process struct {
	base   string // http://127.0.0.1:port
	data   string // folder with key and database
	out    *buffer
	log    *buffer
	cmd    *exec.Cmd
	ended  chan struct{}
	client *http.Client
}

// buffer collects what a process writes while tests read it.
type buffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *buffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *buffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// startDemo runs a demonstration on a free port. Its folder is fresh unless
// one is given. It is stopped when the test ends, and nothing may have gone
// wrong inside until then.
func startDemo(t testing.TB, data string, more ...string) *process {
	t.Helper()
	if data == "" {
		data = filepath.Join(t.TempDir(), "data")
	}
	p := start(t, append([]string{"demo", "--listen", "127.0.0.1:0", "--data", data}, more...)...)
	p.data = data
	p.await(t, regexp.MustCompile(`(http://127\.0\.0\.1:\d+)/`), p.out)
	return p
}

// start runs a command that serves.
func start(t testing.TB, args ...string) *process {
	t.Helper()
	p := &process{out: &buffer{}, log: &buffer{}, cmd: exec.Command(programtest.Path(), args...), ended: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = p.out, p.log
	p.cmd.SysProcAttr = programtest.EndWithUs()
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		_ = p.cmd.Wait() // how it ended is asked for by stop
		close(p.ended)
	}()
	t.Cleanup(func() {
		p.stop(t)
		p.calm(t)
	})
	return p
}

// await reads the address from what the process writes and waits until it
// answers.
func (p *process) await(t testing.TB, address *regexp.Regexp, in *buffer) {
	t.Helper()
	eventually(t, "the address", func() bool {
		found := address.FindStringSubmatch(in.String())
		if found == nil {
			p.running(t)
			return false
		}
		p.base = found[1]
		if !strings.Contains(p.base, "://") {
			p.base = "http://" + p.base
		}
		return true
	})
	p.client = &http.Client{Timeout: patience}
	eventually(t, "an answer of /healthz", func() bool {
		p.running(t)
		r, err := p.client.Get(p.base + "/healthz")
		if err != nil {
			return false
		}
		defer r.Body.Close()
		return r.StatusCode == http.StatusOK
	})
}

func (p *process) running(t testing.TB) {
	t.Helper()
	select {
	case <-p.ended:
		t.Fatalf("the program ended: %v\n%s", p.cmd.ProcessState, p.log)
	default:
	}
}

// stop asks the process to end, which it has to do well. Stopping it again
// does nothing.
func (p *process) stop(t testing.TB) {
	t.Helper()
	select {
	case <-p.ended:
		return
	default:
	}
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Errorf("signal: %v", err)
	}
	p.wait(t)
	if code := p.cmd.ProcessState.ExitCode(); code != 0 {
		t.Errorf("SIGTERM: exit code %d\n%s", code, p.log)
	}
}

// kill ends the process the hard way.
func (p *process) kill(t testing.TB) {
	t.Helper()
	if err := p.cmd.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	p.wait(t)
}

func (p *process) wait(t testing.TB) {
	t.Helper()
	select {
	case <-p.ended:
	case <-time.After(patience):
		_ = p.cmd.Process.Kill()
		t.Errorf("the program did not end\n%s", p.log)
		<-p.ended
	}
}

// calm checks that nothing happened that nobody expected.
func (p *process) calm(t testing.TB) {
	t.Helper()
	for line := range strings.Lines(p.log.String()) {
		if strings.Contains(line, "level=ERROR") || strings.HasPrefix(line, "panic:") || strings.HasPrefix(line, "goroutine ") {
			t.Errorf("log: %s", line)
		}
	}
}

// run runs a command to its end.
func run(t testing.TB, args ...string) (int, string, string) {
	t.Helper()
	var o, e bytes.Buffer
	cmd := exec.CommandContext(t.Context(), programtest.Path(), args...)
	cmd.Stdout, cmd.Stderr = &o, &e
	cmd.SysProcAttr = programtest.EndWithUs()
	cmd.Dir = t.TempDir()
	cmd.Env = append(os.Environ(), "LC_ALL=C") // the language of the terminal
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = cmd.Wait() // the exit code is what matters
	return cmd.ProcessState.ExitCode(), o.String(), e.String()
}

// eventually asks until the answer is yes, for what nobody announces: a
// process that begins to listen, a mail that a worker sends.
func eventually(t testing.TB, what string, yes func() bool) {
	t.Helper()
	end := time.NewTimer(patience)
	defer end.Stop()
	again := time.NewTicker(15 * time.Millisecond)
	defer again.Stop()
	for !yes() {
		select {
		case <-again.C:
		case <-end.C:
			t.Fatalf("waited in vain for %s", what)
		}
	}
}
