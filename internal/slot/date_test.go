// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"math"
	"testing"
	"time"
	_ "time/tzdata"
)

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func date(t testing.TB, s string) Date {
	t.Helper()
	d, err := ParseDate(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// instant reads a time with its offset, such as 2026-03-29T03:00:00+02:00.
func instant(t testing.TB, s string) int64 {
	t.Helper()
	at, err := time.Parse(time.RFC3339, s)
	if err != nil {
		t.Fatal(err)
	}
	return at.Unix()
}

func TestBounds(t *testing.T) {
	for _, c := range []struct {
		name, zone, date, from, until string
	}{
		{"ordinary day", "Europe/Berlin", "2026-11-23", "2026-11-23T00:00:00+01:00", "2026-11-24T00:00:00+01:00"},
		{"23 hours", "Europe/Berlin", "2026-03-29", "2026-03-29T00:00:00+01:00", "2026-03-30T00:00:00+02:00"},
		{"25 hours", "Europe/Berlin", "2026-10-25", "2026-10-25T00:00:00+02:00", "2026-10-26T00:00:00+01:00"},
		{"midnight skipped", "America/Sao_Paulo", "2018-11-04", "2018-11-04T01:00:00-02:00", "2018-11-05T00:00:00-02:00"},
		{"before a skipped midnight", "America/Sao_Paulo", "2018-11-03", "2018-11-03T00:00:00-03:00", "2018-11-04T00:00:00-03:00"},
		{"last hour twice", "America/Sao_Paulo", "2018-02-17", "2018-02-17T00:00:00-02:00", "2018-02-18T00:00:00-03:00"},
		{"first hour twice", "America/Havana", "2025-11-02", "2025-11-02T00:00:00-04:00", "2025-11-03T00:00:00-05:00"},
		{"midnight skipped in Cairo", "Africa/Cairo", "2026-04-24", "2026-04-24T01:00:00+03:00", "2026-04-25T00:00:00+03:00"},
		{"half an hour", "Australia/Lord_Howe", "2026-04-05", "2026-04-05T00:00:00+11:00", "2026-04-06T00:00:00+10:30"},
		{"whole day skipped", "Pacific/Apia", "2011-12-30", "2011-12-31T00:00:00+14:00", "2011-12-31T00:00:00+14:00"},
		{"before 1970", "UTC", "1969-12-31", "1969-12-31T00:00:00Z", "1970-01-01T00:00:00Z"},
	} {
		t.Run(c.name, func(t *testing.T) {
			from, until := date(t, c.date).Bounds(zone(t, c.zone))
			if from != instant(t, c.from) || until != instant(t, c.until) {
				t.Errorf("Bounds = %s, %s", time.Unix(from, 0).UTC(), time.Unix(until, 0).UTC())
			}
		})
	}
}

// TestBoundsMeet walks ten years of several zones: no second may belong to two
// dates or to none, and the first one of a date must have that date.
func TestBoundsMeet(t *testing.T) {
	for _, name := range []string{"Europe/Berlin", "America/Sao_Paulo", "Africa/Cairo", "America/Havana", "America/St_Johns", "Asia/Beirut"} {
		loc := zone(t, name)
		_, last := date(t, "2005-12-31").Bounds(loc)
		for d := date(t, "2006-01-01"); d < date(t, "2027-01-01"); d++ {
			from, until := d.Bounds(loc)
			if from != last {
				t.Fatalf("%s in %s begins %d seconds after the day before ended", d, name, from-last)
			}
			if hours := float64(until-from) / 3600; hours < 23 || hours > 25 {
				t.Fatalf("%s in %s has %v hours", d, name, hours)
			}
			if DateIn(from, loc) != d || DateIn(from-1, loc) == d {
				t.Fatalf("%s in %s does not begin at %d", d, name, from)
			}
			last = until
		}
	}
}

func TestDate(t *testing.T) {
	if d := DateOf(1970, time.January, 1); d != 0 {
		t.Errorf("1970-01-01 = %d", d)
	}
	leap := date(t, "2028-02-29")
	if y, m, d := leap.Civil(); y != 2028 || m != time.February || d != 29 {
		t.Errorf("Civil = %d %s %d", y, m, d)
	}
	if got := leap.AddDays(1).String(); got != "2028-03-01" {
		t.Errorf("day after = %s", got)
	}
	if got := leap.AddDays(-366).String(); got != "2027-02-28" {
		t.Errorf("366 days before = %s", got)
	}
	if leap.Weekday() != time.Tuesday || DateOf(1969, time.December, 31).Weekday() != time.Wednesday {
		t.Error("weekday is wrong")
	}
	if got := DateOf(2026, time.January, 32).String(); got != "2026-02-01" {
		t.Errorf("32 January = %s", got)
	}
	late := instant(t, "2026-11-23T23:30:00Z")
	if got := DateIn(late, zone(t, "Europe/Berlin")); got != date(t, "2026-11-24") {
		t.Errorf("DateIn = %s", got)
	}
	for _, bad := range []string{"", "2026-02-29", "2026-13-01", "26-01-01", "2026-1-1", "2026-01-01 ", "01.01.2026"} {
		if _, err := ParseDate(bad); err == nil {
			t.Errorf("ParseDate(%q) succeeded", bad)
		}
	}
}

func TestTicks(t *testing.T) {
	for minutes, want := range map[int]int{math.MinInt: 0, -3: 0, 0: 0, 1: 1, 5: 1, 6: 2, 21: 5, 25: 5, 26: 6, 1440: 288} {
		if got := Ticks(minutes); got != want {
			t.Errorf("Ticks(%d) = %d, want %d", minutes, got, want)
		}
	}
	for unix, want := range map[int64]Tick{0: 0, 299: 0, 300: 1, -1: -1, -300: -1, -301: -2} {
		if got := TickOf(unix); got != want {
			t.Errorf("TickOf(%d) = %d, want %d", unix, got, want)
		}
	}
	if got := Tick(-2).Unix(); got != -600 {
		t.Errorf("Unix = %d", got)
	}
}
