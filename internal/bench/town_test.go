// SPDX-License-Identifier: EUPL-1.2

package bench

import (
	"bytes"
	"context"
	_ "embed" // for the town
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync/atomic"
	"testing"
	"text/template"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/db"
	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/slot"
)

//go:embed town.yaml.tmpl
var townTemplate string

// manyServices is how many there are besides the one that every booking is for.
const manyServices = 21

// townFile is the tenant file.
func townFile(tb testing.TB) []byte {
	tb.Helper()
	type service struct {
		Key     string
		Minutes int
	}
	var data struct {
		Services []service
		Counters []int
	}
	for i := range manyServices {
		data.Services = append(data.Services, service{fmt.Sprintf("s%02d", i), 15 - i%2*5})
	}
	for i := range 10 {
		data.Counters = append(data.Counters, i+1)
	}
	var b bytes.Buffer
	if err := template.Must(template.New("town").Parse(townTemplate)).Execute(&b, data); err != nil {
		tb.Fatal(err)
	}
	return b.Bytes()
}

// town is a town hall, half booked up to its horizon of eight weeks, with its
// pages on a loopback address.
type town struct {
	*dbtest.Env
	key      *seal.Key
	tenant   string
	bookings *booking.Bookings
	location *office.Location
	wanted   []office.Wanted // the fifteen minutes that every booking here is for
	host     string
	slow     func()   // before each commit of the baseline; nil: nothing
	free     [2]stock // for the two that are compared, on different days
}

// spot is a time that is free at a counter.
type spot struct {
	counter string
	start   slot.Tick
}

// stock hands out each spot once, in a random order.
type stock struct {
	spots []spot
	taken atomic.Int64
}

func (s *stock) next() (spot, error) {
	n := int(s.taken.Add(1)) - 1
	if n >= len(s.spots) {
		return spot{}, errors.New("no free time is left: the town needs more counters")
	}
	return s.spots[n], nil
}

func newTown(tb testing.TB, engine string) *town {
	tb.Helper()
	t := &town{Env: dbtest.New(tb, engine), key: seal.NewKey(), wanted: []office.Wanted{{Key: "ausweis", Quantity: 1}}}
	t.tenant = officetest.ImportFile(tb, t.Env, t.key, townFile(tb))
	t.serve(tb)
	cat, err := t.bookings.Catalogue(tb.Context(), t.tenant)
	if err != nil {
		tb.Fatal(err)
	}
	var ok bool
	if t.location, ok = cat.Location("rathaus"); !ok {
		tb.Fatal("the town has no location")
	}
	sel, err := cat.Select(t.wanted)
	if err != nil {
		tb.Fatal(err)
	}
	if err := t.fill(tb.Context(), slot.Need{Services: sel.IDs(), Ticks: sel.Ticks()}); err != nil {
		tb.Fatal(err)
	}
	return t
}

// fill books a random half of everything that the need could have and puts
// the other half in stock. Both are the same in every run.
func (t *town) fill(ctx context.Context, need slot.Need) error {
	random := rand.New(rand.NewPCG(1, 1))
	now := t.Clock.Now().Unix()
	today := slot.DateIn(now, t.location.Plan.Zone)
	for n := range t.location.HorizonDays {
		free := &t.free[n%len(t.free)]
		var booked []string
		for _, s := range t.location.Plan.Day(today.AddDays(n+1)).Slots(need, nil, now, now, 1<<40) {
			for _, counter := range s.Counters {
				if random.IntN(2) == 0 {
					free.spots = append(free.spots, spot{counter, s.Start})
					continue
				}
				owner := newID()
				for i := range need.Ticks {
					booked = append(booked, fmt.Sprintf("('%s', %d, '%s', 'appointment', 253402300799)", counter, int(s.Start)+i, owner))
				}
			}
		}
		if len(booked) == 0 {
			continue // nothing opens on this day
		}
		q := "INSERT INTO claim (counter_id, tick, owner, kind, until) VALUES " + strings.Join(booked, ", ")
		if err := t.write(ctx, func(tx *db.Tx) error { return exec(ctx, tx, q) }); err != nil {
			return fmt.Errorf("fill the town: %w", err)
		}
	}
	for i := range t.free {
		spots := t.free[i].spots
		random.Shuffle(len(spots), func(a, b int) { spots[a], spots[b] = spots[b], spots[a] })
	}
	if t.DB.Engine() != "postgres" {
		return nil
	}
	// PostgreSQL does this by itself within a minute or so. The other tables
	// have hardly any rows: to count them now would make it plan for that.
	return t.write(ctx, func(tx *db.Tx) error { return exec(ctx, tx, "ANALYZE claim") })
}

// empty takes back what was booked after fill, and restocks. Only the claims
// go: appointments and mails pile up as they do in an office.
func (t *town) empty(ctx context.Context) error {
	for i := range t.free {
		t.free[i].taken.Store(0)
	}
	err := t.write(ctx, func(tx *db.Tx) error {
		if err := exec(ctx, tx, "UPDATE revision SET n = n + 1"); err != nil {
			return err
		}
		return exec(ctx, tx, "DELETE FROM claim WHERE owner IN (SELECT id FROM appointment)")
	})
	if err != nil {
		return fmt.Errorf("empty the town: %w", err)
	}
	return nil
}

func (t *town) write(ctx context.Context, f func(*db.Tx) error) error { return t.DB.Write(ctx, f) }

// exec runs a statement whose number of rows does not matter.
func exec(ctx context.Context, tx *db.Tx, query string, args ...any) error {
	_, err := tx.Exec(ctx, query, args...)
	return err
}
