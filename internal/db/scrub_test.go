// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// While somebody reads, the log of changes cannot be emptied. That is said at once,
// keeps no writer waiting, and is over with the reader.
func TestScrubWaitsForNobody(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		mustWrite(t, e.DB, "CREATE TABLE a (v BIGINT PRIMARY KEY)")
		scrub := func() bool {
			t.Helper()
			done, err := e.DB.Scrub(t.Context())
			if err != nil {
				t.Fatal(err)
			}
			return done
		}
		err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
			if _, err := list(t.Context(), tx, "SELECT v FROM a"); err != nil {
				return err
			}
			mustWrite(t, e.DB, "INSERT INTO a (v) VALUES (1)")
			if e.DB.Engine() == "sqlite" && scrub() {
				t.Error("emptied while somebody reads")
			}
			mustWrite(t, e.DB, "INSERT INTO a (v) VALUES (2)")
			return nil
		})
		if err != nil || !scrub() {
			t.Errorf("not done when nobody reads, %v", err)
		}
	})
}
