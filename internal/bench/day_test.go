// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"net/url"
	"os"
	"testing"
	"time"

	"vorzimmer/internal/app"
	"vorzimmer/internal/config"
	"vorzimmer/internal/credential"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message/capture"
	"vorzimmer/internal/message/mime"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/person"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
)

// onDay is how many come on the day that is measured.
const onDay = 300

// BenchmarkDay measures the desk's list of a full day, as the browser of
// somebody who is logged in gets it, beside the bare query for its rows.
func BenchmarkDay(b *testing.B) {
	var results []result
	for _, engine := range dbtest.Engines {
		b.Run(engine, func(b *testing.B) {
			d := newDesk(b, engine)
			visitors := newVisitors(b, d.host, 1)
			if _, err := visitors[0].post("/de/desk/login", d.login); err != nil {
				b.Fatal(err)
			}
			r := contest{clients: 1, jobs: [2]job{
				func(int) error { return visitors[0].get("/de/desk/day?location=rathaus") },
				func(int) error { return d.bare(b.Context()) },
			}}.run(b)
			r.engine, r.what = engine, fmt.Sprintf("day of %d", onDay)
			results = append(results, r)
		})
	}
	table("The desk's list of a day, beside its own SQL", results)
}

// TestBareDayReadsTheSame makes sure that the baseline is about the same rows.
func TestBareDayReadsTheSame(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, e *dbtest.Env) {
		d := newDeskOver(t, e)
		list, err := d.service.Bookings.Day(t.Context(), d.by, d.location.ID, slot.DateIn(e.Clock.Now().Unix(), d.location.Plan.Zone))
		if err != nil || len(list) != onDay {
			t.Errorf("the list has %d rows: %v", len(list), err)
		}
		if err := d.bare(t.Context()); err != nil {
			t.Error(err)
		}
	})
}

// desk is an office with a full day and somebody who works there.
type desk struct {
	*dbtest.Env
	tenant   string
	service  *app.Service
	location *office.Location
	by       *staff.Member
	host     string
	login    url.Values
}

func newDesk(tb testing.TB, engine string) *desk {
	tb.Helper()
	return newDeskOver(tb, dbtest.New(tb, engine))
}

func newDeskOver(tb testing.TB, e *dbtest.Env) *desk {
	tb.Helper()
	d := &desk{Env: e}
	key, tenant := officetest.Import(tb, e)
	d.tenant = tenant
	texts, err := locale.Load()
	if err != nil {
		tb.Fatal(err)
	}
	mails, err := capture.New(mime.Sender{Address: "termine@example.org"}, e.Clock)
	if err != nil {
		tb.Fatal(err)
	}
	server := httptest.NewUnstartedServer(nil)
	d.host = server.Listener.Addr().String()
	d.service, err = app.NewService(app.Options{DB: e.DB, Key: key, Clock: e.Clock, Log: slog.New(slog.NewTextHandler(os.Stderr, nil)),
		Texts: texts, Tenants: map[string]*url.URL{tenant: {Scheme: "http", Host: d.host}}, Transport: mails,
		From: "termine@example.org", Limits: config.Defaults})
	if err != nil {
		tb.Fatal(err)
	}
	server.Config.Handler = d.service.Site
	server.Start()
	tb.Cleanup(server.Close)
	d.hire(tb)
	cat, err := d.service.Bookings.Catalogue(tb.Context(), tenant)
	if err != nil {
		tb.Fatal(err)
	}
	var ok bool
	if d.location, ok = cat.Location("rathaus"); !ok {
		tb.Fatal("the town has no town hall")
	}
	if err := e.DB.Write(tb.Context(), func(tx *db.Tx) error { return d.fill(tb.Context(), tx, cat) }); err != nil {
		tb.Fatal(err)
	}
	return d
}

// hire makes an account that needs no second factor.
func (d *desk) hire(tb testing.TB) {
	tb.Helper()
	ctx, accounts := tb.Context(), d.service.Accounts
	const password = "Quallenfisch trifft Zaunkoenig"
	err := d.DB.Write(ctx, func(tx *db.Tx) error { return office.SetSecondFactor(ctx, tx, d.tenant, false) })
	if err != nil {
		tb.Fatal(err)
	}
	operator := staff.CommandLine(d.tenant)
	d.login = url.Values{"email": {"quirin@example.org"}, "password": {password}}
	link, err := accounts.InviteLink(ctx, operator, staff.NewAccount{Email: d.login.Get("email"), Name: "Quirin", Role: staff.Clerk,
		Everywhere: true, Lang: locale.DE})
	if err == nil {
		err = accounts.Accept(ctx, credential.Visit{TenantID: d.tenant}, link, password)
	}
	if err != nil {
		tb.Fatal(err)
	}
	a, err := accounts.Find(ctx, operator, d.login.Get("email"))
	if err != nil {
		tb.Fatal(err)
	}
	d.by = &a.Member
}

// fill has people come all day long, more than there is room for: the list does
// not ask.
func (d *desk) fill(ctx context.Context, tx *db.Tx, cat *office.Catalogue) error {
	service, ok := cat.Service("ausweis")
	if !ok {
		return fmt.Errorf("the town has no such service")
	}
	first := slot.TickOf(d.Clock.Now().Add(-2 * time.Hour).Unix())
	for n := range onDay {
		p, err := d.service.Bookings.Persons.Create(ctx, tx, d.tenant, person.Data{FirstName: "Quirin", LastName: fmt.Sprintf("Beispielhuber-%03d", n),
			Email: fmt.Sprintf("quirin%03d@example.org", n), Phone: "030 23125 123"})
		if err != nil {
			return err
		}
		id := newID()
		err = exec(ctx, tx, `INSERT INTO appointment (id, tenant_id, location_id, counter_id, person_id, reference, state, lang,
			start_tick, ticks, minutes, until, extensions, sequence, created, changed)
			VALUES ($1, $2, $3, $4, $5, $6, 'confirmed', 'de', $7, 3, 15, 0, 0, 0, $8, $8)`, id, d.tenant, d.location.ID,
			d.location.Counters[n%2].ID, p.ID, fmt.Sprintf("%08d", n), int64(first)+int64(n/4), tx.Unix())
		if err != nil {
			return err
		}
		err = exec(ctx, tx, `INSERT INTO appointment_service (appointment_id, position, service_id, quantity, minutes)
			VALUES ($1, 0, $2, 1, 15)`, id, service.ID)
		if err != nil {
			return err
		}
	}
	return nil
}

// bare reads the rows of the day and does nothing with them.
func (d *desk) bare(ctx context.Context) error {
	date := slot.DateIn(d.Clock.Now().Unix(), d.location.Plan.Zone)
	from, until := date.Bounds(d.location.Plan.Zone)
	n := 0
	err := d.DB.Look(ctx, func(tx *db.Tx) error {
		rows, err := db.Collect(ctx, tx, func(scan db.Scan) (struct{}, error) {
			var texts [11]string
			var numbers [14]int64
			var key, sealed []byte
			var verified *int64
			return struct{}{}, scan(&texts[0], &key, &sealed, &verified, &numbers[0], &texts[1], &texts[2], &texts[3], &texts[4], &texts[5],
				&texts[6], &texts[7], &texts[8], &numbers[1], &numbers[2], &numbers[3], &numbers[4], &numbers[5], &numbers[6], &numbers[7],
				&numbers[8], &numbers[9], &numbers[10], &numbers[11], &texts[9], &texts[10], &numbers[12], &numbers[13])
		}, `SELECT a.origin, p.sealed_key, p.sealed, p.email_verified, t.revision, a.id, a.tenant_id, a.location_id, a.counter_id,
			a.person_id, a.reference, a.state, a.lang, a.start_tick, a.ticks, a.minutes, a.until, a.extensions, a.sequence, a.changed,
			a.version, COALESCE(a.arrived, 0), COALESCE(a.called, 0), COALESCE(a.finished, 0), COALESCE(a.called_counter, ''),
			v.service_id, v.quantity, v.minutes
			FROM appointment a LEFT JOIN person p ON p.id = a.person_id JOIN tenant t ON t.id = a.tenant_id
			JOIN appointment_service v ON v.appointment_id = a.id
			WHERE a.tenant_id = $1 AND a.location_id = $2 AND a.start_tick >= $3 AND a.start_tick < $4
			AND a.state NOT IN ('held', 'expired') ORDER BY a.start_tick, a.reference, v.position`,
			d.tenant, d.location.ID, from/slot.TickSeconds, until/slot.TickSeconds)
		n = len(rows)
		return err
	})
	if err == nil && n != onDay {
		err = fmt.Errorf("%d rows", n)
	}
	return err
}
