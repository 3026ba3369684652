// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"cmp"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/staff"
	"vorzimmer/internal/web/view"
)

func (p *pages) dayRoutes() {
	p.get("/desk/day", staff.SeeDay, p.day)
	p.get("/desk/day/events", staff.SeeDay, p.events)
	p.get("/desk/day/print", staff.SeeDay, p.printDay)
	p.get("/desk/day.pdf", staff.SeeDay, p.dayPDF)
	p.get("/desk/appointment/{id}", staff.SeeDay, p.appointment)
	p.post("/desk/appointment/{id}/arrive", staff.Receive, p.step(p.bookings.Arrive))
	p.post("/desk/appointment/{id}/call", staff.Serve, p.call)
	p.post("/desk/appointment/{id}/finish", staff.Serve, p.step(p.bookings.Finish))
	p.post("/desk/appointment/{id}/missed", staff.Receive, p.step(p.bookings.Missed))
	p.post("/desk/appointment/{id}/back", staff.SeeDay, p.step(p.bookings.Back))
	p.post("/desk/appointment/{id}/cancel", staff.Book, p.step(p.bookings.CancelFor))
	p.post("/desk/appointment/{id}/slip", staff.Book, p.slip)
	p.post("/desk/appointment/{id}/slip.pdf", staff.Book, p.slipPDF)
}

// asking is what an address or form says about the list to show.
type asking struct {
	place   *office.Location
	date    slot.Date
	counter *office.Counter // at which the member works; nil: not said
	keys    bool            // single keys are on
}

// values are the parameters of the address, or the fields of the form.
func (r *request) values() url.Values {
	if r.Method == http.MethodPost {
		return r.PostForm
	}
	return r.URL.Query()
}

// asking answers Invalid "desk.day.no_date" for a date that is none, with
// the rest filled in for today. A counter that
// does not exist any more is like none.
func (p *pages) asking(r *request) (asking, error) {
	l, err := r.location()
	if err != nil {
		return asking{}, err
	}
	q := r.values()
	a := asking{place: l, date: p.today(l), keys: q.Get("keys") != "off", counter: counterOf(l, q.Get("counter"))}
	if typed := q.Get("date"); typed != "" {
		date, err := slot.ParseDate(typed)
		if err != nil {
			return a, fault.Wrap(err, fault.Invalid, "desk.day.no_date")
		}
		a.date = date
	}
	return a, nil
}

func (p *pages) today(l *office.Location) slot.Date {
	return slot.DateIn(p.clock.Now().Unix(), l.Plan.Zone)
}

func (p *pages) now(l *office.Location) time.Time { return p.clock.Now().In(l.Plan.Zone) }

// counterOf is a counter that people can be called to; nil when there is none
// of that key.
func counterOf(l *office.Location, key string) *office.Counter {
	for i := range l.Counters {
		if k := &l.Counters[i]; k.Key == key && k.Staffed() {
			return k
		}
	}
	return nil
}

// path is that of the list, without the language.
func (a asking) path(page string) string {
	q := a.habits()
	q.Set("location", a.place.Key)
	q.Set("date", a.date.String())
	return page + "?" + q.Encode()
}

// entryPath is the page of an appointment, which leads back to this list,
// without the language.
func (a asking) entryPath(id string) string {
	path := appointmentPath(id)
	if q := a.habits(); len(q) > 0 {
		path += "?" + q.Encode()
	}
	return path
}

// habits are the parameters that stay the same whatever is shown.
func (a asking) habits() url.Values {
	q := url.Values{}
	if a.counter != nil {
		q.Set("counter", a.counter.Key)
	}
	if !a.keys {
		q.Set("keys", "off")
	}
	return q
}

// on is the same for another date.
func (a asking) on(d slot.Date) asking {
	a.date = d
	return a
}

// dayPage is the list of those who come on a day.
type dayPage struct {
	view.Layout
	dayHead
	Today       bool
	Keys        bool
	KeysURL     string // turns them off or on
	PrevURL     string
	NextURL     string
	TodayURL    string
	RefreshURL  string
	PrintURL    string
	PDFURL      string
	TomorrowURL string
	LiveURL     string // of the stream
	Action      string // of the form that chooses a counter or date
	LocationKey string
	CounterKey  string // at which the member works; empty: not said
	Counters    []counterChoice
}

// dayHead is what list and print have in common.
type dayHead struct {
	Place  locale.Text
	Date   time.Time
	AsOf   time.Time
	Totals []total
	Rows   []*dayRow
}

// Drawn are the rows as templates draw many of them.
func (h dayHead) Drawn() []view.Row {
	rows := make([]view.Row, len(h.Rows))
	for i, r := range h.Rows {
		rows[i] = r
	}
	return rows
}

type counterChoice struct {
	Key     string
	Name    locale.Text
	Current bool
}

// counterChoices are the counters of the location that fit, in its order.
func counterChoices(a asking, fits func(*office.Counter) bool) []counterChoice {
	var out []counterChoice
	for i := range a.place.Counters {
		if k := &a.place.Counters[i]; fits(k) {
			out = append(out, counterChoice{k.Key, k.Name, k == a.counter})
		}
	}
	return out
}

// total is how many are in a state.
type total struct {
	State string
	N     int
}

// totals counts the states in the order in which they are passed.
func totals(list []booking.Entry) []total {
	out := []total{{State: "expected"}}
	for _, s := range []booking.State{booking.Arrived, booking.Called, booking.Served, booking.NoShow, booking.Cancelled} {
		out = append(out, total{State: string(s)})
	}
	for i := range list {
		state := string(list[i].State)
		if list[i].Active() {
			state = "expected"
		}
		if at := slices.IndexFunc(out, func(t total) bool { return t.State == state }); at >= 0 {
			out[at].N++
		}
	}
	return out
}

// day shows the list of a day.
func (p *pages) day(w http.ResponseWriter, r *request) error {
	a, err := p.asking(r)
	if a.place == nil {
		return err
	}
	return p.renderDay(w, r, a, err)
}

// renderDay shows a list and, above it, what went wrong.
func (p *pages) renderDay(w http.ResponseWriter, r *request, a asking, problem error) error {
	since, err := p.mark(r, a) // before the list, so that who follows from it misses nothing
	if err != nil {
		return err
	}
	head, err := p.dayHead(r, a)
	if err != nil {
		return err
	}
	link := func(path string) string { return r.Path(path) }
	today := p.today(a.place)
	other := a
	other.keys = !a.keys
	page := dayPage{Layout: r.Layout("desk.day.title", "Date", r.Printer.Date(a.date.UTC())), dayHead: head, Today: a.date == today, Keys: a.keys,
		KeysURL: link(other.path("/desk/day")), PrevURL: link(a.on(a.date - 1).path("/desk/day")),
		NextURL: link(a.on(a.date + 1).path("/desk/day")), TodayURL: link(a.on(today).path("/desk/day")),
		RefreshURL: link(a.path("/desk/day")), PrintURL: link(a.path("/desk/day/print")), PDFURL: link(a.path("/desk/day.pdf")),
		TomorrowURL: link(a.on(today + 1).path("/desk/day/print")),
		LiveURL:     link(a.path("/desk/day/events")) + "&since=" + since, Action: link("/desk/day"), LocationKey: a.place.Key}
	page.Languages = r.Languages(a.path("/desk/day"))
	if a.counter != nil {
		page.CounterKey = a.counter.Key
	}
	page.Counters = counterChoices(a, (*office.Counter).Staffed)
	for _, row := range page.Rows {
		row.PageURL = r.Path(a.entryPath(row.ID))
		p.addSteps(r, row, a.counter)
	}
	allowStream(w)
	return r.Render(w, r.Show(&page.Layout, problem), p.views, "day", page)
}

// dayHead reads the list.
func (p *pages) dayHead(r *request, a asking) (dayHead, error) {
	list, err := p.bookings.Day(r.Context(), r.by, a.place.ID, a.date)
	if err != nil {
		return dayHead{}, err
	}
	h := dayHead{Place: a.place.Name, Date: a.date.UTC(), AsOf: p.now(a.place), Totals: totals(list),
		Rows: make([]*dayRow, len(list))}
	for i := range list {
		h.Rows[i] = rowOf(&list[i], r.Printer)
	}
	return h, nil
}

// dayRow is somebody who comes.
type dayRow struct {
	ID        string
	Version   int64
	Start     time.Time
	State     string
	Name      string
	Reference string
	Services  string
	Counter   string    // where the time is booked, or who is there now was called to
	Since     time.Time // of the state, for those who wait or are at a counter
	Marks     []string  // keys of texts: what is unusual
	URL       string    // of its page, to which the steps are added
	PageURL   string    // the same, with what leads back to the list as it was
	Steps     []stepButton

	entry *booking.Entry
}

// Text is the name, which the page does not remember.
func (r *dayRow) Text() string { return cmp.Or(r.Name, r.Reference) }

// MemoKey is all that a row shows but the name, and tells apart rows that look
// different.
func (r *dayRow) MemoKey() any {
	parts := []string{r.PageURL, r.State, r.Services, r.Counter, strconv.FormatInt(r.Version, 10), strconv.FormatInt(r.Since.Unix(), 10)}
	parts = append(parts, r.Marks...)
	for _, s := range r.Steps {
		parts = append(parts, s.Key)
	}
	return strings.Join(parts, "\x00")
}

// Done tells whether nothing is left to do.
func (r *dayRow) Done() bool {
	s := booking.State(r.State)
	return s == booking.Served || s == booking.NoShow || s == booking.Cancelled
}

func rowOf(e *booking.Entry, p *locale.Printer) *dayRow {
	row := &dayRow{ID: e.ID, Version: e.Version, Start: e.Begin(), State: string(e.State), Name: e.Name(),
		Reference: booking.GroupReference(e.Reference), Services: booking.ServiceNames(e.Services, p), Counter: e.Where(p),
		URL: "/" + string(p.Lang()) + appointmentPath(e.ID), entry: e}
	row.PageURL = row.URL
	zone := row.Start.Location()
	switch e.State {
	case booking.Arrived:
		row.Since = time.Unix(e.Arrived, 0).In(zone)
	case booking.Called:
		row.Since = time.Unix(e.Called, 0).In(zone)
	}
	row.Marks = e.Marks()
	return row
}
