// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"net/http"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/slot"
	"vorzimmer/internal/web"
	"vorzimmer/internal/web/view"
)

// closuresPage lists what is closed and is to be, and has the form for more.
type closuresPage struct {
	view.Layout
	Place    locale.Text
	List     []closedLine
	Form     closingForm
	Inputs   []view.Input
	Counters []counterChoice
	Action   string // of the form: shows what it would hit
}

// closedLine is a closure that is in force or to come.
type closedLine struct {
	Counter     locale.Text // nil: the whole location
	From, Until string
	Reason      locale.Text
	Reopen      string // address; empty where this is not the desk's to undo
}

// previewPage shows which appointments a closure would hit, and asks.
type previewPage struct {
	view.Layout
	Place       locale.Text
	Counter     locale.Text // nil: the whole location
	From, Until string
	Form        closingForm
	Rows        []hitRow
	Shown       booking.Hit // sent back, so that nobody is hit unseen
	Action      string
	BackAction  string // back to the form, with what was typed
}

// hitRow is an appointment that lies in a closure.
type hitRow struct {
	*dayRow
	Date time.Time
}

// closingForm is the form as it was typed.
type closingForm struct {
	LocationKey                        string
	Counter                            string
	FromDate, FromTime, ToDate, ToTime string
	Reason, ReasonEN                   string
}

func closingFormOf(r *request, l *office.Location) closingForm {
	f := func(name string) string { return strings.TrimSpace(r.PostForm.Get(name)) }
	return closingForm{LocationKey: l.Key, Counter: f("counter"), FromDate: f("from-date"), FromTime: f("from-time"),
		ToDate: f("until-date"), ToTime: f("until-time"), Reason: f("reason"), ReasonEN: f("reason-en")}
}

// closing reads the form. Without times it is about whole days; without a last
// day about the first. What is wrong with it is Invalid, with the fields.
func (f closingForm) closing(l *office.Location) (booking.Closing, error) {
	c := booking.Closing{LocationID: l.ID, Reason: locale.Text{locale.DE: f.Reason}}
	if f.ReasonEN != "" {
		c.Reason[locale.EN] = f.ReasonEN
	}
	wrong := fault.New(fault.Invalid, "form.incomplete")
	problem := func(field, key string, args ...any) {
		wrong.Fields = append(wrong.Fields, fault.Field{Name: field, Key: key, Args: args})
	}
	if f.Counter != "" {
		if k := counterOf(l, f.Counter); k != nil {
			c.CounterID = k.ID
		} else {
			problem("counter", "desk.closing.counter_gone")
		}
	}
	c.From = booking.Moment{Date: dateIn(f.FromDate, "from-date", problem), Minute: minuteIn(f.FromTime, 0, "from-time", problem)}
	c.Until = booking.Moment{Date: c.From.Date, Minute: minuteIn(f.ToTime, 24*60, "until-time", problem)}
	if f.ToDate != "" {
		c.Until.Date = dateIn(f.ToDate, "until-date", problem)
	}
	if len(wrong.Fields) == 0 && !before(c.From, c.Until) {
		problem("until-date", "desk.closing.order")
	}
	switch de, en := booking.ReasonProblem(f.Reason), booking.ReasonProblem(f.ReasonEN); {
	case f.Reason == "":
		problem("reason", "field.required")
	case de != "":
		problem("reason", de, "Max", booking.MaxReason)
	case en != "":
		problem("reason-en", en, "Max", booking.MaxReason)
	}
	if len(wrong.Fields) > 0 {
		return c, wrong
	}
	return c, nil
}

func dateIn(typed, field string, problem func(field, key string, args ...any)) slot.Date {
	d, err := slot.ParseDate(typed)
	if err != nil {
		problem(field, "desk.closing.date")
	}
	return d
}

// minuteIn reads a time of day; nothing typed is otherwise.
func minuteIn(typed string, otherwise int, field string, problem func(field, key string, args ...any)) int {
	if typed == "" {
		return otherwise
	}
	t, err := time.Parse("15:04", typed)
	if err != nil || t.Minute()%slot.TickMinutes != 0 {
		problem(field, "desk.closing.time")
	}
	return t.Hour()*60 + t.Minute()
}

func before(a, b booking.Moment) bool {
	return a.Date < b.Date || a.Date == b.Date && a.Minute < b.Minute
}

// closures shows the list and an empty form.
func (p *pages) closures(w http.ResponseWriter, r *request) error {
	l, err := r.location()
	if err != nil {
		return err
	}
	return p.renderClosures(w, r, l, closingForm{LocationKey: l.Key}, nil)
}

func (p *pages) renderClosures(w http.ResponseWriter, r *request, l *office.Location, f closingForm, problem error) error {
	list, err := p.bookings.Closings(r.Context(), r.by, l.ID)
	if err != nil {
		return err
	}
	page := closuresPage{Layout: r.Layout("desk.closing.title"), Place: l.Name, Form: f, Action: r.Path("/desk/closures/preview")}
	page.Languages = r.Languages("/desk/closures?location=" + l.Key)
	for _, c := range list {
		line := closedLine{Reason: c.Reason, From: p.momentText(r, c.From), Until: p.momentText(r, c.Until)}
		if c.Counter != nil {
			line.Counter = c.Counter.Name
		}
		if c.Desk {
			line.Reopen = r.Path("/desk/closures/" + c.ID + "/reopen")
		}
		page.List = append(page.List, line)
	}
	for i := range l.Counters {
		if k := &l.Counters[i]; k.Staffed() {
			page.Counters = append(page.Counters, counterChoice{k.Key, k.Name, k.Key == f.Counter})
		}
	}
	status := http.StatusOK
	if problem != nil {
		page.Errors, status = r.Errors(problem), web.Status(problem)
	}
	page.Inputs = f.inputs(page.Layout)
	return r.Render(w, status, p.views, "closures", page)
}

// inputs are the fields of the form, with what is wrong with them.
func (f closingForm) inputs(l view.Layout) []view.Input {
	list := []view.Input{
		{Name: "from-date", Label: "field.label.from-date", Value: f.FromDate, Type: "date", Required: true},
		{Name: "from-time", Label: "field.label.from-time", Value: f.FromTime, Type: "time", Hint: "desk.closing.from_hint"},
		{Name: "until-date", Label: "field.label.until-date", Value: f.ToDate, Type: "date", Hint: "desk.closing.day_hint"},
		{Name: "until-time", Label: "field.label.until-time", Value: f.ToTime, Type: "time", Hint: "desk.closing.until_hint"},
		{Name: "reason", Label: "field.label.reason", Value: f.Reason, Type: "text", Required: true, Hint: "desk.closing.reason_hint"},
		{Name: "reason-en", Label: "field.label.reason-en", Value: f.ReasonEN, Type: "text"},
	}
	for i := range list {
		list[i].Error = l.ErrorFor(list[i].Name)
	}
	return list
}

// momentText is "Montag, 23. November 2026, 08:00 Uhr". Midnight belongs to the
// day that it ends.
func (p *pages) momentText(r *request, m booking.Moment) string {
	day := m.Date.UTC()
	if m.Minute == 24*60 {
		return r.Printer.Date(day) + ", " + r.Printer.T("format.time", "Time", "24:00")
	}
	return r.Printer.Date(day) + ", " + r.Printer.Time(day.Add(time.Duration(m.Minute)*time.Minute))
}

// previewClosing shows what a closure would hit. It changes nothing.
func (p *pages) previewClosing(w http.ResponseWriter, r *request) error {
	l, err := r.location()
	if err != nil {
		return err
	}
	f := closingFormOf(r, l)
	if r.PostForm.Has("edit") {
		return p.renderClosures(w, r, l, f, nil)
	}
	return p.renderPreview(w, r, l, f, nil)
}

// renderPreview is the page of a preview; problem is why the closure was not set.
func (p *pages) renderPreview(w http.ResponseWriter, r *request, l *office.Location, f closingForm, problem error) error {
	c, err := f.closing(l)
	var list []booking.Entry
	if err == nil {
		list, err = p.bookings.PreviewClosing(r.Context(), r.by, c)
	}
	if kind := fault.Of(err); err != nil && kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	if err != nil {
		return p.renderClosures(w, r, l, f, err)
	}
	page := previewPage{Layout: r.Layout("desk.closing.preview"), Place: l.Name, From: p.momentText(r, c.From),
		Until: p.momentText(r, c.Until), Form: f, Shown: booking.HitOf(list), Action: r.Path("/desk/closures"), BackAction: r.Path("/desk/closures/preview")}
	page.Languages = r.Languages("/desk/closures?location=" + l.Key)
	if k := counterOf(l, f.Counter); k != nil {
		page.Counter = k.Name
	}
	for i := range list {
		page.Rows = append(page.Rows, hitRow{rowOf(&list[i], r.Printer), list[i].Begin()})
	}
	status := http.StatusOK
	if problem != nil {
		page.Errors, status = r.Errors(problem), web.Status(problem)
	}
	return r.Render(w, status, p.views, "closing", page)
}

// closeCounter sets a closure that was looked at before.
func (p *pages) closeCounter(w http.ResponseWriter, r *request) error {
	l, err := r.location()
	if err != nil {
		return err
	}
	f := closingFormOf(r, l)
	c, err := f.closing(l)
	if err == nil {
		_, err = p.bookings.Close(r.Context(), r.by, c, booking.Hit(r.PostForm.Get("shown")))
	}
	if f, ok := fault.As(err); ok && f.Key == "closing.changed" {
		return p.renderPreview(w, r, l, closingFormOf(r, l), err)
	}
	if kind := fault.Of(err); err != nil && kind != fault.Invalid && kind != fault.Conflict {
		return err
	}
	if err != nil {
		return p.renderClosures(w, r, l, f, err)
	}
	return r.SeeOther("/desk/closures?location=" + l.Key)
}

// reopen takes back a closure that was set at the desk.
func (p *pages) reopen(_ http.ResponseWriter, r *request) error {
	l, err := r.location()
	if err != nil {
		return err
	}
	if err := p.bookings.Reopen(r.Context(), r.by, r.PathValue("id")); err != nil {
		return err
	}
	return r.SeeOther("/desk/closures?location=" + l.Key)
}
