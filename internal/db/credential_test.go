// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// What staff logged in with before there were other accounts is still there:
// passwords, code generators, passkeys, recovery codes, links and sessions.
func TestCredentialsOfStaffStay(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			d, err := db.Open(t.Context(), dbtest.Location(t, engine), clock.NewFake(dbtest.Start))
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() {
				if err := d.Close(); err != nil {
					t.Error(err)
				}
			})
			if err := d.MigrateTo(t.Context(), 10); err != nil {
				t.Fatal(err)
			}
			blob := func(text string) string {
				if engine == "postgres" {
					return "CAST('" + text + "' AS BYTEA)"
				}
				return "CAST('" + text + "' AS BLOB)"
			}
			for _, q := range []string{
				`INSERT INTO tenant (id, revision, sealed_key, name, land, zone, controller_name, controller_street,
					controller_postcode, controller_city, controller_phone, controller_email, hold_minutes, max_extensions,
					confirm_email, confirm_minutes, unverified_per_address, cooldown_minutes)
					VALUES ('t', 1, 'k', 'T', 'NW', 'UTC', '', '', '', '', '', '', 10, 1, FALSE, 30, 5, 0)`,
				`INSERT INTO staff (id, tenant_id, role, everywhere, state, created, version, token, sealed, password, totp, totp_step)
					VALUES ('a', 't', 'clerk', TRUE, 'active', 1, 2, ` + blob("ta") + `, ` + blob("sa") + `, 'hash', ` + blob("code") + `, 7),
					('b', 't', 'admin', TRUE, 'invited', 1, 2, ` + blob("tb") + `, ` + blob("sb") + `, '', NULL, 0)`,
				`INSERT INTO staff_passkey (id, staff_id, created, used, sealed) VALUES (` + blob("key") + `, 'a', 3, 4, ` + blob("sealed") + `)`,
				`INSERT INTO staff_recovery (staff_id, hash) VALUES ('a', ` + blob("r1") + `), ('a', ` + blob("r2") + `)`,
				`INSERT INTO staff_invitation (hash, staff_id, until) VALUES (` + blob("link") + `, 'b', 9)`,
				`INSERT INTO session (hash, tenant_id, seen, sealed, staff_id, created) VALUES (` + blob("cookie") + `, 't', 5, ` + blob("s") + `, 'a', 6)`,
			} {
				mustWrite(t, d, q)
			}
			if n, err := d.Migrate(t.Context()); n < 1 || err != nil {
				t.Fatalf("%d migrations, %v", n, err)
			}
			text := "CAST(? AS TEXT)"
			if engine == "postgres" {
				text = "convert_from(?, 'UTF8')"
			}
			as := func(column string) string { return strings.Replace(text, "?", column, 1) }
			for query, want := range map[string][]string{
				"SELECT owner_id || ' ' || tenant_id || ' ' || password || ' ' || COALESCE(" + as("totp") + ", 'none') || ' ' || totp_step FROM credential ORDER BY owner_id": {
					"a t hash code 7", "b t  none 0"},
				"SELECT owner_id || ' ' || created || ' ' || used || ' ' || " + as("id") + " || ' ' || " + as("sealed") + " FROM passkey": {"a 3 4 key sealed"},
				"SELECT owner_id || ' ' || " + as("hash") + " FROM recovery_code ORDER BY hash":                                           {"a r1", "a r2"},
				"SELECT owner_id || ' ' || until || ' ' || " + as("hash") + " FROM credential_link":                                       {"b 9 link"},
				"SELECT staff_id || ' ' || COALESCE(account_id, 'none') FROM session":                                                     {"a none"},
				"SELECT id || ' ' || state || ' ' || version FROM staff ORDER BY id":                                                      {"a active 2", "b invited 2"},
			} {
				if got := texts(t, d, query); !slices.Equal(got, want) {
					t.Errorf("%s: %q, want %q", query, got, want)
				}
			}
		})
	}
}
