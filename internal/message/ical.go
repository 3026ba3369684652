// SPDX-License-Identifier: EUPL-1.2

package message

import (
	"bytes"
	"fmt"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"vorzimmer/internal/locale"

	"github.com/emersion/go-ical"
)

// What a calendar entry asks the reader's calendar to do (RFC 5546, 1.4).
const (
	MethodPublish = "PUBLISH" // for a download; nobody is invited
	MethodRequest = "REQUEST" // enter, or update when Sequence is higher
	MethodCancel  = "CANCEL"
)

func calendarMethod(kind Kind) string {
	switch kind {
	case Booked, Moved:
		return MethodRequest
	case Cancelled:
		return MethodCancel
	}
	return ""
}

// ICS is the appointment as an iCalendar object (RFC 5545) for a method. now
// is its time stamp. attendee is the recipient's address; MethodPublish has
// none.
func (f Facts) ICS(c *locale.Catalogue, now time.Time, method, attendee string) ([]byte, error) {
	e := f.event(c, now)
	if method == MethodCancel {
		e.SetStatus(ical.EventCancelled)
	}
	if method != MethodPublish {
		// Whoever booked has accepted: no calendar need ask or answer.
		a := setRaw(e.Props, ical.PropAttendee, mailto(attendee))
		a.Params.Set(ical.ParamParticipationStatus, "ACCEPTED")
		a.Params.Set(ical.ParamRSVP, "FALSE")
	}
	return calendar(method, e.Component)
}

// Dated is an appointment of somebody's calendar.
type Dated struct {
	Facts
	Cancelled bool
}

// Calendar is several appointments as one iCalendar object for a download. Without
// any it is nil: a calendar has at least one (RFC 5545, 3.6).
func Calendar(c *locale.Catalogue, now time.Time, list []Dated) ([]byte, error) {
	if len(list) == 0 {
		return nil, nil
	}
	var events []*ical.Component
	for _, d := range list {
		e := d.event(c, now)
		if d.Cancelled {
			e.SetStatus(ical.EventCancelled)
		}
		events = append(events, e.Component)
	}
	return calendar(MethodPublish, events...)
}

func (f Facts) event(c *locale.Catalogue, now time.Time) *ical.Event {
	p := c.Printer(f.Lang)
	f = f.withheld()
	summary, place := f.calendarHead(p)
	e := ical.NewEvent()
	e.Props.SetText(ical.PropUID, f.ID+"@"+f.Host)
	setRaw(e.Props, ical.PropSequence, strconv.Itoa(f.Sequence))
	e.Props.SetDateTime(ical.PropDateTimeStamp, now.UTC())
	e.Props.SetDateTime(ical.PropDateTimeStart, f.Start.UTC())
	e.Props.SetDateTime(ical.PropDateTimeEnd, f.End.UTC())
	e.Props.SetText(ical.PropSummary, summary)
	e.Props.SetText(ical.PropLocation, place)
	e.Props.SetText(ical.PropDescription, f.description(p))
	organizer := setRaw(e.Props, ical.PropOrganizer, mailto(f.Organizer))
	organizer.Params.Set(ical.ParamCommonName, strings.ReplaceAll(oneLine(f.Town), `"`, "'"))
	e.SetStatus(ical.EventConfirmed)
	return e
}

func calendar(method string, events ...*ical.Component) ([]byte, error) {
	cal := ical.NewCalendar()
	cal.Props.SetText(ical.PropProductID, "-//Vorzimmer//Vorzimmer//DE")
	cal.Props.SetText(ical.PropVersion, "2.0")
	cal.Props.SetText(ical.PropMethod, method)
	cal.Children = events
	var b bytes.Buffer
	if err := ical.NewEncoder(&b).Encode(cal); err != nil {
		return nil, fmt.Errorf("write calendar: %w", err)
	}
	return fold(b.Bytes()), nil
}

// description is what the calendar shows below the entry.
func (f Facts) description(p *locale.Printer) string {
	lines := []string{p.T("mail.reference", "Reference", f.Reference)}
	lines = append(lines, serviceLines(f)...)
	if len(f.Bring) > 0 {
		lines = append(lines, "", p.T("mail.title.bring")+":")
		for _, b := range f.Bring {
			lines = append(lines, "- "+oneLine(b))
		}
	}
	if f.ManageURL != "" {
		label := p.T("mail.link.manage")
		if f.Sensitive {
			label = p.T("mail.sensitive.see")
		}
		lines = append(lines, "", label+":", f.ManageURL)
	}
	return strings.Join(lines, "\n")
}

// setRaw sets a property whose value must not be escaped as text.
func setRaw(props ical.Props, name, value string) *ical.Prop {
	prop := ical.NewProp(name)
	prop.Value = value
	props.Set(prop)
	return prop
}

// mailto is the address as a URI (RFC 6068), in which nothing can end the line.
func mailto(address string) string { return "mailto:" + url.PathEscape(address) }

// fold breaks lines after 75 octets, never within a character (RFC 5545, 3.1).
// The encoder leaves that to its caller.
func fold(in []byte) []byte {
	const longest = 75
	out := make([]byte, 0, len(in)+len(in)/20)
	width := 0
	for len(in) > 0 {
		if bytes.HasPrefix(in, []byte("\r\n")) {
			out, in, width = append(out, "\r\n"...), in[2:], 0
			continue
		}
		_, n := utf8.DecodeRune(in)
		if width+n > longest {
			out, width = append(out, "\r\n "...), 1
		}
		out, in, width = append(out, in[:n]...), in[n:], width+n
	}
	return out
}
