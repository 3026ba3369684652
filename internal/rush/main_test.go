// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	// The program under test is built from this. The import makes a change
	// there one that `go test` runs these tests again for.
	_ "vorzimmer/internal/app"

	"vorzimmer/internal/dbtest"
)

// programVariable tells the second process which program to test.
const programVariable = "VORZIMMER_RUSH_PROGRAM"

// TestMain builds the program and runs the tests in a second process, so that
// what was built is removed whatever becomes of them.
func TestMain(m *testing.M) {
	if os.Getenv(programVariable) != "" {
		dbtest.Main(m)
	}
	code, err := buildAndRun()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

func buildAndRun() (int, error) {
	dir, err := os.MkdirTemp("", "vorzimmer-rush")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "vorzimmer")
	build := exec.Command("go", "build", "-o", path, "./cmd/vorzimmer")
	build.Dir = "../.."
	build.Env = append(os.Environ(), "CGO_ENABLED=0")
	if out, err := build.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("build the program: %w\n%s", err, out)
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	tests := exec.Command(self, os.Args[1:]...)
	tests.Env = append(os.Environ(), programVariable+"="+path)
	tests.Stdin, tests.Stdout, tests.Stderr = os.Stdin, os.Stdout, os.Stderr
	tests.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	err = tests.Run()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return failed.ExitCode(), nil
	}
	return 0, err
}
