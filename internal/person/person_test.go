// SPDX-License-Identifier: EUPL-1.2

package person_test

import (
	"errors"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

var quirin = person.Data{FirstName: "Quirin", LastName: "Beispielhuber", Email: "quirin@example.org", Phone: "030 23125 123"}

// update replaces the data of a record as it is.
func update(t *testing.T, e *dbtest.Env, v *person.Vault, tenant, id string, d person.Data) {
	t.Helper()
	write(t, e, func(tx *db.Tx) error {
		p, err := v.Load(t.Context(), tx, tenant, id)
		if err != nil {
			return err
		}
		return v.Update(t.Context(), tx, tenant, p, d)
	})
}

// write runs f in a transaction and fails the test on an error.
func write(t *testing.T, e *dbtest.Env, f func(*db.Tx) error) {
	t.Helper()
	if err := e.DB.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func create(t *testing.T, e *dbtest.Env, v *person.Vault, tenant string, d person.Data) *person.Person {
	t.Helper()
	var p *person.Person
	write(t, e, func(tx *db.Tx) error {
		var err error
		p, err = v.Create(t.Context(), tx, tenant, d)
		return err
	})
	return p
}

func TestVault(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		p := create(t, e, person.NewVault(kek), tenant, quirin)
		v := person.NewVault(kek) // another process
		write(t, e, func(tx *db.Tx) error {
			got, err := v.Load(t.Context(), tx, tenant, p.ID)
			if err != nil {
				return err
			}
			if got.Data != quirin || got.EmailVerified {
				t.Error("another record came back")
			}
			key, err := v.Key(t.Context(), tx, p.ID)
			if err != nil {
				return err
			}
			if key.Encode() != p.Key.Encode() {
				t.Error("another key came back")
			}
			_, err = v.Load(t.Context(), tx, "großstadt", p.ID)
			if fault.Of(err) != fault.NotFound {
				t.Errorf("another tenant: %v", err)
			}
			return nil
		})
	})
}

func TestUpdateAndVerify(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		v := person.NewVault(kek)
		p := create(t, e, v, tenant, quirin)
		load := func() *person.Person {
			t.Helper()
			var got *person.Person
			write(t, e, func(tx *db.Tx) error {
				var err error
				got, err = v.Load(t.Context(), tx, tenant, p.ID)
				return err
			})
			return got
		}
		write(t, e, func(tx *db.Tx) error { return v.MarkVerified(t.Context(), tx, p.ID) })
		renamed := quirin
		renamed.LastName = "Musterfrau"
		update(t, e, v, tenant, p.ID, renamed)
		if got := load(); got.Data != renamed || !got.EmailVerified {
			t.Errorf("a new name: verified %v", got.EmailVerified)
		}
		renamed.Email = "andere@example.org"
		update(t, e, v, tenant, p.ID, renamed)
		if load().EmailVerified {
			t.Error("a new address counts as verified")
		}
		write(t, e, func(tx *db.Tx) error { return v.Delete(t.Context(), tx, p.ID) })
		err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
			_, err := v.Load(t.Context(), tx, tenant, p.ID)
			return err
		})
		if fault.Of(err) != fault.NotFound {
			t.Errorf("deleted: %v", err)
		}
	})
}

// A wrong key and a value moved to another row are errors that name the row,
// never its content.
func TestVaultRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, tenant := officetest.Import(t, e)
		v := person.NewVault(kek)
		a, b := create(t, e, v, tenant, quirin), create(t, e, v, tenant, quirin)
		load := func(v *person.Vault, id string) error {
			return e.DB.Read(t.Context(), func(tx *db.Tx) error {
				_, err := v.Load(t.Context(), tx, tenant, id)
				return err
			})
		}
		if err := load(person.NewVault(seal.NewKey()), a.ID); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("wrong key: %v", err)
		}
		write(t, e, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `UPDATE person SET sealed = (SELECT sealed FROM person WHERE id = $1),
				sealed_key = (SELECT sealed_key FROM person WHERE id = $1) WHERE id = $2`, a.ID, b.ID)
			return err
		})
		if err := load(v, b.ID); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("a record copied to another row opened: %v", err)
		}
	})
}
