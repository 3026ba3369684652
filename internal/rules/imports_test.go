// SPDX-License-Identifier: EUPL-1.2

package rules

import (
	"encoding/json"
	"errors"
	"io"
	"os/exec"
	"strings"
	"testing"
)

// levels is the house from the ground up. A package imports only what stands
// on a lower floor. A new package gets its floor here.
var levels = map[string]int{
	"examples": 0,

	"internal/clock":  0,
	"internal/fault":  0,
	"internal/locale": 0,
	"internal/slot":   0,

	"internal/document":  1,
	"internal/erasure":   1,
	"internal/paper":     2,
	"internal/privacy":   1,
	"internal/accesslog": 1,

	"internal/db":   1,
	"internal/seal": 1,

	"internal/message":         2,
	"internal/message/mime":    3,
	"internal/message/smtp":    4,
	"internal/message/capture": 4,

	"internal/audit":      2,
	"internal/office":     2,
	"internal/person":     2,
	"internal/session":    3,
	"internal/credential": 4,
	"internal/statistics": 3,
	"internal/staff":      5,
	"internal/feedback":   3,
	"internal/booking":    6,
	"internal/account":    7,
	"internal/notice":     7,
	"internal/request":    7,
	"internal/rights":     8,
	"internal/retention":  9,

	"internal/config":      6,
	"internal/web/assets":  6,
	"internal/web/view":    7,
	"internal/web":         9,
	"internal/web/account": 10,
	"internal/web/citizen": 10,
	"internal/web/demo":    10,
	"internal/web/desk":    10,
	"internal/web/mine":    10,

	"internal/app":  11,
	"cmd/vorzimmer": 12,
}

// forTests are packages that only tests import.
var forTests = map[string]bool{
	"internal/rules":                     true,
	"internal/dbtest":                    true,
	"internal/programtest":               true,
	"internal/office/officetest":         true,
	"internal/paper/papertest":           true,
	"internal/message/mailtest":          true,
	"internal/credential/credentialtest": true,
	"internal/web/view/viewtest":         true,
	"internal/e2e":                       true,
	"internal/bench":                     true,
	"internal/rush":                      true,
}

// reserved names packages that only some of ours may import.
var reserved = map[string][]string{
	"modernc.org/sqlite":          {"internal/db"},
	"github.com/jackc/pgx/v5":     {"internal/db"},
	"github.com/pressly/goose/v3": {"internal/db"},
	"database/sql":                {"internal/db"},
	"net/http":                    {"internal/web", "internal/app"},
	"html/template":               {"internal/web", "internal/message"},
}

type listed struct {
	ImportPath string
	Imports    []string
	Standard   bool
}

func TestImportDirection(t *testing.T) {
	for _, p := range list(t) {
		name := strings.TrimPrefix(p.ImportPath, "vorzimmer/")
		if forTests[name] {
			continue
		}
		level, known := levels[name]
		if !known {
			t.Errorf("%s has no floor in the table of this test", name)
			continue
		}
		for _, path := range p.Imports {
			own, ours := strings.CutPrefix(path, "vorzimmer/")
			switch {
			case ours && forTests[own]:
				t.Errorf("%s imports %s, which is for tests", name, own)
			case ours && levels[own] >= level:
				t.Errorf("%s (floor %d) imports %s (floor %d)", name, level, own, levels[own])
			case name == "internal/slot" && strings.Contains(strings.Split(path, "/")[0], "."):
				t.Errorf("%s imports %s: it uses the standard library only", name, path)
			}
			checkReserved(t, name, path)
		}
	}
}

func checkReserved(t *testing.T, name, path string) {
	for prefix, users := range reserved {
		if path != prefix && (prefix == "database/sql" || !strings.HasPrefix(path, prefix+"/")) {
			continue
		}
		allowed := false
		for _, u := range users {
			allowed = allowed || name == u || strings.HasPrefix(name, u+"/")
		}
		if !allowed {
			t.Errorf("%s imports %s, which is for %s", name, path, strings.Join(users, ", "))
		}
	}
}

func list(t *testing.T) []listed {
	t.Helper()
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "vorzimmer/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []listed
	for d := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p listed
		err := d.Decode(&p)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) < len(levels) {
		t.Fatalf("go list found %d packages, the table has %d", len(all), len(levels))
	}
	return all
}
