// SPDX-License-Identifier: EUPL-1.2

package rules

import (
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
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
// says so before a database does. Migrations are SQL files, and a few are Go.
func TestMigrationNumbers(t *testing.T) {
	byNumber := map[int][]string{}
	for name, numbers := range migrations(t) {
		for _, n := range numbers {
			byNumber[n] = append(byNumber[n], name)
		}
	}
	if len(byNumber) < 5 {
		t.Fatalf("only %d migrations found: looked in the wrong place", len(byNumber))
	}
	for n := range slices.Max(slices.Collect(maps.Keys(byNumber))) {
		if files := byNumber[n+1]; len(files) != 1 {
			t.Errorf("migration %d is in these files: %q", n+1, files)
		}
	}
}

// goMigration is how a migration in Go says its number.
var goMigration = regexp.MustCompile(`NewGoMigration\((\w+)`)

// migrations are the numbers of migrations by file.
func migrations(t *testing.T) map[string][]int {
	t.Helper()
	all := map[string][]int{}
	add := func(name, number string) {
		n, err := strconv.Atoi(number)
		if err != nil {
			t.Errorf("%s: %s is no number", name, number)
		}
		all[name] = append(all[name], n)
	}
	for _, name := range glob(t, "migrations", "*.sql") {
		number, _, _ := strings.Cut(filepath.Base(name), "_")
		if len(number) != 5 {
			t.Errorf("%s does not begin with five digits", name)
		}
		add(name, number)
	}
	for _, name := range glob(t, "*.go") {
		content, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range goMigration.FindAllStringSubmatch(string(content), -1) {
			add(name, m[1])
		}
	}
	return all
}

// glob finds files of package db.
func glob(t *testing.T, pattern ...string) []string {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(append([]string{"..", "db"}, pattern...)...))
	if err != nil {
		t.Fatal(err)
	}
	return names
}
