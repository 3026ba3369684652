// SPDX-License-Identifier: EUPL-1.2

package slot

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Holiday is a public holiday on a date. Key names it for translation, such as
// "easter_monday".
type Holiday struct {
	Date Date
	Key  string
}

// Years for which the table of holidays is right. Until 1994 the Buß- und Bettag
// was a holiday in every Land, since then in Saxony alone.
const (
	firstHolidayYear = 1995
	lastHolidayYear  = 9999
)

// Codes of the Länder as in ISO 3166-2:DE, without "DE-".
const allLands = "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH"

// feast is one line of the table.
type feast struct {
	key         string
	on          func(year int) Date
	lands       string // codes with a space between them
	from, until int    // first and last year; 0 is open-ended
}

// feasts lists what the holiday laws (Feiertagsgesetze) of the Länder name for
// the whole Land, besides the Tag der Deutschen Einheit, which stands in Article 2
// of the Einigungsvertrag.
//
// Left out, because they depend on the municipality and are added per tenant:
// Mariä Himmelfahrt in Bavaria (BayFTG: municipalities with more Catholics than
// Protestants), the Friedensfest in Augsburg, Fronleichnam in parts of Saxony
// (SächsSFG) and Thuringia (ThürFtG).
//
// Easter Sunday and Whit Sunday are named by Brandenburg's law (FTG) alone.
// Hessen's (HFeiertagsG § 1) declares every Sunday a public holiday and does
// not name these two, so they are no more holidays there than other Sundays;
// opening hours already say what a Sunday is.
var feasts = []feast{
	{key: "new_year", on: fixed(time.January, 1), lands: allLands},
	{key: "epiphany", on: fixed(time.January, 6), lands: "BW BY ST"},
	{key: "womens_day", on: fixed(time.March, 8), lands: "BE", from: 2019},
	{key: "womens_day", on: fixed(time.March, 8), lands: "MV", from: 2023},
	{key: "good_friday", on: fromEaster(-2), lands: allLands},
	{key: "easter_sunday", on: fromEaster(0), lands: "BB"},
	{key: "easter_monday", on: fromEaster(1), lands: allLands},
	{key: "labour_day", on: fixed(time.May, 1), lands: allLands},
	// The 75th and the 80th return of the day of liberation, each set once.
	{key: "liberation_day", on: fixed(time.May, 8), lands: "BE", from: 2020, until: 2020},
	{key: "liberation_day", on: fixed(time.May, 8), lands: "BE", from: 2025, until: 2025},
	{key: "ascension", on: fromEaster(39), lands: allLands},
	{key: "whit_sunday", on: fromEaster(49), lands: "BB"},
	{key: "whit_monday", on: fromEaster(50), lands: allLands},
	{key: "corpus_christi", on: fromEaster(60), lands: "BW BY HE NW RP SL"},
	// 75 years after the uprising of 1953; GVBl. Berlin 2024, page 460.
	{key: "uprising_1953", on: fixed(time.June, 17), lands: "BE", from: 2028, until: 2028},
	{key: "assumption", on: fixed(time.August, 15), lands: "SL"},
	{key: "childrens_day", on: fixed(time.September, 20), lands: "TH", from: 2019},
	{key: "unity_day", on: fixed(time.October, 3), lands: allLands},
	{key: "reformation_day", on: fixed(time.October, 31), lands: "BB MV SN ST TH"},
	// The four northern Länder joined in 2018, after the year in which the 500th
	// return was a holiday everywhere.
	{key: "reformation_day", on: fixed(time.October, 31), lands: "HB HH NI SH", from: 2017},
	{key: "reformation_day", on: fixed(time.October, 31), lands: "BW BY BE HE NW RP SL", from: 2017, until: 2017},
	{key: "all_saints", on: fixed(time.November, 1), lands: "BW BY NW RP SL"},
	{key: "repentance_day", on: repentanceDay, lands: "SN"},
	{key: "christmas_day", on: fixed(time.December, 25), lands: allLands},
	{key: "second_christmas_day", on: fixed(time.December, 26), lands: allLands},
}

// Lands returns the codes of the sixteen Länder.
func Lands() []string { return strings.Fields(allLands) }

// Holidays returns the public holidays of a Land in a year, in ascending order.
// Two may fall on one date, as on 1 May 2008. An unknown Land is an error, and
// so is a year before 1995 or after 9999, for which the table is not made.
func Holidays(land string, year int) ([]Holiday, error) {
	if !slices.Contains(Lands(), land) {
		return nil, fmt.Errorf("list holidays: unknown Land %q", land)
	}
	if year < firstHolidayYear || year > lastHolidayYear {
		return nil, fmt.Errorf("list holidays: year %d is not between %d and %d", year, firstHolidayYear, lastHolidayYear)
	}
	var found []Holiday
	for _, f := range feasts {
		if year < f.from || f.until != 0 && year > f.until || !strings.Contains(f.lands, land) {
			continue
		}
		found = append(found, Holiday{Date: f.on(year), Key: f.key})
	}
	slices.SortStableFunc(found, func(a, b Holiday) int { return cmp.Compare(a.Date, b.Date) })
	return found, nil
}

// Easter returns Easter Sunday of a year in the Gregorian calendar, by the
// formula known as the anonymous Gregorian algorithm (Meeus, Jones, Butcher).
// It is right from 1583 on.
func Easter(year int) Date {
	golden := year % 19
	century, inCentury := year/100, year%100
	correction := (century + 8) / 25 // of the moon, eight days in 2500 years
	epact := (19*golden + century - century/4 - (century-correction+1)/3 + 15) % 30
	toSunday := (32 + 2*(century%4) + 2*(inCentury/4) - epact - inCentury%4) % 7
	late := (golden + 11*epact + 22*toSunday) / 451 // keeps Easter before 26 April
	n := epact + toSunday - 7*late + 114
	return DateOf(year, time.Month(n/31), n%31+1)
}

func fixed(m time.Month, day int) func(int) Date {
	return func(year int) Date { return DateOf(year, m, day) }
}

func fromEaster(days int) func(int) Date {
	return func(year int) Date { return Easter(year).AddDays(days) }
}

// repentanceDay is the Buß- und Bettag, the Wednesday before 23 November.
func repentanceDay(year int) Date {
	last := DateOf(year, time.November, 22)
	back := (int(last.Weekday()) - int(time.Wednesday) + 7) % 7
	return last.AddDays(-back)
}
