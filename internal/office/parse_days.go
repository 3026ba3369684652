// SPDX-License-Identifier: EUPL-1.2

package office

import (
	"strings"
	"time"

	"vorzimmer/internal/slot"
)

const dayMinutes = 24 * 60

// Distances from Easter that stay in its year.
const minEaster, maxEaster = -60, 200

func (o *object) holiday() FileHoliday {
	day := o.str("day", optional)
	h := FileHoliday{
		Easter: o.numberOr("easter", 0, minEaster, maxEaster),
		From:   o.clock("from", optional),
		Name:   o.local("name", required),
	}
	_, relative := o.values["easter"]
	_, fixed := o.values["day"]
	if relative == fixed {
		o.r.fail(o.line, `a holiday needs either "day" or "easter": give one of them`)
	}
	if h.From == dayMinutes {
		o.r.fail(o.values["from"].Line, "a holiday cannot begin at 24:00: give an earlier time")
	}
	if day != "" {
		// 2000 was a leap year, so 29 February passes.
		d, err := time.Parse(time.DateOnly, "2000-"+day)
		if err != nil {
			o.r.fail(o.values["day"].Line, "%q is not a day that exists: write it as \"MM-DD\"", day)
			return h
		}
		h.Month, h.Day = int(d.Month()), d.Day()
	}
	return h
}

func (o *object) closure() FileClosure {
	before := len(o.r.problems)
	c := FileClosure{Location: o.refer("location", "location", optional)}
	if c.Location == "" {
		if v := o.get("counter", optional); v != nil {
			o.r.fail(v.Line, `a closure with "counter" needs "location" too: add it`)
		}
	} else {
		c.Counter = o.refer("counter", counterKind(c.Location), optional)
	}
	c.Time.FromDate, c.Time.FromMinute = o.moment("from", 0)
	// A day alone as the end means that it is closed as well.
	c.Time.UntilDate, c.Time.UntilMinute = o.moment("until", dayMinutes)
	c.Reason = o.local("reason", optional)
	if len(o.r.problems) == before {
		if err := c.Time.Validate(); err != nil {
			o.r.fail(o.line, "%v: correct from or until", err)
		}
	}
	return c
}

// moment is a date, with a time of day after a space or else with the minute
// that the date alone stands for.
func (o *object) moment(key string, minute int) (slot.Date, int) {
	s := o.plain(key, required)
	if s == "" {
		return 0, 0
	}
	line := o.values[key].Line
	day, clock, timed := strings.Cut(s, " ")
	if timed {
		minute = o.r.clock(line, clock)
	}
	return o.r.date(line, day), minute
}
