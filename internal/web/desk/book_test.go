// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/url"
	"testing"
	"time"

	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
)

// A time that is typed is one of the location's zone; on days when the clocks
// change too.
func TestOtherTime(t *testing.T) {
	zone, err := time.LoadLocation("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	place := &office.Location{Plan: &slot.Plan{Zone: zone}}
	for _, c := range []struct {
		date, clock string
		want        string // UTC; empty: refused
	}{
		{"2026-11-23", "08:30", "2026-11-23T07:30:00Z"},
		{"2026-07-01", "08:30", "2026-07-01T06:30:00Z"},
		{"2027-03-28", "01:55", "2027-03-28T00:55:00Z"},
		{"2027-03-28", "02:30", ""}, // left out
		{"2027-03-28", "03:00", "2027-03-28T01:00:00Z"},
		{"2026-11-23", "08:33", ""}, {"2026-11-23", "8:30", ""}, {"2026-11-23", "24:00", ""},
		{"2026-02-30", "08:30", ""}, {"", "08:30", ""}, {"2026-11-23", "", ""}, {"heute", "jetzt", ""},
	} {
		at, ok := bookForm{Place: place, OtherDate: c.date, OtherTime: c.clock}.other()
		got := ""
		if ok {
			got = time.Unix(at, 0).UTC().Format(time.RFC3339)
		}
		if got != c.want {
			t.Errorf("%s %s is %q, want %q", c.date, c.clock, got, c.want)
		}
	}
}

// Lines without a service are left out with their quantity, and there are only
// so many.
func TestWantedLines(t *testing.T) {
	lines := wantedIn(url.Values{"service": {" perso ", "", "pass", "umzug"}, "quantity": {"2", "7", ""}, "choose": {"4.meldung"}})
	want := []wantedLine{{N: 1, Typed: "perso", Quantity: "2"}, {N: 2, Typed: "pass", Quantity: "1"}, {N: 3, Typed: "meldung", Quantity: "1"}}
	if len(lines) != len(want) {
		t.Fatalf("%d lines: %v", len(lines), lines)
	}
	for i, l := range lines {
		if l.N != want[i].N || l.Typed != want[i].Typed || l.Quantity != want[i].Quantity {
			t.Errorf("line %d is %+v", i, l)
		}
	}
	if n := len(withEmpty(lines)); n != 4 {
		t.Errorf("%d lines to write in", n)
	}
	many := wantedIn(url.Values{"service": make([]string, 1000)})
	if len(many) != 0 || len(withEmpty(many)) != 2 {
		t.Errorf("%d lines of nothing", len(many))
	}
	full := url.Values{}
	for range 1000 {
		full.Add("service", "perso")
	}
	if n := len(withEmpty(wantedIn(full))); n != maxLines {
		t.Errorf("%d lines", n)
	}
}
