// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/url"
	"strconv"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/slot"
)

// shownDays is how many days with free times are shown at once: as many as one
// reads out on the telephone.
const shownDays = 3

// timesForm is what a form says about the times to show and the one to take.
type timesForm struct {
	From   string // first day to show, as typed; empty: today
	Start  string // chosen: unix seconds, or otherStart
	Shown  string // what the times were shown for
	Search bool   // show times; take none
}

func timesFormOf(q url.Values) timesForm {
	f := timesForm{From: q.Get("from"), Start: q.Get("start"), Shown: q.Get("shown"), Search: q.Has("search")}
	if later := q.Get("later"); later != "" {
		f.From, f.Search = later, true
	}
	return f
}

// wanted is the chosen start in unix seconds; 0: none.
func (f timesForm) wanted() int64 {
	n, err := strconv.ParseInt(f.Start, 10, 64)
	if err != nil {
		return 0
	}
	return n
}

// freeTimes are the next free times, the first chosen beforehand.
type freeTimes struct {
	From     string // first day asked for, 2026-11-23
	Later    string // where the list goes on; empty: it ends here
	Days     []freeDay
	Last     time.Time // day that can be booked
	Replaced bool      // the time that was chosen is not free any more
	Focus    bool      // the keyboard begins at the chosen time
	Error    string    // about the date, translated
}

// freeDay is a day with its free times.
type freeDay struct {
	Date  time.Time
	Times []freeTime
}

type freeTime struct {
	Value   int64 // unix seconds
	Start   time.Time
	Offline bool // not to be had on the internet: never, not yet, or no longer
	Chosen  bool
}

// freeTimes looks for what is free from a day on. The chosen time stays chosen;
// if it is gone, it is the next one after it.
func (p *pages) freeTimes(r *request, s booking.Search, f timesForm) (freeTimes, error) {
	list, err := p.bookings.FreeFor(r.Context(), r.by, s)
	if err != nil {
		return freeTimes{}, err
	}
	public, err := p.bookings.Free(r.Context(), s)
	if err != nil {
		return freeTimes{}, err
	}
	online := map[int64]bool{}
	for _, d := range public {
		for _, at := range d.Starts {
			online[at] = true
		}
	}
	today := p.today(s.Location)
	out := freeTimes{From: today.String(), Last: today.UTC()}
	from := today
	if f.From != "" {
		if from, err = slot.ParseDate(f.From); err != nil {
			from, out.Error = today, r.Printer.T("desk.book.no_date")
		}
		out.From = from.String()
	}
	for _, d := range list {
		out.Last = d.Date.UTC()
		switch {
		case d.Date < from || len(d.Starts) == 0:
		case len(out.Days) < shownDays:
			out.Days = append(out.Days, freeDayOf(d, s.Location.Plan.Zone, online))
		case out.Later == "":
			out.Later = d.Date.String()
		}
	}
	out.choose(f.wanted())
	return out, nil
}

func freeDayOf(d booking.FreeDay, zone *time.Location, online map[int64]bool) freeDay {
	day := freeDay{Date: d.Date.UTC()}
	for _, at := range d.Starts {
		day.Times = append(day.Times, freeTime{Value: at, Start: time.Unix(at, 0).In(zone), Offline: !online[at]})
	}
	return day
}

// choose marks the time that was chosen, or the next after it, or the first.
func (t *freeTimes) choose(wanted int64) {
	var first, next *freeTime
	for i := range t.Days {
		for k := range t.Days[i].Times {
			at := &t.Days[i].Times[k]
			if first == nil {
				first = at
			}
			if next == nil && at.Value >= wanted {
				next = at
			}
		}
	}
	if next == nil {
		next = first
	}
	if next != nil {
		next.Chosen = true
		t.Replaced = wanted != 0 && next.Value != wanted
	}
}
