// SPDX-License-Identifier: EUPL-1.2

package citizen

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/web"
)

// calendar fills a timesPage from its address: parameters location, day,
// month (any date in it), view=list and from (first day of the list).
type calendar struct {
	pages  *pages
	r      *web.Request
	query  url.Values
	path   string             // of the page, with the language
	keep   url.Values         // parameters that every link carries
	places []*office.Location // the chosen one first
	search func(*office.Location) booking.Search
	near   int64 // start that cannot be had, in unix seconds; 0: none
}

// listDays is how many days with free times the list shows at once.
const listDays = 5

func (c calendar) fill(page *timesPage) error {
	place := c.places[0]
	days, err := c.pages.bookings.Free(c.r.Context(), c.search(place))
	if err != nil {
		return err
	}
	page.Place = placeOf(place)
	if c.near != 0 {
		page.Nearest = nearest(days, c.near, place)
	}
	page.List = c.query.Get("view") == "list"
	free := withTimes(days)
	page.Nothing = len(free) == 0
	if !page.Nothing {
		row := c.row(free[0].Starts[0], place)
		page.Next = &row
	}
	if err := c.fillRelease(page, place); err != nil {
		return err
	}
	if err := c.fillLocations(page, free); err != nil {
		return err
	}
	day, month, err := c.dates(days, free)
	if err != nil {
		// What is outside the horizon gets the sentence and the first free day.
		page.Errors = c.r.Errors(err)
		c.query = url.Values{}
		if day, month, err = c.dates(days, free); err != nil {
			return err
		}
	}
	if page.List {
		page.SwitchURL = c.link(nil)
		c.fillList(page, free, place)
		return nil
	}
	page.SwitchURL = c.link(url.Values{"view": {"list"}})
	c.fillMonth(page, days, free, month, day)
	for _, d := range days {
		if d.Date == day {
			page.Day = c.dayTimes(d, place)
		}
	}
	return nil
}

func (c calendar) fillRelease(page *timesPage, place *office.Location) error {
	next, ok, err := c.pages.bookings.NextRelease(c.r.Context(), c.search(place))
	if ok {
		t := time.Unix(next, 0).In(place.Plan.Zone)
		page.Release = &t
	}
	return err
}

// link is the page with parameters besides those that are kept.
func (c calendar) link(q url.Values) string {
	all := url.Values{}
	for k, v := range c.keep {
		all[k] = v
	}
	if len(c.places) > 1 {
		all.Set("location", c.places[0].Key)
	}
	for k, v := range q {
		all[k] = v
	}
	return withQuery(c.path, all)
}

// dates are the chosen day, or the first free one, and a date in the month to
// show.
func (c calendar) dates(days, free []booking.FreeDay) (slot.Date, slot.Date, error) {
	day, err := dateIn(c.query, "day")
	if err != nil {
		return 0, 0, err
	}
	month, err := dateIn(c.query, "month")
	if err != nil {
		return 0, 0, err
	}
	from, err := dateIn(c.query, "from")
	if err != nil {
		return 0, 0, err
	}
	first, last := days[0].Date, days[len(days)-1].Date
	if from != 0 && (from < first || from > last) {
		return 0, 0, fault.New(fault.Invalid, "time.horizon")
	}
	if day != 0 && (day < first || day > last) || month != 0 && (firstOf(month) < firstOf(first) || month > last) {
		return 0, 0, fault.New(fault.Invalid, "time.horizon")
	}
	switch {
	case day != 0:
		return day, day, nil
	case month != 0:
		return 0, month, nil
	case len(free) > 0:
		return free[0].Date, free[0].Date, nil
	}
	return 0, first, nil
}

func (c calendar) fillLocations(page *timesPage, free []booking.FreeDay) error {
	if len(c.places) < 2 {
		return nil
	}
	for i, l := range c.places {
		choice := locationChoice{Name: l.Name, Address: l.Street, Current: i == 0}
		q := url.Values{}
		for k, v := range c.keep {
			q[k] = v
		}
		q.Set("location", l.Key)
		choice.URL = withQuery(c.path, q)
		next, ok := int64(0), false
		if i == 0 {
			if ok = len(free) > 0; ok {
				next = free[0].Starts[0]
			}
		} else {
			var err error
			if next, ok, err = c.pages.bookings.Next(c.r.Context(), c.search(l)); err != nil {
				return err
			}
		}
		if ok {
			t := time.Unix(next, 0).In(l.Plan.Zone)
			choice.Next = &t
		}
		page.Locations = append(page.Locations, choice)
	}
	return nil
}

// fillList shows days with times from the day "from" on.
func (c calendar) fillList(page *timesPage, free []booking.FreeDay, place *office.Location) {
	from, err := dateIn(c.query, "from")
	if err != nil {
		from = 0
	}
	for _, d := range free {
		if d.Date < from {
			continue
		}
		if len(page.Days) == listDays {
			page.MoreURL = c.link(url.Values{"view": {"list"}, "from": {d.Date.String()}})
			return
		}
		page.Days = append(page.Days, *c.dayTimes(d, place))
	}
}

// fillMonth draws the month that date lies in, weeks beginning on Monday.
func (c calendar) fillMonth(page *timesPage, days, free []booking.FreeDay, date, selected slot.Date) {
	first := firstOf(date)
	y, m, _ := first.Civil()
	next := slot.DateOf(y, m+1, 1)
	page.Month.First = first.UTC()
	count := map[slot.Date]int{}
	for _, d := range free {
		count[d.Date] = len(d.Starts)
	}
	link := c.link(nil) // put together once, not for every day
	if strings.Contains(link, "?") {
		link += "&day="
	} else {
		link += "?day="
	}
	monday := first.AddDays(-(int(first.Weekday()) + 6) % 7)
	for week := monday; week < next; week = week.AddDays(7) {
		var cells [7]dayCell
		for i := range cells {
			d := week.AddDays(i)
			cell := dayCell{Date: d.UTC(), Blank: d < first || d >= next, Free: count[d],
				Selected: d == selected, Today: d == days[0].Date}
			if cell.Free > 0 {
				cell.URL = link + d.String() + "#times"
			}
			cell.NoneFree = !cell.Blank && cell.Free == 0 && d >= days[0].Date
			cells[i] = cell
		}
		page.Month.Weeks = append(page.Month.Weeks, cells)
	}
	if first > days[0].Date {
		page.Month.PrevURL = c.link(url.Values{"month": {slot.DateOf(y, m-1, 1).String()}}) + "#month"
	}
	if next <= days[len(days)-1].Date {
		page.Month.NextURL = c.link(url.Values{"month": {next.String()}}) + "#month"
	}
	page.EmptyURL = c.emptyURL(free, first, next)
}

// emptyURL leads out of a month, from first up to next, in which nothing is
// free: to the first free day after it, or else the last one before.
func (c calendar) emptyURL(free []booking.FreeDay, first, next slot.Date) string {
	to := slot.Date(0)
	for _, d := range free {
		if d.Date >= first && d.Date < next {
			return ""
		}
		to = d.Date
		if to >= next {
			break
		}
	}
	if to == 0 {
		return ""
	}
	return c.link(url.Values{"day": {to.String()}}) + "#times"
}

func (c calendar) dayTimes(d booking.FreeDay, place *office.Location) *dayTimes {
	out := &dayTimes{Date: d.Date.UTC(), Key: fmt.Sprint(place.Plan.Zone, d.Starts)}
	for _, s := range d.Starts {
		row := c.row(s, place)
		if row.Start.Hour() < 12 {
			out.Morning = append(out.Morning, row)
		} else {
			out.Afternoon = append(out.Afternoon, row)
		}
	}
	return out
}

func (c calendar) row(start int64, l *office.Location) timeRow {
	return timeRow{Start: time.Unix(start, 0).In(l.Plan.Zone), Value: start, Location: l.Name}
}

func withTimes(days []booking.FreeDay) []booking.FreeDay {
	var free []booking.FreeDay
	for _, d := range days {
		if len(d.Starts) > 0 {
			free = append(free, d)
		}
	}
	return free
}

func firstOf(d slot.Date) slot.Date {
	y, m, _ := d.Civil()
	return slot.DateOf(y, m, 1)
}

func placeOf(l *office.Location) place {
	return place{Name: l.Name, Street: l.Street, City: l.Postcode + " " + l.City,
		Phone: l.Phone, PhoneHours: l.PhoneHours, Directions: l.Directions}
}
