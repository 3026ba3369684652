// SPDX-License-Identifier: EUPL-1.2

package main

import (
	"bytes"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/programtest"
)

// TestRush is a small rush on both engines. How long answers take and how much
// memory the server has does not matter here.
func TestRush(t *testing.T) {
	for _, engine := range dbtest.Engines {
		t.Run(engine, func(t *testing.T) {
			o := options{program: programtest.Path(), sessions: 300, slots: 20, within: 2 * time.Second,
				pause: 300 * time.Millisecond, seed: 1}
			if engine != "sqlite" {
				o.database = dbtest.Location(t, engine)
			}
			if err := o.check(); err != nil {
				t.Fatal(err)
			}
			temp := t.TempDir()
			t.Setenv("TMPDIR", temp)
			r, err := run(t.Context(), o)
			if err != nil {
				t.Fatal(err)
			}
			for _, broken := range r.wrong() {
				t.Error(broken)
			}
			var table bytes.Buffer
			r.print(&table)
			if t.Failed() {
				t.Log(table.String())
			}
			for _, want := range []string{" on " + engine, "20 appointments, 20 booked", "20 visitors booked", "Checked 20 appointments"} {
				if !strings.Contains(o.String()+table.String(), want) {
					t.Errorf("the report does not say %q", want)
				}
			}
			if n := len(r.bookings) + r.outcomes[noneAny] + r.outcomes[gaveUp]; n != o.sessions {
				t.Errorf("%d of %d visitors are accounted for", n, o.sessions)
			}
			if f := sum(r.samples, seeTimes); f.count != o.sessions || f.p50 <= 0 || f.p50 > f.p99 || f.p99 > f.max {
				t.Errorf("figures of the first step: %+v", f)
			}
			if r.memory < 1<<20 {
				t.Errorf("the server had %d bytes of memory", r.memory)
			}
			if rest, err := os.ReadDir(temp); err != nil || len(rest) > 0 {
				t.Errorf("%d folders are left behind, %v", len(rest), err)
			}
		})
	}
}

// TestBroken takes a result in which all is well and breaks one promise after
// the other.
func TestBroken(t *testing.T) {
	good := func() *result {
		r := &result{options: options{slots: 2}, record: newRecord(), town: &town{times: map[string]int{"100": 1, "200": 1}},
			mails:   map[string]int{"a@example.org": 1, "b@example.org": 1, office: 2},
			memory:  promisedMemory - 1,
			checked: "Checked 2 appointments, 6 claims, 2 persons, 4 messages. Wrong: 0. Warnings: 0.\n"}
		r.left(gotOne, booked{"100", "12345678", "a@example.org"}, nil)
		r.left(gotOne, booked{"200", "12345679", "b@example.org"}, nil)
		for range 99 {
			r.answered(seeTimes, 200, promisedTime-1)
		}
		r.answered(reserve, 409, 5*promisedTime)
		return r
	}
	for _, c := range []struct {
		name, says string
		spoil      func(*result)
	}{
		{"nothing", "", func(*result) {}},
		{"too few", "1 appointments were booked", func(r *result) { r.bookings = r.bookings[1:] }},
		{"too many", "3 appointments were booked", func(r *result) { r.left(gotOne, booked{"100", "1", "c@example.org"}, nil) }},
		{"one time twice", "2 people come at a time with 1 counters", func(r *result) { r.bookings[1].start = "100" }},
		{"a time outside the hours", "with 0 counters", func(r *result) { r.bookings[1].start = "300" }},
		{"one number twice", "2 bookings have 1 numbers", func(r *result) { r.bookings[1].reference = "12345678" }},
		{"no mail", "got 0 mails", func(r *result) { delete(r.mails, "a@example.org") }},
		{"a mail twice", "got 2 mails", func(r *result) { r.mails["a@example.org"] = 2 }},
		{"a mail to a loser", "did not book got mails", func(r *result) { r.mails["c@example.org"] = 1 }},
		{"office not told", "the office got 1 mails", func(r *result) { r.mails[office] = 1 }},
		{"a visitor failed", "1 visitors failed: book: status 404", func(r *result) { r.left(failed, booked{}, errors.New("book: status 404")) }},
		{"server error", "1 answers with status 503", func(r *result) { r.answered(confirm, 503, 0) }},
		{"something is free", "1 times were offered", func(r *result) { r.offered = 1 }},
		{"database has more", "check counted 3", func(r *result) { r.checked = strings.Replace(r.checked, "2", "3", 1) }},
		{"check says nothing", "check counted 0", func(r *result) { r.checked = "" }},
		{"check", "exit status 1", func(r *result) { r.checkFailed = errors.New("exit status 1") }},
		{"log", "level=ERROR", func(r *result) { r.log = []string{"level=ERROR msg=x"} }},
		{"slow", "99 % of the answers", func(r *result) { r.answered(seeTimes, 200, promisedTime) }},
		{"memory", "memory", func(r *result) { r.memory++ }},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := good()
			c.spoil(r)
			broken := strings.Join(append(r.wrong(), r.slow()...), "\n")
			if (c.says == "") != (broken == "") || !strings.Contains(broken, c.says) {
				t.Errorf("says %q, want %q", broken, c.says)
			}
		})
	}
}

// TestHere refuses everything that is, or could be, another machine.
func TestHere(t *testing.T) {
	for location, ok := range map[string]bool{
		"":                                                         true,
		"postgres:///rush?host=/run/postgresql":                    true,
		"postgres://u:p@127.0.0.1:5432/rush":                       true,
		"postgresql://[::1]/rush":                                  true,
		"postgres://localhost/rush":                                true,
		"postgres://u@127.0.0.1/x?host=localhost":                  true,
		"postgres:///rush":                                         false, // PGHOST decides
		"postgres://db.example.org/rush":                           false,
		"postgres://192.0.2.1/rush":                                false,
		"postgres://127.0.0.1/rush?host=192.0.2.1":                 false,
		"postgres://127.0.0.1:5432,192.0.2.1:5432/rush":            false,
		"postgres:///rush?host=/run/postgresql,db.example.org":     false,
		"postgres:///rush?host=/run/postgresql&hostaddr=192.0.2.1": false,
		"postgres:///rush?host=/run/postgresql&service=x":          false,
		"rush.db":           false,
		"mysql://localhost": false,
	} {
		if err := checkDatabase(location); (err == nil) != ok {
			t.Errorf("%q: %v", location, err)
		}
	}
}

// TestTown makes towns of many sizes and counts.
func TestTown(t *testing.T) {
	for _, slots := range []int{1, 9, 10, 11, 300, 301, 399, 400, 401, maxSlots} {
		town, err := newTown(slots)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for _, counters := range town.times {
			sum += counters
		}
		if sum != slots {
			t.Errorf("%d appointments, want %d", sum, slots)
		}
	}
}
