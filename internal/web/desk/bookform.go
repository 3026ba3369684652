// SPDX-License-Identifier: EUPL-1.2

package desk

import (
	"fmt"
	"net/url"
	"strings"
	"time"

	"vorzimmer/internal/booking"
	"vorzimmer/internal/fault"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/office"
	"vorzimmer/internal/person"
	"vorzimmer/internal/seal"
	"vorzimmer/internal/staff"
)

// otherStart is chosen to book at a time that is typed, free or not.
const otherStart = "other"

// bookForm is the form as it was typed.
type bookForm struct {
	timesForm
	Place    *office.Location
	Lines    []wantedLine
	PersonID string // of whom it is filled in from; empty: nobody
	Once     seal.Secret
	Data     person.Data
	Speaks   locale.Lang
	// Beyond capacity.
	OtherDate, OtherTime, Reason string
}

func bookFormOf(r *request, l *office.Location) bookForm {
	q := r.values()
	f := bookForm{timesForm: timesFormOf(q), Place: l, Lines: wantedIn(q), PersonID: textOnly(q.Get("person")), Once: seal.Secret(q.Get("once")),
		Speaks: locale.Lang(q.Get("language")), OtherDate: q.Get("other-date"), OtherTime: q.Get("other-time"), Reason: q.Get("reason")}
	f.Search = f.Search || q.Has("choose")
	if r.PostForm != nil {
		f.Data = person.Typed(r.PostForm.Get) // never from an address
	}
	if !f.Once.Valid() {
		f.Once = seal.NewSecret()
	}
	if !locale.Known(string(f.Speaks)) {
		f.Speaks = r.Lang()
	}
	return f
}

// asked says what times are shown for, so that Enter in a field that changes
// this shows other times, and books none that nobody has seen.
func (f bookForm) asked(sel office.Selection) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s", f.Place.Key, f.From)
	for _, item := range sel {
		fmt.Fprintf(&b, " %s.%d", item.Service.Key, item.Quantity)
	}
	return b.String()
}

// path is that of the page for the same services and place, without the
// language and without what says who comes.
func (f bookForm) path() string {
	q := url.Values{"location": {f.Place.Key}}
	for _, line := range f.Lines {
		q.Add("service", line.Typed)
		q.Add("quantity", line.Quantity)
	}
	for name, value := range map[string]string{"from": f.From, "person": f.PersonID} {
		if value != "" {
			q.Set(name, value)
		}
	}
	return "/desk/book?" + q.Encode()
}

// request is what the form asks for. What is wrong with time and reason is said
// together with what is wrong with the person.
func (f bookForm) request(sel office.Selection, now time.Time) (booking.ForSomeone, error) {
	b := booking.ForSomeone{Location: f.Place.Key, Start: f.wanted(), Data: f.Data, PersonID: f.PersonID, Lang: f.Speaks, Once: f.Once}
	for _, item := range sel {
		b.Wanted = append(b.Wanted, office.Wanted{Key: item.Service.Key, Quantity: item.Quantity})
	}
	var wrong []fault.Field
	problem := func(field, key string) { wrong = append(wrong, fault.Field{Name: field, Key: key}) }
	reason := strings.TrimSpace(f.Reason)
	switch {
	case f.Start == otherStart:
		b.Overbook = reason
		var ok bool
		if b.Start, ok = f.other(); !ok {
			problem("other-time", "desk.book.other_when")
		}
		if reason == "" {
			problem("reason", "field.required")
		}
	case b.Start == 0:
		return b, fault.New(fault.Invalid, "time.free")
	case reason != "" || f.OtherTime != "":
		problem("start-other", "desk.book.other_unclear")
	}
	if len(wrong) == 0 {
		return b, nil
	}
	_, fields := person.CheckAtDesk(f.Data, now)
	return b, &fault.Error{Kind: fault.Invalid, Key: "form.incomplete", Fields: append(wrong, fields...)}
}

// other is the time that was typed. An hour that a clock leaves out in spring
// is none.
func (f bookForm) other() (int64, bool) {
	const layout = "2006-01-02 15:04"
	typed := f.OtherDate + " " + f.OtherTime
	t, err := time.ParseInLocation(layout, typed, f.Place.Plan.Zone)
	return t.Unix(), err == nil && t.Format(layout) == typed && t.Minute()%5 == 0
}

// prefill takes over what is known of somebody. That is a look at contact data,
// and recorded as such.
func (p *pages) prefill(r *request, f *bookForm) error {
	if err := r.by.May(staff.Book, f.Place.ID); err != nil {
		return err
	}
	d, err := p.bookings.RevealContact(r.Context(), r.by, f.PersonID)
	if err != nil {
		return err
	}
	d.Note = "" // was about another appointment
	f.Data = d
	return nil
}
