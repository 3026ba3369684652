// SPDX-License-Identifier: EUPL-1.2

package e2e

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
const programVariable = "VORZIMMER_E2E_PROGRAM"

// program is the path of the program under test.
func program() string { return os.Getenv(programVariable) }

// TestMain builds the program and runs the tests in a second process, so that
// what was built is removed whatever becomes of them.
func TestMain(m *testing.M) {
	if program() != "" {
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
	if _, err := os.Stat("../web/assets/dist/manifest.json"); err != nil {
		return 0, errors.New("the style sheet and script of the pages are missing: run `make build` first")
	}
	if _, err := chromium(); err != nil {
		return 0, err
	}
	dir, err := os.MkdirTemp("", "vorzimmer-e2e")
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
	tests.SysProcAttr = endWithUs()
	if err := tests.Run(); err != nil {
		if failed, ok := errors.AsType[*exec.ExitError](err); ok {
			return failed.ExitCode(), nil
		}
		return 0, fmt.Errorf("run the tests: %w", err)
	}
	return 0, nil
}

// endWithUs lets a process end when the one that started it dies.
func endWithUs() *syscall.SysProcAttr { return &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL} }

// chromium is the browser of the machine.
func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the browser for tests is missing; on Debian or Ubuntu: apt-get install chromium")
}
