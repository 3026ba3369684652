// SPDX-License-Identifier: EUPL-1.2

package request

import (
	"testing"

	"vorzimmer/internal/slot"
)

// A month ends on the day with the same number, or on the last of a shorter month.
func TestDue(t *testing.T) {
	for _, c := range []struct {
		received string
		months   int
		want     string
	}{
		{"2026-09-07", First, "2026-10-07"}, {"2026-09-07", Longest, "2026-12-07"},
		{"2027-01-31", First, "2027-02-28"}, {"2028-01-31", First, "2028-02-29"}, {"2028-01-29", First, "2028-02-29"},
		{"2026-08-31", First, "2026-09-30"}, {"2026-11-30", Longest, "2027-02-28"}, {"2026-12-01", First, "2027-01-01"},
		{"2026-12-31", First, "2027-01-31"}, {"2026-10-31", Longest, "2027-01-31"}, {"2028-02-29", First, "2028-03-29"},
	} {
		d, err := slot.ParseDate(c.received)
		if err != nil {
			t.Fatal(err)
		}
		if got := Due(d, c.months).String(); got != c.want {
			t.Errorf("%s and %d months: %s, want %s", c.received, c.months, got, c.want)
		}
	}
}

// What is urgent: a week before the last day, and not once it is answered.
func TestUrgent(t *testing.T) {
	r := &Request{Due: 100, State: Open}
	for _, c := range []struct {
		today      slot.Date
		soon, late bool
	}{{93, false, false}, {94, true, false}, {100, true, false}, {101, false, true}} {
		if r.Soon(c.today) != c.soon || r.Late(c.today) != c.late {
			t.Errorf("on day %d: soon %v, late %v", c.today, r.Soon(c.today), r.Late(c.today))
		}
	}
	r.State = Done
	if r.Soon(100) || r.Late(200) {
		t.Error("an answered request is urgent")
	}
}
