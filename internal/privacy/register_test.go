// SPDX-License-Identifier: EUPL-1.2

package privacy_test

import (
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/privacy"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// schema asks an engine for the columns of all tables, but for those of the engine.
var schema = map[string]string{
	"sqlite": `SELECT m.name, c.name FROM sqlite_master m JOIN pragma_table_info(m.name) c
		WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'`,
	"postgres": `SELECT table_name, column_name FROM information_schema.columns
		WHERE table_schema = 'public'`,
}

// Nobody adds a column without saying what it is for and how long it is kept.
func TestEveryColumnHasAClass(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		found := map[string]bool{}
		err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
			_, err := db.Collect(t.Context(), tx, func(scan db.Scan) (struct{}, error) {
				var table, column string
				err := scan(&table, &column)
				found[table+"."+column] = true
				return struct{}{}, err
			}, schema[e.DB.Engine()])
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(found) < 200 {
			t.Fatalf("only %d columns: the schema was not read", len(found))
		}
		listed := map[string]bool{}
		for _, table := range privacy.Tables {
			for column, class := range table.Columns {
				name := table.Name + "." + column
				if listed[name] {
					t.Errorf("%s is listed twice", name)
				}
				listed[name] = true
				if !found[name] {
					t.Errorf("%s is listed and does not exist", name)
				}
				if !slices.Contains(privacy.Classes, class) {
					t.Errorf("%s has a class that is not in the register", name)
				}
			}
		}
		for name := range found {
			if !listed[name] {
				t.Errorf("%s has no class: see privacy.Tables", name)
			}
		}
	})
}

// Everything in the registers has its texts.
func TestEverythingHasATextInEveryLanguage(t *testing.T) {
	texts, err := locale.Load()
	if err != nil {
		t.Fatal(err)
	}
	var keys []string
	each := func(prefix string, names ...string) {
		for _, n := range names {
			keys = append(keys, prefix+n)
		}
	}
	for _, c := range privacy.Classes {
		each("privacy.class.", c.Key)
		each("privacy.since.", c.Key)
	}
	for _, a := range privacy.Activities {
		each("privacy.activity.", a.Key)
		each("privacy.purpose.", a.Key)
		each("privacy.concerned.", a.Concerned...)
		each("privacy.data.", a.Data...)
		each("privacy.recipient.", a.Recipients...)
	}
	each("privacy.measures.", privacy.MeasureGroups...)
	for _, m := range privacy.Measures {
		each("privacy.measure.", m.Key)
	}
	for _, l := range locale.Langs {
		for _, key := range keys {
			if text := texts.Printer(l).T(key, "Days", 1); text == "" || strings.Contains(text, "‹") || strings.Contains(text, "<no value>") {
				t.Errorf("%s: %s has no text: %q", l, key, text)
			}
		}
	}
}

// What holds for the registers whoever reads them.
func TestRegisters(t *testing.T) {
	bases := append([]string{privacy.BasisConsent, privacy.BasisDuty}, privacy.Bases...)
	used := map[*privacy.Class]bool{}
	for _, a := range privacy.Activities {
		if !slices.Contains(bases, a.Basis) {
			t.Errorf("%s: unknown basis %q", a.Key, a.Basis)
		}
		if len(a.Concerned) == 0 || len(a.Data) == 0 || len(a.Recipients) == 0 {
			t.Errorf("%s says not whose data, which, or who gets them", a.Key)
		}
		for _, c := range a.Classes {
			used[c] = true
		}
	}
	for _, c := range privacy.Classes {
		if c.Unit > 0 && !used[c] {
			t.Errorf("no activity keeps data of class %s", c.Key)
		}
		if c.Min > c.Default || c.Default > c.Max {
			t.Errorf("%s: standard %d is not between %d and %d", c.Key, c.Default, c.Min, c.Max)
		}
	}
	seen := map[string]bool{}
	for _, m := range privacy.Measures {
		if seen[m.Key] || !slices.Contains(privacy.MeasureGroups, m.Group) {
			t.Errorf("%s is there twice, or in no group", m.Key)
		}
		seen[m.Key] = true
	}
}
