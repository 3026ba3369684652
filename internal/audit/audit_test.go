// SPDX-License-Identifier: EUPL-1.2

package audit_test

import (
	"fmt"
	"strings"
	"testing"

	"vorzimmer/internal/audit"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office/officetest"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

// Each filter chooses what it says, the newest first, of one tenant alone.
func TestList(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		_, tenant := officetest.Import(t, e)
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			for i := range 120 {
				entry := audit.Entry{TenantID: tenant, Actor: audit.Actor{Kind: audit.Staff, StaffID: fmt.Sprint("s", i%2)},
					Action: "appointment.called", AppointmentID: fmt.Sprint("a", i%3), PersonID: fmt.Sprint("p", i%5), Detail: fmt.Sprint(i)}
				if err := audit.Append(t.Context(), tx, entry); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		list := func(tenant string, f audit.Filter) []audit.Entry {
			t.Helper()
			var out []audit.Entry
			err := e.DB.Read(t.Context(), func(tx *db.Tx) error {
				var err error
				out, err = audit.List(t.Context(), tx, tenant, f)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		all := list(tenant, audit.Filter{})
		if len(all) != audit.PageSize {
			t.Fatalf("%d entries on the first page", len(all))
		}
		for _, c := range []struct {
			f           audit.Filter
			want        int
			first, last string
		}{
			{audit.Filter{}, 100, "119", "20"},
			{audit.Filter{Before: all[99].ID}, 20, "19", "0"},
			{audit.Filter{AppointmentID: "a1"}, 40, "118", "1"},
			{audit.Filter{PersonID: "p4"}, 24, "119", "4"},
			{audit.Filter{StaffID: "s0"}, 60, "118", "0"},
			{audit.Filter{AppointmentID: "a0", PersonID: "p0", StaffID: "s0"}, 4, "90", "0"},
			{audit.Filter{AppointmentID: "a0", PersonID: "p0", StaffID: "s0", Before: all[99].ID}, 1, "0", "0"},
		} {
			got := list(tenant, c.f)
			if len(got) != c.want || got[0].Detail != c.first || got[len(got)-1].Detail != c.last {
				t.Errorf("%+v: %d entries", c.f, len(got))
			}
			if other := list("nachbarort", c.f); len(other) != 0 {
				t.Errorf("%+v: %d entries for another tenant", c.f, len(other))
			}
		}
	})
}

// What happened to one appointment or person is found by their index, however
// much happened at the tenant.
func TestListReadsByIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		for _, c := range []struct {
			f    audit.Filter
			want []string
		}{
			{audit.Filter{AppointmentID: "a"}, []string{"audit_appointment", "appointment_id"}},
			{audit.Filter{AppointmentID: "a", Before: "i"}, []string{"audit_appointment", "appointment_id", "audit_list"}},
			{audit.Filter{PersonID: "p"}, []string{"audit_person", "person_id"}},
			{audit.Filter{PersonID: "p", StaffID: "s", Before: "i"}, []string{"audit_person", "person_id", "audit_list", "audit_also"}},
			{audit.Filter{StaffID: "s"}, []string{"audit_staff", "staff_id"}},
			{audit.Filter{}, []string{"audit_tenant", "tenant_id"}},
			{audit.Filter{Before: "i"}, []string{"audit_tenant", "tenant_id"}},
		} {
			plan := planOf(t, e, c.f)
			for _, part := range c.want {
				if !strings.Contains(plan, part) {
					t.Errorf("%+v: no %s in\n%s", c.f, part, plan)
				}
			}
			if strings.Contains(plan, "SCAN audit") || strings.Contains(plan, "Seq Scan") {
				t.Errorf("%+v reads all:\n%s", c.f, plan)
			}
			// What is about one appointment or person is little enough to be sorted.
			few := c.f.PersonID != "" || c.f.AppointmentID != ""
			if !few && (strings.Contains(plan, "B-TREE") || strings.Contains(plan, "Sort")) {
				t.Errorf("%+v is sorted:\n%s", c.f, plan)
			}
		}
	})
}

// planOf is how an engine goes about a list. PostgreSQL would rather read an
// empty table whole, and must not.
func planOf(t *testing.T, e *dbtest.Env, f audit.Filter) string {
	t.Helper()
	q, args := audit.Query("t", f)
	var plan []string
	err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
		explain, columns := "EXPLAIN QUERY PLAN ", 4
		if tx.ForUpdate() != "" {
			explain, columns = "EXPLAIN ", 1
			for _, off := range []string{"enable_seqscan", "enable_bitmapscan"} {
				if _, err := tx.Exec(t.Context(), "SET LOCAL "+off+" = off"); err != nil {
					return err
				}
			}
		}
		var err error
		plan, err = db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
			var step string
			if columns == 1 {
				return step, scan(&step)
			}
			return step, scan(new(int), new(int), new(int), &step)
		}, explain+q, args...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(plan, "\n")
}
