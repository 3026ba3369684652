// SPDX-License-Identifier: EUPL-1.2

// Package programtest builds the program for tests that run it. It is not for
// production code.
package programtest

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	// The program under test is built from this. The import makes a change
	// there one that `go test` runs the tests again for.
	_ "vorzimmer/internal/app"

	"vorzimmer/internal/dbtest"
)

// variable tells the second process which program to test.
const variable = "VORZIMMER_TEST_PROGRAM"

// Path is where the program under test is.
func Path() string { return os.Getenv(variable) }

// Main is for TestMain. It makes sure of what the tests need, builds the
// program and runs the tests in a second process, so that what was built is
// removed whatever becomes of them.
func Main(m *testing.M, needs ...func() error) {
	if Path() != "" {
		dbtest.Main(m)
	}
	code, err := buildAndRun(needs)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun(needs []func() error) (int, error) {
	for _, need := range needs {
		if err := need(); err != nil {
			return 0, err
		}
	}
	dir, err := os.MkdirTemp("", "vorzimmer-test")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "vorzimmer")
	if err := Build(path, "./cmd/vorzimmer"); err != nil {
		return 0, err
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	tests := exec.Command(self, os.Args[1:]...)
	tests.Env = append(os.Environ(), variable+"="+path)
	tests.Stdin, tests.Stdout, tests.Stderr = os.Stdin, os.Stdout, os.Stderr
	tests.SysProcAttr = EndWithUs()
	if err := tests.Run(); err != nil {
		if failed, ok := errors.AsType[*exec.ExitError](err); ok {
			return failed.ExitCode(), nil
		}
		return 0, fmt.Errorf("run the tests: %w", err)
	}
	return 0, nil
}

// Build builds a package, or a file, as a program. It works from the folder of
// a package two below the top, where tests run.
func Build(path, what string, flags ...string) error {
	build := exec.Command("go", append(append([]string{"build"}, flags...), "-o", path, what)...)
	build.Dir = "../.."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return fmt.Errorf("build %s: %w\n%s", what, err, out)
	}
	return nil
}

// EndWithUs lets a process end when the one that started it dies.
func EndWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }
