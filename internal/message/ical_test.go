// SPDX-License-Identifier: EUPL-1.2

package message_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"vorzimmer/internal/dbtest"
	"vorzimmer/internal/locale"
	"vorzimmer/internal/message"

	"github.com/emersion/go-ical"
)

// decode checks the outer form and reads the one event.
func decode(t *testing.T, b []byte) (*ical.Calendar, ical.Event) {
	t.Helper()
	if !bytes.HasSuffix(b, []byte("\r\n")) || bytes.Count(b, []byte("\n")) != bytes.Count(b, []byte("\r\n")) {
		t.Error("lines do not end with CRLF")
	}
	for line := range strings.SplitSeq(string(b), "\r\n") {
		if len(line) > 75 || !utf8.ValidString(line) {
			t.Errorf("line of %d octets: %q", len(line), line)
		}
	}
	cal, err := ical.NewDecoder(bytes.NewReader(b)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	events := cal.Events()
	if len(events) != 1 {
		t.Fatalf("%d events", len(events))
	}
	return cal, events[0]
}

func text(t *testing.T, props ical.Props, name string) string {
	t.Helper()
	s, err := props.Text(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The life of an appointment is the life of one calendar entry.
func TestCalendarLife(t *testing.T) {
	c := catalogue(t)
	cases := []struct {
		kind           message.Kind
		method, status string
	}{
		{message.Booked, "REQUEST", "CONFIRMED"},
		{message.Moved, "REQUEST", "CONFIRMED"},
		{message.Cancelled, "CANCEL", "CANCELLED"},
	}
	for sequence, tc := range cases {
		f := facts(t, locale.DE)
		f.Sequence = sequence
		f.Start, f.End = f.Start.AddDate(0, 0, sequence), f.End.AddDate(0, 0, sequence)
		m, err := message.Citizen(c, dbtest.Start, tc.kind, address, f)
		if err != nil {
			t.Fatal(err)
		}
		cal, e := decode(t, m.Calendar)
		got := map[string]string{
			"method": text(t, cal.Props, ical.PropMethod), "mail": m.Method,
			"uid": text(t, e.Props, ical.PropUID), "status": text(t, e.Props, ical.PropStatus),
			"sequence":  e.Props.Get(ical.PropSequence).Value,
			"start":     e.Props.Get(ical.PropDateTimeStart).Value,
			"end":       e.Props.Get(ical.PropDateTimeEnd).Value,
			"stamp":     e.Props.Get(ical.PropDateTimeStamp).Value,
			"organizer": e.Props.Get(ical.PropOrganizer).Value,
			"attendee":  e.Props.Get(ical.PropAttendee).Value,
			"place":     text(t, e.Props, ical.PropLocation),
		}
		const utc = "20060102T150405Z"
		want := map[string]string{
			"method": tc.method, "mail": tc.method, "uid": "0198-termin@termine.example.org", "status": tc.status,
			"sequence": string(rune('0' + sequence)), "start": f.Start.UTC().Format(utc), "end": f.End.UTC().Format(utc),
			"stamp": "20260907T080000Z", "organizer": "mailto:termine@example.org", "attendee": "mailto:" + address,
			"place": "Rathaus, Rathausplatz 1, 12345 Beispielhausen",
		}
		for k, v := range want {
			if got[k] != v {
				t.Errorf("%s: %s is %q, want %q", tc.kind, k, got[k], v)
			}
		}
		if d := text(t, e.Props, ical.PropDescription); !strings.Contains(d, f.ManageURL) || !strings.Contains(d, "alter Ausweis") {
			t.Errorf("description is %q", d)
		}
	}
}

func TestCalendarDownload(t *testing.T) {
	b, err := facts(t, locale.EN).ICS(catalogue(t), dbtest.Start, message.MethodPublish, "")
	if err != nil {
		t.Fatal(err)
	}
	cal, e := decode(t, b)
	if m := text(t, cal.Props, ical.PropMethod); m != "PUBLISH" {
		t.Errorf("method is %s", m)
	}
	if e.Props.Get(ical.PropAttendee) != nil {
		t.Error("a download invites somebody")
	}
	if s := text(t, e.Props, ical.PropSummary); s != "Appointment: Rathaus, Stadt Beispielhausen" {
		t.Errorf("summary is %q", s)
	}
}

// Long texts in any script fold and come back whole; line breaks and quotes
// break nothing.
func TestCalendarFolds(t *testing.T) {
	f := facts(t, locale.DE)
	f.Town = "Stadt \"Ü\"\r\nX-EVIL:1"
	f.Bring = []string{strings.Repeat("Größenwörterbücher; ", 20), strings.Repeat("申請書", 60), "a\r\nb"}
	b, err := f.ICS(catalogue(t), time.Unix(0, 0), message.MethodRequest, "\"x y\"\r\nX-EVIL:1@example.org")
	if err != nil {
		t.Fatal(err)
	}
	_, e := decode(t, b)
	d := text(t, e.Props, ical.PropDescription)
	for _, want := range []string{strings.TrimSpace(f.Bring[0]), f.Bring[1], "- a b"} {
		if !strings.Contains(d, want) {
			t.Errorf("description lost %q", want)
		}
	}
	if e.Props.Get("X-EVIL") != nil {
		t.Error("a text became a property")
	}
}
