// SPDX-License-Identifier: EUPL-1.2

package staff_test

import (
	"encoding/hex"
	"slices"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// findings lists what the check of the whole database says, without what it
// calls unfortunate.
func (h *house) findings() []string {
	h.Helper()
	var out []string
	_, err := booking.Check(h.Context(), h.Env.DB, h.key, func(f booking.Finding) {
		if !f.Warning && f.Row != "installation 1" { // the tests' town has none
			out = append(out, f.Key+" "+f.Row)
		}
	})
	h.must(err)
	return out
}

// The check of the whole database opens what is sealed for accounts, finds
// each row that is broken, and counts mails to staff.
func TestCheckKnowsAccounts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		boss, m := h.add("leitung", staff.Admin), h.addAt(h.tenant, "clerk", staff.Clerk, h.places["kleinstadt/nord"])
		b := h.half("clerk", credential.SetUpFactor)
		b.setUp()
		key, _ := b.addPasskey("a")
		sent, err := h.Invite(t.Context(), boss, staff.NewAccount{Email: "weg@example.org", Name: "Weg", Role: staff.Officer})
		h.must(err)
		h.mailed("weg@example.org")
		if _, err := h.Invite(t.Context(), boss, staff.NewAccount{Email: "neu@example.org", Name: "Neu", Role: staff.Officer}); err != nil {
			t.Fatal(err)
		}
		if got := h.findings(); got != nil {
			t.Fatalf("of a good database: %q", got)
		}
		var mail string
		e.One(t, &mail, "SELECT id FROM message WHERE state = 'queued'")
		for _, c := range []struct {
			want, spoil, mend string
			args              []any
		}{
			{"staff_data staff " + m.ID, "UPDATE staff SET role = 'clerk', sealed = token WHERE id = $1", "", []any{m.ID}},
			{"staff_token staff " + boss.ID, "UPDATE staff SET token = $2 WHERE id = $1", "", []any{boss.ID, []byte("x")}},
			{"staff_state staff " + sent, "UPDATE staff SET role = 'king' WHERE id = $1", "UPDATE staff SET role = 'officer' WHERE id = $1", []any{sent}},
			{"staff_state staff " + sent, "UPDATE staff SET state = 'asleep' WHERE id = $1", "", []any{sent}},
			{"staff_credential staff " + sent, "UPDATE credential SET tenant_id = $2 WHERE owner_id = $1", "UPDATE credential SET tenant_id = (SELECT s.tenant_id FROM staff s WHERE s.id = $1) WHERE owner_id = $1 AND tenant_id = $2", []any{sent, neighbour}},
			{"staff_code staff " + m.ID, "UPDATE credential SET totp = $2 WHERE owner_id = $1", "", []any{m.ID, []byte("x")}},
			{"staff_passkey staff " + m.ID, "UPDATE passkey SET sealed = $2 WHERE id = $1", "", []any{key.ID, []byte("x")}},
			{"staff_place staff " + m.ID, "UPDATE staff_location SET location_id = $2 WHERE staff_id = $1", "", []any{m.ID, h.places[neighbour+"/nord"]}},
			{"message_sealed message " + mail, "UPDATE message SET sealed = $2 WHERE id = $1", "", []any{mail, []byte("x")}},
			{"message_empty message " + mail, "UPDATE message SET sealed = NULL WHERE id = $1", "", []any{mail}},
		} {
			h.exec(c.spoil, c.args...)
			if got := h.findings(); !slices.Contains(got, "operator.check."+c.want) {
				t.Errorf("after %q: %q", c.spoil, got)
			}
			if c.mend != "" {
				h.exec(c.mend, c.args...)
			}
		}
		if got := h.findings(); len(got) != 7 {
			t.Errorf("at the end: %q", got)
		}
	})
}

// What is sealed for accounts is sealed under the tenant's keys for staff and
// named after the row: databases that are in use have it so.
func TestSealedNames(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		h := newHouse(t, e)
		m := h.add("clerk", staff.Clerk)
		b := h.half("clerk", credential.SetUpFactor)
		secret, _ := b.setUp()
		device, _ := b.addPasskey("a")
		var key *seal.Key
		h.read(func(tx *db.Tx) error {
			cat, err := h.Offices.Catalogue(t.Context(), tx, h.tenant)
			if err == nil {
				key, err = cat.Tenant.OpenKey(h.key)
			}
			return err
		})
		var code, passkey []byte
		e.One(t, &code, "SELECT totp FROM credential WHERE owner_id = $1", m.ID)
		e.One(t, &passkey, "SELECT sealed FROM passkey WHERE owner_id = $1", m.ID)
		if plain, err := key.Derive("staff").Open(code, "staff/"+m.ID+"/totp"); err != nil || string(plain) != secret {
			t.Errorf("code generator: %v", err)
		}
		if _, err := key.Derive("staff").Open(passkey, "staff/"+m.ID+"/passkey/"+hex.EncodeToString(device.ID)); err != nil {
			t.Errorf("passkey: %v", err)
		}
	})
}
