// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/staff"
)

// manyPersons is how many there are in the customer database, each with an
// appointment.
const manyPersons = 100_000

// Names are put together of these. More than a sixth of the last names begin
// with the same three letters, as German ones do.
var (
	heads  = strings.Fields("Schm Schn Schu Schäf Schröd Schwarz Scholl Fisch Web Wag Beck Hof Koch Bau Rich Klein Wolf Neu Zimmer Braun Krü Hart Lang Wern Krau Lehm Köhl Maier Huber Kais Fuchs Pet Lor Wink Vog Jung Hahn Roth Berg Otten")
	tails  = strings.Fields("idt eider er mann bauer inger berg stein feld hofer meier ling hausen acker brecht dorf lich ke sen ig el rich born haupt weber")
	firsts = strings.Fields("Anna Annika Jörg Jürgen Petra Peter Maria Marie Karl Karla Hans Hanna Ute Uwe Zoë Paul Paula Emil Emma Lena Leon Ida Otto Olga Nils Nele Rosa Ralf Tim Tina")
)

// searches are the ways to look for somebody that are measured. The first is
// the worst: what most names begin with.
var searches = []struct{ what, text string }{
	{"3 letters, common", "sch"},
	{"3 letters", "web"},
	{"4 letters", "schm"},
	{"3 letters, umlaut", "hue"},
	{"full name", "Schrödbauer, Jürgen"},
	{"two beginnings", "jür schröd"},
	{"phone", "030 23125 500"},
	{"e-mail", "kunde50000@example.org"},
	{"reference", "0005 0000"},
}

// BenchmarkCustomers measures a search of the customer database as the desk
// does it, with the appointments of those who were found and its entry in the
// audit, beside a bare query for the person of a reference.
func BenchmarkCustomers(b *testing.B) {
	var results []result
	for _, engine := range dbtest.Engines {
		b.Run(engine, func(b *testing.B) { results = append(results, measureSearches(b, engine)...) })
	}
	table(fmt.Sprintf("Customers: a search among %d", manyPersons), results)
}

func measureSearches(b *testing.B, engine string) []result {
	t := newTown(b, engine)
	if err := t.customers(b.Context()); err != nil {
		b.Fatal(err)
	}
	by := &staff.Member{ID: newID(), TenantID: t.tenant, Role: staff.Clerk, Everywhere: true}
	var results []result
	for _, s := range searches {
		b.Run(s.what, func(b *testing.B) {
			r := contest{clients: 1, jobs: [2]job{
				func(int) error {
					list, _, err := t.bookings.FindPersons(b.Context(), by, s.text)
					if err == nil && len(list) == 0 {
						err = errors.New("nobody was found")
					}
					return err
				},
				func(int) error { return t.lookUp(b.Context()) },
			}}.run(b)
			r.engine, r.what = engine, s.what
			results = append(results, r)
		})
	}
	return results
}

// lookUp is the least that a search can do.
func (t *town) lookUp(ctx context.Context) error {
	return t.DB.Look(ctx, func(tx *db.Tx) error {
		var id string
		return tx.QueryRow(ctx, "SELECT person_id FROM appointment WHERE tenant_id = $1 AND reference = $2",
			t.tenant, "00050000").Scan(&id)
	})
}

// customers fills the customer database, the same in every run.
func (t *town) customers(ctx context.Context) error {
	random := rand.New(rand.NewPCG(2, 2))
	pick := func(list []string) string { return list[random.IntN(len(list))] }
	service := t.location.Counters[0].Services[0]
	const batch = 500
	for from := 0; from < manyPersons; from += batch {
		err := t.write(ctx, func(tx *db.Tx) error {
			var appointments, services []string
			for n := from; n < from+batch; n++ {
				p, err := t.bookings.Persons.Create(ctx, tx, t.tenant, person.Data{FirstName: pick(firsts), LastName: pick(heads) + pick(tails),
					Email: fmt.Sprintf("kunde%d@example.org", n), Phone: fmt.Sprintf("%s %03d", reserved[n/1000%5], n%1000)})
				if err != nil {
					return err
				}
				id := newID()
				appointments = append(appointments, fmt.Sprintf("('%s', '%s', '%s', '%s', '%s', '%08d', 'confirmed', 'de', %d, 3, 15, 0, 0, 0, 0, 0)",
					id, t.tenant, t.location.ID, t.location.Counters[0].ID, p.ID, n, t.Clock.Now().Unix()/300+int64(random.IntN(40_000)-30_000)))
				services = append(services, fmt.Sprintf("('%s', 0, '%s', 1, 15)", id, service))
			}
			if err := exec(ctx, tx, `INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state,
				lang, start_tick, ticks, minutes, until, extensions, sequence, created, changed) VALUES `+strings.Join(appointments, ", ")); err != nil {
				return err
			}
			return exec(ctx, tx, "INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes) VALUES "+
				strings.Join(services, ", "))
		})
		if err != nil {
			return fmt.Errorf("fill the customer database: %w", err)
		}
	}
	if t.DB.Engine() != "postgres" {
		return nil
	}
	return t.write(ctx, func(tx *db.Tx) error { return exec(ctx, tx, "ANALYZE") })
}
