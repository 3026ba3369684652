// SPDX-License-Identifier: EUPL-1.2

package locale

import (
	"fmt"
	"time"
)

// Every function here takes a time that is already in the zone of the place
// it is about: the printer knows languages, not zones.

// Weekday is the full name: "Montag".
func (p *Printer) Weekday(d time.Weekday) string { return p.T(fmt.Sprintf("weekday.%d", d)) }

// WeekdayShort is two or three letters: "Mo".
func (p *Printer) WeekdayShort(d time.Weekday) string {
	return p.T(fmt.Sprintf("weekday.short.%d", d))
}

// Month is the month with its year: "November 2026".
func (p *Printer) Month(t time.Time) string {
	return p.T(fmt.Sprintf("month.%d", t.Month())) + fmt.Sprintf(" %d", t.Year())
}

// Date is the full date with its weekday: "Montag, 24. November 2026".
func (p *Printer) Date(t time.Time) string {
	return p.T("format.date", "Weekday", p.Weekday(t.Weekday()), "Day", t.Day(),
		"Month", p.T(fmt.Sprintf("month.%d", t.Month())), "Year", t.Year())
}

// DayMonth is Date without the year, for lists: "Montag, 24. November".
func (p *Printer) DayMonth(t time.Time) string {
	return p.T("format.day", "Weekday", p.Weekday(t.Weekday()), "Day", t.Day(),
		"Month", p.T(fmt.Sprintf("month.%d", t.Month())))
}

// DayYear is a date without its weekday: "14.03.2027".
func (p *Printer) DayYear(t time.Time) string {
	return p.T("format.day_year", "Day", fmt.Sprintf("%02d", t.Day()), "Mon", fmt.Sprintf("%02d", t.Month()), "Year", t.Year())
}

// DateShort is for mail subjects: "Montag, 24.11.".
func (p *Printer) DateShort(t time.Time) string {
	return p.T("format.short", "Weekday", p.Weekday(t.Weekday()),
		"Day", fmt.Sprintf("%02d", t.Day()), "Mon", fmt.Sprintf("%02d", t.Month()))
}

// Time is the time of day as spoken of in the language: "08:20 Uhr".
func (p *Printer) Time(t time.Time) string { return p.T("format.time", "Time", t.Format("15:04")) }

// Clock is the bare time of day: "08:20".
func (p *Printer) Clock(t time.Time) string { return t.Format("15:04") }

// Minutes is a length of time in whole minutes: "25 Minuten".
func (p *Printer) Minutes(n int) string { return p.N("format.minutes", n) }
