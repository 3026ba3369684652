// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/slot"
)

// What the desk adds is in no file, so an import leaves it as it is: neither
// retired nor deleted, and seen by nobody who looks for an appointment.
func TestImportKeepsWhatTheDeskSet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		kek, id := officetest.Import(t, e)
		s := office.NewStore()
		before := catalogue(t, e, s, id)
		hall, _ := before.Location("rathaus")
		name := locale.Text{locale.DE: "Zusatz 1"}
		for range 2 { // the second finds the first one's
			write(t, e, func(tx *db.Tx) error { return office.AddOverflow(t.Context(), tx, id, hall.ID, 1, name) })
		}
		write(t, e, func(tx *db.Tx) error { return office.AddOverflow(t.Context(), tx, "nachbarort", hall.ID, 2, name) })
		day := slot.DateOf(2026, 9, 9)
		closure := office.Closure{TenantID: id, LocationID: hall.ID, CounterID: hall.Counters[0].ID, Reason: name,
			Time: slot.Closure{FromDate: day, FromMinute: 600, UntilDate: day, UntilMinute: 660}}
		write(t, e, func(tx *db.Tx) error {
			var err error
			closure.ID, _, err = office.AddClosure(t.Context(), tx, closure)
			return err
		})
		write(t, e, func(tx *db.Tx) error {
			again, added, err := office.AddClosure(t.Context(), tx, closure)
			if added || again != closure.ID {
				t.Errorf("the same closure again is %s, added %t", again, added)
			}
			return err
		})
		if got := catalogue(t, e, s, id).Tenant.Revision; got != before.Tenant.Revision+3 {
			t.Errorf("revision %d after %d", got, before.Tenant.Revision)
		}
		officetest.ImportFile(t, e, kek, town(t, "groups:\n", "closures: [{from: 2026-09-10, until: 2026-09-10}]\ngroups:\n"))
		officetest.ImportFile(t, e, kek, town(t, "groups:\n", "closures: [{from: 2026-09-11, until: 2026-09-11}]\ngroups:\n"))

		after := catalogue(t, e, s, id)
		l, _ := after.Location("rathaus")
		over := l.Overflow()
		if len(l.Counters) != 4 || len(l.Plan.Counters) != 3 || len(over) != 1 || over[0].Retired || len(over[0].Services) != 0 ||
			over[0].Name.In(locale.DE) != "Zusatz 1" {
			t.Errorf("%d counters, %d in the plan, overflow %+v", len(l.Counters), len(l.Plan.Counters), over)
		}
		for _, other := range after.Locations {
			if other.ID != l.ID && len(other.Overflow()) > 0 {
				t.Errorf("an overflow counter at %s", other.Key)
			}
		}
		var all []office.Closure
		read(t, e, func(tx *db.Tx) error {
			var err error
			all, err = office.Closures(t.Context(), tx, id, hall.ID, day)
			return err
		})
		if len(all) != 2 || !all[0].Desk || all[0].ID != closure.ID || all[0].Time != closure.Time || all[1].Desk {
			t.Errorf("closures %+v", all)
		}
		closed := l.Plan.Day(day)
		first := slot.TickOf(day.At(600, after.Tenant.Zone))
		if closed.Fits(hall.Counters[0].ID, first, 1, true) || !closed.Fits(hall.Counters[1].ID, first, 1, true) {
			t.Error("the closure does not shut its counter, or another one")
		}
		for _, c := range []struct {
			tenant, id string
			gone       bool
		}{{"nachbarort", closure.ID, true}, {id, all[1].ID, true}, {id, closure.ID, false}, {id, closure.ID, true}} {
			err := e.DB.Write(t.Context(), func(tx *db.Tx) error { return office.RemoveClosure(t.Context(), tx, c.tenant, c.id) })
			if (fault.Of(err) == fault.NotFound) != c.gone || !c.gone && err != nil {
				t.Errorf("remove: %v", err)
			}
		}
	})
}
