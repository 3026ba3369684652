// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"errors"
	"time"
)

const daySeconds = 24 * 60 * 60

// Date is a local calendar date as days since 1970-01-01 in the proleptic
// Gregorian calendar. The zero value is that day, and stands for "open-ended"
// where a rule's validity says so.
type Date int32

// DateOf returns the date of a year, month and day. Values out of range carry
// over as in time.Date: 32 January is 1 February.
func DateOf(y int, m time.Month, d int) Date {
	return Date(floorDiv(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix(), daySeconds))
}

// DateIn returns the local date of an instant in unix seconds.
func DateIn(unix int64, loc *time.Location) Date {
	return DateOf(time.Unix(unix, 0).In(loc).Date())
}

// ParseDate reads a date written as 2006-01-02. The error does not repeat the
// input, which may come from a visitor.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, errors.New("parse date: not a calendar date of the form YYYY-MM-DD")
	}
	return DateOf(t.Date()), nil
}

// String writes the date as 2006-01-02.
func (d Date) String() string { return d.UTC().Format(time.DateOnly) }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.UTC().Weekday() }

// Civil returns year, month and day.
func (d Date) Civil() (int, time.Month, int) { return d.UTC().Date() }

// AddDays returns the date n days later, or earlier if n is negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// Bounds returns the instants in unix seconds at which the local date begins
// and at which the next one begins. They are 24 hours apart, or 23 or 25 where
// clocks change by an hour, and the same instant for a date that a zone skipped.
// The bounds of successive dates meet without gap or overlap.
func (d Date) Bounds(loc *time.Location) (int64, int64) {
	return d.At(0, loc), d.AddDays(1).At(0, loc)
}

// At returns the first instant, in unix seconds, at which a wall clock shows the
// given minute after midnight of the date, or something later: where clocks
// skip the minute it is the end of the gap, where they repeat it the first time.
//
// It looks at each stretch of constant offset in turn, because asking the time
// package gives an arbitrary answer for what is skipped or repeated.
func (d Date) At(minute int, loc *time.Location) int64 {
	local := int64(d)*daySeconds + int64(minute)*60
	t := time.Unix(local-26*60*60, 0).In(loc) // no offset has ever reached 26 hours
	for {
		_, offset := t.Zone()
		_, end := t.ZoneBounds()
		found := max(t.Unix(), local-int64(offset))
		if end.IsZero() || found < end.Unix() {
			return found
		}
		t = end
	}
}

// UTC is the midnight in UTC at which the date begins, for those who write or
// print dates.
func (d Date) UTC() time.Time { return time.Unix(int64(d)*daySeconds, 0).UTC() }

// week numbers the weeks from Monday to Sunday; 1970-01-01 was a Thursday.
func (d Date) week() int64 { return floorDiv(int64(d)+3, 7) }
