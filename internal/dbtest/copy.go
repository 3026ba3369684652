// SPDX-License-Identifier: EUPL-1.2

package dbtest

import (
	"context"
	"net/url"
	"os"
	"strings"
	"testing"

	"vorzimmer/internal/db"
)

// Copy copies the database as it is, and returns what puts the copy back in its
// place. Both close the database meanwhile; DB is another one afterwards.
func (e *Env) Copy(tb testing.TB) func() {
	tb.Helper()
	restore := e.copyFile
	if e.DB.Engine() != "sqlite" {
		restore = e.copyDatabase
	}
	var back func()
	e.closed(tb, func() { back = restore(tb) })
	return func() {
		tb.Helper()
		e.closed(tb, back)
	}
}

// closed does something while nobody is connected.
func (e *Env) closed(tb testing.TB, do func()) {
	tb.Helper()
	if err := e.DB.Close(); err != nil {
		tb.Fatal(err)
	}
	do()
	d, err := db.Open(tb.Context(), e.Location, e.Clock)
	if err != nil {
		tb.Fatal(err)
	}
	e.DB = d
	tb.Cleanup(func() {
		if err := d.Close(); err != nil {
			tb.Error(err)
		}
	})
}

func (e *Env) copyFile(tb testing.TB) func() {
	content, err := os.ReadFile(e.Location) // complete: the last to close it has emptied the log of changes
	if err != nil {
		tb.Fatal(err)
	}
	return func() {
		if err := os.WriteFile(e.Location, content, 0o600); err != nil {
			tb.Fatal(err)
		}
	}
}

func (e *Env) copyDatabase(tb testing.TB) func() {
	c, err := startOnce()
	if err != nil {
		tb.Fatal(err)
	}
	u, err := url.Parse(e.Location)
	if err != nil {
		tb.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	do := func(statement string) {
		if _, err := c.admin.ExecContext(context.Background(), statement); err != nil { // also when the test is over
			tb.Errorf("%s: %v", statement, err)
		}
	}
	do("CREATE DATABASE " + name + "_copy TEMPLATE " + name)
	tb.Cleanup(func() { do("DROP DATABASE " + name + "_copy WITH (FORCE)") })
	return func() {
		do("DROP DATABASE " + name + " WITH (FORCE)")
		do("CREATE DATABASE " + name + " TEMPLATE " + name + "_copy")
	}
}
