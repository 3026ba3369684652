// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"slices"
	"testing"
	"time"
)

func TestEaster(t *testing.T) {
	for _, s := range []string{
		"1583-04-10", "1598-03-22", "1700-04-11", "1734-04-25", "1761-03-22", "1818-03-22", "1886-04-25",
		"1900-04-15", "1913-03-23", "1943-04-25", "1954-04-18", "1961-04-02", "1970-03-29", "1981-04-19",
		"1999-04-04", "2000-04-23", "2008-03-23", "2011-04-24", "2016-03-27", "2019-04-21", "2020-04-12",
		"2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01", "2030-04-21",
		"2035-03-25", "2038-04-25", "2049-04-18", "2076-04-19", "2100-03-28", "2285-03-22",
	} {
		want := date(t, s)
		year, _, _ := want.Civil()
		if got := Easter(year); got != want {
			t.Errorf("Easter(%d) = %s, want %s", year, got, want)
		}
	}
	for year := 1583; year <= 4000; year++ {
		got := Easter(year)
		if got.Weekday() != time.Sunday || got < DateOf(year, time.March, 22) || got > DateOf(year, time.April, 25) {
			t.Errorf("Easter(%d) = %s", year, got)
		}
	}
}

func holidays(t *testing.T, land string, year int) map[string]string {
	t.Helper()
	list, err := Holidays(land, year)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.IsSortedFunc(list, func(a, b Holiday) int { return int(a.Date - b.Date) }) {
		t.Errorf("holidays of %s in %d are not in order", land, year)
	}
	byKey := map[string]string{}
	for _, h := range list {
		if _, twice := byKey[h.Key]; twice {
			t.Errorf("%s of %s in %d appears twice", h.Key, land, year)
		}
		byKey[h.Key] = h.Date.String()
	}
	return byKey
}

func TestHolidaysOfNRW(t *testing.T) {
	want := map[string]string{
		"new_year": "2026-01-01", "good_friday": "2026-04-03", "easter_monday": "2026-04-06",
		"labour_day": "2026-05-01", "ascension": "2026-05-14", "whit_monday": "2026-05-25",
		"corpus_christi": "2026-06-04", "unity_day": "2026-10-03", "all_saints": "2026-11-01",
		"christmas_day": "2026-12-25", "second_christmas_day": "2026-12-26",
	}
	got := holidays(t, "NW", 2026)
	for key, day := range want {
		if got[key] != day {
			t.Errorf("%s is on %q, want %s", key, got[key], day)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d holidays, want %d: %v", len(got), len(want), got)
	}
}

func TestHolidaysPerYear(t *testing.T) {
	// Numbers of holidays: before the changes, in the year of the Reformation, and after.
	want := map[string][4]int{ // 2016, 2017, 2018, 2026
		"BW": {12, 13, 12, 12}, "BY": {12, 13, 12, 12}, "BE": {9, 10, 9, 10}, "BB": {12, 12, 12, 12},
		"HB": {9, 10, 10, 10}, "HH": {9, 10, 10, 10}, "HE": {10, 11, 10, 10}, "MV": {10, 10, 10, 11},
		"NI": {9, 10, 10, 10}, "NW": {11, 12, 11, 11}, "RP": {11, 12, 11, 11}, "SL": {12, 13, 12, 12},
		"SN": {11, 11, 11, 11}, "ST": {11, 11, 11, 11}, "SH": {9, 10, 10, 10}, "TH": {10, 10, 10, 11},
	}
	if len(Lands()) != 16 || len(want) != 16 {
		t.Fatal("there are sixteen Länder")
	}
	for _, land := range Lands() {
		for i, year := range []int{2016, 2017, 2018, 2026} {
			if got := len(holidays(t, land, year)); got != want[land][i] {
				t.Errorf("%s has %d holidays in %d, want %d", land, got, year, want[land][i])
			}
		}
	}
}

func TestHolidaysThatDiffer(t *testing.T) {
	for _, c := range []struct {
		land string
		year int
		key  string
		want string // empty: not a holiday
	}{
		{"BE", 2018, "womens_day", ""}, {"BE", 2019, "womens_day", "2019-03-08"},
		{"MV", 2022, "womens_day", ""}, {"MV", 2023, "womens_day", "2023-03-08"}, {"NW", 2026, "womens_day", ""},
		{"TH", 2018, "childrens_day", ""}, {"TH", 2019, "childrens_day", "2019-09-20"},
		{"BE", 2019, "liberation_day", ""}, {"BE", 2020, "liberation_day", "2020-05-08"},
		{"BE", 2021, "liberation_day", ""}, {"BE", 2025, "liberation_day", "2025-05-08"}, {"BE", 2026, "liberation_day", ""},
		{"BB", 2025, "liberation_day", ""},
		{"BE", 2027, "uprising_1953", ""}, {"BE", 2028, "uprising_1953", "2028-06-17"}, {"BE", 2029, "uprising_1953", ""},
		{"SN", 2022, "repentance_day", "2022-11-16"}, {"SN", 2023, "repentance_day", "2023-11-22"},
		{"SN", 2026, "repentance_day", "2026-11-18"}, {"BY", 2026, "repentance_day", ""},
		{"BB", 2026, "easter_sunday", "2026-04-05"}, {"BB", 2026, "whit_sunday", "2026-05-24"}, {"HE", 2026, "easter_sunday", ""},
		{"HE", 2026, "corpus_christi", "2026-06-04"}, {"SN", 2026, "corpus_christi", ""}, {"TH", 2026, "corpus_christi", ""},
		{"SL", 2026, "assumption", "2026-08-15"}, {"BY", 2026, "assumption", ""},
		{"ST", 2026, "epiphany", "2026-01-06"}, {"SN", 2026, "epiphany", ""},
		{"HE", 2026, "all_saints", ""}, {"SL", 2026, "all_saints", "2026-11-01"},
		{"HH", 2016, "reformation_day", ""}, {"HH", 2018, "reformation_day", "2018-10-31"},
		{"NW", 2017, "reformation_day", "2017-10-31"}, {"NW", 2018, "reformation_day", ""}, {"SN", 1995, "reformation_day", "1995-10-31"},
		{"NW", 2008, "labour_day", "2008-05-01"}, {"NW", 2008, "ascension", "2008-05-01"},
	} {
		if got := holidays(t, c.land, c.year)[c.key]; got != c.want {
			t.Errorf("%s of %s in %d is %q, want %q", c.key, c.land, c.year, got, c.want)
		}
	}
}

func TestHolidaysRefuses(t *testing.T) {
	for _, c := range []struct {
		land string
		year int
	}{{"", 2026}, {"nw", 2026}, {"XX", 2026}, {"W B", 2026}, {"NRW", 2026}, {"NW", 1994}, {"NW", 10000}} {
		if list, err := Holidays(c.land, c.year); err == nil || list != nil {
			t.Errorf("Holidays(%q, %d) = %v, %v", c.land, c.year, list, err)
		}
	}
}
