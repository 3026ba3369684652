// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/netip"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"vorzimmer/internal/config"
)

// prepare makes a command of the program: it ends when this process does, uses
// the key file, and writes English.
func prepare(o options, args ...string) *exec.Cmd {
	cmd := exec.Command(o.program, args...)
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	cmd.Env = append(os.Environ(), "LC_ALL=C", config.KeyVariable+"=")
	return cmd
}

// do runs a command to its end and returns what it wrote. An error holds its
// error output.
func do(ctx context.Context, o options, args ...string) (string, error) {
	var out, errOut strings.Builder
	cmd := prepare(o, args...)
	cmd.Stdout, cmd.Stderr = &out, &errOut
	if err := cmd.Start(); err != nil {
		return "", fmt.Errorf("%s: %w", args[0], err)
	}
	stop := context.AfterFunc(ctx, func() { _ = cmd.Process.Kill() })
	defer stop()
	if err := cmd.Wait(); err != nil {
		return out.String(), fmt.Errorf("%s: %w\n%s", args[0], err, strings.TrimSpace(errOut.String()))
	}
	return out.String(), nil
}

// server is the running program.
type server struct {
	cmd     *exec.Cmd
	address string // loopback, with the port
	ended   chan struct{}
	err     error // how it ended, after ended

	mu       sync.Mutex
	troubles []string // lines of its log that nobody expects
}

var serving = regexp.MustCompile(`msg=serving address=(\S+)`)

// serve starts the program and waits until it says where it listens.
func serve(ctx context.Context, o options, config string) (*server, error) {
	s := &server{cmd: prepare(o, "serve", "--config", config), ended: make(chan struct{})}
	log, err := s.cmd.StderrPipe()
	if err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	if err := s.cmd.Start(); err != nil {
		return nil, fmt.Errorf("serve: %w", err)
	}
	address := make(chan string, 1)
	go func() {
		s.watch(log, address)
		s.err = s.cmd.Wait()
		close(s.ended)
	}()
	select {
	case s.address = <-address:
	case <-s.ended:
		return nil, fmt.Errorf("serve: ended at once: %v\n%s", s.err, strings.Join(s.seen(), "\n"))
	case <-ctx.Done():
		return nil, fmt.Errorf("serve: %w, %v", ctx.Err(), s.stop())
	}
	if a, err := netip.ParseAddrPort(s.address); err != nil || !a.Addr().IsLoopback() {
		return nil, fmt.Errorf("serve: %s is not loopback, %v", s.address, s.stop())
	}
	return s, nil
}

// watch reads the log to its end.
func (s *server) watch(log io.Reader, address chan<- string) {
	told := false
	for r := bufio.NewReader(log); ; {
		line, err := r.ReadString('\n')
		if found := serving.FindStringSubmatch(line); found != nil && !told {
			told = true
			address <- found[1]
		} else if line != "" && !strings.Contains(line, "level=INFO") {
			s.mu.Lock()
			s.troubles = append(s.troubles, strings.TrimSpace(line))
			s.mu.Unlock()
		}
		if err != nil {
			return
		}
	}
}

// seen are the lines of the log that nobody expects.
func (s *server) seen() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]string(nil), s.troubles...)
}

// peak is the most memory that was resident so far, in bytes (proc(5), VmHWM).
func (s *server) peak() (int64, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("read memory of the server: %w", err)
	}
	for line := range strings.Lines(string(status)) {
		if f := strings.Fields(line); len(f) == 3 && f[0] == "VmHWM:" {
			n, err := strconv.ParseInt(f[1], 10, 64)
			return n * 1024, err
		}
	}
	return 0, fmt.Errorf("read memory of the server: no VmHWM")
}

// patience is how long the server may take to end: longer than it gives
// running requests.
const patience = 30 * time.Second

// stop asks the server to end and makes it if it does not. The error says that
// it did not end well. Stopping it again does nothing.
func (s *server) stop() error {
	select {
	case <-s.ended:
		return s.err
	default:
	}
	if err := s.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return fmt.Errorf("stop the server: %w", err)
	}
	late := time.AfterFunc(patience, func() { _ = s.cmd.Process.Kill() })
	defer late.Stop()
	<-s.ended
	if s.err != nil {
		return fmt.Errorf("the server did not end well: %w", s.err)
	}
	return nil
}
