// SPDX-License-Identifier: EUPL-1.2

package db_test

import (
	"slices"
	"testing"

	"vorzimmer/internal/clock"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
)

// Accounts that were disabled before that was noted count from when the record says
// that it was last done, and never from before the last thing on record.
func TestDisabledSince(t *testing.T) {
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
			if err := d.MigrateTo(t.Context(), 12); err != nil {
				t.Fatal(err)
			}
			for _, tenant := range []string{"t", "u"} {
				mustWrite(t, d, `INSERT INTO tenant (id, revision, sealed_key, name, land, zone, controller_name, controller_street,
					controller_postcode, controller_city, controller_phone, controller_email, hold_minutes, max_extensions,
					confirm_email, confirm_minutes, unverified_per_address, cooldown_minutes)
					VALUES ('`+tenant+`', 1, 'k', 'T', 'NW', 'UTC', '', '', '', '', '', '', 10, 1, FALSE, 30, 5, 0)`)
			}
			for _, q := range []string{
				`INSERT INTO staff (id, tenant_id, role, everywhere, state, created, version, token, sealed) VALUES
					('known', 't', 'clerk', TRUE, 'disabled', 1, 2, 'a', 'a'), ('unknown', 't', 'clerk', TRUE, 'disabled', 1, 2, 'b', 'b'),
					('active', 't', 'clerk', TRUE, 'active', 1, 2, 'c', 'c'), ('silent', 'u', 'clerk', TRUE, 'disabled', 3, 2, 'd', 'd')`,
				`INSERT INTO audit (id, tenant_id, at, actor, role, action, subject_id, detail) VALUES
					('1', 't', 10, 'staff', 'admin', 'staff.disabled', 'known', ''), ('2', 't', 20, 'staff', 'admin', 'staff.enabled', 'known', ''),
					('3', 't', 30, 'staff', 'admin', 'staff.disabled', 'known', ''), ('4', 't', 40, 'staff', 'admin', 'staff.created', 'active', ''),
					('5', 't', 35, 'staff', 'admin', 'staff.disabled', 'active', '')`,
			} {
				mustWrite(t, d, q)
			}
			if _, err := d.Migrate(t.Context()); err != nil {
				t.Fatal(err)
			}
			want := []string{"active none", "known 30", "silent 3", "unknown 40"}
			got := texts(t, d, "SELECT id || ' ' || COALESCE(CAST(disabled AS TEXT), 'none') FROM staff ORDER BY id")
			if !slices.Equal(got, want) {
				t.Errorf("disabled since %q, want %q", got, want)
			}
		})
	}
}
