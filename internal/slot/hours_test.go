// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"math"
	"strings"
	"testing"
	"time"
)

const forever = math.MaxInt64

// opens is a rule for every week, from and to as wall-clock times.
func opens(t testing.TB, day time.Weekday, from, to string, interval int) Rule {
	return Rule{Weekday: day, From: minute(t, from), To: minute(t, to), Interval: interval}
}

func minute(t testing.TB, clock string) int {
	t.Helper()
	if clock == "24:00" {
		return dayMinutes
	}
	at, err := time.Parse("15:04", clock)
	if err != nil {
		t.Fatal(err)
	}
	return at.Hour()*60 + at.Minute()
}

// with returns the rule after a change.
func (r Rule) with(change func(*Rule)) Rule {
	change(&r)
	return r
}

func closure(t testing.TB, fromDate, from, untilDate, until string) Closure {
	return Closure{date(t, fromDate), minute(t, from), date(t, untilDate), minute(t, until)}
}

// show writes the starts as local times, with the offset from UTC where asked.
func show(slots []Slot, loc *time.Location, layout string) string {
	var parts []string
	for _, s := range slots {
		parts = append(parts, time.Unix(s.Start.Unix(), 0).In(loc).Format(layout))
	}
	return strings.Join(parts, " ")
}

// hoursCase asks one counter for its starts on a day.
type hoursCase struct {
	name     string
	zone     string // Europe/Berlin if empty
	date     string
	rules    []Rule
	closures []Closure // of the counter
	shut     []Closure // of the location
	off      []DayOff
	minutes  int
	internal bool
	layout   string // 15:04 if empty
	want     string
}

func (c hoursCase) run(t *testing.T) {
	if c.zone == "" {
		c.zone = "Europe/Berlin"
	}
	if c.layout == "" {
		c.layout = "15:04"
	}
	loc := zone(t, c.zone)
	day := date(t, c.date)
	plan := &Plan{
		Zone:     loc,
		Counters: []Counter{{ID: "one", Rules: c.rules, Closures: c.closures}},
		Closures: c.shut,
		DaysOff: func(d Date) []DayOff {
			if d != day {
				t.Errorf("asked for the holidays of %s", d)
			}
			return c.off
		},
	}
	need := Need{Ticks: Ticks(c.minutes), Internal: c.internal}
	got := show(plan.Day(day).Slots(need, nil, 0, math.MinInt64, forever), loc, c.layout)
	if got != c.want {
		t.Errorf("starts\n got %s\nwant %s", got, c.want)
	}
}

func TestHours(t *testing.T) {
	const monday, tuesday = time.Monday, time.Tuesday
	morning := opens(t, monday, "08:00", "10:00", 30)
	afternoon := opens(t, monday, "10:00", "11:00", 30)
	for _, c := range []hoursCase{
		{name: "end of opening hours", date: "2026-11-23", rules: []Rule{opens(t, monday, "08:00", "09:00", 15)}, minutes: 25,
			want: "08:00 08:15 08:30"},
		{name: "exactly up to the end", date: "2026-11-23", rules: []Rule{opens(t, monday, "08:00", "09:00", 15)}, minutes: 60,
			want: "08:00"},
		{name: "longer than the opening", date: "2026-11-23", rules: []Rule{opens(t, monday, "08:00", "09:00", 15)}, minutes: 61},
		{name: "no duration", date: "2026-11-23", rules: []Rule{morning}, minutes: 0},
		{name: "another weekday", date: "2026-11-24", rules: []Rule{morning}, minutes: 10},
		{name: "break shorter than the duration", date: "2026-11-23", minutes: 30,
			rules: []Rule{opens(t, monday, "08:00", "09:00", 15), opens(t, monday, "09:10", "10:00", 15)},
			want:  "08:00 08:15 08:30 09:10 09:25"},
		{name: "adjacent rules merge", date: "2026-11-23", rules: []Rule{afternoon, morning}, minutes: 45,
			want: "08:00 08:30 09:00 09:30 10:00"},
		{name: "overlapping rules list a start once", date: "2026-11-23", minutes: 30,
			rules: []Rule{opens(t, monday, "08:00", "09:00", 30), opens(t, monday, "08:30", "09:20", 25)},
			want:  "08:00 08:30"},
		{name: "25 minutes on a grid of 20", date: "2026-11-23", rules: []Rule{opens(t, monday, "08:00", "09:20", 20)}, minutes: 25,
			want: "08:00 08:20 08:40"},
		{name: "grid counts from the opening", date: "2026-11-23", rules: []Rule{opens(t, monday, "08:10", "09:20", 30)}, minutes: 5,
			want: "08:10 08:40 09:10"},
		{name: "until midnight but not across", date: "2026-11-23", minutes: 30,
			rules: []Rule{opens(t, monday, "23:00", "24:00", 15), opens(t, tuesday, "00:00", "01:00", 15)},
			want:  "23:00 23:15 23:30"},
		{name: "29 February", date: "2028-02-29", rules: []Rule{opens(t, tuesday, "08:00", "09:00", 30)}, minutes: 30,
			want: "08:00 08:30"},
		{name: "rule that is not valid stays closed", date: "2026-11-23", rules: []Rule{opens(t, monday, "08:00", "09:00", 0)}, minutes: 30},
		{name: "public hides internal", date: "2026-11-23", minutes: 30,
			rules: []Rule{morning, afternoon.with(func(r *Rule) { r.Internal = true })}, want: "08:00 08:30 09:00 09:30"},
		{name: "public must not reach into internal", date: "2026-11-23", minutes: 60,
			rules: []Rule{morning, afternoon.with(func(r *Rule) { r.Internal = true })}, want: "08:00 08:30 09:00"},
		{name: "internal sees all and merges", date: "2026-11-23", minutes: 60, internal: true,
			rules: []Rule{morning, afternoon.with(func(r *Rule) { r.Internal = true })}, want: "08:00 08:30 09:00 09:30 10:00"},
		{name: "closure of the counter", date: "2026-11-23", rules: []Rule{morning}, minutes: 30,
			closures: []Closure{closure(t, "2026-11-23", "08:30", "2026-11-23", "09:00")}, want: "08:00 09:00 09:30"},
		{name: "closure of the location over days", date: "2026-11-23", rules: []Rule{morning}, minutes: 30,
			shut: []Closure{closure(t, "2026-11-20", "12:00", "2026-11-23", "09:30")}, want: "09:30"},
		{name: "in the middle of a closure", date: "2026-11-23", rules: []Rule{morning}, minutes: 30,
			shut: []Closure{closure(t, "2026-11-20", "12:00", "2026-11-24", "08:00")}},
		{name: "closure that ends at midnight", date: "2026-11-23", rules: []Rule{morning}, minutes: 60,
			shut: []Closure{closure(t, "2026-11-20", "12:00", "2026-11-23", "00:00"), closure(t, "2026-11-23", "24:00", "2026-11-25", "00:00")},
			want: "08:00 08:30 09:00"},
	} {
		t.Run(c.name, c.run)
	}
}

func TestDaysOff(t *testing.T) {
	rule := opens(t, time.Thursday, "10:00", "14:00", 60)
	onPurpose := rule.with(func(r *Rule) { r.OnHolidays, r.From, r.To = true, minute(t, "10:30"), minute(t, "12:30") })
	holiday := []DayOff{{From: 0, To: dayMinutes, Name: "holiday"}}
	for _, c := range []hoursCase{
		{name: "holiday", rules: []Rule{rule}, off: holiday, minutes: 30},
		{name: "opened on purpose", rules: []Rule{rule, onPurpose}, off: holiday, minutes: 30, want: "10:30 11:30"},
		{name: "purpose makes no other rule longer", rules: []Rule{rule, onPurpose}, off: holiday, minutes: 65, want: "10:30"},
		{name: "on an ordinary day both", rules: []Rule{rule, onPurpose}, minutes: 30, want: "10:00 10:30 11:00 11:30 12:00 13:00"},
		{name: "closure wins over purpose", rules: []Rule{onPurpose}, off: holiday, minutes: 30,
			shut: []Closure{closure(t, "2026-12-24", "10:00", "2026-12-24", "11:30")}, want: "11:30"},
		{name: "half day", rules: []Rule{rule}, off: []DayOff{{From: 720, To: dayMinutes}}, minutes: 30, want: "10:00 11:00"},
		{name: "nothing reaches into the half day", rules: []Rule{rule}, off: []DayOff{{From: 720, To: dayMinutes}}, minutes: 90, want: "10:00"},
		{name: "two parts of a day", rules: []Rule{rule}, off: []DayOff{{From: 0, To: 660}, {From: 780, To: 840}}, minutes: 60, want: "11:00 12:00"},
	} {
		c.date = "2026-12-24"
		t.Run(c.name, c.run)
	}
}

func TestValidity(t *testing.T) {
	// From Wednesday to Wednesday of the next week.
	var rules []Rule
	for day := time.Sunday; day <= time.Saturday; day++ {
		rules = append(rules, opens(t, day, "08:00", "08:30", 30).with(func(r *Rule) {
			r.ValidFrom, r.ValidUntil = date(t, "2026-11-25"), date(t, "2026-12-02")
		}))
	}
	biweekly := []Rule{opens(t, time.Saturday, "08:00", "08:30", 30).with(func(r *Rule) {
		r.EveryWeeks, r.ValidFrom = 2, date(t, "2026-12-16") // a Wednesday; that week's Saturday is the 19th
	})}
	monday := []Rule{opens(t, time.Monday, "08:00", "08:30", 30).with(func(r *Rule) {
		r.EveryWeeks, r.ValidFrom = 2, date(t, "2026-12-16") // its Monday lies before, so the first is two weeks later
	})}
	sunday := []Rule{opens(t, time.Sunday, "08:00", "08:30", 30).with(func(r *Rule) {
		r.EveryWeeks, r.ValidFrom = 3, date(t, "2026-12-16") // its week ends with Sunday the 20th
	})}
	for _, c := range []struct {
		name  string
		rules []Rule
		open  string
		shut  string
	}{
		{"begins and ends in mid-week", rules, "2026-11-25 2026-11-30 2026-12-01 2026-12-02", "2026-11-18 2026-11-23 2026-11-24 2026-12-03"},
		{"every two weeks across the year", biweekly, "2026-12-19 2027-01-02 2027-01-16 2027-12-18", "2026-12-05 2026-12-12 2026-12-26 2027-01-09"},
		{"counted from the Monday", monday, "2026-12-28 2027-01-11", "2026-12-14 2026-12-21 2027-01-04"},
		{"Sunday belongs to the week before", sunday, "2026-12-20 2027-01-10", "2026-12-27 2027-01-03 2027-01-17"},
	} {
		t.Run(c.name, func(t *testing.T) {
			plan := &Plan{Counters: []Counter{{ID: "one", Rules: c.rules}}}
			check := func(dates string, want int) {
				for _, s := range strings.Fields(dates) {
					if got := len(plan.Day(date(t, s)).Slots(Need{Ticks: 1}, nil, 0, 0, forever)); got != want {
						t.Errorf("%s has %d slots, want %d", s, got, want)
					}
				}
			}
			check(c.open, 1)
			check(c.shut, 0)
		})
	}
}

func TestClockChanges(t *testing.T) {
	const withOffset = "15:04Z07:00"
	sunday := func(from, to string, interval int) []Rule { return []Rule{opens(t, time.Sunday, from, to, interval)} }
	for _, c := range []hoursCase{
		{name: "spring, open across the change", date: "2026-03-29", rules: sunday("01:00", "04:00", 30), minutes: 30,
			want: "01:00+01:00 01:30+01:00 03:00+02:00 03:30+02:00"},
		{name: "spring, one appointment across the change", date: "2026-03-29", rules: sunday("01:00", "04:00", 30), minutes: 90,
			want: "01:00+01:00 01:30+01:00"},
		{name: "spring, only the missing hour", date: "2026-03-29", rules: sunday("02:00", "03:00", 30), minutes: 5},
		{name: "spring, begins in the missing hour", date: "2026-03-29", rules: sunday("02:30", "04:00", 40), minutes: 20,
			want: "03:10+02:00"},
		{name: "spring, later hours are where they belong", date: "2026-03-29", rules: sunday("23:00", "24:00", 30), minutes: 30,
			want: "23:00+02:00 23:30+02:00"},
		{name: "autumn, the repeated hour counts twice", date: "2026-10-25", rules: sunday("01:30", "03:30", 30), minutes: 30,
			want: "01:30+02:00 02:00+02:00 02:30+02:00 02:00+01:00 02:30+01:00 03:00+01:00"},
		{name: "autumn, three hours for two on the wall", date: "2026-10-25", rules: sunday("01:30", "03:30", 30), minutes: 180,
			want: "01:30+02:00"},
		{name: "autumn, half of the repeated hour, twice", date: "2026-10-25", rules: sunday("01:30", "02:30", 30), minutes: 60,
			want: "01:30+02:00"},
		{name: "autumn, the last ticks of 25 hours", date: "2026-10-25", rules: sunday("23:00", "24:00", 30), minutes: 30,
			want: "23:00+01:00 23:30+01:00"},
		{name: "autumn, closed in the repeated hour", date: "2026-10-25", rules: sunday("01:30", "03:30", 30), minutes: 30,
			shut: []Closure{closure(t, "2026-10-25", "02:00", "2026-10-25", "02:30")},
			want: "01:30+02:00 02:30+02:00 02:30+01:00 03:00+01:00"},
		{name: "midnight missing", zone: "America/Sao_Paulo", date: "2018-11-04", rules: sunday("00:00", "02:00", 30), minutes: 30,
			want: "01:00-02:00 01:30-02:00"},
		{name: "midnight missing in Cairo", zone: "Africa/Cairo", date: "2026-04-24", minutes: 30,
			rules: []Rule{opens(t, time.Friday, "00:30", "02:00", 15)}, want: "01:00+03:00 01:15+03:00 01:30+03:00"},
		{name: "hour before midnight twice", zone: "America/Sao_Paulo", date: "2018-02-17", minutes: 60,
			rules: []Rule{opens(t, time.Saturday, "22:30", "24:00", 30)},
			want:  "22:30-02:00 23:00-02:00 23:30-02:00 23:00-03:00"},
		{name: "hour after midnight twice", zone: "America/Havana", date: "2025-11-02", rules: sunday("00:00", "01:30", 30), minutes: 60,
			want: "00:00-04:00 00:30-04:00 00:00-05:00 00:30-05:00"},
		{name: "change by half an hour", zone: "Australia/Lord_Howe", date: "2026-04-05", rules: sunday("01:00", "02:30", 30), minutes: 30,
			want: "01:00+11:00 01:30+11:00 01:30+10:30 02:00+10:30"},
		{name: "date that was skipped", zone: "Pacific/Apia", date: "2011-12-30", minutes: 5,
			rules: []Rule{opens(t, time.Friday, "00:00", "24:00", 5)}},
		// Until 2011 clocks here went back at 00:01, so the first minute of the
		// new date came before an hour of the old one. Nothing opens twice.
		{name: "evening repeated after midnight", zone: "America/St_Johns", date: "2010-11-07", minutes: 30,
			rules: []Rule{opens(t, time.Sunday, "00:00", "01:00", 30), opens(t, time.Sunday, "23:00", "24:00", 30)},
			want:  "00:00-03:30 00:30-03:30 23:00-03:30 23:30-03:30"},
	} {
		c.layout = withOffset
		t.Run(c.name, c.run)
	}
}
