// SPDX-License-Identifier: EUPL-1.2

package rules

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// headed are the kinds of files that name their licence at the top.
var headed = []string{".go", ".css", ".mjs", ".js", ".html", ".yaml"}

// elsewhere are folders with files of other people, or made by a tool.
var elsewhere = []string{".git", "node_modules", "dist", "demo-data", "testdata"}

func TestLicenceHeaders(t *testing.T) {
	root := filepath.Join("..", "..")
	seen := 0
	err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && slices.Contains(elsewhere, d.Name()) {
			return fs.SkipDir
		}
		if d.IsDir() || !slices.Contains(headed, filepath.Ext(path)) {
			return nil
		}
		seen++
		content, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		top, _, _ := strings.Cut(string(content), "\n")
		if !strings.Contains(top, "SPDX-License-Identifier: EUPL-1.2") {
			t.Errorf("%s does not begin with its licence", path)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen < 100 {
		t.Fatalf("only %d files found: looked in the wrong place", seen)
	}
}

// Two people who add a migration at the same time get the same number; this
// says so before a database does.
func TestMigrationNumbers(t *testing.T) {
	names, err := filepath.Glob(filepath.Join("..", "db", "migrations", "*.sql"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no migrations found: %v", err)
	}
	seen := map[string]string{}
	for i, name := range names { // Glob sorts
		base := filepath.Base(name)
		number, _, _ := strings.Cut(base, "_")
		if other := seen[number]; other != "" {
			t.Errorf("%s and %s have the same number", base, other)
		}
		seen[number] = base
		if want := fmt.Sprintf("%05d", i+1); number != want {
			t.Errorf("%s: number %s, want %s", base, number, want)
		}
	}
}
