// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"errors"
	"fmt"
	"time"
)

// Rule is one weekly opening of a counter. Breaks are gaps between rules; rules
// that touch or overlap count as one opening.
type Rule struct {
	Weekday time.Weekday
	// From and To are wall-clock minutes after midnight, multiples of five,
	// 0 <= From < To <= 1440.
	From, To int
	// ValidFrom and ValidUntil are the first and last date; 0 is open-ended.
	ValidFrom, ValidUntil Date
	// EveryWeeks n > 1 opens every n-th week, counted from the week (Monday to
	// Sunday) of ValidFrom, which is then required. 0 and 1 open every week.
	EveryWeeks int
	// Interval is the distance of starts in minutes, a multiple of five: From,
	// From+Interval and so on, whatever the duration of an appointment.
	Interval int
	// Internal hours belong to the office and are never offered online.
	Internal bool
	// OnHolidays marks a rule that opens on purpose on days off.
	OnHolidays bool
	// Release is when the hours of a day become bookable online; nil is from
	// the beginning.
	Release *Release
}

// Release is the wall-clock minute after midnight, 0 to 1439, of the local date
// so many days before the day that is released.
type Release struct {
	Days, Minute int
}

// Validate reports the first thing that is wrong with the rule. A plan treats
// a rule that is not valid as closed.
func (r Rule) Validate() error {
	switch {
	case r.Weekday < time.Sunday || r.Weekday > time.Saturday:
		return fmt.Errorf("weekday %d does not exist", r.Weekday)
	case r.From < 0 || r.To > dayMinutes || r.From >= r.To:
		return errors.New("opening must begin before it ends, between 00:00 and 24:00")
	case r.From%TickMinutes != 0 || r.To%TickMinutes != 0:
		return fmt.Errorf("opening must begin and end on a multiple of %d minutes", TickMinutes)
	case r.Interval < TickMinutes || r.Interval > dayMinutes || r.Interval%TickMinutes != 0:
		return fmt.Errorf("slot interval must be a multiple of %d minutes, at most a day", TickMinutes)
	case r.ValidFrom != 0 && r.ValidUntil != 0 && r.ValidUntil < r.ValidFrom:
		return fmt.Errorf("validity ends on %s before it begins on %s", r.ValidUntil, r.ValidFrom)
	case r.EveryWeeks < 0:
		return errors.New("number of weeks must not be negative")
	case r.EveryWeeks > 1 && r.ValidFrom == 0:
		return fmt.Errorf("every %d weeks needs the date from which to count", r.EveryWeeks)
	case r.Release != nil:
		return r.validateRelease()
	}
	return nil
}

func (r Rule) validateRelease() error {
	switch {
	case r.Release.Days < 0:
		return errors.New("release must not be after the day")
	case r.Release.Minute < 0 || r.Release.Minute >= dayMinutes:
		return errors.New("release must be at a time from 00:00 to 23:59")
	case r.Release.Days == 0 && r.Release.Minute >= r.To:
		return errors.New("release must not be after the opening")
	case r.Internal:
		return errors.New("internal hours are never released online")
	}
	return nil
}

// on tells whether the rule opens on a date.
func (r Rule) on(d Date) bool {
	if d.Weekday() != r.Weekday || r.Validate() != nil {
		return false
	}
	if r.ValidFrom != 0 && d < r.ValidFrom || r.ValidUntil != 0 && d > r.ValidUntil {
		return false
	}
	return r.EveryWeeks <= 1 || (d.week()-r.ValidFrom.week())%int64(r.EveryWeeks) == 0
}

// Closure shuts a stretch of wall-clock time, from FromMinute of FromDate up to,
// but not including, UntilMinute of UntilDate. Minutes count from midnight, are
// multiples of five and go up to 1440. A closure wins over every rule.
type Closure struct {
	FromDate    Date
	FromMinute  int
	UntilDate   Date
	UntilMinute int
}

// Validate reports the first thing that is wrong with the closure.
func (c Closure) Validate() error {
	for _, minute := range []int{c.FromMinute, c.UntilMinute} {
		if minute < 0 || minute > dayMinutes || minute%TickMinutes != 0 {
			return fmt.Errorf("closure must begin and end on a multiple of %d minutes between 00:00 and 24:00", TickMinutes)
		}
	}
	if c.UntilDate < c.FromDate || c.UntilDate == c.FromDate && c.UntilMinute <= c.FromMinute {
		return errors.New("closure must begin before it ends")
	}
	return nil
}

// on returns the wall-clock minutes of a date that the closure covers. They are
// empty, with the end not after the beginning, on a date that it does not touch.
func (c Closure) on(d Date) (int, int) {
	if d < c.FromDate || d > c.UntilDate {
		return 0, 0
	}
	from, until := 0, dayMinutes
	if d == c.FromDate {
		from = c.FromMinute
	}
	if d == c.UntilDate {
		until = c.UntilMinute
	}
	return from, until
}

// DayOff is a part of a local day, in wall-clock minutes from From up to, but not
// including, To, in which only rules with OnHolidays open: 0 to 1440 for a
// holiday, 720 to 1440 for an afternoon off. Name is for the caller's pages.
type DayOff struct {
	From, To int
	Name     string
}
