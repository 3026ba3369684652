// SPDX-License-Identifier: EUPL-1.2

package booking_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/session"
)

// SQLite reads no table that grows from beginning to end. Its plans do not
// depend on what is in the tables. Both engines run the same text, and
// PostgreSQL can list what it has run.
func TestPlansOfSQLite(t *testing.T) {
	w := newTown(t, dbtest.New(t, "postgres"))
	w.stage()
	w.reopen()
	w.walk()
	w.Clock.Set(time.Unix(at(9, 18, 0), 0))
	w.lists(w.restarted())
	lite := newTown(t, dbtest.New(t, "sqlite"))
	whole := regexp.MustCompile(`^SCAN [A-Za-z]`) // those of values begin with their number
	for _, text := range w.statements() {
		text = strings.TrimSuffix(text, " FOR UPDATE")
		args := make([]any, params(text))
		err := lite.Env.DB.Read(t.Context(), func(tx *db.Tx) error {
			plan, err := db.Collect(t.Context(), tx, func(scan db.Scan) (string, error) {
				var step string
				return step, scan(new(int), new(int), new(int), &step)
			}, "EXPLAIN QUERY PLAN "+text, args...)
			if slices.ContainsFunc(plan, func(step string) bool {
				name, _ := strings.CutPrefix(step, "SCAN ")
				return whole.MatchString(step) && !slices.Contains(plan, "CO-ROUTINE "+name) // which has steps of its own
			}) {
				t.Errorf("%s\nreads a whole table:\n%s", text, strings.Join(plan, "\n"))
			}
			return err
		})
		if err != nil {
			t.Errorf("explain %s: %v", text, err)
		}
	}
}

// Nor does PostgreSQL read all tokens of a tenant, also before it has gathered
// statistics: a thousand rows are few enough for it to be careless.
func TestPlansWithoutStatistics(t *testing.T) {
	w := newTown(t, dbtest.New(t, "postgres"))
	w.reopen()
	w.walk()
	err := w.write(func(tx *db.Tx) error {
		_, err := tx.Exec(t.Context(), `INSERT INTO person_token (tenant_id, kind, token, person_id)
			SELECT p.tenant_id, 'email', sha256(CAST(CAST(i AS TEXT) AS BYTEA)), p.id
			FROM generate_series(1, 1000) i, (SELECT id, tenant_id FROM person LIMIT 1) p`)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	w.wantGenericPlans(regexp.MustCompile(`Index Cond: \(tenant_id = \$\d+\)$`))
}

// wantGenericPlans makes sure that PostgreSQL does nothing of a kind, even when
// it has settled on plans that have to suit any values.
func (w *town) wantGenericPlans(kind *regexp.Regexp) {
	w.Helper()
	for _, text := range w.statements() {
		execute := "EXPLAIN EXECUTE general"
		if n := params(text); n > 0 {
			execute += "(NULL" + strings.Repeat(", NULL", n-1) + ")"
		}
		err := w.Env.DB.Write(w.Context(), func(tx *db.Tx) error {
			for _, q := range []string{"SET LOCAL plan_cache_mode = force_generic_plan", "PREPARE general AS " + text} {
				if _, err := tx.Exec(w.Context(), q); err != nil {
					return err
				}
			}
			plan, err := db.Collect(w.Context(), tx, func(scan db.Scan) (string, error) {
				var step string
				return step, scan(&step)
			}, execute)
			if err != nil {
				return err
			}
			if slices.ContainsFunc(plan, kind.MatchString) {
				w.Errorf("%s\nreads too much:\n%s", text, strings.Join(plan, "\n"))
			}
			_, err = tx.Exec(w.Context(), "DEALLOCATE general")
			return err
		})
		if err != nil {
			w.Errorf("explain %s: %v", text, err)
		}
	}
}

// statements lists what ran on PostgreSQL since the town was opened again and
// has to do with a table that grows.
func (w *town) statements() []string {
	w.Helper()
	about := regexp.MustCompile(`(FROM|JOIN|INTO|UPDATE)\s+(session|` + strings.Join(withHistory, "|") + `)\b`)
	var list []string
	for _, in := range []func(func(*db.Tx) error) error{w.read, w.write} { // different sessions
		err := in(func(tx *db.Tx) error {
			all, err := db.Collect(w.Context(), tx, func(scan db.Scan) (string, error) {
				var text string
				return text, scan(&text)
			}, "SELECT statement FROM pg_prepared_statements")
			for _, text := range all {
				if about.MatchString(text) && !strings.Contains(text, "EXPLAIN") && !slices.Contains(list, text) {
					list = append(list, text)
				}
			}
			return err
		})
		if err != nil {
			w.Fatal(err)
		}
	}
	if len(list) < 30 {
		w.Fatalf("only %d statements are listed", len(list))
	}
	return list
}

func (w *town) read(f func(*db.Tx) error) error  { return w.Env.DB.Read(w.Context(), f) }
func (w *town) write(f func(*db.Tx) error) error { return w.Env.DB.Write(w.Context(), f) }

// params is how many different parameters a statement has.
func params(text string) int {
	found := regexp.MustCompile(`\$[0-9]+`).FindAllString(text, -1)
	slices.Sort(found)
	return len(slices.Compact(found))
}

// walk goes every way that a visit can take, so that each statement has run.
func (w *town) walk() {
	w.Helper()
	ctx := w.Context()
	do := func(errs ...error) {
		w.Helper()
		for _, err := range errs {
			if err != nil {
				w.Fatal(err)
			}
		}
	}
	for _, s := range w.visit(100) {
		do(s.do())
	}
	given := w.mustHold("ausweis", at(8, 11, 0))
	do(w.Extend(ctx, w.tenant, given, &guest), w.Release(ctx, w.tenant, given, &guest))
	late, err := w.Hold(ctx, booking.HoldRequest{TenantID: w.tenant, Location: "rathaus", Start: at(8, 11, 0), Lang: locale.DE,
		Wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}}, Replaces: given})
	do(err)
	w.Clock.Advance(2 * time.Hour)
	_, err = w.SaveDetails(ctx, w.tenant, late, guest) // held again
	do(err)
	w.Clock.Advance(2 * time.Hour)
	_, err = w.Housekeep(ctx) // deletes it
	do(err)

	w.confirmByMail()
	for len(w.links) > 0 {
		<-w.links
	}
	w.book("trauung", at(9, 10, 0))
	do(w.Verify(ctx, w.tenant, <-w.links))
	v := w.view(w.book("trauung", at(9, 11, 0)))
	_, err = w.Free(ctx, booking.SearchMove(v.Location, &v.Appointment))
	do(err)
	w.Clock.Advance(time.Hour)
	_, err = w.Housekeep(ctx) // expires it
	do(err)
	_, err = w.worker.Step(ctx)
	do(err)

	a := w.account(w.tenant, "a")
	for len(w.links) > 0 {
		<-w.links
	}
	first := w.book("trauung", at(10, 10, 0))
	do(w.Verify(ctx, w.tenant, <-w.links))
	w.inMails()
	own := w.mustHold("trauung", at(10, 11, 0))
	_, err = w.SaveDetails(ctx, w.tenant, own, guest)
	do(err, w.ForAccount(ctx, w.tenant, own, a, guest.Email), w.Confirm(ctx, w.tenant, own, locale.DE)) // recognised
	do(w.Adopt(ctx, w.tenant, a, w.inMails()[0]))
	_, err = w.Mine(ctx, w.tenant, a)
	do(err)
	_, err = w.OpenFor(ctx, w.tenant, a, w.view(own).ID)
	do(err)
	if w.view(own).PersonID != w.view(first).PersonID {
		w.Error("nobody was recognised")
	}

	sessions, cookie := session.Store{DB: w.Env.DB}, seal.NewSecret()
	do(w.write(func(tx *db.Tx) error { return sessions.Replace(ctx, tx, w.tenant, "", cookie, session.Data{}) }))
	_, _, err = sessions.Load(ctx, w.tenant, cookie)
	do(err, w.write(func(tx *db.Tx) error { return sessions.End(ctx, tx, w.tenant, cookie) }))
	_, err = sessions.Housekeep(ctx)
	do(err)
}
