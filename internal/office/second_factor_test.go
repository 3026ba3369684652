// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"bytes"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
)

// A second factor is wanted unless the file says otherwise, and the last import
// counts.
func TestSecondFactor(t *testing.T) {
	town := func(line string) []byte { return append([]byte(line+"\n"), officetest.Town...) }
	_, err := office.Parse("town.yaml", bytes.NewReader(town("second_factor: maybe")))
	if err == nil || !strings.Contains(err.Error(), `town.yaml:1: "second_factor" must be true or false`) {
		t.Errorf("error %v", err)
	}
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		key, tenant := officetest.Import(t, e)
		offices := office.NewStore()
		must := func() bool {
			t.Helper()
			var must bool
			err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
				cat, err := offices.Catalogue(t.Context(), tx, tenant)
				if err == nil {
					must = cat.Tenant.SecondFactor
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return must
		}
		if !must() {
			t.Error("not the default")
		}
		officetest.ImportFile(t, e, key, town("second_factor: false"))
		if must() {
			t.Error("false is not imported")
		}
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return office.SetSecondFactor(t.Context(), tx, tenant, true) })
		if err != nil || !must() {
			t.Errorf("not set: %v", err)
		}
		officetest.ImportFile(t, e, key, town("second_factor: true"))
		if !must() {
			t.Error("true is not imported")
		}
	})
}
