// SPDX-License-Identifier: EUPL-1.2

package account_test

import (
	"strings"
	"testing"

	"vorzimmer/internal/account"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/seal"
)

// Whatever is wrong with an account is found, and nothing in one that is right.
func TestCheck(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		id := w.register(quirin).mine().ID
		found := func(key *seal.Key) string {
			t.Helper()
			var out []string
			w.fine(account.Check(t.Context(), e.DB, key, func(f account.Finding) {
				out = append(out, strings.TrimPrefix(f.Key, "operator.check.")+" "+strings.TrimSuffix(f.Row, " "+id))
			}))
			return strings.Join(out, ", ")
		}
		if got := found(w.key); got != "" {
			t.Fatalf("of a right one: %s", got)
		}
		if got := found(seal.NewKey()); got != "" {
			t.Errorf("with another key, which is the bookings' to report: %s", got)
		}
		for _, c := range []struct{ spoil, mend, want string }{
			{"UPDATE account SET token = sealed", "", "account_token account"},
			{"UPDATE account SET sealed = $2 WHERE id = $1", "", "account_data account"},
			{"UPDATE credential SET totp = $2 WHERE owner_id = $1", "UPDATE credential SET totp = NULL", "account_data account, account_code account"},
			{"UPDATE credential SET owner_id = 'nobody' WHERE owner_id = $1", "", "account_data account, account_credential account, credential_owner credential nobody"},
		} {
			args := []any{id, []byte("x")}[:strings.Count(c.spoil, "$")]
			w.Exec(t, c.spoil, args...)
			if got := found(w.key); got != c.want {
				t.Errorf("%s: found %q, want %q", c.spoil, got, c.want)
			}
			if c.mend != "" {
				w.Exec(t, c.mend)
			}
		}
	})
}
