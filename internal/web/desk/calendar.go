// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

func (p *pages) calendarRoutes() {
	p.get("/desk/calendar", staff.SeeDay, p.calendar)
	p.get("/desk/closures", staff.Close, p.closures)
	p.post("/desk/closures/preview", staff.Close, p.previewClosing)
	p.post("/desk/closures", staff.Close, p.closeCounter)
	p.post("/desk/closures/{id}/reopen", staff.Close, p.reopen)
}

// calendarPage is a day by its counters, or a week by its days.
type calendarPage struct {
	view.Layout
	Place    locale.Text
	Week     bool
	Date     time.Time // the day, or the Monday
	PrevURL  string
	NextURL  string
	TodayURL string
	OtherURL string // the other view of the same date
	Counters []locale.Text
	Rows     []calendarRow // of a day; none when nothing is open or booked
	Days     []weekDay     // of a week
	Lines    []weekLine    // of a week, one for each counter
	// for the form that chooses a date
	Action      string
	LocationKey string
}

// calendarRow begins where something changes at one of the counters.
type calendarRow struct {
	Start time.Time
	Cells []calendarCell
}

// calendarCell is a stretch of time at a counter.
type calendarCell struct {
	Use          string
	Start, Until time.Time
	Rows         int     // how many rows it is high
	Row          *dayRow // of a booked one
}

// weekDay is the head of a column.
type weekDay struct {
	Date  time.Time
	URL   string
	Today bool
}

// weekLine is a counter in a week.
type weekLine struct {
	Counter locale.Text
	Cells   []weekCell
}

// weekCell is a counter on a day: how many appointments, and for how long it is
// what else.
type weekCell struct {
	URL    string
	Booked int
	Unfit  int
	Spans  []span
}

// span is the time that a counter is free, closed ... on a day.
type span struct {
	Use     string
	Minutes int
}

// Time is hours and minutes: "2:05".
func (s span) Time() string { return fmt.Sprintf("%d:%02d", s.Minutes/60, s.Minutes%60) }

// calendar shows what is free, held, booked and closed.
func (p *pages) calendar(w http.ResponseWriter, r *request) error {
	a, problem := p.asking(r)
	if a.place == nil {
		return problem
	}
	week := r.values().Get("view") == "week"
	days := 1
	if week {
		days = 7
		a.date = a.date.AddDays(-(int(a.date.Weekday()) + 6) % 7) // its Monday
	}
	board, err := p.bookings.Board(r.Context(), r.by, a.place.ID, a.date, days)
	if err != nil {
		return err
	}
	page := calendarPage{Layout: r.Layout("desk.calendar.title"), Place: a.place.Name, Week: week, Date: a.date.UTC(),
		PrevURL: r.Path(calendarPath(a, a.date.AddDays(-days), week)), NextURL: r.Path(calendarPath(a, a.date.AddDays(days), week)),
		TodayURL: r.Path(calendarPath(a, p.today(a.place), week)), OtherURL: r.Path(calendarPath(a, a.date, !week)),
		Action: r.Path("/desk/calendar"), LocationKey: a.place.Key}
	page.Languages = r.Languages(calendarPath(a, a.date, week))
	if week {
		p.fillWeek(&page, r, a, board)
	} else if len(board.Days) > 0 {
		fillDay(&page, r, a, board.Days[0])
	}
	return r.Render(w, r.Show(&page.Layout, problem), p.views, "calendar", page)
}

func calendarPath(a asking, d slot.Date, week bool) string {
	q := url.Values{"location": {a.place.Key}, "date": {d.String()}, "view": {"day"}}
	if week {
		q.Set("view", "week")
	}
	return "/desk/calendar?" + q.Encode()
}

// fillDay makes a row for each instant at which something changes, so that
// every stretch of time begins and ends with a row.
func fillDay(page *calendarPage, r *request, a asking, day booking.BoardDay) {
	var marks []int64
	for _, c := range day.Counters {
		page.Counters = append(page.Counters, c.Counter.Name)
		for _, run := range c.Runs {
			marks = append(marks, run.Start)
		}
	}
	slices.Sort(marks)
	marks = slices.Compact(marks)
	zone := a.place.Plan.Zone
	page.Rows = make([]calendarRow, len(marks))
	for i, m := range marks {
		page.Rows[i].Start = time.Unix(m, 0).In(zone)
	}
	for _, c := range day.Counters {
		for _, run := range c.Runs {
			from, _ := slices.BinarySearch(marks, run.Start)
			to, _ := slices.BinarySearch(marks, run.Until)
			cell := calendarCell{Use: string(run.Use), Start: time.Unix(run.Start, 0).In(zone),
				Until: time.Unix(run.Until, 0).In(zone), Rows: to - from}
			if run.Entry != nil {
				cell.Row = rowOf(run.Entry, r.Printer)
			}
			page.Rows[from].Cells = append(page.Rows[from].Cells, cell)
		}
	}
}

func (p *pages) fillWeek(page *calendarPage, r *request, a asking, board *booking.Board) {
	lines := map[string]int{} // by the counter's id
	for _, d := range board.Days {
		link := r.Path(calendarPath(a, d.Date, false))
		page.Days = append(page.Days, weekDay{d.Date.UTC(), link, d.Date == p.today(a.place)})
		for _, c := range d.Counters {
			if _, known := lines[c.Counter.ID]; !known {
				lines[c.Counter.ID] = len(page.Lines)
				page.Lines = append(page.Lines, weekLine{Counter: c.Counter.Name})
			}
		}
	}
	for i := range page.Lines {
		page.Lines[i].Cells = make([]weekCell, len(board.Days))
	}
	for n, d := range board.Days {
		for _, c := range d.Counters {
			page.Lines[lines[c.Counter.ID]].Cells[n] = weekCellOf(c.Runs, page.Days[n].URL)
		}
	}
}

// inWeek are the uses that a week tells, in this order.
var inWeek = []booking.Use{booking.UseFree, booking.UseInternal, booking.UseHeld, booking.UseCooldown, booking.UseClosed}

func weekCellOf(runs []booking.Run, link string) weekCell {
	cell := weekCell{URL: link}
	minutes := map[booking.Use]int{}
	for _, run := range runs {
		minutes[run.Use] += int(run.Until-run.Start) / 60
		if run.Entry != nil {
			cell.Booked++
			if run.Entry.Unfit != "" {
				cell.Unfit++
			}
		}
	}
	for _, u := range inWeek {
		if minutes[u] > 0 {
			cell.Spans = append(cell.Spans, span{string(u), minutes[u]})
		}
	}
	return cell
}
