// SPDX-License-Identifier: EUPL-1.2

package app_test

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/config"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// The service is well as long as its database answers: connections that were
// good a moment ago do not count.
func TestHealth(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		v := newVisit(t, e, config.Defaults)
		for range 3 {
			if a := v.get("/healthz"); a.StatusCode != http.StatusOK {
				t.Errorf("status %d", a.StatusCode)
			}
		}
		takeAway(t, e)
		for range 3 {
			if a := v.get("/healthz"); a.StatusCode != http.StatusServiceUnavailable {
				t.Errorf("without its database: status %d", a.StatusCode)
			}
		}
	})
}

// takeAway takes the database away: the file is closed, or the server has it no
// more.
func takeAway(t *testing.T, e *dbtest.Env) {
	t.Helper()
	if e.DB.Engine() == "sqlite" {
		if err := e.DB.Close(); err != nil {
			t.Error(err)
		}
		return
	}
	u, err := url.Parse(e.Location)
	if err != nil {
		t.Fatal(err)
	}
	name := strings.TrimPrefix(u.Path, "/")
	beside, err := db.Open(t.Context(), dbtest.Location(t, "postgres"), clock.System{})
	if err != nil {
		t.Fatal(err)
	}
	do := func(ctx context.Context, statement string) { // not in a transaction
		err := beside.Look(ctx, func(tx *db.Tx) error {
			_, err := tx.Exec(ctx, statement)
			return err
		})
		if err != nil {
			t.Error(err)
		}
	}
	do(t.Context(), "DROP DATABASE "+name+" WITH (FORCE)")
	t.Cleanup(func() { // whoever made it is going to drop it
		do(context.Background(), "CREATE DATABASE "+name)
		if err := beside.Close(); err != nil {
			t.Error(err)
		}
	})
}
