// SPDX-License-Identifier: EUPL-1.2

package office_test

import (
	"bytes"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/office/officetest"
	"vorzimmer/internal/slot"
)

func parse(t *testing.T, content string) *office.File {
	t.Helper()
	f, err := office.Parse("town.yaml", strings.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func TestParse(t *testing.T) {
	f := parse(t, string(officetest.Town))
	if f.Tenant.ID != "kleinstadt" || f.Tenant.Land != "NW" || f.Tenant.Zone.String() != "Europe/Berlin" ||
		f.Tenant.Controller.Email != "rathaus@example.org" || f.Tenant.Processors[1].Role != "sms" {
		t.Errorf("tenant = %+v", f.Tenant)
	}
	if len(f.Services) != 4 || len(f.Locations) != 2 || len(f.Locations[0].Counters) != 3 {
		t.Fatalf("%d services, %d locations", len(f.Services), len(f.Locations))
	}
	s := f.Services[3]
	if s.Minutes != 45 || s.Buffer != 15 || s.MaxQuantity != 1 || s.Combines != "" || s.Words != "Hochzeit Trauung wedding" {
		t.Errorf("service = %+v", s)
	}
	first := f.Locations[0].Counters[0]
	want := slot.Rule{Weekday: time.Wednesday, From: 14 * 60, To: 16 * 60, EveryWeeks: 1, Interval: 15, Internal: true}
	if got := first.Rules[len(first.Rules)-1]; len(first.Rules) != 7 || got != want {
		t.Errorf("%d rules, the last = %+v", len(first.Rules), got)
	}
}

// minimal is a file in which everything optional is absent.
const minimal = `tenant: klein
name: Klein
land: BY
zone: Europe/Berlin
controller: {name: Klein, street: Weg 1, postcode: "1", city: Klein, phone: "1", email: a@example.org}
groups: [{key: g, name: G}]
services:
  - {key: s, name: Eins, group: g, minutes: 10}
locations:
  - key: l
    name: L
    street: Weg 1
    postcode: "1"
    city: Klein
    phone: "1"
    office_mail: a@example.org
    counters:
      - key: c
        name: C
        services: [s]
        hours:
          - {days: [mo], from: "08:00", to: "12:00"}
`

func TestParseStandardValues(t *testing.T) {
	f := parse(t, minimal)
	want := office.BookingRules{Hold: 10 * time.Minute, MaxExtensions: 10, ConfirmWithin: 30 * time.Minute, UnverifiedPerAddress: 5,
		ActivePerPerson: 3}
	if f.Tenant.Booking != want {
		t.Errorf("booking = %+v", f.Tenant.Booking)
	}
	l := f.Locations[0].Location
	if l.Lead != time.Hour || l.HorizonDays != 60 {
		t.Errorf("lead %s, horizon %d days", l.Lead, l.HorizonDays)
	}
	if s := f.Services[0]; s.MaxQuantity != 1 || s.Buffer != 0 || s.Common {
		t.Errorf("service = %+v", s)
	}
	if r := f.Locations[0].Counters[0].Rules[0]; r.Interval != 15 || r.EveryWeeks != 1 || r.Internal || r.OnHolidays {
		t.Errorf("rule = %+v", r)
	}
	if name := f.Services[0].Name; name[locale.DE] != "Eins" || name[locale.EN] != "Eins" {
		t.Errorf("a plain string became %v", name)
	}
}

func TestParseDays(t *testing.T) {
	f := parse(t, minimal+`holidays:
  - {day: "02-29", name: Schalttag}
  - {easter: -48, from: "12:00", name: Rosenmontag}
  - {easter: 0, name: Ostern}
closures:
  - {from: 2026-12-28, until: 2026-12-30}
  - {from: 2026-12-03 13:00, until: 2026-12-03 24:00, location: l, counter: c, reason: Fortbildung}
`)
	if h := f.Holidays; h[0].Month != 2 || h[0].Day != 29 || h[1].Easter != -48 || h[1].From != 720 || h[2].Month != 0 {
		t.Errorf("holidays = %+v", h)
	}
	days := slot.Closure{FromDate: slot.DateOf(2026, 12, 28), UntilDate: slot.DateOf(2026, 12, 30), UntilMinute: 1440}
	hours := slot.Closure{FromDate: slot.DateOf(2026, 12, 3), FromMinute: 780, UntilDate: slot.DateOf(2026, 12, 3), UntilMinute: 1440}
	if c := f.Closures; c[0].Time != days || c[1].Time != hours || c[1].Location != "l" || c[1].Counter != "c" {
		t.Errorf("closures = %+v", c)
	}
}

// TestParseReportsAll has faults from top to bottom, some found late.
func TestParseReportsAll(t *testing.T) {
	content := strings.NewReplacer("land: BY", "land: XX", "group: g,", "group: gg,", "services: [s]", "services: [s, x]",
		`to: "12:00"`, `to: "12:01"`).Replace(minimal)
	_, err := office.Parse("town.yaml", strings.NewReader(content))
	if err == nil {
		t.Fatal("no error")
	}
	lines := strings.Split(err.Error(), "\n")
	for i, want := range []string{"town.yaml:3: unknown land", "town.yaml:8: there is no group", "town.yaml:20: there is no service", "town.yaml:22: the time 12:01"} {
		if len(lines) != 4 || !strings.HasPrefix(lines[i], want) {
			t.Fatalf("want %q in line %d of\n%v", want, i+1, err)
		}
	}
}

func TestParseAlternatingWeeks(t *testing.T) {
	rule := func(from, until string, every int) string {
		return fmt.Sprintf("          - {days: [sa], from: \"08:00\", to: \"11:00\", valid_from: %s, valid_until: %s, every_weeks: %d}\n", from, until, every)
	}
	for _, c := range []struct {
		name  string
		rules string
		bad   bool
	}{
		{"two rhythms that never meet", rule("2026-01-05", "2026-12-31", 2) + rule("2026-01-12", "2026-12-31", 2), false},
		{"the same rhythm", rule("2026-01-05", "2026-12-31", 2) + rule("2026-01-19", "2026-12-31", 4), true},
		{"two and three meet", rule("2026-01-05", "2026-12-31", 2) + rule("2026-01-12", "2026-12-31", 3), true},
		{"two and three end before they meet", rule("2026-01-05", "2026-12-31", 2) + rule("2026-01-12", "2026-01-18", 3), false},
		{"one after the other", rule("2026-01-05", "2026-06-30", 1) + rule("2026-07-01", "2026-12-31", 1), false},
		{"a last common day", rule("2026-01-05", "2026-07-04", 1) + rule("2026-07-04", "2026-12-31", 1), true},
		{"a single week left out", rule("2026-01-05", "2026-12-31", 2) + rule("2026-01-12", "2026-01-18", 1), false},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := office.Parse("town.yaml", strings.NewReader(minimal+c.rules))
			if bad := err != nil; bad != c.bad || bad && !strings.Contains(err.Error(), "overlap on sa with those on line 23") {
				t.Errorf("error = %v", err)
			}
		})
	}
}

func FuzzParse(f *testing.F) {
	example, err := os.ReadFile("../../examples/oer-erkenschwick.yaml")
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{example, officetest.Town, []byte(minimal), nil, []byte("a: [b"), []byte("? {a: b}\n: c"),
		[]byte("tenant: &a [*a]"), []byte("--- 1\n--- 2"), []byte("<<: {a: b}"), []byte("\xff\xfe"), []byte("services: !!map [1]")} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := office.Parse("town.yaml", bytes.NewReader(content))
		if (file == nil) == (err == nil) {
			t.Fatalf("file %v, error %v", file, err)
		}
		if err != nil {
			for _, line := range strings.Split(err.Error(), "\n") {
				if !strings.HasPrefix(line, "town.yaml:") {
					t.Fatalf("message without a place: %q", line)
				}
			}
		}
	})
}
