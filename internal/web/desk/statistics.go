// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"net/url"
	"time"

	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/statistics"
	"vorzimmer/internal/web/view"
)

const (
	statisticsPath = "/desk/statistics"
	// defaultMonths is how many are shown to whoever asks for none, with the one
	// that is running.
	defaultMonths = 3
)

func (p *pages) statisticsRoutes() {
	p.get(statisticsPath, staff.SeeStatistics, p.statistics)
	p.get(statisticsPath+".csv", staff.SeeStatistics, p.statisticsCSV)
}

// statisticsPage is what was counted in some months, as tables and charts.
type statisticsPage struct {
	view.Layout
	Action      string
	First, Last monthChoice // the fields of the form
	Places      []placeOption
	CSVURL      string
	From, Until time.Time // the months that are shown, as dates in them
	Place       locale.Text
	Tables      []statTable
}

// monthChoice is a field in which a month is chosen.
type monthChoice struct {
	Name, Label string // Label is a message key
	Error       string
	Months      []monthOption
}

type monthOption struct {
	Key    string // 2026-09
	First  time.Time
	Chosen bool
}

// placeOption is a location to choose.
type placeOption struct {
	Key    string
	Name   locale.Text
	Chosen bool
}

// statQuery is what somebody wants to see.
type statQuery struct {
	first, last slot.Date        // first days of months
	place       *office.Location // nil: all of the member's
}

// values are the query of the address.
func (q statQuery) values() url.Values {
	v := url.Values{"from": {monthKey(q.first)}, "until": {monthKey(q.last)}}
	if q.place != nil {
		v.Set("location", q.place.Key)
	}
	return v
}

func (q statQuery) locationID() string {
	if q.place == nil {
		return ""
	}
	return q.place.ID
}

func monthKey(d slot.Date) string { return d.UTC().Format("2006-01") }

// statQuery reads the address. Months that are none, or in the wrong order, are
// Invalid; then the query is the one for an address without them.
func (p *pages) statQuery(r *request) (statQuery, error) {
	var q statQuery
	if asked(r.Request) != "" {
		var err error
		if q.place, err = r.location(); err != nil {
			return q, err
		}
	}
	now := statistics.MonthOf(slot.DateIn(p.clock.Now().Unix(), r.Catalogue.Tenant.Zone))
	wrong := fault.New(fault.Invalid, "form.incomplete")
	month := func(name string, otherwise slot.Date) slot.Date {
		typed := r.URL.Query().Get(name)
		if typed == "" {
			return otherwise
		}
		d, err := slot.ParseDate(typed + "-01")
		if err != nil || d > now || d < statistics.AddMonths(now, -statistics.KeepMonths) {
			wrong.Fields = append(wrong.Fields, fault.Field{Name: name, Key: "desk.statistics.month"})
		}
		return d
	}
	defaults := statQuery{statistics.AddMonths(now, 1-defaultMonths), now, q.place}
	q.first, q.last = month("from", defaults.first), month("until", defaults.last)
	if len(wrong.Fields) == 0 && q.first > q.last {
		wrong.Fields = append(wrong.Fields, fault.Field{Name: "until", Key: "desk.statistics.order"})
	}
	if len(wrong.Fields) > 0 {
		return defaults, wrong
	}
	return q, nil
}

// statistics shows tables and charts.
func (p *pages) statistics(w http.ResponseWriter, r *request) error {
	q, problem := p.statQuery(r)
	if problem != nil && !fault.Is(problem, fault.Invalid) {
		return problem
	}
	totals, err := p.bookings.Totals(r.Context(), r.by, q.first, q.last, q.locationID())
	if err != nil {
		return err
	}
	page := statisticsPage{Layout: r.Layout("desk.statistics.title"), Action: r.Path(statisticsPath),
		CSVURL: r.Path(statisticsPath + ".csv?" + q.values().Encode()), From: q.first.UTC(), Until: q.last.UTC(), Tables: statTables(r, q, totals)}
	page.Languages = r.Languages(statisticsPath + "?" + q.values().Encode())
	if q.place != nil {
		page.Place = q.place.Name
	}
	for _, l := range places(r.Request, r.by) {
		page.Places = append(page.Places, placeOption{l.Key, l.Name, q.place == l})
	}
	status := r.Show(&page.Layout, problem)
	page.First, page.Last = p.monthChoice(r, page.Layout, "from", q.first), p.monthChoice(r, page.Layout, "until", q.last)
	return r.Render(w, status, p.views, "statistics", page)
}

// monthChoice lists all months of which there may be totals, the newest first.
func (p *pages) monthChoice(r *request, l view.Layout, name string, chosen slot.Date) monthChoice {
	c := monthChoice{Name: name, Label: "field.label." + name, Error: l.ErrorFor(name)}
	now := slot.DateIn(p.clock.Now().Unix(), r.Catalogue.Tenant.Zone)
	for n := range statistics.KeepMonths + 1 {
		m := statistics.AddMonths(now, -n)
		c.Months = append(c.Months, monthOption{monthKey(m), m.UTC(), m == chosen})
	}
	return c
}
