// SPDX-License-Identifier: EUPL-1.2

// Package officetest gives tests a small invented town: tenant "kleinstadt"
// with the locations "rathaus" (two equal counters and a room) and "nord" (one
// counter, no passports). It is not for production code.
package officetest

import (
	"bytes"
	_ "embed" // for the town
	"testing"
	"time"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
)

// Hold is how long the town holds a slot.
const Hold = 10 * time.Minute

// Town is the tenant file of the town, for tests that want to change it.
//
//go:embed town.yaml
var Town []byte

// Import puts the town into a test's database. It returns a new installation
// key and the tenant's id.
func Import(t testing.TB, e *dbtest.Env) (*seal.Key, string) {
	t.Helper()
	kek := seal.NewKey()
	return kek, ImportFile(t, e, kek, Town)
}

// ImportFile imports another tenant file and returns the tenant's id.
func ImportFile(t testing.TB, e *dbtest.Env, kek *seal.Key, content []byte) string {
	t.Helper()
	f, err := office.Parse("town.yaml", bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	err = e.DB.Write(t.Context(), func(tx *db.Tx) error { return office.Import(t.Context(), tx, kek, f) })
	if err != nil {
		t.Fatal(err)
	}
	return f.Tenant.ID
}
