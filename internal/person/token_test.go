// SPDX-License-Identifier: EUPL-1.2

package person_test

import (
	"bytes"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
)

// tokens are those that LockTokens answers for data.
func tokens(t *testing.T, e *dbtest.Env, v *person.Vault, tenant string, d person.Data) person.Tokens {
	t.Helper()
	var out person.Tokens
	write(t, e, func(tx *db.Tx) error {
		var err error
		out, err = v.LockTokens(t.Context(), tx, tenant, &person.Person{Data: d})
		return err
	})
	return out
}

// One mailbox and one telephone have one token each, in whatever spelling.
func TestTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		v := person.NewVault(kek)
		with := func(email, phone string) person.Tokens {
			d := quirin
			d.Email, d.Phone = email, phone
			return tokens(t, e, v, tenant, d)
		}
		want := with("quirin@müller.example.org", "030 23125 123")
		for email, equal := range map[string]bool{
			"Qui.rin+amt@MÜLLER.example.org":        true,
			"quirin@xn--mller-kva.example.org":      true,
			" quirin@m\u00ad\u00fcller.example.org": true, // with a mark that nobody sees
			"quirina@müller.example.org":            false,
			"quirin@example.org":                    false,
		} {
			if got := with(email, "030 23125 123").Email; bytes.Equal(got, want.Email) != equal {
				t.Errorf("%s counts as the same mailbox: %v", email, !equal)
			}
		}
		for phone, equal := range map[string]bool{
			"+49 30 23125123":           true,
			"+49 (0)30 23125-123":       true,
			"0049 30 23125 123":         true,
			"030/23125123":              true,
			"(030) 23125-123":           true,
			"\u202a030 23125 123\u202c": true, // copied from an address book
			"030 23125 124":             false,
			"+48 30 23125123":           false,
			"0171 3920012":              false,
		} {
			if got := with("quirin@example.org", phone).Phone; bytes.Equal(got, want.Phone) != equal {
				t.Errorf("%s counts as the same telephone: %v", phone, !equal)
			}
		}
		for _, d := range []person.Data{{}, {Email: "noch nicht fer", Phone: "03"}} {
			if got := tokens(t, e, v, tenant, d); got.Email != nil || got.Phone != nil {
				t.Error("a form that is not finished has a token")
			}
		}
	})
}

// A record is found by what it says now, and not at all when it is gone.
func TestTokensFollowTheRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		v := person.NewVault(kek)
		// found are how many tokens of mailbox and telephone are stored that are
		// those of the data, and how many of these kinds in all.
		found := func(d person.Data) [2]int {
			t.Helper()
			want := tokens(t, e, v, tenant, d)
			var n [2]int
			write(t, e, func(tx *db.Tx) error {
				return tx.QueryRow(t.Context(), `SELECT COUNT(CASE WHEN tenant_id = $1 AND (kind = 'email' AND token = $2
					OR kind = 'phone' AND token = $3) THEN 1 END),
					COUNT(CASE WHEN kind <> 'name' THEN 1 END) FROM person_token`,
					tenant, want.Email, want.Phone).Scan(&n[0], &n[1])
			})
			return n
		}
		p := create(t, e, v, tenant, quirin)
		if got := found(quirin); got != [2]int{2, 2} {
			t.Errorf("a new record: %v", got)
		}
		for what, change := range map[string]func(*person.Data){
			"name":  func(d *person.Data) { d.LastName = "Musterfrau" },
			"email": func(d *person.Data) { d.Email = "andere@example.org" },
			"phone": func(d *person.Data) { d.Phone = "030 23125 999" },
			"thing": func(*person.Data) {}, // and back
		} {
			d := quirin
			change(&d)
			update(t, e, v, tenant, p.ID, d)
			if got := found(d); got != [2]int{2, 2} {
				t.Errorf("another %s: %v", what, got)
			}
		}
		half := quirin
		half.Phone = "030"
		update(t, e, v, tenant, p.ID, half)
		if got := found(half); got != [2]int{1, 1} {
			t.Errorf("half a number: %v", got)
		}
		write(t, e, func(tx *db.Tx) error { return v.Delete(t.Context(), tx, p.ID) })
		if got := found(quirin); got != [2]int{} {
			t.Errorf("deleted: %v", got)
		}
		var left int
		if e.One(t, &left, "SELECT COUNT(*) FROM person_token"); left != 0 {
			t.Errorf("%d tokens of somebody who was deleted", left)
		}
	})
}

// A record is found by the name that it has now, and costs few rows.
func TestNameTokensFollowTheRecord(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		v := person.NewVault(kek)
		p := create(t, e, v, tenant, quirin)
		rows := func() int {
			t.Helper()
			var n int
			e.One(t, &n, "SELECT COUNT(*) FROM person_token WHERE kind = 'name'")
			return n
		}
		if n := rows(); n != 7 { // qui, quir, quirin; bei, beis, beispi, beispiel
			t.Errorf("%d rows, want 7", n)
		}
		married := quirin
		married.LastName = "Müller-Lüdenscheidt"
		update(t, e, v, tenant, p.ID, married)
		if found(t, e, v, tenant, "beispielhuber", p.ID) || !found(t, e, v, tenant, "quirin mullerlud", p.ID) {
			t.Error("is found by the name of before")
		}
		if n := rows(); n != 11 { // qui, quir, quirin; mul, mull, muller, mullerlu; lud, lude, ludens, ludensch
			t.Errorf("%d rows, want 11", n)
		}
		draft := quirin
		draft.LastName = strings.Repeat("wort ab-cd ", 3000) // nobody has checked this yet
		update(t, e, v, tenant, p.ID, draft)
		if n := rows(); n > 100 {
			t.Errorf("%d rows for a draft", n)
		}
	})
}

// Whoever counts for a telephone waits for another who does, also when the
// record that came to the number last is the older one. SQLite has one writer
// at a time.
func TestLockTokensWaits(t *testing.T) {
	e := dbtest.New(t, "postgres")
	kek, tenant := officetest.Import(t, e)
	v := person.NewVault(kek)
	other := quirin
	other.Email, other.Phone = "andere@example.org", "030 23125 999"
	older, newer := create(t, e, v, tenant, other), create(t, e, v, tenant, quirin)
	lock := func(tx *db.Tx, p *person.Person) error {
		if _, err := v.LockTokens(t.Context(), tx, tenant, p); err != nil {
			return err
		}
		_, err := tx.Exec(t.Context(), "SELECT 1") // what was left for later is done before it
		return err
	}
	second := make(chan error, 1)
	write(t, e, func(tx *db.Tx) error {
		if err := lock(tx, newer); err != nil {
			return err
		}
		other.Phone = "+49 30 23125123"
		update(t, e, v, tenant, older.ID, other)
		older.Data = other
		go func() { second <- e.DB.Write(t.Context(), func(tx *db.Tx) error { return lock(tx, older) }) }()
		for waiting := 0; waiting == 0; {
			select {
			case err := <-second:
				second <- err
				t.Error("the second did not wait for the first")
				return nil
			default:
			}
			err := tx.QueryRow(t.Context(), "SELECT COUNT(*) FROM pg_locks WHERE NOT granted").Scan(&waiting)
			if err != nil {
				return err
			}
		}
		return nil
	})
	if err := <-second; err != nil {
		t.Error(err)
	}
}
