// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// called is guest with other names, mailbox and telephone.
func called(first, last string, n int) person.Data {
	d := nobody(n)
	d.FirstName, d.LastName = first, last
	return d
}

// bookAs books for somebody and returns the view.
func (w *town) bookAs(d person.Data, start int64) (seal.Secret, *booking.View) {
	w.Helper()
	s, err := w.try("meldung", start, d)
	if err != nil {
		w.Fatal(err)
	}
	return s, w.view(s)
}

// northClerk works at the second location only.
func (w *town) northClerk() *staff.Member {
	return &staff.Member{ID: "nord", TenantID: w.tenant, Role: staff.Clerk, Locations: []string{w.place("nord").ID}}
}

// hits are the last names that a search finds, in its order.
func (w *town) hits(by *staff.Member, text string) []string {
	w.Helper()
	list, _, err := w.FindPersons(w.Context(), by, text)
	if err != nil {
		w.Fatalf("%q: %v", text, err)
	}
	var out []string
	for _, f := range list {
		out = append(out, f.LastName)
	}
	return out
}

// Whatever somebody knows of themselves finds them, from any location; who is
// just filling in a form is not there yet.
func TestFindPersons(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, v := w.bookAs(called("Jörg", "Müller-Lüdenscheidt", 1), at(9, 9, 0))
		w.bookAs(called("Jörg", "Mullerheim", 2), at(8, 9, 0))
		past, _ := w.bookAs(called("Anna", "Muellerin", 3), at(7, 11, 0))
		if err := w.Cancel(t.Context(), w.tenant, past); err != nil {
			t.Fatal(err)
		}
		hold := w.mustHold("meldung", at(10, 9, 0))
		if _, err := w.SaveDetails(t.Context(), w.tenant, hold, called("Jörg", "Müllerjahn", 4)); err != nil {
			t.Fatal(err)
		}
		grouped := booking.GroupReference(v.Reference)
		for text, want := range map[string][]string{
			"mue":                  {"Mullerheim", "Müller-Lüdenscheidt", "Muellerin"},
			"müller jörg":          {"Mullerheim", "Müller-Lüdenscheidt"},
			"lüdenscheidt, J":      {"Müller-Lüdenscheidt"},
			"müllerj":              nil,
			v.Reference:            {"Müller-Lüdenscheidt"},
			"  " + grouped + " ":   {"Müller-Lüdenscheidt"},
			"+49 (0)30 23125-201":  {"Müller-Lüdenscheidt"},
			"030/23125202":         {"Mullerheim"},
			"030 23125204":         nil,
			"GAST.3@example.org":   {"Muellerin"},
			"gast4@example.org":    nil,
			"niemand@example.org":  nil,
			"00000000":             nil,
			w.view(hold).Reference: nil,
		} {
			for _, by := range []*staff.Member{w.member(staff.FrontDesk), w.northClerk()} {
				if got := w.hits(by, text); !slices.Equal(got, want) {
					t.Errorf("%q finds %q, want %q", text, got, want)
				}
			}
		}
		if n := w.number("SELECT COUNT(*) FROM audit WHERE action = 'person.searched' AND detail = 'reference, 1' AND role = 'front_desk'"); n != 2 {
			t.Errorf("%d searches on record, want 2", n)
		}
		list, _, err := w.FindPersons(t.Context(), w.member(staff.Clerk), "mullerheim")
		if err != nil || len(list) != 1 {
			t.Fatal(list, err)
		}
		if f := list[0]; f.Email != "g***@example.org" || f.Phone != "***202" || f.Next == nil || f.Next.Begin.Unix() != at(8, 9, 0) || f.Last != nil {
			t.Errorf("found %+v", f)
		}
	})
}

func TestFindPersonsRefuses(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, v := w.bookAs(guest, at(9, 9, 0))
		officetest.ImportFile(t, e, w.kek, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: nachbarort"), 1))
		for text, key := range map[string]string{
			"": "customer.query", " -.' ": "customer.query", strings.Repeat("a", 201): "customer.query",
			"quirin@": "customer.email", "@": "customer.email", "12": "customer.number", "030": "customer.number",
		} {
			_, _, err := w.FindPersons(t.Context(), w.member(staff.Clerk), text)
			wantKind(t, err, fault.Invalid, key)
		}
		stranger := w.member(staff.Admin)
		stranger.TenantID = "nachbarort"
		for _, text := range []string{"beispielhuber", v.Reference, guest.Phone, guest.Email} {
			if got := w.hits(stranger, text); got != nil {
				t.Errorf("another tenant finds %q", got)
			}
		}
		for _, role := range []staff.Role{staff.Officer, staff.Operator} {
			_, _, err := w.FindPersons(t.Context(), w.member(role), "beispielhuber")
			wantKind(t, err, fault.Forbidden, "staff.forbidden")
		}
	})
}

// Of many only some are shown, and it says so.
func TestFindPersonsTellsOfMore(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		add := func(n int, last string) {
			err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
				for i := range n {
					if _, err := w.Persons.Create(t.Context(), tx, w.tenant, called(fmt.Sprint("Nr", i), last, i)); err != nil {
						return err
					}
				}
				return nil
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		add(50, "Massenbach")
		add(130, "Massenburg") // the same beginning in the database
		for text, want := range map[string]bool{"massenba": false, "massenbac": false, "massen": true, "massenbur": true} {
			list, more, err := w.FindPersons(t.Context(), w.member(staff.Clerk), text)
			if err != nil || len(list) != 50 || more != want {
				t.Errorf("%s: %d found, more %v, %v", text, len(list), more, err)
			}
		}
	})
}

// No search reads a whole table, whatever it looks for.
func TestSearchUsesIndexes(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		w.bookAs(guest, at(9, 9, 0))
		err := e.DB.Write(t.Context(), func(tx *db.Tx) error {
			explain := "EXPLAIN QUERY PLAN "
			if e.DB.Engine() == "postgres" {
				explain = "EXPLAIN "
				if _, err := tx.Exec(t.Context(), "SET LOCAL enable_seqscan = off"); err != nil { // the tables are small
					return err
				}
			}
			for _, text := range []string{"bei", "beispielhuber quirin", "mue", "Hans-Peter q"} {
				q, _ := person.ParseName(text)
				l, err := w.Persons.ByName(t.Context(), tx, w.tenant, q)
				if err != nil {
					return err
				}
				w.planned(tx, explain, l)
			}
			l, _, err := w.Persons.ByContact(t.Context(), tx, w.tenant, "", guest.Phone)
			w.planned(tx, explain, l)
			plan := w.plan(tx, explain+`SELECT a.id FROM appointment a JOIN tenant t ON t.id = a.tenant_id
				JOIN appointment_service v ON v.appointment_id = a.id WHERE a.tenant_id = $1 AND `+booking.VisitsOf, w.tenant, "somebody")
			if !strings.Contains(plan, "appointment_person") {
				t.Errorf("appointments are not read by person:\n%s", plan)
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	})
}

func (w *town) planned(tx *db.Tx, explain string, l person.Lookup) {
	w.Helper()
	q, args := booking.Candidates(l, w.Clock.Now().Unix())
	if plan := w.plan(tx, explain+q, args...); !strings.Contains(plan, "person_token") || !strings.Contains(plan, "appointment_person") {
		w.Errorf("no plan of a search:\n%s", plan)
	}
}

// plan explains a query and complains of scans.
func (w *town) plan(tx *db.Tx, q string, args ...any) string {
	w.Helper()
	steps, err := db.Collect(w.Context(), tx, func(scan db.Scan) (string, error) {
		var step string
		if w.Env.DB.Engine() == "postgres" {
			return step, scan(&step)
		}
		return step, scan(new(int), new(int), new(int), &step)
	}, q, args...)
	if err != nil {
		w.Fatal(err)
	}
	for _, step := range steps {
		scan := strings.Contains(step, "Seq Scan") || strings.HasPrefix(step, "SCAN ") &&
			!strings.HasPrefix(step, "SCAN x") && !strings.HasPrefix(step, "SCAN f") && !strings.HasPrefix(step, "SCAN (")
		if scan {
			w.Errorf("reads a whole table: %s", step)
		}
	}
	return strings.Join(steps, "\n")
}

// The card shows enough to recognise somebody, and what concerns the member.
func TestCard(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		s, v := w.bookAs(guest, at(9, 9, 0))
		_, same := w.bookAs(guest, at(10, 9, 0))
		family := guest
		family.FirstName, family.Email = "Kunibert", "kunibert@example.org"
		_, sibling := w.bookAs(family, at(11, 9, 0))
		w.bookAs(nobody(5), at(14, 9, 0))
		clerk, north := w.member(staff.Clerk), w.northClerk()
		w.fine(w.AddNote(t.Context(), clerk, v.PersonID, "braucht einen\nRollstuhl"))
		if err := w.AddNote(t.Context(), clerk, v.PersonID, " braucht einen\r\nRollstuhl "); err != nil { // sent twice
			t.Fatal(err)
		}
		c, err := w.Card(t.Context(), clerk, v.PersonID)
		if err != nil {
			t.Fatal(err)
		}
		if c.LastName != guest.LastName || c.Email != "q***@example.org" || c.Phone != "***123" || !c.MayReveal {
			t.Errorf("card %+v", c)
		}
		if len(c.Coming) != 1 || len(c.Past) != 0 || c.Coming[0].AppointmentID != v.ID || len(c.Coming[0].Services) != 1 {
			t.Errorf("coming %+v, past %+v", c.Coming, c.Past)
		}
		if len(c.Notes) != 1 || c.Notes[0].Text != "braucht einen\nRollstuhl" || c.Notes[0].StaffID != clerk.ID {
			t.Errorf("notes %+v", c.Notes)
		}
		if len(c.Duplicates) != 2 || c.Duplicates[0].PersonID != same.PersonID || !c.Duplicates[0].SameEmail || !c.Duplicates[0].SameName ||
			c.Duplicates[1].PersonID != sibling.PersonID || !c.Duplicates[1].SamePhone || c.Duplicates[1].SameName || c.Duplicates[1].SameEmail {
			t.Errorf("duplicates %+v", c.Duplicates)
		}
		d, err := w.RevealContact(t.Context(), clerk, v.PersonID)
		if err != nil || d != guest {
			t.Errorf("revealed: %v", err)
		}
		if c, err = w.Card(t.Context(), north, v.PersonID); err != nil {
			t.Fatal(err)
		}
		if far := c.Coming[0]; far.AppointmentID != "" || far.Reference != "" || far.Services != nil || far.Location.Key != "rathaus" || c.MayReveal {
			t.Errorf("another location sees %+v", far)
		}
		_, err = w.RevealContact(t.Context(), north, v.PersonID)
		wantKind(t, err, fault.Forbidden, "customer.elsewhere")
		if err := w.Cancel(t.Context(), w.tenant, s); err != nil {
			t.Fatal(err)
		}
		if c, err = w.Card(t.Context(), clerk, v.PersonID); err != nil || len(c.Coming) != 0 || len(c.Past) != 1 || c.Past[0].State != booking.Cancelled {
			t.Errorf("after cancelling: %+v, %v", c, err)
		}
		for action, want := range map[string]int{"person.card": 3, "person.revealed": 1, "person.noted": 1} {
			if n := w.number("SELECT COUNT(*) FROM audit WHERE action = $1 AND person_id = $2 AND role = 'clerk'", action, v.PersonID); n != want {
				t.Errorf("%d times %s on record, want %d", n, action, want)
			}
		}
		CheckClean(t, e.DB, w.kek)
	})
}

// A birth date tells two of the same name apart, or brings them together.
func TestDuplicatesByBirthDate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		born := func(first, last, date string, n int) string {
			d := called(first, last, n)
			d.BirthDate = date
			_, v := w.bookAs(d, at(8+n, 9, 0))
			return v.PersonID
		}
		id, twin := born("Jörg", "Müller", "1980-02-29", 0), born("Mueller", "Joerg", "1980-02-29", 1)
		born("Jörg", "Müller", "1981-02-28", 2)
		c, err := w.Card(t.Context(), w.member(staff.Clerk), id)
		if err != nil || len(c.Duplicates) != 1 || c.Duplicates[0].PersonID != twin || !c.Duplicates[0].SameBirth {
			t.Errorf("duplicates %+v, %v", c, err)
		}
	})
}

// Another tenant's ids, a form that is being filled in, and roles without the
// right get no further.
func TestCustomersAreGuarded(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		w := newTown(t, e)
		_, v := w.bookAs(guest, at(9, 9, 0))
		_, u := w.bookAs(nobody(1), at(10, 9, 0))
		s := w.mustHold("meldung", at(14, 9, 0))
		if _, err := w.SaveDetails(t.Context(), w.tenant, s, nobody(2)); err != nil {
			t.Fatal(err)
		}
		officetest.ImportFile(t, e, w.kek, bytes.Replace(officetest.Town, []byte("tenant: kleinstadt"), []byte("tenant: nachbarort"), 1))
		stranger := w.member(staff.Admin)
		stranger.TenantID = "nachbarort"
		tries := func(by *staff.Member, id string) []error {
			_, err1 := w.Card(t.Context(), by, id)
			_, err2 := w.RevealContact(t.Context(), by, id)
			return []error{err1, err2, w.AddNote(t.Context(), by, id, "Notiz"),
				w.MergePersons(t.Context(), by, u.PersonID, id), w.MergePersons(t.Context(), by, id, u.PersonID)}
		}
		for _, err := range slices.Concat(tries(stranger, v.PersonID), tries(w.member(staff.Admin), w.view(s).PersonID), tries(w.member(staff.Admin), "nobody")) {
			if fault.Of(err) != fault.NotFound {
				t.Errorf("got %v", err)
			}
		}
		for _, role := range []staff.Role{staff.Officer, staff.Operator} {
			for _, err := range tries(w.member(role), v.PersonID) {
				wantKind(t, err, fault.Forbidden, "staff.forbidden")
			}
		}
		wantKind(t, w.MergePersons(t.Context(), w.member(staff.FrontDesk), u.PersonID, v.PersonID), fault.Forbidden, "staff.forbidden")
		wantKind(t, w.MergePersons(t.Context(), w.northClerk(), u.PersonID, v.PersonID), fault.Forbidden, "customer.elsewhere")
		wantKind(t, w.AddNote(t.Context(), w.member(staff.Clerk), v.PersonID, " \n "), fault.Invalid, "note.empty")
		wantKind(t, w.AddNote(t.Context(), w.member(staff.Clerk), v.PersonID, strings.Repeat("a", 501)), fault.Invalid, "form.incomplete")
		if n := w.number("SELECT COUNT(*) FROM audit WHERE person_id IS NOT NULL AND staff_id IS NOT NULL"); n != 0 {
			t.Errorf("%d things on record that did not happen", n)
		}
	})
}
