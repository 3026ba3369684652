// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"errors"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

func read(t testing.TB, e *dbtest.Env, f func(*db.Tx) error) {
	t.Helper()
	if err := e.DB.Read(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func write(t testing.TB, e *dbtest.Env, f func(*db.Tx) error) {
	t.Helper()
	if err := e.DB.Write(t.Context(), f); err != nil {
		t.Fatal(err)
	}
}

func catalogue(t testing.TB, e *dbtest.Env, s *office.Store, tenant string) *office.Catalogue {
	t.Helper()
	var c *office.Catalogue
	read(t, e, func(tx *db.Tx) error {
		var err error
		c, err = s.Catalogue(t.Context(), tx, tenant)
		return err
	})
	return c
}

// town is the town's file with pairs of texts replaced.
func town(t testing.TB, oldnew ...string) []byte {
	t.Helper()
	s := string(officetest.Town)
	for i := 0; i < len(oldnew); i += 2 {
		if !strings.Contains(s, oldnew[i]) {
			t.Fatalf("the town has no %q", oldnew[i])
		}
		s = strings.ReplaceAll(s, oldnew[i], oldnew[i+1])
	}
	return []byte(s)
}

func TestImportAgainKeepsIDs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, id := officetest.Import(t, e)
		s := office.NewStore()
		before := catalogue(t, e, s, id)
		officetest.ImportFile(t, e, kek, town(t, "Reisepass beantragen", "Pass beantragen", "de: Rathaus,", "de: Altes Rathaus,",
			"minutes: 20", "minutes: 25", "horizon_days: 60", "horizon_days: 30"))
		after := catalogue(t, e, s, id)

		if after.Tenant.Revision != before.Tenant.Revision+1 {
			t.Errorf("revision %d after %d", after.Tenant.Revision, before.Tenant.Revision)
		}
		old, _ := before.Service("pass")
		pass, ok := after.Service("pass")
		if !ok || pass.ID != old.ID || pass.Name.In(locale.DE) != "Pass beantragen" || pass.Minutes != 25 || old.Minutes != 20 {
			t.Errorf("service = %+v, was %+v", pass, old)
		}
		for i, was := range before.Locations {
			is := after.Locations[i]
			if is.ID != was.ID || is.HorizonDays != 30 || len(is.Counters) != len(was.Counters) {
				t.Errorf("location %s = %+v", was.Key, is)
			}
			for k := range was.Counters {
				if is.Counters[k].ID != was.Counters[k].ID {
					t.Errorf("counter %s has another id", was.Counters[k].Key)
				}
			}
		}
		if got := after.Locations[0].Name.In(locale.DE); got != "Altes Rathaus" {
			t.Errorf("name = %q", got)
		}
		first, err1 := before.Tenant.OpenKey(kek)
		second, err2 := after.Tenant.OpenKey(kek)
		if err := errors.Join(err1, err2); err != nil || first.Encode() != second.Encode() {
			t.Errorf("the tenant's key changed or does not open: %v", err)
		}
	})
}

func TestImportRetires(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, id := officetest.Import(t, e)
		s := office.NewStore()
		before := catalogue(t, e, s, id)
		_, north, _ := strings.Cut(string(officetest.Town), "\n  - key: nord\n")
		officetest.ImportFile(t, e, kek, town(t, "  - key: nord\n"+north, "", "key: meldung", "key: umzug",
			"pass, meldung]", "pass, umzug]", "key: schalter-2", "key: schalter-3"))
		after := catalogue(t, e, s, id)

		if _, ok := after.Service("meldung"); ok {
			t.Error("a removed service can be booked")
		}
		old, _ := before.Service("meldung")
		if gone, ok := after.ServiceByID(old.ID); !ok || !gone.Retired || gone.Key != "meldung" {
			t.Errorf("removed service = %+v", gone)
		}
		if _, ok := after.Location("nord"); ok {
			t.Error("a removed location can be booked")
		}
		old2, _ := before.Location("nord")
		gone, ok := after.LocationByID(old2.ID)
		if !ok || !gone.Retired || len(gone.Counters) != 1 || !gone.Counters[0].Retired || len(gone.Plan.Counters) != 0 {
			t.Errorf("removed location = %+v", gone)
		}
		hall, _ := after.Location("rathaus")
		if len(hall.Counters) != 4 || len(hall.Plan.Counters) != 3 {
			t.Errorf("%d counters, %d in the plan", len(hall.Counters), len(hall.Plan.Counters))
		}
		retired, ok := after.CounterByID(before.Locations[0].Counters[1].ID)
		if !ok || !retired.Retired || len(retired.Services) != 0 {
			t.Errorf("removed counter = %+v", retired)
		}

		officetest.ImportFile(t, e, kek, officetest.Town)
		back, ok := catalogue(t, e, s, id).Service("meldung")
		if !ok || back.ID != old.ID {
			t.Error("a service that came back is another one")
		}
	})
}

func TestImportRaisesRevisions(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, id := officetest.Import(t, e)
		s := office.NewStore()
		c := catalogue(t, e, s, id)
		hall, _ := c.Location("rathaus")
		today := slot.DateIn(dbtest.Start.Unix(), c.Tenant.Zone)
		n := func(day slot.Date) int {
			var n int
			read(t, e, func(tx *db.Tx) error {
				err := tx.QueryRow(t.Context(), `SELECT n FROM revision WHERE location_id = $1 AND day = $2`, hall.ID, int64(day)).Scan(&n)
				if db.IsNoRows(err) {
					return nil
				}
				return err
			})
			return n
		}
		write(t, e, func(tx *db.Tx) error {
			_, err := tx.Exec(t.Context(), `INSERT INTO revision (location_id, day, n) VALUES ($1, $2, 7), ($1, $3, 7)`,
				hall.ID, int64(today.AddDays(-1)), int64(today.AddDays(200)))
			return err
		})
		officetest.ImportFile(t, e, kek, town(t, "horizon_days: 60", "horizon_days: 10"))
		// The old horizon counts once more: people could book up to it until now.
		for ahead, want := range map[int]int{-1: 7, 0: 2, 1: 2, 60: 2, 61: 0, 199: 0, 200: 8} {
			if got := n(today.AddDays(ahead)); got != want {
				t.Errorf("revision of day %d = %d, want %d", ahead, got, want)
			}
		}
		officetest.ImportFile(t, e, kek, officetest.Town)
		if got := n(today.AddDays(60)); got != 3 {
			t.Errorf("revision of the last day = %d", got)
		}
	})
}

// TestImportWaitsForBookings needs two writers, which SQLite does not have.
func TestImportWaitsForBookings(t *testing.T) {
	e := dbtest.New(t, "postgres")
	kek, id := officetest.Import(t, e)
	hall, _ := catalogue(t, e, office.NewStore(), id).Location("rathaus")
	f := parse(t, string(officetest.Town))
	var blocked error
	write(t, e, func(booking *db.Tx) error {
		_, err := booking.Exec(t.Context(), `UPDATE revision SET n = n + 1 WHERE location_id = $1 AND day = $2`,
			hall.ID, int64(slot.DateOf(2026, 9, 10)))
		if err != nil {
			return err
		}
		// Not e.DB.Write's own error, which it would retry.
		return e.DB.Write(t.Context(), func(tx *db.Tx) error {
			if _, err := tx.Exec(t.Context(), `SET LOCAL lock_timeout = '50ms'`); err != nil {
				return err
			}
			if _, err := tx.Exec(t.Context(), `SAVEPOINT import`); err != nil {
				return err
			}
			blocked = office.Import(t.Context(), tx, kek, f)
			_, err := tx.Exec(t.Context(), `ROLLBACK TO SAVEPOINT import`)
			return err
		})
	})
	if blocked == nil || !strings.Contains(blocked.Error(), "55P03") || !strings.Contains(blocked.Error(), "write revision") {
		t.Errorf("the import did not wait at the revision: %v", blocked)
	}
	officetest.ImportFile(t, e, kek, officetest.Town)
}

func TestCatalogueUnknownTenant(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, id := officetest.Import(t, e)
		s := office.NewStore()
		read(t, e, func(tx *db.Tx) error {
			_, err := s.Catalogue(t.Context(), tx, "nirgendwo")
			if f, ok := fault.As(err); !ok || f.Kind != fault.NotFound || f.Key != "tenant.unknown" {
				t.Errorf("error = %v", err)
			}
			ids, err := s.Tenants(t.Context(), tx)
			if len(ids) != 1 || ids[0] != id {
				t.Errorf("tenants = %v", ids)
			}
			return err
		})
	})
}

func TestOpenKeyWithAnother(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, id := officetest.Import(t, e)
		c := catalogue(t, e, office.NewStore(), id)
		if _, err := c.Tenant.OpenKey(seal.NewKey()); !errors.Is(err, seal.ErrOpen) {
			t.Errorf("error = %v", err)
		}
	})
}
