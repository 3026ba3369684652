// SPDX-License-Identifier: EUPL-1.2

package e2e

import (
	"errors"
	"os"
	"os/exec"
	"testing"

	"vorzimmer/internal/programtest"
)

// TestMain needs the built pages and a browser.
func TestMain(m *testing.M) {
	programtest.Main(m, func() error {
		if _, err := os.Stat("../web/assets/dist/manifest.json"); err != nil {
			return errors.New("the style sheet and script of the pages are missing: run `make build` first")
		}
		_, err := chromium()
		return err
	})
}

// chromium is the browser of the machine.
func chromium() (string, error) {
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", errors.New("the browser for tests is missing; on Debian or Ubuntu: apt-get install chromium")
}
